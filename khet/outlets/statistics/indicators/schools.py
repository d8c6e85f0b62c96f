"""Schools on the day: the reference ``schools`` of every census with the pupils of ``roll``, and what they say of themselves (``emis``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.outlets.statistics import dims as d
from khet.outlets.statistics.bases import indicator
from khet.outlets.statistics.choices import Chapter, Kind
from khet.outlets.statistics.indicators.parts import (
    SMALL_SCHOOL,
    band,
    counts,
    enrolled,
    ones,
    part,
    shares,
    size,
)

if TYPE_CHECKING:
    import ibis

    from khet.outlets.statistics.lake import Lake

SCHOOLS = pgettext_lazy("counted", "โรงเรียน")
PERCENT = _("ร้อยละ")
_SIZED = {"schools": ["school"], "roll": ["pupils"]}
EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""
MERGE_KM = 6
"""Small schools within six kilometres of another may be taught together (the office's own rule for its map of merging)."""


@indicator(
    "schools_by_size",
    Chapter.SCHOOLS,
    _("โรงเรียนจำแนกตามขนาด"),
    definition=_(
        "จำนวนโรงเรียนตามขนาดเจ็ดขนาดของ สพฐ. จากนักเรียน ณ วันของรอบ: 1–120, 121–200, 201–300, 301–499, 500–1,499, 1,500–2,499 และ 2,500 คนขึ้นไป"
    ),
    unit=SCHOOLS,
    needs=_SIZED,
    dims=[d.SIZE],
)
def by_size(lake: Lake) -> ibis.Table:
    t = enrolled(lake)
    return counts(t, ones, "size", size=size(lake, t.pupils))


@indicator(
    "schools_by_kind",
    Chapter.SCHOOLS,
    _("โรงเรียนจำแนกตามประเภทและขนาด"),
    definition=_("จำนวนโรงเรียนตามระดับที่เปิดสอน: ประถมศึกษา ขยายโอกาส (ถึง ม.ต้น) มัธยมศึกษา และขนาดเจ็ดขนาด"),
    unit=SCHOOLS,
    needs={**_SIZED, "schools": ["kind"]},
    dims=[d.SCHOOL_KIND, d.SIZE],
)
def by_kind(lake: Lake) -> ibis.Table:
    t = enrolled(lake)
    return counts(t, ones, "kind", "size", size=size(lake, t.pupils))


@indicator(
    "schools_by_levels",
    Chapter.SCHOOLS,
    _("โรงเรียนจำแนกตามระดับที่เปิดสอน"),
    definition=_("จำนวนโรงเรียนตามระดับต่ำสุดและสูงสุดที่เปิดสอนตามทะเบียน"),
    unit=SCHOOLS,
    needs={"schools": ["levels"]},
    dims=[d.LEVELS],
)
def by_levels(lake: Lake) -> ibis.Table:
    t = lake["schools"]
    return counts(t, ones, "levels")


@indicator(
    "small_schools",
    Chapter.SCHOOLS,
    _("โรงเรียนขนาดเล็กจำแนกตามจำนวนนักเรียน"),
    definition=_("จำนวนโรงเรียนที่มีนักเรียนไม่เกิน 120 คน ณ วันของรอบ ตามนโยบายโรงเรียนขนาดเล็ก"),
    unit=SCHOOLS,
    needs=_SIZED,
    dims=[d.SMALL_BAND],
)
def small(lake: Lake) -> ibis.Table:
    t = enrolled(lake)
    t = t.filter(t.pupils <= SMALL_SCHOOL)
    limits = ((0, "0"), (20, "1-20"), (40, "21-40"), (60, "41-60"), (80, "61-80"), (100, "81-100"))
    made = t.select("census", "school", pupils=band(lake, t.pupils, limits, "101-120"))
    return counts(made, ones, "pupils")


@indicator(
    "small_schools_share",
    Chapter.SCHOOLS,
    _("สัดส่วนโรงเรียนขนาดเล็ก"),
    definition=_("โรงเรียนที่มีนักเรียนไม่เกิน 120 คน หารด้วยโรงเรียนทั้งหมด คูณร้อย"),
    unit=PERCENT,
    needs=_SIZED,
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def small_share(lake: Lake) -> ibis.Table:
    t = enrolled(lake)
    return shares(t, (t.pupils <= SMALL_SCHOOL).cast("int64").sum(), ones)


@indicator(
    "pupils_in_small_schools_share",
    Chapter.SCHOOLS,
    _("สัดส่วนนักเรียนในโรงเรียนขนาดเล็ก"),
    definition=_("นักเรียนของโรงเรียนที่มีนักเรียนไม่เกิน 120 คน หารด้วยนักเรียนทั้งหมด คูณร้อย"),
    unit=PERCENT,
    needs=_SIZED,
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def in_small_share(lake: Lake) -> ibis.Table:
    t = enrolled(lake)
    return shares(t, part(t.pupils, t.pupils <= SMALL_SCHOOL), t.pupils.sum())


@indicator(
    "schools_by_standing",
    Chapter.SCHOOLS,
    _("โรงเรียนจำแนกตามการจัดการ"),
    definition=_(
        "จำนวนโรงเรียนตามการจัดการที่แจ้งใน EMIS ของปีการศึกษานั้นหรือปีล่าสุดก่อนหน้า: จัดเอง Stand Alone โรงเรียนหลัก หรือเรียนรวม"
    ),
    unit=SCHOOLS,
    needs={"schools": ["standing"]},
    dims=[d.SCHOOL_STANDING],
)
def by_standing(lake: Lake) -> ibis.Table:
    t = lake["schools"]
    return counts(t, ones, "standing")


@indicator(
    "small_schools_by_standing",
    Chapter.SCHOOLS,
    _("โรงเรียนขนาดเล็กจำแนกตามการจัดการ"),
    definition=_("จำนวนโรงเรียนที่มีนักเรียนไม่เกิน 120 คน ตามการจัดการที่แจ้งใน EMIS"),
    unit=SCHOOLS,
    needs={**_SIZED, "schools": ["standing"]},
    dims=[d.SCHOOL_STANDING],
)
def small_by_standing(lake: Lake) -> ibis.Table:
    t = enrolled(lake)
    t = t.filter(t.pupils <= SMALL_SCHOOL)
    return counts(t, ones, "standing")


def nearest(lake: Lake) -> ibis.Table:
    """Every school that has a position, with the kilometres in a straight line to the nearest other one of its census (haversine)."""
    t = enrolled(lake).filter(lambda t: t.lat.notnull() & t.lon.notnull())
    here = t.select("census", "school", "standing", "pupils", lat=t.lat.radians(), lon=t.lon.radians())
    other = here.select("census", to=here.school, to_lat=here.lat, to_lon=here.lon)
    pairs = here.inner_join(other, ["census", here.school != other.to])
    half = ((pairs.to_lat - pairs.lat) / 2).sin() ** 2 + pairs.lat.cos() * pairs.to_lat.cos() * (
        ((pairs.to_lon - pairs.lon) / 2).sin() ** 2
    )
    km = pairs.select("census", "school", "standing", "pupils", km=half.sqrt().asin() * (2 * EARTH_KM))
    return km.group_by(["census", "school", "standing", "pupils"]).agg(km=km.km.min())


_PLACED = {**_SIZED, "schools": ["lat", "lon", "standing"]}


@indicator(
    "schools_by_nearest",
    Chapter.SCHOOLS,
    _("โรงเรียนจำแนกตามระยะถึงโรงเรียนที่ใกล้ที่สุดและขนาด"),
    definition=_("ระยะทางตรงบนผิวโลกจากพิกัดของโรงเรียนถึงโรงเรียนอื่นในเขตที่ใกล้ที่สุด นับโรงเรียนที่มีพิกัด รวมพิกัดที่ยังไม่ยืนยัน"),
    unit=SCHOOLS,
    needs=_PLACED,
    dims=[d.NEAR, d.SIZE],
)
def by_nearest(lake: Lake) -> ibis.Table:
    t = nearest(lake)
    near = band(lake, t.km, ((1, "0-1"), (3, "1-3"), (MERGE_KM, "3-6")), "6+")
    return counts(t, ones, "near", "size", near=near, size=size(lake, t.pupils))


@indicator(
    "mean_nearest",
    Chapter.SCHOOLS,
    _("ระยะถึงโรงเรียนที่ใกล้ที่สุดเฉลี่ย"),
    definition=_("ค่าเฉลี่ยของระยะทางตรงถึงโรงเรียนอื่นในเขตที่ใกล้ที่สุด ของโรงเรียนที่มีพิกัด"),
    unit=_("กม."),
    needs=_PLACED,
    kind=Kind.MEAN,
    digits=1,
)
def mean_nearest(lake: Lake) -> ibis.Table:
    t = nearest(lake)
    return shares(t, t.km.sum().round(3), ones)


@indicator(
    "merging_candidates",
    Chapter.SCHOOLS,
    _("โรงเรียนขนาดเล็กที่อยู่ใกล้โรงเรียนอื่น"),
    definition=_(
        "โรงเรียนที่มีนักเรียน 1–120 คน ซึ่งไม่ใช่ Stand Alone ไม่ได้เรียนรวมอยู่แล้ว และมีโรงเรียนอื่นในเขตภายใน 6 กม. ระยะทางตรง เป็นรายการให้พิจารณา มิใช่ข้อเสนอ"
    ),
    unit=SCHOOLS,
    needs=_PLACED,
    dims=[d.NEAR],
)
def merging(lake: Lake) -> ibis.Table:
    t = nearest(lake).filter(
        lambda t: (
            (t.pupils > 0)
            & (t.pupils <= SMALL_SCHOOL)
            & (t.km <= MERGE_KM)
            & ~t.standing.isin(["alone", "member"])
        )
    )
    return counts(t, ones, "near", near=band(lake, t.km, ((1, "0-1"), (3, "1-3")), "3-6"))


@indicator(
    "schools_by_position",
    Chapter.SCHOOLS,
    _("โรงเรียนจำแนกตามพิกัด"),
    definition=_("จำนวนโรงเรียนตามสถานะพิกัด: ยืนยันแล้ว ยังไม่ยืนยัน (จุดของตำบล) หรือไม่มีพิกัด"),
    unit=SCHOOLS,
    needs={"schools": ["lat", "position_confirmed"]},
    dims=[d.POSITION],
)
def by_position(lake: Lake) -> ibis.Table:
    t = lake["schools"]
    state = lake.ibis.cases((t.lat.isnull(), "none"), (t.position_confirmed, "confirmed"), else_="estimated")
    return counts(t, ones, "position", position=state)


@indicator(
    "schools_by_terrain",
    Chapter.SCHOOLS,
    _("โรงเรียนจำแนกตามลักษณะพื้นที่และความทุรกันดาร"),
    definition=_("จำนวนโรงเรียนตามลักษณะพื้นที่และความทุรกันดารที่แจ้งใน EMIS"),
    unit=SCHOOLS,
    needs={"emis": ["terrain", "hardship"]},
    dims=[d.TERRAIN, d.HARDSHIP],
)
def by_terrain(lake: Lake) -> ibis.Table:
    t = lake["emis"]
    return counts(t, ones, "terrain", "hardship")


@indicator(
    "schools_by_local_government",
    Chapter.SCHOOLS,
    _("โรงเรียนจำแนกตามชนิดองค์กรปกครองส่วนท้องถิ่น"),
    definition=_("จำนวนโรงเรียนตามชนิดขององค์กรปกครองส่วนท้องถิ่นในพื้นที่ที่แจ้งใน EMIS"),
    unit=SCHOOLS,
    needs={"emis": ["local_kind"]},
    dims=[d.LOCAL],
)
def by_local(lake: Lake) -> ibis.Table:
    t = lake["emis"]
    return counts(t, ones, "local", local=t.local_kind)


@indicator(
    "mean_km_to_office",
    Chapter.SCHOOLS,
    _("ระยะทางถึงสำนักงานเขตเฉลี่ย"),
    definition=_("ค่าเฉลี่ยระยะทางถึงสำนักงานเขตพื้นที่การศึกษาที่โรงเรียนแจ้งใน EMIS"),
    unit=_("กม."),
    needs={"emis": ["km_to_office"]},
    kind=Kind.MEAN,
    digits=1,
)
def km_to_office(lake: Lake) -> ibis.Table:
    t = lake["emis"].filter(lambda t: t.km_to_office.notnull())
    return shares(t, t.km_to_office.sum(), ones)
