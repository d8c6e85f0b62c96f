"""Three school years of rounds for the demo office: past ones closed with their censuses, the present one half-way.

Runs after every module has filled its registers (``after_all``). Set-based: a round is two statements for its returns and
one per sheet for what was confirmed.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import Unit
from khet.base.org.world import World
from khet.kits.rounds.actions import plan_year, write_form
from khet.kits.rounds.actions.checking import checks_of, run
from khet.kits.rounds.actions.closing import write_census
from khet.kits.rounds.actions.planning import form_of
from khet.kits.rounds.bases import Sheet, sheets
from khet.kits.rounds.choices import RoundState, SheetKind
from khet.kits.rounds.models import Census, Form, Reminder, Round
from khet.kits.rounds.queries.periods import newest_forms, own_school_ids, scope_of, sheets_of
from khet.kits.rounds.queries.states import DIGEST, EMPTY_DIGEST, state_query, totals_query

_RETURNS = """
INSERT INTO rounds_return (round_id, unit_id, sheet, place, state, form_id, n, digest, is_stale, reason, excuse,
    started_at, cleared_at, confirmed_at, confirmed_by_id, certified_at, certified_by_id, verified_at, verified_by_id, returned_at, returned_by_id)
WITH faces AS (
    SELECT p.unit_id, max(h.person_id) FILTER (WHERE p.kind = 'clerk') AS clerk, max(h.person_id) FILTER (WHERE p.kind = 'principal') AS head
      FROM org_post p JOIN org_holding h ON h.post_id = p.id AND h.until IS NULL WHERE p.unit_id = ANY(%(units)s) GROUP BY 1
), spread AS (
    SELECT u.id AS unit_id, s.code, s.form, s.place, row_number() OVER (PARTITION BY s.place ORDER BY md5(u.id::text)) AS turn,
           count(*) OVER (PARTITION BY s.place) AS many, abs(hashtext(u.id || s.code || %(round)s)) AS luck
      FROM unnest(%(units)s::bigint[]) u(id) CROSS JOIN unnest(%(codes)s::text[], %(forms)s::bigint[]) WITH ORDINALITY s(code, form, place)
), placed AS (
    SELECT *, CASE
        WHEN %(closed)s THEN 'closed'
        WHEN turn <= many * 0.36 THEN 'verified'
        WHEN turn <= many * 0.60 THEN CASE WHEN luck %% 5 = 0 THEN 'verified' ELSE 'certified' END
        WHEN turn <= many * 0.72 THEN CASE WHEN luck %% 4 = 0 THEN 'certified' ELSE 'confirmed' END
        WHEN turn <= many * 0.90 THEN (ARRAY['entering', 'not_started', 'confirmed', 'entering', 'certified'])[1 + luck %% 5]
        WHEN turn <= many * 0.96 THEN CASE WHEN (turn + place) %% 2 = 0 OR %(single)s THEN 'returned' ELSE 'certified' END
        ELSE 'not_started' END AS state
      FROM spread
), timed AS (
    SELECT *, %(opened)s::timestamptz + (luck %% 1000) * %(span)s::interval / 4000 AS began,
           CASE state WHEN 'not_started' THEN 0 WHEN 'entering' THEN 1 WHEN 'confirmed' THEN 3 WHEN 'returned' THEN 4 WHEN 'certified' THEN 4 ELSE 5 END AS steps
      FROM placed
)
SELECT %(round)s, t.unit_id, t.code, t.place, t.state, t.form, CASE WHEN steps >= 3 THEN 0 END, CASE WHEN steps >= 3 THEN 'seed' ELSE '' END, false,
       CASE t.state WHEN 'returned' THEN (ARRAY['จำนวนไม่ตรงกับรายชื่อที่แนบ ตรวจแล้วยืนยันใหม่', 'มีแถวที่ยังไม่ชี้แจง แนบหลักฐานให้ครบ', 'ยอดต่างจากรอบก่อนมาก ตรวจการย้ายเข้าย้ายออก'])[1 + luck %% 3] ELSE '' END, '',
       CASE WHEN steps >= 1 THEN began END, CASE WHEN steps >= 3 THEN began + %(span)s::interval / 8 END, CASE WHEN steps >= 3 THEN began + %(span)s::interval / 6 END,
       CASE WHEN steps >= 3 THEN coalesce(faces.clerk, faces.head) END, CASE WHEN steps >= 4 THEN began + %(span)s::interval / 5 END, CASE WHEN steps >= 4 THEN faces.head END,
       CASE WHEN steps >= 5 THEN began + %(span)s::interval / 4 END, CASE WHEN steps >= 5 THEN %(planner)s::bigint END,
       CASE WHEN t.state = 'returned' THEN %(now)s::timestamptz - interval '1 day' * (1 + luck %% 3) END, CASE WHEN t.state = 'returned' THEN %(planner)s::bigint END
  FROM timed t LEFT JOIN faces USING (unit_id)
