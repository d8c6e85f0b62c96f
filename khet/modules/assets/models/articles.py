"""Durable articles (ครุภัณฑ์), their transfers between units and their disposal."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from khet.modules.assets.choices import (
    AssetKind,
    Condition,
    DisposalState,
    DisposalWay,
    Method,
    Money,
    TransferState,
)


class Article(models.Model):
    """One durable article. ``code`` is its short address, printed on the label; ``number`` the school's own number.

    The number is not unique in the database: what comes over from another school brings its number along until it is
    given a new one. ``number_key`` is the number as compared (digits and letters only, without the year behind the
    stroke). ``life_years`` in years, ``price`` in baht for the one piece.
    """

    personal_data = {"responsible": "name", "responsible_name": "name"}

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("โรงเรียน"))
    code = models.CharField(_("รหัสบนป้าย"), max_length=8, unique=True, editable=False)
    number = models.CharField(_("เลขครุภัณฑ์"), max_length=60)
    number_key = models.CharField(max_length=60, editable=False)
    item_code = models.CharField(_("รหัสรายการ M-OBEC"), max_length=5, blank=True)
    kind = models.CharField(_("หมวด"), max_length=12, choices=AssetKind.choices, blank=True, default="")
    name = models.CharField(_("รายการ"), max_length=200)
    brand = models.CharField(_("ยี่ห้อ"), max_length=80, blank=True)
    model = models.CharField(_("รุ่น"), max_length=80, blank=True)
    serial = models.CharField(_("หมายเลขเครื่อง"), max_length=80, blank=True)
    search_text = models.TextField(editable=False)

    acquired_on = models.DateField(_("วันที่ได้มา"), null=True, blank=True)
    document = models.CharField(_("เลขที่เอกสาร"), max_length=120, blank=True)
    method = models.CharField(_("วิธีการได้มา"), max_length=10, choices=Method.choices, blank=True, default="")
    money = models.CharField(_("ประเภทเงิน"), max_length=10, choices=Money.choices, blank=True, default="")
    price = models.DecimalField(_("ราคาต่อหน่วย (บาท)"), max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)])  # fmt: skip
    life_years = models.PositiveSmallIntegerField(
        _("อายุใช้งาน (ปี)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )

    location = models.CharField(_("ที่ตั้ง"), max_length=120, blank=True)
    responsible = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ผู้รับผิดชอบ")
    )
    responsible_name = models.CharField(_("ผู้รับผิดชอบ (พิมพ์ชื่อ)"), max_length=120, blank=True)
    condition = models.CharField(
        _("สภาพ"), max_length=16, choices=Condition.choices, default=Condition.IN_USE
    )
    checked_on = models.DateField(_("ตรวจล่าสุด"), null=True, blank=True, editable=False)
    disposed_on = models.DateField(_("วันที่จำหน่าย"), null=True, blank=True, editable=False)
    note = models.CharField(_("หมายเหตุ"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("ครุภัณฑ์")
        ordering = ["unit_id", "number", "pk"]
        indexes = [
            models.Index(fields=["unit", "number_key"]),
            models.Index(fields=["unit", "condition"]),
            # the register of the whole area, in its order: 60,000 articles are never sorted for a page of fifty
            models.Index(fields=["number", "id"], name="assets_article_in_order"),
            # its facets: counted without reading the rows
            models.Index(fields=["condition", "kind", "money", "unit", "id"], name="assets_article_facets"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(condition="disposed", disposed_on__isnull=False)
                | (~Q(condition="disposed") & Q(disposed_on__isnull=True)),
                name="assets_article_disposed_has_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def responsible_words(self) -> str:
        """Who answers for it: the person linked, else the name as written."""
        return self.responsible.full_name if self.responsible_id else self.responsible_name

    @property
    def make(self) -> str:
        """Brand, model and serial number in one line."""
        return " ".join(part for part in (self.brand, self.model, self.serial) if part)


class ItemCount(models.Model):
    """What a unit told the ministry in M-OBEC: how many of one item it has, by state. Compared with the register."""

    personal_data = None

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("โรงเรียน"))
    code = models.CharField(max_length=30, unique=True, editable=False)
    item_code = models.CharField(_("รหัสรายการ M-OBEC"), max_length=5)
    usable = models.PositiveIntegerField(_("จำนวนที่ใช้ได้"), default=0)
    waiting_repair = models.PositiveIntegerField(_("จำนวนรอซ่อม"), default=0)
    waiting_disposal = models.PositiveIntegerField(_("จำนวนรอจำหน่าย"), default=0)
    told_on = models.DateField(_("ข้อมูล ณ วันที่"))
    note = models.CharField(_("หมายเหตุ"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("จำนวนครุภัณฑ์ M-OBEC")
        ordering = ["unit_id", "item_code"]
        constraints = [models.UniqueConstraint(fields=["unit", "item_code"], name="assets_itemcount_once")]

    def __str__(self) -> str:
        return self.code


class Transfer(models.Model):
    """Articles asked over from one unit to another; they move when the receiving side accepts."""

    personal_data = {
        "asked_by": "conduct",
        "answered_by": "conduct",
        "reason": "opinion",
        "answer": "opinion",
    }

    source = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    target = models.ForeignKey("org.Unit", models.PROTECT, related_name="+", verbose_name=_("โอนให้"))
    state = models.CharField(max_length=9, choices=TransferState.choices, default=TransferState.ASKED)
    asked_on = models.DateField(_("วันที่ขอโอน"))
    asked_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(_("เหตุผล"), max_length=300)
    document = models.CharField(_("หนังสือหรือคำสั่งที่"), max_length=120, blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answer = models.CharField(_("หมายเหตุผู้รับ"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("การโอนครุภัณฑ์")
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="assets_transfer_elsewhere")
        ]
        indexes = [models.Index(fields=["target", "state"])]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


class TransferItem(models.Model):
    """An article in a transfer; ``is_open`` while it may still move, so that it is in one at a time."""

    personal_data = None

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="items")
    article = models.ForeignKey(Article, models.CASCADE, related_name="transfer_items")
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(is_open=True), name="assets_transfer_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}: {self.article_id}"


class Disposal(models.Model):
    """Articles of one unit on their way out: proposed, ordered by whoever may, carried out."""

    personal_data = {"proposed_by": "conduct", "committee": "name", "reason": "opinion", "note": "opinion"}

    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="+")
    way = models.CharField(_("วิธีจำหน่าย"), max_length=9, choices=DisposalWay.choices)
    state = models.CharField(max_length=8, choices=DisposalState.choices, default=DisposalState.PROPOSED)
    proposed_on = models.DateField(_("วันที่เสนอ"))
    proposed_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(_("เหตุผล"), max_length=300)
    ordered_on = models.DateField(_("วันที่สั่ง"), null=True)
    order_reference = models.CharField(_("คำสั่งที่"), max_length=120, blank=True)
    committee = models.TextField(_("คณะกรรมการ"), blank=True)
    done_on = models.DateField(_("วันที่จำหน่าย"), null=True)
    proceeds = models.DecimalField(_("เงินที่ได้ (บาท)"), max_digits=12, decimal_places=2, null=True, blank=True, default=Decimal(0), validators=[MinValueValidator(0)])  # fmt: skip
    note = models.CharField(_("หมายเหตุ"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("การจำหน่ายครุภัณฑ์")
        ordering = ["-proposed_on", "-pk"]
        indexes = [models.Index(fields=["unit", "state"])]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.proposed_on}"


class DisposalItem(models.Model):
    """An article in a disposal; ``is_open`` until it is carried out or dropped."""

    personal_data = None

    disposal = models.ForeignKey(Disposal, models.CASCADE, related_name="items")
    article = models.ForeignKey(Article, models.CASCADE, related_name="disposal_items")
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(is_open=True), name="assets_disposal_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.disposal_id}: {self.article_id}"
