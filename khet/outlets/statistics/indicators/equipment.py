"""Durable articles (M-OBEC), computers, internet, electricity and water, from the yearly sheets."""

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

PIECES = pgettext_lazy("counted", "ชิ้น")
MACHINES = pgettext_lazy("counted", "เครื่อง")
SCHOOLS = pgettext_lazy("counted", "โรงเรียน")
PERCENT = _("ร้อยละ")
BAHT = _("บาท")


@indicator(
    "articles_by_kind",
    Chapter.EQUIPMENT,
    _("ครุภัณฑ์จำแนกตามประเภทและสภาพ"),
    definition=_("จำนวนครุภัณฑ์ที่ยังไม่จำหน่าย ณ วันของรอบ ตามประเภทของสำนักงบประมาณและสภาพ"),
    unit=PIECES,
    needs={"articles": ["kind", "condition", "articles"]},
    dims=[d.ARTICLE, d.CONDITION],
)
def by_kind(lake: Lake) -> ibis.Table:
    t = lake["articles"]
    return counts(t, t.articles.sum(), "article", "condition", article=t.kind)


@indicator(
    "articles_by_group",
    Chapter.EQUIPMENT,
    _("ครุภัณฑ์จำแนกตามหมวดของ M-OBEC และสภาพ"),
    definition=_("จำนวนครุภัณฑ์ที่ยังไม่จำหน่าย ตามสองหลักแรกของรหัส M-OBEC และสภาพ"),
    unit=PIECES,
    needs={"articles": ["item_code", "condition", "articles"]},
    dims=[d.GROUP, d.CONDITION],
)
def by_group(lake: Lake) -> ibis.Table:
    t = lake["articles"]
    return counts(t, t.articles.sum(), "group", "condition", group=t.item_code.substr(0, 2))


@indicator(
    "articles_price",
    Chapter.EQUIPMENT,
    _("ราคาทุนของครุภัณฑ์จำแนกตามประเภทเงิน"),
    definition=_("ผลรวมราคาทุนของครุภัณฑ์ที่ยังไม่จำหน่าย ณ วันของรอบ"),
    unit=BAHT,
    needs={"articles": ["money", "price"]},
    dims=[d.MONEY],
)
def price(lake: Lake) -> ibis.Table:
    t = lake["articles"]
    return counts(t, t.price.sum(), "money")


@indicator(
    "articles_net",
    Chapter.EQUIPMENT,
    _("มูลค่าสุทธิของครุภัณฑ์จำแนกตามประเภท"),
    definition=_("ราคาทุนลบค่าเสื่อมราคาสะสมถึงวันของรอบ วิธีเส้นตรงตามอายุใช้งานของสำนักงบประมาณ เหลือ 1 บาท"),
    unit=BAHT,
    needs={"articles": ["kind", "net"]},
    dims=[d.ARTICLE],
)
def net(lake: Lake) -> ibis.Table:
    t = lake["articles"]
    return counts(t, t.net.sum(), "article", article=t.kind)


