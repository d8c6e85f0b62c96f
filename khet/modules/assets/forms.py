"""Forms of land, buildings and articles, and of what happens to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, Person, Unit
from khet.base.ui.forms import ThaiDateField
from khet.modules.assets.choices import BuildingCondition, Condition, DisposalWay
from khet.modules.assets.item_codes import ITEMS, item_words
from khet.modules.assets.models import Article, Building, Land
from khet.modules.assets.queries import actor_units, keepers, people_of
from khet.modules.assets.rules import EDIT


class UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.short_name or obj.name


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.full_name


class OfUnitForm(forms.ModelForm):
    """A record of one unit. A new one offers the units in which the actor may add; afterwards the unit stays."""

    actor: Actor | None = None
    unit = UnitChoice(queryset=Unit.objects.none(), label=_("โรงเรียน"), empty_label=_("เลือกโรงเรียน"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sole_unit: Unit | None = None
        if "unit" in self.fields and self.actor is not None:
            offered = actor_units(self.actor, EDIT)
            self.fields["unit"].queryset = offered
            first = list(offered[:2])
            if len(first) == 1:
                self.sole_unit = first[0]
                self.fields["unit"].initial = first[0].pk
                self.fields["unit"].empty_label = None

    @property
    def unit_id(self) -> int | None:
        """The unit the record is in, or can only be in."""
        return self.instance.unit_id or (self.sole_unit.pk if self.sole_unit else None)


class BuildingForm(OfUnitForm):
    number = forms.IntegerField(
        label=_("ลำดับที่"),
        required=False,
        min_value=1,
        max_value=999,
        help_text=_("เว้นว่างไว้คือลำดับถัดไปของประเภทนี้"),
    )
    name = forms.CharField(
        label=_("ชื่อ"),
        required=False,
        max_length=150,
        help_text=_("เว้นว่างไว้จะตั้งชื่อตามประเภทและลำดับ เช่น อาคารเรียน ลำดับที่ 1"),
    )

    class Meta:
        model = Building
        fields = ["kind"]  # the sections of the record type say which

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "land" in self.fields:
            self.fields["land"].queryset = Land.objects.filter(unit=self.unit_id)
        if "name" in self.fields and self.instance.pk:
            self.fields["name"].required = True


class LandForm(OfUnitForm):
    number = forms.IntegerField(
        label=_("แปลงที่"), required=False, min_value=1, max_value=999, help_text=_("เว้นว่างไว้คือแปลงถัดไป")
    )

    class Meta:
        model = Land
        fields = ["kind"]


class ArticleForm(OfUnitForm):
    acquired_on = ThaiDateField(label=_("วันที่ได้มา"), required=False)
    item_code = forms.ChoiceField(label=_("รหัสรายการ M-OBEC"), required=False)
    responsible = PersonChoice(
        queryset=Person.objects.none(), required=False, label=_("ผู้รับผิดชอบ"), empty_label=_("ยังไม่ระบุ")
    )

    class Meta:
        model = Article
        fields = ["name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "item_code" in self.fields:
            known = [("", _("ไม่อยู่ในรายการ")), *((code, item_words(code)) for code in ITEMS)]
            now = self.instance.item_code
            if now and now not in ITEMS:
                known.append((now, _("%(code)s (ไม่มีในรายการ)") % {"code": now}))
            self.fields["item_code"].choices = known
        if "responsible" in self.fields:
            people = people_of(self.unit_id) if self.unit_id else Person.objects.none()
            if self.instance.responsible_id:
                people = Person.objects.filter(
                    pk__in=[self.instance.responsible_id, *people.values_list("pk", flat=True)]
                )
            self.fields["responsible"].queryset = people
        if "condition" in self.fields:
            now = self.instance.condition if self.instance.pk else Condition.IN_USE
            self.fields["condition"].choices = [
                choice
                for choice in Condition.choices
                if choice[0] != Condition.DISPOSED or now == Condition.DISPOSED
            ]


class BuildingConditionForm(forms.Form):
    condition = forms.ChoiceField(
        label=_("สภาพปัจจุบัน"), choices=BuildingCondition.choices, widget=forms.RadioSelect
    )


class ArticleConditionForm(forms.Form):
    condition = forms.ChoiceField(
        label=_("สภาพ"),
        choices=[choice for choice in Condition.choices if choice[0] != Condition.DISPOSED],
        widget=forms.RadioSelect,
    )


class LocationForm(forms.Form):
    location = forms.CharField(label=_("ที่ตั้ง"), max_length=120, help_text=_("เช่น ห้องสมุด อาคาร 1"))


class ResponsibleForm(forms.Form):
    responsible_name = forms.CharField(label=_("ผู้รับผิดชอบ"), max_length=120, help_text=_("ชื่อและสกุล"))


class LabelForm(forms.Form):
    """How many stickers a sheet has, and where the first one goes on a sheet already begun."""

    sheet = forms.ChoiceField(
        label=_("ขนาดแผ่นป้าย"),
        choices=[
            ("24", _("24 ดวงต่อแผ่น (64 × 33.9 มม.)")),
            ("40", _("40 ดวงต่อแผ่น (52.5 × 29.7 มม.)")),
            ("65", _("65 ดวงต่อแผ่น (38.1 × 21.2 มม.)")),
        ],
        initial="24",
        widget=forms.RadioSelect,
    )
    first = forms.IntegerField(
        label=_("เริ่มที่ดวงที่"),
        min_value=1,
        max_value=65,
        initial=1,
        help_text=_("ใส่เลขอื่นเมื่อแผ่นแรกใช้ไปบางดวงแล้ว"),
    )


class RepairForm(forms.Form):
    began_on = ThaiDateField(label=_("วันที่เริ่ม"))
    ended_on = ThaiDateField(label=_("วันที่เสร็จ"), required=False)
    what = forms.CharField(label=_("รายการซ่อม"), max_length=200)
    cost = forms.DecimalField(
        label=_("ค่าซ่อม (บาท)"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    source = forms.CharField(label=_("แหล่งเงิน"), max_length=80, required=False)
    done_by = forms.CharField(label=_("ผู้ซ่อม"), max_length=120, required=False)
    condition = forms.ChoiceField(
        label=_("สภาพหลังซ่อม"), required=False, choices=[("", _("ไม่เปลี่ยน")), *BuildingCondition.choices]
    )


class AskDemolitionForm(forms.Form):
    reason = forms.CharField(label=_("เหตุที่ขอรื้อถอน"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    document = forms.CharField(label=_("หนังสือที่ขอ"), max_length=120, required=False)


class PermitForm(forms.Form):
    order_reference = forms.CharField(label=_("หนังสือหรือคำสั่งอนุญาตที่"), max_length=120)
    answered_on = ThaiDateField(label=_("วันที่อนุญาต"), required=False)


class RefuseForm(forms.Form):
    note = forms.CharField(label=_("เหตุผล"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class FinishDemolitionForm(forms.Form):
    done_on = ThaiDateField(label=_("วันที่รื้อถอนเสร็จ"))
    proceeds = forms.DecimalField(label=_("เงินจากการขายวัสดุรื้อถอน (บาท)"), required=False, min_value=0, max_digits=12, decimal_places=2)  # fmt: skip
    note = forms.CharField(label=_("หมายเหตุ"), max_length=300, required=False)


class SendToRepairForm(forms.Form):
    began_on = ThaiDateField(label=_("วันที่ส่งซ่อม"))
    what = forms.CharField(label=_("อาการหรือรายการซ่อม"), max_length=200)
    done_by = forms.CharField(label=_("ผู้ซ่อม"), max_length=120, required=False)


class FinishRepairForm(forms.Form):
    ended_on = ThaiDateField(label=_("วันที่ได้คืน"))
    is_repaired = forms.TypedChoiceField(
        label=_("ผลการซ่อม"),
        choices=[("yes", _("ใช้การได้แล้ว")), ("no", _("ซ่อมไม่คุ้ม รอจำหน่าย"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    cost = forms.DecimalField(
        label=_("ค่าซ่อม (บาท)"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    source = forms.CharField(label=_("แหล่งเงิน"), max_length=80, required=False)


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("ภาพ"), widget=forms.ClearableFileInput(attrs={"accept": "image/*"}))
    caption = forms.CharField(label=_("คำบรรยาย"), max_length=120)


class TransferForm(forms.Form):
    target = UnitChoice(queryset=Unit.objects.none(), label=_("โอนให้"), empty_label=_("เลือกผู้รับ"))
    reason = forms.CharField(label=_("เหตุผล"), max_length=300)
    document = forms.CharField(label=_("หนังสือหรือคำสั่งที่"), max_length=120, required=False)


class MoveForm(TransferForm):
    """The same, for many articles: whoever is chosen, the giving side is asked about in the verb."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = keepers()


class DisposalForm(forms.Form):
    way = forms.ChoiceField(label=_("วิธีจำหน่าย"), choices=DisposalWay.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("เหตุผล"), max_length=300)
