"""The register of durable articles as the kit shows it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.org.api import Actor, Unit, can, today
from khet.base.ui import dates
from khet.kits.register.bases import (
    Action,
    Bulk,
    Cell,
    Change,
    Column,
    Facet,
    Fact,
    Figure,
    Panel,
    Paper,
    Section,
    Tab,
    View,
)
from khet.kits.register.choices import Kind
from khet.modules.assets.actions.articles import add_article, change_article, set_articles
from khet.modules.assets.actions.moves import ask_transfer, propose_disposal
from khet.modules.assets.choices import AssetKind, Condition, DisposalWay, Money
from khet.modules.assets.depreciation import Value, row_value
from khet.modules.assets.forms import (
    ArticleConditionForm,
    ArticleForm,
    DisposalForm,
    LabelForm,
    LocationForm,
    MoveForm,
    ResponsibleForm,
)
from khet.modules.assets.item_codes import item_words
from khet.modules.assets.models import Article
from khet.modules.assets.papers import MOST_LABELS, article_labels
from khet.modules.assets.queries import articles
from khet.modules.assets.records.article_files import ArticleImport
from khet.modules.assets.records.buildings import OfUnit, money, unit_link
from khet.modules.assets.records.tabs import article_way, photos_tab, value_tab
from khet.modules.assets.rules import ASK, CHECK, EDIT, EXPORT

TONES = {
    Condition.IN_USE: "done",
    Condition.WAITING_REPAIR: "wait",
    Condition.WAITING_DISPOSAL: "wait",
    Condition.MISSING: "alert",
    Condition.DISPOSED: "faint",
}


def condition(article: Article) -> Cell:
    return Cell(article.get_condition_display(), tone=TONES[article.condition])


def value_today(article: Article) -> Value | None:
    return row_value(article, today())


def net(article: Article) -> str:
    value = value_today(article)
    return money(value.net) if value else ""


def _preview_condition(*, actor: Actor, records: models.QuerySet, condition: str) -> list[Change]:
    after = Condition(condition).label
    return [
        Change(a, a.get_condition_display(), after)
        for a in records
        if a.condition not in (condition, Condition.DISPOSED)
    ]


def _set_condition(*, actor: Actor, records: models.QuerySet, condition: str) -> int:
    return set_articles(actor=actor, articles=records, condition=condition)


def _preview_location(*, actor: Actor, records: models.QuerySet, location: str) -> list[Change]:
    return [Change(a, a.location or "–", location) for a in records if a.location != location]


def _set_location(*, actor: Actor, records: models.QuerySet, location: str) -> int:
    return set_articles(actor=actor, articles=records, location=location)


def _move(*, actor: Actor, records: models.QuerySet, target: Unit, reason: str, document: str = "") -> int:
    chosen = list(records)
    ask_transfer(actor=actor, articles=chosen, target=target, reason=reason, document=document)
    return len(chosen)


def _preview_move(*, actor: Actor, records: models.QuerySet, target: Unit, **_rest: Any) -> list[Change]:
    return [Change(a, a.unit.short_name, target.short_name) for a in records]


def _dispose(*, actor: Actor, records: models.QuerySet, way: str, reason: str) -> int:
    chosen = list(records)
    propose_disposal(actor=actor, articles=chosen, way=way, reason=reason)
    return len(chosen)


def _preview_dispose(*, actor: Actor, records: models.QuerySet, way: str, **_rest: Any) -> list[Change]:
    after = DisposalWay(way).label
    return [Change(a, a.get_condition_display(), after) for a in records]


def _labels(*, actor: Actor, records: models.QuerySet, sheet: str, first: int) -> Paper:
    return article_labels(list(records[: MOST_LABELS + 1]), per_sheet=int(sheet), first=first)


def _preview_responsible(*, actor: Actor, records: models.QuerySet, responsible_name: str) -> list[Change]:
    return [
        Change(a, a.responsible_words or "–", responsible_name)
        for a in records
        if a.responsible_words != responsible_name
    ]


def _set_responsible(*, actor: Actor, records: models.QuerySet, responsible_name: str) -> int:
    return set_articles(actor=actor, articles=records, responsible=None, responsible_name=responsible_name)


class ArticleRecord(OfUnit):
    code = "articles"
    model = Article
    label = gettext_lazy("ครุภัณฑ์")
    label_many = pgettext_lazy("many", "ครุภัณฑ์")
    counter = pgettext_lazy("counted", "ชิ้น")
    icon = "package"
    key = "code"
    folded = "search_text"
    default_order = "number"
    edit = add = EDIT
    exporting = EXPORT

    columns = (
        Column("name", gettext_lazy("รายการ"), "name"),
        Column("number", gettext_lazy("เลขครุภัณฑ์"), "number", kind=Kind.CODE),
        Column("unit", gettext_lazy("โรงเรียน"), "unit__short_name"),
        Column("make", gettext_lazy("ยี่ห้อ รุ่น หมายเลขเครื่อง"), "brand", show=lambda a: a.make, shown=False),
        Column("acquired", gettext_lazy("วันที่ได้มา"), "acquired_on", kind=Kind.DATE),
        Column("price", gettext_lazy("ราคา (บาท)"), "price", show=lambda a: money(a.price), kind=Kind.DECIMAL),
        Column("net", gettext_lazy("มูลค่าสุทธิวันนี้"), "", show=net, order="", kind=Kind.DECIMAL, shown=False),
        Column("location", gettext_lazy("ที่ตั้ง"), "location"),
        Column("responsible", gettext_lazy("ผู้รับผิดชอบ"), "responsible_name", show=lambda a: a.responsible_words, shown=False),
        Column("condition", gettext_lazy("สภาพ"), "condition", show=condition),
        Column("kind", gettext_lazy("หมวด"), "kind", show=lambda a: a.get_kind_display() if a.kind else "", shown=False),
        Column("item", gettext_lazy("รหัสรายการ"), "item_code", kind=Kind.CODE, shown=False),
        Column("money", gettext_lazy("ประเภทเงิน"), "money", show=lambda a: a.get_money_display() if a.money else "", shown=False),
        Column("checked", gettext_lazy("ตรวจล่าสุด"), "checked_on", kind=Kind.DATE, shown=False),
        Column("code", gettext_lazy("รหัสบนป้าย"), "code", kind=Kind.CODE, shown=False),
    )  # fmt: skip
    facets = (
        Facet("condition", gettext_lazy("สภาพ"), "condition", dict(Condition.choices), default=(Condition.IN_USE, Condition.WAITING_REPAIR, Condition.WAITING_DISPOSAL, Condition.MISSING)),
        Facet("kind", gettext_lazy("หมวด"), "kind", dict(AssetKind.choices)),
        Facet("money", gettext_lazy("ประเภทเงิน"), "money", dict(Money.choices), folded=True),
        Facet("amphoe", gettext_lazy("อำเภอ"), "unit__school__amphoe", folded=True),
        Facet("unit", gettext_lazy("โรงเรียน"), "unit__short_name", folded=True),
    )  # fmt: skip
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View("repair", gettext_lazy("รอซ่อม"), {"condition": ["waiting_repair"]}),
        View("disposal", gettext_lazy("รอจำหน่าย"), {"condition": ["waiting_disposal"]}),
        View("missing", gettext_lazy("หาไม่พบ"), {"condition": ["missing"]}),
        View("computers", gettext_lazy("คอมพิวเตอร์"), {"kind": ["computer"]}),
    )
    sections = (
        Section("place", gettext_lazy("โรงเรียน"), ("unit",)),
        Section("facts", gettext_lazy("รายการ"), ("number", "name", "item_code", "kind", "brand", "model", "serial")),
        Section("acquired", gettext_lazy("การได้มา"), ("acquired_on", "document", "method", "money", "price", "life_years"), gettext_lazy("อายุใช้งานเว้นว่างไว้จะใช้ตามหมวด")),
        Section("where", gettext_lazy("ที่ตั้งและผู้รับผิดชอบ"), ("location", "responsible", "responsible_name", "condition", "note")),
    )  # fmt: skip
    form = ArticleForm
    figures = (
        Figure(gettext_lazy("ราคา"), lambda a: money(a.price), lambda a: _("บาท")),
        Figure(gettext_lazy("ค่าเสื่อมสะสมวันนี้"), lambda a: money(v.accumulated) if (v := value_today(a)) else None, lambda a: _("บาท") if value_today(a) else ""),
        Figure(gettext_lazy("มูลค่าสุทธิวันนี้"), lambda a: net(a) or None, lambda a: _("บาท") if value_today(a) else _("ต่ำกว่าเกณฑ์หรือข้อมูลไม่ครบ")),
        Figure(gettext_lazy("อายุใช้งาน"), lambda a: a.life_years, lambda a: _("ปี")),
        Figure(gettext_lazy("ตรวจล่าสุด"), lambda a: dates.short(a.checked_on) if a.checked_on else None),
    )  # fmt: skip
    panels = (
        Panel(
            "facts", gettext_lazy("รายการ"),
            (
                Fact(gettext_lazy("โรงเรียน"), unit_link),
                Fact(gettext_lazy("รหัสรายการ M-OBEC"), lambda a: item_words(a.item_code) if a.item_code else ""),
                Fact(gettext_lazy("หมวด"), lambda a: a.get_kind_display() if a.kind else ""),
                Fact(gettext_lazy("ยี่ห้อ"), lambda a: a.brand),
                Fact(gettext_lazy("รุ่น"), lambda a: a.model),
                Fact(gettext_lazy("หมายเลขเครื่อง"), lambda a: a.serial),
                Fact(gettext_lazy("หมายเหตุ"), lambda a: a.note),
            ),
            section="facts",
        ),
        Panel(
            "acquired", gettext_lazy("การได้มา"),
            (
                Fact(gettext_lazy("วันที่ได้มา"), lambda a: dates.short(a.acquired_on) if a.acquired_on else ""),
                Fact(gettext_lazy("เลขที่เอกสาร"), lambda a: a.document),
                Fact(gettext_lazy("วิธีการได้มา"), lambda a: a.get_method_display() if a.method else ""),
                Fact(gettext_lazy("ประเภทเงิน"), lambda a: a.get_money_display() if a.money else ""),
            ),
            section="acquired",
        ),
        Panel(
            "where", gettext_lazy("ที่ตั้งและผู้รับผิดชอบ"),
            (
                Fact(gettext_lazy("ที่ตั้ง"), lambda a: a.location),
                Fact(gettext_lazy("ผู้รับผิดชอบ"), lambda a: a.responsible_words),
                Fact(gettext_lazy("สภาพ"), condition),
                Fact(gettext_lazy("วันที่จำหน่าย"), lambda a: dates.short(a.disposed_on) if a.disposed_on else ""),
            ),
            section="where",
        ),
    )  # fmt: skip
    tabs = (
        Tab("value", gettext_lazy("ค่าเสื่อมราคา"), "assets/tab_value.html", value_tab),
        Tab("way", gettext_lazy("ซ่อม โอน จำหน่าย"), "assets/tab_article_way.html", article_way),
        Tab("photos", pgettext_lazy("many", "ภาพ"), "assets/tab_photos.html", photos_tab),
    )
    bulk = (
        Bulk("condition", gettext_lazy("บันทึกสภาพ"), EDIT, _set_condition, _preview_condition, "pencil", ArticleConditionForm),
        Bulk("location", gettext_lazy("เปลี่ยนที่ตั้ง"), EDIT, _set_location, _preview_location, "map-pin", LocationForm),
        Bulk("responsible", gettext_lazy("เปลี่ยนผู้รับผิดชอบ"), EDIT, _set_responsible, _preview_responsible, "user-pen", ResponsibleForm),
        Bulk("move", gettext_lazy("ขอโอน"), ASK, _move, _preview_move, "arrow-right-left", MoveForm),
        Bulk("dispose", gettext_lazy("เสนอจำหน่าย"), ASK, _dispose, _preview_dispose, "archive-x", DisposalForm),
        Bulk("labels", gettext_lazy("พิมพ์ป้าย"), CHECK, _labels, None, "qr-code", LabelForm),
    )  # fmt: skip
    imports = ArticleImport()
    stylesheets = ("assets/assets.css",)

    def queryset(self, actor: Actor) -> models.QuerySet[Article]:
        return articles()

    def title(self, record: Article) -> str:
        return record.name

    def tags(self, record: Article) -> list[Any]:
        return [record.unit.name]

    def facts_line(self, record: Article) -> list[tuple[Any, Any]]:
        return [(_("เลขครุภัณฑ์"), record.number), (_("รหัสบนป้าย"), record.code)]

    def state(self, record: Article) -> Cell | None:
        return condition(record) if record.condition != Condition.IN_USE else None

    def pages(self, actor: Actor) -> list[Action]:
        return [
            Action(_("ตรวจสอบประจำปี"), reverse("assets:checks"), "clipboard-check"),
            Action(_("ค่าเสื่อมราคา"), reverse("assets:depreciation"), "trending-down"),
            Action(_("โอน"), reverse("assets:transfers"), "arrow-right-left"),
            Action(_("จำหน่าย"), reverse("assets:disposals"), "archive-x"),
        ]

    def actions(self, actor: Actor, record: Article) -> list[Action]:
        if record.condition == Condition.DISPOSED:
            return []
        found = []
        if can(actor, EDIT, record):
            found.append(
                Action(_("บันทึกผลซ่อม"), reverse("assets:finish_repair", args=[record.pk]), "wrench")
                if record.condition == Condition.WAITING_REPAIR
                else Action(_("ส่งซ่อม"), reverse("assets:send_to_repair", args=[record.pk]), "wrench")
            )
        if can(actor, ASK, record):
            found.append(
                Action(_("ขอโอน"), reverse("assets:ask_transfer", args=[record.pk]), "arrow-right-left")
            )
            found.append(
                Action(_("เสนอจำหน่าย"), reverse("assets:propose_disposal", args=[record.pk]), "archive-x")
            )
        return found

    def create(self, *, actor: Actor, unit: Unit, **values: Any) -> Article:
        return add_article(actor=actor, unit=unit, **values)

    def update(self, *, actor: Actor, record: Article, **values: Any) -> Article:
        return change_article(actor=actor, article=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        return {
            "unit": Unit.objects.get(kind="office", parent__isnull=True),
            "number": f"7440-001-{number:04d}/69",
            "name": f"เครื่องคอมพิวเตอร์ {number}",
            "item_code": "21007",
            "brand": "ตัวอย่าง",
            "model": "A1",
            "serial": f"SN{number:05d}",
            "acquired_on": today().replace(day=1),
            "document": "บจ 12/2569",
            "method": "specific",
            "money": "budget",
            "price": 22_000,
            "location": "ห้องสมุด",
            "responsible_name": "ครูตัวอย่าง",
            "note": "ตัวอย่าง",
        }
