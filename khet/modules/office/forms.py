"""Forms of the office's structure."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, Holding, Person, Post, Role, Unit, today
from khet.base.org.choices import DelegationKind, HoldingKind, PostKind, Reach, UnitKind
from khet.base.org.roles import waiting_rights
from khet.base.org.rules import capabilities
from khet.base.ui.forms import ThaiDateField
from khet.modules.office.queries import people


class PersonLabel(forms.ModelChoiceField):
    """A person shown with the post by which colleagues know them."""

    def label_from_instance(self, person: Person) -> str:
        posts = [holding.post for holding in getattr(person, "current", [])]
        return (
            f"{person.full_name} · {posts[0].short_title}, {posts[0].unit.short_name}"
            if posts
            else person.full_name
        )


class PersonChoice(forms.Form):
    """Choosing a person among thousands: search by any part of the name, then pick one of the first twelve."""

    person = PersonLabel(
        label=_("บุคคล"), queryset=Person.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args, actor: Actor, q: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.q = q
        chosen = str(self.data.get("person", ""))
        ids = [person.pk for person in people(actor, q)[:12]] if q else []
        if chosen.isdecimal() and len(chosen) < 12:
            ids.append(int(chosen))
        self.fields["person"].queryset = people(actor).filter(pk__in=ids)
        self.fields["person"].help_text = "" if ids else _("ค้นชื่อด้านบนก่อน แล้วเลือกจากรายชื่อที่พบ")


class UnitForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("ประเภท"), choices=[c for c in UnitKind.choices if c[0] != UnitKind.OFFICE]
    )
    code = forms.CharField(label=_("รหัส"), max_length=20, help_text=_("สั้น ไม่ซ้ำกับหน่วยงานอื่น"))
    name = forms.CharField(label=_("ชื่อ"), max_length=200)
    short_name = forms.CharField(label=_("ชื่อย่อ"), max_length=80)
    overseer = forms.ModelChoiceField(
        label=_("รอง ผอ. ที่กำกับ"), queryset=Post.objects.none(), required=False, empty_label=_("ไม่มี")
    )
    position = forms.IntegerField(label=_("ลำดับ"), min_value=0, max_value=9999, initial=0)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["overseer"].queryset = Post.objects.on().filter(
            kind__in=[PostKind.DEPUTY, PostKind.DIRECTOR]
        )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if Unit.objects.filter(code=code).exclude(code=self.initial.get("code")).exists():
            raise forms.ValidationError(_("รหัสนี้มีหน่วยงานใช้แล้ว ตั้งรหัสอื่น"))
        return code


class PostForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("ประเภท"),
        choices=PostKind.choices,
        help_text=_("ตำแหน่งใหม่ได้บทบาทปกติของประเภทนี้ทันที ปรับบทบาทได้ภายหลังจากหน้าหน่วยงาน"),
    )
    title = forms.CharField(label=_("ชื่อตำแหน่ง"), max_length=200)
    short_title = forms.CharField(label=_("ชื่อย่อ"), max_length=80)
    number = forms.CharField(label=_("เลขที่ตำแหน่ง"), max_length=20, required=False)


class PostRolesForm(forms.Form):
    roles = forms.ModelMultipleChoiceField(
        label=_("บทบาท"), queryset=Role.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )


class AppointForm(PersonChoice):
    """Put a person into a post; a person who leaves another post for it is moved."""

    kind = forms.ChoiceField(label=_("ในฐานะ"), choices=HoldingKind.choices)
    since = ThaiDateField(label=_("ตั้งแต่วันที่"), initial=today)
    leaves = forms.ModelChoiceField(
        label=_("ย้ายจากตำแหน่ง"),
        queryset=Post.objects.none(),
        required=False,
        empty_label=_("ไม่ได้ย้าย ดำรงเพิ่ม"),
        help_text=_("ตำแหน่งที่เลือกจะว่างในวันเดียวกัน งานค้างอยู่กับตำแหน่งเดิม รอผู้มารับ"),
    )
    order_reference = forms.CharField(label=_("คำสั่งที่"), max_length=120, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        held = Holding.objects.on().filter(person__in=self.fields["person"].queryset.values("pk"))
        self.fields["leaves"].queryset = Post.objects.filter(pk__in=held.values("post")).select_related(
            "unit"
        )


class PersonForm(forms.Form):
    title = forms.CharField(label=_("คำนำหน้า"), max_length=30, required=False)
    first_name = forms.CharField(label=_("ชื่อ"), max_length=100)
    last_name = forms.CharField(label=_("นามสกุล"), max_length=100, required=False)
    phone = forms.CharField(label=_("โทรศัพท์"), max_length=30, required=False)
    email = forms.EmailField(label=_("อีเมล"), required=False)


class DelegationForm(PersonChoice):
    kind = forms.ChoiceField(label=_("ลักษณะ"), choices=DelegationKind.choices)
    since = ThaiDateField(label=_("ตั้งแต่วันที่"), initial=today)
    until = ThaiDateField(label=_("ถึงวันที่"), required=False)
    order_reference = forms.CharField(label=_("คำสั่งที่"), max_length=120, required=False)
    reason = forms.CharField(label=_("เหตุผล"), max_length=200, required=False)


class RoleForm(forms.Form):
    name = forms.CharField(label=_("ชื่อบทบาท"), max_length=120)
    reach = forms.ChoiceField(label=_("ขอบเขต"), choices=Reach.choices)
    capabilities = forms.MultipleChoiceField(
        label=_("ทำอะไรได้"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capabilities"].choices = [(c.code, c.label) for c in capabilities]


class NewRightsForm(forms.Form):
    """The rights that this version brings, role by role; what is left unticked is refused."""

    rights = forms.MultipleChoiceField(
        label=_("สิทธิ์ที่จะให้"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rights"].choices = [
            (f"{role.code}:{right.code}", f"{role.name}: {right.label}")
            for role, rights in waiting_rights()
            for right in rights
        ]
        self.fields["rights"].initial = [value for value, _label in self.fields["rights"].choices]

    def given(self) -> set[tuple[str, str]]:
        return {tuple(value.split(":", 1)) for value in self.cleaned_data["rights"]}


class JoinForm(PersonChoice):
    role = forms.ModelChoiceField(label=_("บทบาท"), queryset=Role.objects.all())
    duty = forms.CharField(label=_("หน้าที่"), max_length=120, required=False)


class AccountForm(forms.Form):
    username = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{2,}$",
        label=_("ชื่อผู้ใช้"),
        max_length=60,
        error_messages={"invalid": _("ใช้อักษรละติน ตัวเลข จุด หรือขีด อย่างน้อย 3 ตัว")},
        help_text=_("อักษรละติน ตัวเลข จุด ขีด ใช้ลงชื่อเข้าใช้แทนอีเมลได้"),
    )
    email = forms.EmailField(label=_("อีเมล"), required=False, help_text=_("ใช้ส่งลิงก์ตั้งรหัสผ่านครั้งแรก"))
