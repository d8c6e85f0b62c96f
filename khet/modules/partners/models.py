"""Organisations that help the schools of the area."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from khet.base.org.choices import UnitKind
from khet.base.org.models import Dated
from khet.modules.partners.choices import PartnerKind, Support


class Partner(Dated):
    """A partner by its name, which stands once; ``unit`` tends it. ``since`` and ``until``: the days it helps."""

    personal_data = {"contact": "name", "phone": "contact"}
    masked_fields = ("contact", "phone")

    name = models.CharField(_("ชื่อองค์กร"), max_length=150, unique=True)
    kind = models.CharField(_("ประเภท"), max_length=12, choices=PartnerKind.choices)
    support = models.CharField(_("ด้านที่สนับสนุน"), max_length=12, choices=Support.choices)
    tambon = models.CharField(_("ตำบล"), max_length=80, blank=True)
    network = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("เครือข่ายโรงเรียน"), limit_choices_to={"kind": UnitKind.NETWORK})  # fmt: skip
    contact = models.CharField(_("ผู้ประสานงาน"), max_length=120, blank=True)
    phone = models.CharField(_("โทรศัพท์"), max_length=60, blank=True)
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="partners", verbose_name=_("หน่วยงานที่ดูแล"), limit_choices_to={"kind__in": [UnitKind.OFFICE, UnitKind.GROUP, UnitKind.SCHOOL]})  # fmt: skip
    note = models.CharField(_("หมายเหตุ"), max_length=300, blank=True)
    sort_name = models.CharField(max_length=600, editable=False)
    search_text = models.TextField(editable=False)

    class Meta(Dated.Meta):
        verbose_name = _("ภาคีเครือข่าย")
        ordering = ["sort_name", "pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.until and self.until < self.since:
            raise ValidationError({"until": _("วันสิ้นสุดอยู่ก่อนวันเริ่ม แก้วันใดวันหนึ่ง")})
