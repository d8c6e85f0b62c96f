"""What a school confirms about its pupils in each round, and the census of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.kits.rounds.bases import CensusTable, Scope, Sheet, census_reference, sheet
from khet.modules.students import frozen
from khet.modules.students.frozen import present as _present
from khet.modules.students.queries.rolls import NAME
from khet.modules.students.rules import VIEW

LEVELS = "CASE WHEN e.grade LIKE 'k%%' THEN 'ก่อนประถม' WHEN e.grade LIKE 'p%%' THEN 'ประถมศึกษา' ELSE 'มัธยมศึกษาตอนต้น' END"


def totals(scope: Scope):
    present, params = _present(scope)
    return (
        f"""
        SELECT s.unit_id, CASE WHEN e.grade LIKE 'k%%' THEN 1 WHEN e.grade LIKE 'p%%' THEN 2 ELSE 3 END AS position,
               {LEVELS} AS label, count(*) AS n {present} GROUP BY 1, 2, 3
        UNION ALL SELECT s.unit_id, CASE p.sex WHEN 'm' THEN 4 ELSE 5 END, CASE p.sex WHEN 'm' THEN 'ชาย' ELSE 'หญิง' END, count(*) {present} GROUP BY 1, 2, 3
        UNION ALL SELECT s.unit_id, 0, 'รวม', count(*) {present} GROUP BY 1
        """,
        params * 3,
    )


def state(scope: Scope):
    """Weight and height are measured anew each term: they are no change of a pupil."""
    present, params = _present(scope)
    return (
        f"""
        SELECT s.unit_id, e.pupil_id::text AS row_key, {NAME} AS label,
               md5(concat_ws('|', e.grade, e.room, p.first_name, p.last_name, p.born_on, p.sex, e.disadvantage, e.disability)) AS digest
        {present}
        """,
        params,
    )


sheet(
    Sheet(
        code="students",
        title=_("นักเรียน"),
        record="pupils",
        sees=VIEW,
        counter=pgettext_lazy("counted", "คน"),
        totals=totals,
        state=state,
        oath=_("ข้าพเจ้าตรวจแล้ว ขอรับรองว่านักเรียนทั้ง %(n)s คน มีตัวตนและเรียนอยู่จริง ณ วันที่ %(day)s"),
        census=[
            CensusTable(
                "pupils",
                _("นักเรียน"),
                [
                    ("school", "text"), ("grade", "text"), ("room", "int"), ("sex", "text"), ("disadvantage", "text"),
                    ("disability", "text"), ("pupils", "int"),
                ],
                frozen.pupils,
                total="pupils",
            ),
            CensusTable(
                "pupils_age",
                _("นักเรียนตามอายุ"),
                [("school", "text"), ("grade", "text"), ("sex", "text"), ("age", "int"), ("pupils", "int")],
                frozen.ages,
                total="pupils",
            ),
            CensusTable(
                "pupils_origin",
                _("นักเรียนตามสัญชาติและศาสนา"),
                [
                    ("school", "text"), ("grade", "text"), ("sex", "text"), ("nationality", "text"), ("religion", "text"),
                    ("pupils", "int"),
                ],
                frozen.origins,
                total="pupils",
            ),
            CensusTable(
                "pupils_journey",
                _("นักเรียนตามการเดินทาง"),
                [
                    ("school", "text"), ("grade", "text"), ("journey", "text"), ("band", "text"), ("pupils", "int"),
                    ("km", "decimal"), ("minutes", "int"), ("timed", "int"),
                ],
                frozen.journeys,
                total="pupils",
            ),
            CensusTable(
                "pupils_body",
                _("นักเรียนตามภาวะโภชนาการ"),
                [
                    ("school", "text"), ("grade", "text"), ("sex", "text"), ("nutrition", "text"), ("stature", "text"),
                    ("pupils", "int"),
                ],
                frozen.bodies,
                total="pupils",
            ),
            CensusTable(
                "pupils_wants",
                _("นักเรียนขาดแคลน"),
                [("school", "text"), ("grade", "text"), ("lacking", "text"), ("pupils", "int")],
                frozen.wants,
                total="pupils",
            ),
            CensusTable(
                "movements",
                _("การเข้า ออก ซ้ำชั้น และจบ"),
                [
                    ("school", "text"), ("grade", "text"), ("sex", "text"), ("kind", "text"), ("reason", "text"),
                    ("pupils", "int"),
                ],
                frozen.movements,
                total="pupils",
            ),
        ],
    )
)  # fmt: skip

census_reference(
    CensusTable(
        "roll",
        _("จำนวนนักเรียนตามชั้นและเพศ"),
        [("school", "text"), ("grade", "text"), ("sex", "text"), ("pupils", "int")],
        frozen.roll,
        total="pupils",
    )
)