"""

_SNAPSHOTS = """
WITH st AS ({state}), agg AS (
    SELECT unit_id, count(*) AS n, {digest} AS digest,
           jsonb_object_agg(row_key, jsonb_build_array(digest, label)) AS rows FROM st GROUP BY unit_id
), tot AS (
    SELECT unit_id, jsonb_agg(jsonb_build_array(position, label, n) ORDER BY position = 0, position) AS totals, max(n) FILTER (WHERE position = 0) AS whole
      FROM ({totals}) t GROUP BY unit_id
), made AS (
    INSERT INTO rounds_snapshot (handed_id, taken_at, digest, n, totals, rows)
    SELECT r.id, r.confirmed_at, coalesce(agg.digest, %s), coalesce(tot.whole, agg.n, 0), coalesce(tot.totals, '[]'), coalesce(agg.rows, '{{}}')
      FROM rounds_return r LEFT JOIN agg USING (unit_id) LEFT JOIN tot USING (unit_id)
     WHERE r.round_id = %s AND r.sheet = %s AND r.confirmed_at IS NOT NULL
    RETURNING handed_id, digest, n
)
UPDATE rounds_return r SET digest = made.digest, n = made.n FROM made WHERE made.handed_id = r.id
"""

_ANSWERS = """
INSERT INTO rounds_answer (handed_id, "values", version, saved_at)
SELECT r.id, jsonb_build_object('q1', ((abs(hashtext(r.unit_id::text)) %% 9) + 2)::text, 'q2', CASE WHEN r.unit_id %% 4 = 0 THEN 'ยังไม่ตรวจ' ELSE 'ตรวจแล้ว' END,
                                'q3', CASE WHEN r.unit_id %% 7 = 0 THEN 'ขอเครื่องกรองน้ำเพิ่มหนึ่งเครื่อง' ELSE '' END), 1, coalesce(r.started_at, %s)
  FROM rounds_return r WHERE r.round_id = %s AND r.sheet = %s AND r.state <> 'not_started'
"""


def after_all(world: World) -> None:
    """Past years closed, this year's second round half-way; the calendar of the whole year stands."""
    if not len(sheets):
        return
    now = timezone.now()
    year = school_year(timezone.localdate(now))
    form = write_form(
        actor=world.actor,
        title="น้ำดื่มของโรงเรียน",
        questions=[
            {"label": "จุดบริการน้ำดื่มกี่จุด", "kind": "number"},
            {"label": "ตรวจคุณภาพน้ำในปีนี้แล้วหรือไม่", "kind": "choice", "choices": [["ตรวจแล้ว", "ตรวจแล้ว"], ["ยังไม่ตรวจ", "ยังไม่ตรวจ"]]},
            {"label": "สิ่งที่ขอรับการสนับสนุน", "kind": "text", "required": False},
        ],
    )  # fmt: skip
    for past in (year - 2, year - 1, year):
        for one in plan_year(actor=world.actor, school_year=past):
            if past < year:
                one.sheet_codes = [code for code in one.sheet_codes if code != form.code]
            _fill(world, one, now)


def _fill(world: World, round_: Round, now: datetime) -> None:
    """Bring one round to where the calendar says it is today."""
    closing = timezone.make_aware(datetime.combine(round_.closes_on, time(15, 0)))
    opened = timezone.make_aware(datetime.combine(round_.opens_on, time(8, 40)))
    if opened > now:
        round_.save(update_fields=["sheet_codes"])
        return
    closed = closing <= now
    units = own_school_ids()
    written = {one.code: one for one in newest_forms()}
    forms: dict[str, Form] = {}
    for sheet in sheets_of(round_):
        if sheet.code in written:
            forms[sheet.code] = written[sheet.code]
        elif sheets[sheet.code].kind == SheetKind.FORM:
            forms[sheet.code] = form_of(sheets[sheet.code])
    round_.unit_ids, round_.opened_at, round_.form_ids = (
        units,
        opened,
        [f.pk for f in forms.values() if f.code in written],
    )
    round_.state = RoundState.OPEN
    round_.save()
    codes = [sheet.code for sheet in sheets_of(round_)]
    end = min(closing, now)
    with connection.cursor() as cursor:
        cursor.execute(
            _RETURNS,
            {
                "round": round_.pk, "units": units, "codes": codes, "forms": [forms[c].pk if c in forms else None for c in codes], "closed": closed,
                "single": len(codes) == 1, "opened": opened, "span": end - opened, "planner": _planner(world), "now": now,
            },
        )  # fmt: skip
        for sheet in sheets_of(round_):
            if sheet.code in written and sheet.kind == SheetKind.FORM:
                cursor.execute(_ANSWERS, [opened, round_.pk, sheet.code])
    if not closed:
        _half_way(world, round_, now)
    for sheet in sheets_of(round_):
        _snapshot(round_, sheet)
    if closed:
        _close(world, round_, closing)


