"""Forms of the kit's own pages, and reading the decision panel's fields."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Refusal
from khet.base.lib.thai import parse_date
from khet.base.org.api import Post
from khet.kits.workflow.bases import Place
from khet.kits.workflow.choices import Part
from khet.kits.workflow.models import Step
from khet.kits.workflow.panel import parse_place


class PhrasesForm(forms.Form):
    texts = forms.CharField(
        label=gettext_lazy("รายการข้อความ"),
        help_text=gettext_lazy("บรรทัดละหนึ่งข้อความ เรียงตามที่จะแสดง ยาวไม่เกิน 120 ตัวอักษร"),
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
    )

    def clean_texts(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["texts"].splitlines() if line.strip()]
        long = [line for line in lines if len(line) > 120]
        if long:
            raise forms.ValidationError(_("ข้อความนี้ยาวเกิน 120 ตัวอักษร: %(text)s") % {"text": long[0][:40]})
        if len(lines) > 40:
            raise forms.ValidationError(_("เก็บได้ไม่เกิน 40 ข้อความ"))
        return lines


def one_place(sent: QueryDict, name: str, sentence: str) -> Place:
    place = parse_place(sent.get(name, ""))
    if place is None:
        raise Refusal(sentence, code="workflow.no_receiver", field=name)
    return place


def places(sent: QueryDict, name: str) -> list[Place]:
    found = [parse_place(key) for key in sent.getlist(name) if key]
    if None in found:
        raise Refusal(_("ผู้รับที่เลือกไว้ไม่อยู่ในโครงสร้างแล้ว เลือกใหม่"), code="workflow.no_receiver", field=name)
    return [place for place in found if place is not None]


def arguments(code: str, sent: QueryDict, step: Step) -> dict[str, object]:
    """The keyword arguments of an act from the panel's form; what the form did not send is left out."""
    note = sent.get("note", "")
    if code in {"submit", "endorse", "approve", "sign", "acknowledge"}:
        given: dict[str, object] = {"note": note}
        if sent.get("next_to"):
            given["to"] = one_place(sent, "next_to", _("เลือกผู้รับถัดไป"))
        return given
    if code == "return":
        wanted = sent.get("return_to", "")
        back = Step.objects.filter(run=step.run_id, pk=wanted).first() if wanted.isdecimal() else None
        return {"note": note, "to": back} if back else {"note": note}
    if code == "forward":
        return {"note": note, "to": one_place(sent, "forward_to", _("เลือกผู้ที่จะส่งต่อ"))}
    if code == "assign":
        return {
            "note": note,
            "to": one_place(sent, "assign_to", _("เลือกเจ้าภาพหลัก")),
            "second_hosts": places(sent, "second_hosts"),
            "co_hosts": places(sent, "co_hosts"),
            "mentors": places(sent, "mentors"),
            "informed": places(sent, "informed"),
            "due": parse_date(sent["due"], field="due") if sent.get("due", "").strip() else None,
        }
    if code == "ask":
        part = sent.get("ask_part", Part.OPINION)
        if part not in {Part.OPINION, Part.MENTOR, Part.INFORMED}:
            part = Part.OPINION
        return {"note": sent.get("question") or note, "to": places(sent, "ask_to"), "part": part}
    if code == "hand":
        to = one_place(sent, "hand_to", _("เลือกผู้รับในกลุ่ม"))
        if not isinstance(to, Post):
            raise Refusal(_("เลือกตำแหน่งในกลุ่ม"), code="workflow.no_receiver", field="hand_to")
        return {"to": to}
    if code == "take":
        return {}
    return {"note": note}
