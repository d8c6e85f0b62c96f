"""Forms of correspondence: what is typed, checked for form only; the rules are the verbs'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.base.ui.forms import ThaiDateField
from khet.modules.letters.choices import LetterKind, RegisterKind, Secrecy, Speed
from khet.modules.letters.wording import body_from_text, clean_body, tidy

RECEIVED_KINDS = [
    (kind.value, kind.label)
    for kind in (
        LetterKind.EXTERNAL,
        LetterKind.MEMO,
        LetterKind.STAMPED,
        LetterKind.ORDER,
        LetterKind.ANNOUNCEMENT,
        LetterKind.CERTIFICATE,
        LetterKind.OTHER,
    )
]


class Line(forms.CharField):
    """One line of text, brought into the stored form while it is checked."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value))


class Lines(forms.CharField):
    """Several lines, one item each; empty ones fall away."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: Any) -> list[str]:
        text = super().to_python(value)
        found = [tidy(line) for line in text.replace("\r", "").split("\n")]
        found = [line for line in found if line]
        if any(len(line) > 400 for line in found):
            raise forms.ValidationError(_("แต่ละบรรทัดยาวไม่เกิน 400 ตัวอักษร"))
        return found[:30]

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class Body(forms.CharField):
    """The body of a letter: HTML from the editor, plain lines where it could not run; cleaned either way."""

    widget = forms.Textarea(attrs={"rows": 14, "data-letter-body": ""})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return clean_body(text) if "<" in text and ">" in text else body_from_text(text)


class Uploads(forms.FileField):
    """Any number of files."""

    class _Input(forms.ClearableFileInput):
        allow_multiple_selected = True

    widget = _Input

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(Uploads, self).clean(file, initial) for file in files]


class KeyedForm(forms.Form):
    """A form that makes something once: its key comes with the page, a second sending finds the first."""

    form_key = forms.CharField(max_length=32, min_length=16, widget=forms.HiddenInput)


class ReceiveForm(KeyedForm):
    paper = Uploads(
        label=pgettext_lazy("one", "หนังสือ"),
        required=False,
        help_text=_("PDF หรือภาพถ่ายแต่ละหน้า (JPEG, PNG) วางลงที่นี่ได้"),
    )
    number_text = Line(label=_("ที่"), max_length=60, required=False)
    dated_on = ThaiDateField(label=_("ลงวันที่"), required=False)
    from_text = Line(label=_("จาก"), max_length=300)
    to_text = Line(label=_("ถึง"), max_length=300, required=False)
    subject = Line(label=_("เรื่อง"), max_length=500)
    kind = forms.ChoiceField(label=_("ชนิดหนังสือ"), choices=RECEIVED_KINDS, initial=LetterKind.EXTERNAL)
    speed = forms.TypedChoiceField(
        label=_("ชั้นความเร็ว"),
        choices=Speed.choices,
        coerce=int,
        initial=Speed.NORMAL,
        required=False,
        empty_value=0,
    )
    secrecy = forms.TypedChoiceField(
        label=_("ชั้นความลับ"),
        choices=Secrecy.choices,
        coerce=int,
        initial=Secrecy.OPEN,
        required=False,
        empty_value=0,
    )
    answer_by = ThaiDateField(label=_("ตอบภายใน"), required=False)
    enclosures = Uploads(label=_("สิ่งที่ส่งมาด้วย"), required=False)
    route_to = forms.ChoiceField(label=_("ส่งเข้า"), required=False)
    note = Line(label=_("ข้อความถึงผู้รับ"), max_length=300, required=False)
    remark = Line(label=_("หมายเหตุ"), max_length=300, required=False)
    despite = Line(label=_("เหตุผลที่ลงรับอีกครั้ง"), max_length=300, required=False)

    #: Kept from one letter to the next: a morning's mail often comes from one sender to one group.
    KEPT = ("from_text", "kind", "speed", "to_text", "route_to")

    def __init__(self, *args: Any, places: list[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route_to"].choices = [("", _("ยังไม่ส่ง")), *places]


class LetterForm(forms.Form):
    """A draft in the browser. ``version`` is what the page began with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("ชนิดหนังสือ"), choices=LetterKind.choices)
    is_circular = forms.BooleanField(label=_("หนังสือเวียน (ว)"), required=False)
    speed = forms.TypedChoiceField(
        label=_("ชั้นความเร็ว"), choices=Speed.choices, coerce=int, required=False, empty_value=0
    )
    secrecy = forms.TypedChoiceField(
        label=_("ชั้นความลับ"), choices=Secrecy.choices, coerce=int, required=False, empty_value=0
    )
    subject = Line(label=_("เรื่อง"), max_length=500, required=False)
    to_text = Line(label=_("เรียน"), max_length=500, required=False)
    to_units = forms.TypedMultipleChoiceField(label=_("ส่งในระบบถึง"), coerce=int, required=False)
    references = Lines(label=_("อ้างถึง"), required=False, help_text=_("บรรทัดละหนึ่งฉบับ"))
    enclosures = Lines(label=_("สิ่งที่ส่งมาด้วย"), required=False, help_text=_("บรรทัดละหนึ่งรายการ"))
    files = Uploads(label=_("แฟ้มที่แนบไป"), required=False)
    body = Body(label=_("ข้อความ"), required=False)
    closing = Line(label=_("คำลงท้าย"), max_length=60, required=False, initial="ขอแสดงความนับถือ")
    answer_by = ThaiDateField(label=_("ขอให้ตอบภายใน"), required=False)
    signer_post = forms.TypedChoiceField(label=_("ผู้ลงนาม"), coerce=int, required=False, empty_value=None)
    send_when_signed = forms.BooleanField(label=_("ส่งทันทีเมื่อลงนาม"), required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        receivers: list[tuple[int, str]] = (),
        signers: list[tuple[int, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_units"].choices = receivers
        self.fields["signer_post"].choices = signers


class ReadyForm(KeyedForm):
    """A paper signed by hand, to be numbered and sent; also how a school answers."""

    subject = Line(label=_("เรื่อง"), max_length=500)
    to_text = Line(label=_("เรียน"), max_length=500)
    to_units = forms.TypedMultipleChoiceField(label=_("ส่งในระบบถึง"), coerce=int, required=False)
    kind = forms.ChoiceField(label=_("ชนิดหนังสือ"), choices=LetterKind.choices, initial=LetterKind.EXTERNAL)
    is_circular = forms.BooleanField(label=_("หนังสือเวียน (ว)"), required=False)
    dated_on = ThaiDateField(label=_("ลงวันที่"), required=False)
    speed = forms.TypedChoiceField(
        label=_("ชั้นความเร็ว"), choices=Speed.choices, coerce=int, required=False, empty_value=0
    )
    secrecy = forms.TypedChoiceField(
        label=_("ชั้นความลับ"), choices=Secrecy.choices, coerce=int, required=False, empty_value=0
    )
    answer_by = ThaiDateField(label=_("ขอให้ตอบภายใน"), required=False)
    paper = Uploads(label=_("หนังสือที่ลงนามแล้ว"), help_text=_("PDF หรือภาพถ่ายแต่ละหน้า"))
    enclosures = Uploads(label=_("สิ่งที่ส่งมาด้วย"), required=False)

    def __init__(self, *args: Any, receivers: list[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_units"].choices = receivers


class ReasonForm(forms.Form):
    reason = Line(label=_("เหตุผล"), max_length=300)


class ForwardForm(forms.Form):
    units = forms.TypedMultipleChoiceField(
        label=_("กลุ่ม"), coerce=int, error_messages={"required": _("เลือกกลุ่มอย่างน้อยหนึ่งกลุ่ม")}
    )
    note = Line(label=_("ข้อความถึงผู้รับ"), max_length=300, required=False)

    def __init__(self, *args: Any, groups: list[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(group.pk, group.short_name) for group in groups]


class BureauForm(forms.Form):
    prefix = Line(label=_("รหัสตัวพยัญชนะและเลขประจำ"), max_length=40, help_text=_("เช่น ศธ 04321"))
    sub_prefix = Line(label=_("เลขรหัสย่อย"), max_length=20, required=False, help_text=_("เช่น .012 ของโรงเรียน"))
    stamp_name = Line(label=_("ชื่อบนตรารับ"), max_length=80, required=False)
    address = forms.CharField(
        label=_("ที่ตั้งบนหัวหนังสือ"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("บรรทัดละหนึ่งแถว"),
    )
    phone = Line(label=_("โทรศัพท์"), max_length=60, required=False)
    fax = Line(label=_("โทรสาร"), max_length=60, required=False)
    email = forms.EmailField(label=_("ไปรษณีย์อิเล็กทรอนิกส์"), required=False)
    garuda = forms.FileField(
        label=_("ตราครุฑ"), required=False, help_text=_("ภาพ PNG หรือ JPEG ของสำนักงานเอง เว้นว่างไว้จะไม่พิมพ์ครุฑ")
    )


class SignatureForm(forms.Form):
    picture = forms.FileField(
        label=_("ภาพลายมือชื่อ"), help_text=_("ภาพ PNG พื้นใส หรือ JPEG พิมพ์เหนือชื่อในหนังสือที่คุณลงนามในระบบ")
    )


class StartForm(forms.Form):
    kind = forms.ChoiceField(label=_("ทะเบียน"), choices=RegisterKind.choices)
    last_number = forms.IntegerField(label=_("เลขล่าสุดในทะเบียนเดิม"), min_value=0, max_value=999_999)


class GroupForm(forms.Form):
    name = Line(label=_("ชื่อกลุ่มผู้รับ"), max_length=120)
    members = forms.TypedMultipleChoiceField(label=_("หน่วยงาน"), coerce=int, required=False)

    def __init__(self, *args: Any, receivers: list[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = receivers
