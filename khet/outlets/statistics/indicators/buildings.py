"""Buildings that stand, rooms, toilets and land, from the yearly sheets of assets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.outlets.statistics import dims as d
from khet.outlets.statistics.bases import indicator
from khet.outlets.statistics.choices import Chapter, Kind
from khet.outlets.statistics.indicators.parts import band, beside, counts, ones, part, per_school, shares

if TYPE_CHECKING:
    import ibis

    from khet.outlets.statistics.lake import Lake

PIECES = pgettext_lazy("counted", "หลัง/รายการ")
ROOMS = _("ห้อง")
PERCENT = _("ร้อยละ")
CLASSROOMS, TOILET = "01", "05"
WA_A_RAI = 400


def _standing(lake: Lake) -> ibis.Table:
    return lake["buildings"].filter(lambda t: t.standing != "demolished")


@indicator(
    "buildings_by_kind",
    Chapter.BUILDINGS,
    _("สิ่งก่อสร้างจำแนกตามประเภทและสภาพ"),
    definition=_("จำนวนสิ่งก่อสร้างที่ยังไม่รื้อถอน ตามประเภทของ B-OBEC และสภาพปัจจุบัน"),
    unit=PIECES,
    needs={"buildings": ["kind", "condition", "standing"]},
    dims=[d.BUILDING, d.BUILDING_CONDITION],
)
def by_kind(lake: Lake) -> ibis.Table:
    t = _standing(lake)
    return counts(t, ones, "building", "condition", building=t.kind)


@indicator(
    "buildings_by_age",
    Chapter.BUILDINGS,
    _("สิ่งก่อสร้างจำแนกตามประเภทและอายุ"),
    definition=_("จำนวนสิ่งก่อสร้างที่ยังไม่รื้อถอน ตามอายุ: ปีการศึกษาของรอบลบปีที่สร้าง (พ.ศ.)"),
    unit=PIECES,
    needs={"buildings": ["kind", "year_built", "standing"]},
    dims=[d.BUILDING, d.BUILT],
)
def by_age(lake: Lake) -> ibis.Table:
    t = _standing(lake)
    limits = ((10, "0-10"), (20, "11-20"), (30, "21-30"), (40, "31-40"))
    return counts(
        t,
        ones,
        "building",
        "built",
        building=t.kind,
        built=band(lake, t.school_year - t.year_built, limits, "41+"),
    )


@indicator(
    "poor_buildings_share",
    Chapter.BUILDINGS,
    _("สิ่งก่อสร้างทรุดโทรม"),
    definition=_("ร้อยละของสิ่งก่อสร้างสภาพทรุดโทรม ต่อสิ่งก่อสร้างที่ยังไม่รื้อถอนและบอกสภาพ ตามประเภท"),
    unit=PERCENT,
    needs={"buildings": ["kind", "condition", "standing"]},
    dims=[d.BUILDING],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def poor(lake: Lake) -> ibis.Table:
    t = _standing(lake).filter(lambda t: t.condition != "")
    return shares(t, (t.condition == "poor").cast("int64").sum(), ones, "building", building=t.kind)


@indicator(
    "buildings_to_demolish",
    Chapter.BUILDINGS,
    _("สิ่งก่อสร้างที่ขอหรือได้รับอนุญาตรื้อถอน"),
    definition=_("จำนวนสิ่งก่อสร้างที่ขออนุญาตรื้อถอนหรือได้รับอนุญาตแล้วแต่ยังไม่รื้อ"),
    unit=PIECES,
    needs={"buildings": ["kind", "standing"]},
    dims=[d.BUILDING, d.BUILDING_STANDING],
)
def to_demolish(lake: Lake) -> ibis.Table:
    t = lake["buildings"].filter(lambda t: t.standing.isin(["asked", "permitted"]))
    return counts(t, ones, "building", "standing", building=t.kind)


@indicator(
    "building_rooms",
    Chapter.BUILDINGS,
    _("ห้องตามแปลนของสิ่งก่อสร้าง"),
    definition=_("ผลรวมจำนวนห้องตามแปลนของสิ่งก่อสร้างที่ยังไม่รื้อถอน ตามประเภท"),
    unit=ROOMS,
    needs={"buildings": ["kind", "rooms_plan", "standing"]},
    dims=[d.BUILDING],
)
def rooms(lake: Lake) -> ibis.Table:
    t = _standing(lake).filter(lambda t: t.rooms_plan > 0)
    return counts(t, t.rooms_plan.sum(), "building", building=t.kind)


@indicator(
    "classrooms_in_buildings",
    Chapter.BUILDINGS,
    _("ห้องที่ใช้เป็นห้องเรียน"),
    definition=_("ผลรวมจำนวนห้องที่ใช้เป็นห้องเรียนของสิ่งก่อสร้างที่ยังไม่รื้อถอน ตามประเภท"),
    unit=ROOMS,
    needs={"buildings": ["kind", "rooms_used", "standing"]},
    dims=[d.BUILDING],
)
def classrooms(lake: Lake) -> ibis.Table:
    t = _standing(lake).filter(lambda t: t.rooms_used > 0)
    return counts(t, t.rooms_used.sum(), "building", building=t.kind)


@indicator(
    "classroom_use",
    Chapter.BUILDINGS,
    _("การใช้ห้องของอาคารเรียน"),
    definition=_("ห้องที่ใช้เป็นห้องเรียนหารด้วยห้องตามแปลนของอาคารเรียนที่บอกทั้งสองจำนวน คูณร้อย"),
    unit=PERCENT,
    needs={"buildings": ["kind", "rooms_plan", "rooms_used", "standing"]},
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def use(lake: Lake) -> ibis.Table:
    t = _standing(lake).filter(
        lambda t: (t.kind == CLASSROOMS) & t.rooms_plan.notnull() & t.rooms_used.notnull()
    )
    return shares(t, t.rooms_used.sum(), t.rooms_plan.sum())


def _pupils(lake: Lake) -> ibis.Table:
    t = lake["roll"]
    return per_school(t, pupils=t.pupils.sum())


def _of_pupils(pupils: ibis.Table, things: ibis.Table) -> ibis.Table:
    """Pupils against things of their school; schools that have neither are left out."""
    found = beside(pupils, things)
    return found.select("census", "school", n=found.pupils, of=found.things).filter(
        lambda t: (t.n > 0) | (t.of > 0)
    )


@indicator(
    "pupils_per_classroom",
    Chapter.BUILDINGS,
    _("นักเรียนต่อห้องที่ใช้เป็นห้องเรียน"),
    definition=_("นักเรียน ณ วันของรอบหารด้วยห้องที่ใช้เป็นห้องเรียนของสิ่งก่อสร้างที่ยังไม่รื้อถอน"),
    unit=_("คนต่อห้อง"),
    needs={"roll": ["pupils"], "buildings": ["rooms_used", "standing"]},
    kind=Kind.RATIO,
    digits=1,
)
def per_classroom(lake: Lake) -> ibis.Table:
    t = _standing(lake)
    return _of_pupils(_pupils(lake), per_school(t, things=t.rooms_used.sum().fill_null(0)))


@indicator(
    "toilet_seats",
    Chapter.BUILDINGS,
    _("ที่นั่งส้วม"),
    definition=_("ผลรวมจำนวนที่นั่งของส้วมที่ยังไม่รื้อถอน ตามสภาพ"),
    unit=_("ที่"),
    needs={"buildings": ["kind", "seats", "condition", "standing"]},
    dims=[d.BUILDING_CONDITION],
)
def seats(lake: Lake) -> ibis.Table:
    t = _standing(lake).filter(lambda t: (t.kind == TOILET) & (t.seats > 0))
    return counts(t, t.seats.sum(), "condition")


@indicator(
    "pupils_per_toilet_seat",
    Chapter.BUILDINGS,
    _("นักเรียนต่อที่นั่งส้วม 1 ที่"),
    definition=_("นักเรียน ณ วันของรอบหารด้วยที่นั่งของส้วมที่ยังไม่รื้อถอนและสภาพไม่ทรุดโทรม"),
    unit=_("คนต่อที่"),
    needs={"roll": ["pupils"], "buildings": ["kind", "seats", "condition", "standing"]},
    kind=Kind.RATIO,
    digits=1,
)
def per_seat(lake: Lake) -> ibis.Table:
    t = _standing(lake).filter(lambda t: (t.kind == TOILET) & (t.condition != "poor"))
    return _of_pupils(_pupils(lake), per_school(t, things=t.seats.sum().fill_null(0)))


@indicator(
    "building_budget",
    Chapter.BUILDINGS,
    _("งบประมาณก่อสร้างของสิ่งก่อสร้าง"),
    definition=_("ผลรวมงบประมาณก่อสร้างตามทะเบียนของสิ่งก่อสร้างที่ยังไม่รื้อถอน ตามราคาปีที่สร้าง ตามประเภท"),
    unit=_("บาท"),
    needs={"buildings": ["kind", "budget", "standing"]},
    dims=[d.BUILDING],
)
def budget(lake: Lake) -> ibis.Table:
    t = _standing(lake).filter(lambda t: t.budget > 0)
    return counts(t, t.budget.sum(), "building", building=t.kind)


@indicator(
    "land_parcels",
    Chapter.BUILDINGS,
    _("แปลงที่ดินจำแนกตามประเภท"),
    definition=_("จำนวนแปลงที่ดินของโรงเรียนตามประเภทที่ดิน"),
    unit=_("แปลง"),
    needs={"land": ["kind"]},
    dims=[d.LAND],
)
def parcels(lake: Lake) -> ibis.Table:
    t = lake["land"]
    return counts(t, ones, "land", land=t.kind)


@indicator(
    "land_area",
    Chapter.BUILDINGS,
    _("เนื้อที่ดินจำแนกตามประเภท"),
    definition=_("ผลรวมเนื้อที่ของแปลงที่ดิน 400 ตารางวาเป็น 1 ไร่ ตามประเภทที่ดิน"),
    unit=_("ไร่"),
    needs={"land": ["kind", "area_wa"]},
    dims=[d.LAND],
    digits=1,
)
def area(lake: Lake) -> ibis.Table:
    t = lake["land"]
    return counts(t, t.area_wa.sum() / WA_A_RAI, "land", land=t.kind)


@indicator(
    "land_documented_share",
    Chapter.BUILDINGS,
    _("แปลงที่ดินที่มีเอกสารสิทธิ์"),
    definition=_("ร้อยละของแปลงที่ดินที่บันทึกเลขที่เอกสารสิทธิ์"),
    unit=PERCENT,
    needs={"land": ["documented"]},
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def documented(lake: Lake) -> ibis.Table:
    t = lake["land"]
    return shares(t, part(t.documented.cast("int64"), t.documented), ones)