def _planner(world: World) -> int | None:
    post = world.posts.get("planner")
    return post.holdings.on().values_list("person", flat=True).first() if post else None


def _snapshot(round_: Round, sheet: Sheet) -> None:
    """What every unit confirmed on one sheet, from the registers as of the round."""
    scope = scope_of(round_)
    state, state_params = state_query(sheet, scope)
    totals, totals_params = totals_query(sheet, scope)
    with connection.cursor() as cursor:
        cursor.execute(
            _SNAPSHOTS.format(digest=DIGEST, state=state, totals=totals),
            [*state_params, *totals_params, EMPTY_DIGEST, round_.pk, sheet.code],
        )


def _close(world: World, round_: Round, closing: datetime) -> None:
    writing, folder, manifest, sha256 = write_census(round_, 1)
    try:
        Census.objects.create(
            round=round_,
            number=1,
            made_at=closing,
            made_by_id=_planner(world),
            folder=folder,
            manifest=manifest,
            sha256=sha256,
        )
        round_.state, round_.closed_at = RoundState.CLOSED, closing
        round_.save(update_fields=["state", "closed_at"])
    except BaseException:
        writing.drop()
        raise


def _half_way(world: World, round_: Round, now: datetime) -> None:
    """The rules have been run; who has confirmed has explained; who must still correct has not confirmed."""
    run(round_, scope_of(round_), checks_of(round_.sheet_codes))
    Round.objects.filter(pk=round_.pk).update(checked_at=now - timedelta(hours=7))
    with connection.cursor() as cursor:
        # A sheet on which a rule still says stop cannot have been confirmed: its unit is still entering.
        cursor.execute(
            "DELETE FROM rounds_return r USING rounds_finding f WHERE r.round_id = %s AND f.round_id = r.round_id AND f.unit_id = r.unit_id"
            " AND f.sheet = r.sheet AND f.level = 'stop' AND r.state NOT IN ('not_started', 'entering', 'returned')"
            " RETURNING r.unit_id, r.sheet, r.place, r.form_id, r.started_at",
            [round_.pk],
        )
        back = cursor.fetchall()
        if back:
            cursor.execute(
                "INSERT INTO rounds_return (round_id, unit_id, sheet, place, state, form_id, digest, is_stale, reason, excuse, started_at)"
                " SELECT %s, u, s, p, 'entering', f, '', false, '', '', t FROM"
                " unnest(%s::bigint[], %s::text[], %s::int[], %s::bigint[], %s::timestamptz[]) AS x(u, s, p, f, t)"
                " ON CONFLICT DO NOTHING",
                [round_.pk, *([row[n] for row in back] for n in range(5))],
            )
        cursor.execute(
            "UPDATE rounds_finding f SET state = CASE r.state WHEN 'verified' THEN 'accepted' ELSE 'explained' END,"
            " reason = (ARRAY['ตรวจกับหลักฐานแล้วถูกต้อง มีสำเนาเก็บไว้ที่โรงเรียน', 'เข้าเรียนช้า มีหลักฐานแนบ', 'ตรวจกับผู้ปกครองแล้ว ข้อมูลถูกต้อง'])[1 + f.id %% 3],"
            " explained_by_id = r.confirmed_by_id, explained_at = r.confirmed_at, settled_by_id = CASE r.state WHEN 'verified' THEN r.verified_by_id END,"
            " settled_at = CASE r.state WHEN 'verified' THEN r.verified_at END"
            " FROM rounds_return r WHERE f.round_id = %s AND r.round_id = f.round_id AND r.unit_id = f.unit_id AND r.sheet = f.sheet"
            " AND f.level = 'explain' AND r.confirmed_at IS NOT NULL",
            [round_.pk],
        )
        late = (
            Unit.objects.filter(returns__round=round_, returns__state="not_started")
            .distinct()
            .order_by("position")
        )
        chosen = list(late.values_list("pk", flat=True))
        flooded = chosen[1:2]
        cursor.execute(
            "UPDATE rounds_return SET excused_until = %s, excuse = 'น้ำท่วม' WHERE round_id = %s AND unit_id = ANY(%s)",
            [timezone.localdate(now) + timedelta(days=9), round_.pk, flooded],
        )
    for number, days in ((1, 6), (2, 2)):
        units: list[Any] = [pk for pk in chosen if pk not in flooded]
        if units:
            Reminder.objects.create(
                round=round_,
                number=number,
                sent_at=now - timedelta(days=days),
                sent_by_id=_planner(world),
                unit_ids=units[: 40 // number],
            )
