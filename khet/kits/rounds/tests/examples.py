"""A worked example of a module's ``checks.py`` and ``sheets.py``, over the posts of units."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from khet.kits.rounds.bases import CensusTable, Check, Level, Scope, Sheet


def post_without_number(scope: Scope):
    """Posts open on the day that bear no number."""
    within, params = scope.within("p.unit_id")
    return (
        f"""
        SELECT p.id AS subject_id, p.unit_id, jsonb_build_object('name', p.title) AS facts
        FROM org_post p JOIN org_unit u ON u.id = p.unit_id
        WHERE u.kind = 'school' AND p.number = '' AND p.since <= %s AND (p.until IS NULL OR p.until >= %s) AND {within}
        """,
        [scope.as_at, scope.as_at, *params],
    )


def post_held_by_nobody(scope: Scope):
    """Posts whose holder is missing on the day; heads of units above all."""
    within, params = scope.within("p.unit_id")
    return (
        f"""
        SELECT p.id AS subject_id, p.unit_id, jsonb_build_object('name', p.title) AS facts
        FROM org_post p JOIN org_unit u ON u.id = p.unit_id
        WHERE u.kind = 'school' AND {within} AND NOT EXISTS (
            SELECT FROM org_holding h
            WHERE h.post_id = p.id AND h.since <= %s AND (h.until IS NULL OR h.until >= %s))
        """,
        [*params, scope.as_at, scope.as_at],
    )


def totals(scope: Scope):
    within, params = scope.within("p.unit_id")
    return (
        f"""
        SELECT p.unit_id, CASE p.kind WHEN 'principal' THEN 1 WHEN 'clerk' THEN 2 ELSE 3 END AS position,
               CASE p.kind WHEN 'principal' THEN 'ผู้บริหาร' WHEN 'clerk' THEN 'ธุรการ' ELSE 'ครู' END AS label, count(*) AS n
        FROM org_post p JOIN org_unit u ON u.id = p.unit_id WHERE u.kind = 'school' AND {within} GROUP BY 1, 2, 3
        UNION ALL
        SELECT p.unit_id, 0, 'รวม', count(*)
        FROM org_post p JOIN org_unit u ON u.id = p.unit_id WHERE u.kind = 'school' AND {within} GROUP BY 1
        """,
        [*params, *params],
    )


def state(scope: Scope):
    within, params = scope.within("p.unit_id")
    return (
        f"""
        SELECT p.unit_id, p.id::text AS row_key, p.title AS label, md5(concat_ws('|', p.kind, p.title, p.number)) AS digest
        FROM org_post p JOIN org_unit u ON u.id = p.unit_id WHERE u.kind = 'school' AND {within}
        """,
        params,
    )


def frozen(scope: Scope):
    within, params = scope.within("p.unit_id")
    return (
        f"""
        SELECT u.code AS unit, p.kind, p.number <> '' AS numbered, count(*) AS posts
        FROM org_post p JOIN org_unit u ON u.id = p.unit_id WHERE u.kind = 'school' AND {within}
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
        """,
        params,
    )


NUMBERED = Check(
    code="test.post_number",
    title=_("ตำแหน่งไม่มีเลขที่"),
    sentence=_("%(name)s ไม่มีเลขที่ตำแหน่ง เติมเลขที่ตำแหน่งให้ครบ"),
    level=Level.STOP,
    source=_("คู่มือการจัดทำข้อมูล"),
    sheet="test.posts",
    model="posts",
    find=post_without_number,
)
HELD = Check(
    code="test.post_held",
    title=_("ตำแหน่งว่าง"),
    sentence=_("%(name)s ไม่มีผู้ดำรงตำแหน่ง บรรจุคนให้ครบ หรือชี้แจงว่ารอการบรรจุ"),
    level=Level.EXPLAIN,
    source=_("คู่มือการจัดทำข้อมูล"),
    sheet="test.posts",
    model="posts",
    find=post_held_by_nobody,
    outside=True,
)
POSTS = Sheet(
    code="test.posts",
    title=_("ตำแหน่ง"),
    record="posts",
    totals=totals,
    state=state,
    census=[
        CensusTable(
            "posts",
            _("ตำแหน่ง"),
            [("unit", "text"), ("kind", "text"), ("numbered", "bool"), ("posts", "int")],
            frozen,
            total="posts",
        )
    ],
)