@indicator(
    "articles_unusable_share",
    Chapter.EQUIPMENT,
    _("ครุภัณฑ์ที่ใช้การไม่ได้"),
    definition=_("ร้อยละของครุภัณฑ์ที่รอซ่อม รอจำหน่าย หรือหาไม่พบ ต่อครุภัณฑ์ที่ยังไม่จำหน่าย ตามประเภท"),
    unit=PERCENT,
    needs={"articles": ["kind", "condition", "articles"]},
    dims=[d.ARTICLE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def unusable(lake: Lake) -> ibis.Table:
    t = lake["articles"]
    return shares(t, part(t.articles, t.condition != "in_use"), t.articles.sum(), "article", article=t.kind)


def _computers(lake: Lake, dim: str, **columns: str) -> ibis.Table:
    """EMIS counts of computers as rows: ``census, school, purpose, <dim>, n``; what a school has not said is no row."""
    t = lake["emis"]
    return lake.ibis.union(
        *(
            t.filter(t[f"{purpose}_{column}"].notnull()).select(
                "census",
                "school",
                purpose=lake.ibis.literal(purpose),
                **{dim: lake.ibis.literal(code)},
                n=t[f"{purpose}_{column}"],
            )
            for purpose in ("teach", "office")
            for code, column in columns.items()
        )
    )


_STATES = ["teach_usable", "teach_broken", "office_usable", "office_broken"]


@indicator(
    "computers",
    Chapter.EQUIPMENT,
    _("คอมพิวเตอร์จำแนกตามการใช้งานและสภาพ"),
    definition=_("จำนวนคอมพิวเตอร์ที่โรงเรียนแจ้งใน EMIS ตามการใช้งานและใช้ได้หรือไม่"),
    unit=MACHINES,
    needs={"emis": _STATES},
    dims=[d.PURPOSE, d.USABLE],
)
def computers(lake: Lake) -> ibis.Table:
    t = _computers(lake, "usable", yes="usable", no="broken")
    return counts(t, t.n.sum(), "purpose", "usable")


@indicator(
    "computers_by_origin",
    Chapter.EQUIPMENT,
    _("คอมพิวเตอร์จำแนกตามการใช้งานและแหล่งที่มา"),
    definition=_("จำนวนคอมพิวเตอร์ที่โรงเรียนแจ้งใน EMIS ตามการใช้งานและแหล่งงบประมาณ"),
    unit=MACHINES,
    needs={"emis": ["teach_obec", "teach_own", "office_obec", "office_own"]},
    dims=[d.PURPOSE, d.ORIGIN],
)
def by_origin(lake: Lake) -> ibis.Table:
    t = _computers(lake, "origin", obec="obec", own="own")
    return counts(t, t.n.sum(), "purpose", "origin")


@indicator(
    "computers_broken_share",
    Chapter.EQUIPMENT,
    _("คอมพิวเตอร์ที่ใช้ไม่ได้"),
    definition=_("ร้อยละของคอมพิวเตอร์ที่ใช้ไม่ได้ ต่อคอมพิวเตอร์ที่แจ้งสภาพ ตามการใช้งาน"),
    unit=PERCENT,
    needs={"emis": _STATES},
    dims=[d.PURPOSE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def broken(lake: Lake) -> ibis.Table:
    t = _computers(lake, "usable", yes="usable", no="broken")
    return shares(t, part(t.n, t.usable == "no"), t.n.sum(), "purpose")


@indicator(
    "pupils_per_computer",
    Chapter.EQUIPMENT,
    _("นักเรียนต่อคอมพิวเตอร์เพื่อการเรียนการสอน 1 เครื่อง"),
    definition=_("นักเรียน ณ วันของรอบหารด้วยคอมพิวเตอร์เพื่อการเรียนการสอนที่ใช้ได้ตาม EMIS"),
    unit=_("คนต่อเครื่อง"),
    needs={"roll": ["pupils"], "emis": ["teach_usable"]},
    kind=Kind.RATIO,
    digits=1,
)
def per_computer(lake: Lake) -> ibis.Table:
    roll, emis = lake["roll"], lake["emis"]
    found = beside(
        per_school(roll, pupils=roll.pupils.sum()),
        per_school(emis, things=emis.teach_usable.sum().fill_null(0)),
    )
    made = found.select("census", "school", n=found.pupils, of=found.things)
    return made.filter((made.n > 0) | (made.of > 0))


def _schools(lake: Lake, *dims: str, **made: str) -> ibis.Table:
    """Schools by what they said; ``made``: dim → column."""
    t = lake["emis"]
    return counts(t, ones, *dims, **{dim: t[column] for dim, column in made.items()})


@indicator(
    "schools_by_internet",
    Chapter.EQUIPMENT,
    _("โรงเรียนจำแนกตามอินเทอร์เน็ตและการใช้งานได้"),
    definition=_("จำนวนโรงเรียนตามประเภทอินเทอร์เน็ตและสถานะที่แจ้งใน EMIS"),
    unit=SCHOOLS,
    needs={"emis": ["internet_kind", "internet_state"]},
    dims=[d.INTERNET, d.INTERNET_STATE],
)
def by_internet(lake: Lake) -> ibis.Table:
    return _schools(lake, "internet", "state", internet="internet_kind", state="internet_state")


@indicator(
    "schools_by_speed",
    Chapter.EQUIPMENT,
    _("โรงเรียนจำแนกตามความเร็วอินเทอร์เน็ต"),
    definition=_("จำนวนโรงเรียนตามความเร็วอินเทอร์เน็ต (Mbps) ที่แจ้งใน EMIS"),
    unit=SCHOOLS,
    needs={"emis": ["internet_mbps"]},
    dims=[d.SPEED],
)
def by_speed(lake: Lake) -> ibis.Table:
    t = lake["emis"]
    limits = ((49, "-49"), (99, "50-99"), (299, "100-299"), (499, "300-499"))
    return counts(t, ones, "speed", speed=band(lake, t.internet_mbps, limits, "500+"))


@indicator(
    "internet_usable_share",
    Chapter.EQUIPMENT,
    _("โรงเรียนที่อินเทอร์เน็ตใช้ได้ดี"),
    definition=_("ร้อยละของโรงเรียนที่แจ้งว่าอินเทอร์เน็ตใช้ได้ดี ต่อโรงเรียนที่แจ้งสถานะหรือแจ้งว่าไม่มี"),
    unit=PERCENT,
    needs={"emis": ["internet_kind", "internet_state"]},
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def internet_usable(lake: Lake) -> ibis.Table:
    t = lake["emis"].filter(lambda t: (t.internet_state != "") | (t.internet_kind == "none"))
    return shares(t, (t.internet_state == "good").cast("int64").sum(), ones)


@indicator(
    "internet_baht",
    Chapter.EQUIPMENT,
    _("ค่าอินเทอร์เน็ตต่อเดือนเฉลี่ย"),
    definition=_("ผลรวมงบอินเทอร์เน็ตต่อเดือนหารด้วยจำนวนโรงเรียนที่แจ้ง ตามประเภทอินเทอร์เน็ต"),
    unit=BAHT,
    needs={"emis": ["internet_kind", "internet_baht"]},
    dims=[d.INTERNET],
    kind=Kind.MEAN,
)
def internet_baht(lake: Lake) -> ibis.Table:
    t = lake["emis"].filter(lambda t: t.internet_baht.notnull())
    return shares(t, t.internet_baht.sum(), ones, "internet", internet=t.internet_kind)


@indicator(
    "schools_networked",
    Chapter.EQUIPMENT,
    _("โรงเรียนจำแนกตามการติดตั้งระบบเครือข่าย"),
    definition=_("จำนวนโรงเรียนที่ติดตั้ง LAN และ Wireless LAN ตามที่แจ้งใน EMIS"),
    unit=SCHOOLS,
    needs={"emis": ["lan", "wireless"]},
    dims=[d.NETWORKED, d.INSTALLED],
)
def networked(lake: Lake) -> ibis.Table:
    t = lake["emis"]
    both = lake.ibis.union(
        *(
            t.select("census", "school", networked=lake.ibis.literal(name), installed=t[name])
            for name in ("lan", "wireless")
        )
    )
    return counts(both, ones, "networked", "installed")


@indicator(
    "schools_by_electricity",
    Chapter.EQUIPMENT,
    _("โรงเรียนจำแนกตามไฟฟ้า"),
    definition=_("จำนวนโรงเรียนตามแหล่งไฟฟ้าที่แจ้งใน EMIS"),
    unit=SCHOOLS,
    needs={"emis": ["electricity"]},
    dims=[d.ELECTRICITY],
)
def by_electricity(lake: Lake) -> ibis.Table:
    return _schools(lake, "electricity")


@indicator(
    "schools_by_water",
    Chapter.EQUIPMENT,
    _("โรงเรียนจำแนกตามน้ำใช้"),
    definition=_("จำนวนโรงเรียนตามแหล่งน้ำใช้ที่แจ้งใน EMIS"),
    unit=SCHOOLS,
    needs={"emis": ["water"]},
    dims=[d.WATER],
)
def by_water(lake: Lake) -> ibis.Table:
    return _schools(lake, "water")
