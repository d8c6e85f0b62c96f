"""Pupils on the roll on the day of the round: ``state`` studying, not yet left (``students.queries.rolls``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.outlets.statistics.bases import SMALL, indicator
from khet.outlets.statistics.choices import Chapter, Kind
from khet.outlets.statistics.dims import DISABILITY, DISADVANTAGE, GRADE, SEX, STAGE
from khet.outlets.statistics.indicators.parts import counts, shares, stage

if TYPE_CHECKING:
    import ibis

    from khet.outlets.statistics.lake import Lake

HEADS = pgettext_lazy("counted", "คน")


@indicator(
    "pupils_by_grade",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามชั้นและเพศ"),
    definition=_("จำนวนนักเรียนที่มีสถานภาพกำลังเรียน ณ วันของรอบ นับตามชั้นและเพศ"),
    unit=HEADS,
    needs={"pupils": ["grade", "sex", "pupils"]},
    dims=[GRADE, SEX],
)
def by_grade(lake: Lake) -> ibis.Table:
    t = lake["pupils"]
    return counts(t, t.pupils.sum(), "grade", "sex")


@indicator(
    "pupils_by_stage",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามระดับและเพศ"),
    definition=_(
        "จำนวนนักเรียนที่กำลังเรียน ณ วันของรอบ ตามระดับ: ก่อนประถม (อ.1–อ.3) ประถม (ป.1–ป.6) ม.ต้น (ม.1–ม.3) ม.ปลาย (ม.4–ม.6)"
    ),
    unit=HEADS,
    needs={"pupils": ["grade", "sex", "pupils"]},
    dims=[STAGE, SEX],
)
def by_stage(lake: Lake) -> ibis.Table:
    t = lake["pupils"]
    return counts(t, t.pupils.sum(), "stage", "sex", stage=stage(lake, t.grade))


@indicator(
    "pupils_by_disability",
    Chapter.PUPILS,
    _("นักเรียนพิการจำแนกตามประเภทความพิการและเพศ"),
    definition=_(
        "จำนวนนักเรียนที่โรงเรียนบันทึกประเภทความพิการ เก้าประเภทตามประกาศกระทรวงศึกษาธิการ พ.ศ. 2552 ไม่นับผู้ไม่พิการ"
    ),
    unit=HEADS,
    needs={"pupils": ["disability", "sex", "pupils"]},
    dims=[DISABILITY, SEX],
    small=SMALL,
)
def by_disability(lake: Lake) -> ibis.Table:
    t = lake["pupils"].filter(lambda t: t.disability.fill_null("") != "")
    return counts(t, t.pupils.sum(), "disability", "sex")


@indicator(
    "pupils_by_disadvantage",
    Chapter.PUPILS,
    _("นักเรียนด้อยโอกาสจำแนกตามประเภทและเพศ"),
    definition=_("จำนวนนักเรียนที่โรงเรียนบันทึกความด้อยโอกาสตามประเภทของ DMC ไม่นับผู้ไม่ด้อยโอกาส"),
    unit=HEADS,
    needs={"pupils": ["disadvantage", "sex", "pupils"]},
    dims=[DISADVANTAGE, SEX],
    small=SMALL,
)
def by_disadvantage(lake: Lake) -> ibis.Table:
    t = lake["pupils"].filter(lambda t: t.disadvantage.fill_null("") != "")
    return counts(t, t.pupils.sum(), "disadvantage", "sex")


def _rooms(lake: Lake) -> ibis.Table:
    """One row a room: ``census, school, grade, room, pupils``. A room is what pupils of a grade are in together."""
    t = lake["pupils"]
    return t.group_by(["census", "school", "grade", "room"]).agg(pupils=t.pupils.sum())


@indicator(
    "pupils_per_room",
    Chapter.PUPILS,
    _("นักเรียนต่อห้องเรียนจำแนกตามชั้น"),
    definition=_("จำนวนนักเรียนหารด้วยจำนวนห้องที่มีนักเรียน นับห้องจากชั้นและห้องในทะเบียน ไม่ใช่จำนวนห้องของอาคาร"),
    unit=_("คนต่อห้อง"),
    needs={"pupils": ["grade", "room", "pupils"]},
    dims=[GRADE],
    kind=Kind.RATIO,
    digits=1,
)
def per_room(lake: Lake) -> ibis.Table:
    t = _rooms(lake)
    return shares(t, t.pupils.sum(), t.count(), "grade")
