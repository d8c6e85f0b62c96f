"""Forms as data: writing versions, answering with autosave; and files handed in."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.calendar import parse_date
from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.org.api import Actor, entry, save, verb
from khet.kits.files.api import Attachment, store
from khet.kits.rounds.actions.handing import expect, locked
from khet.kits.rounds.choices import QuestionKind, ReturnState, SheetKind
from khet.kits.rounds.models import Answer, Form, Return
from khet.kits.rounds.queries.periods import OFFICE
from khet.kits.rounds.rules import CONFIRM, MANAGE

S = ReturnState
LONGEST = 5_000
EDITABLE = (S.NOT_STARTED, S.ENTERING, S.CLEARED, S.RETURNED)


@verb("rounds.write_form", _("เขียนแบบสำรวจของสำนักงาน"), capability=MANAGE)
def write_form(
    *,
    actor: Actor,
    title: str,
    questions: list[dict[str, Any]],
    kind: str = SheetKind.FORM,
    is_yearly: bool = False,
    form: Form | None = None,
) -> Form:
    """A new sheet of the office, or the next version of one; earlier versions stay for the rounds that asked them."""
    if not title.strip():
        raise Refusal(_t("ตั้งชื่อแบบ"), code="rounds.title", field="title")
    if kind == SheetKind.FORM:
        questions = _clean_questions(questions)
    if form is None:
        number = Form.objects.filter(code__startswith=OFFICE).order_by("code").distinct("code").count() + 1
        code, version = f"{OFFICE}{number}", 1
    else:
        newest = Form.objects.select_for_update().filter(code=form.code).first()
        if newest.pk != form.pk:
            raise Conflict(_t("มีผู้แก้แบบนี้เป็นรุ่นใหม่แล้ว เปิดรุ่นล่าสุดแล้วแก้ต่อ"), code="rounds.form_changed")
        code, version = form.code, form.version + 1
    made = Form.objects.create(
        code=code,
        version=version,
        kind=kind,
        title=title.strip()[:120],
        questions=questions,
        is_yearly=is_yearly,
    )
    entry().on(made)
    return made


def _clean_questions(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for place, given in enumerate(questions, start=1):
        label = str(given.get("label", "")).strip()
        if not label:
            continue
        kind = given.get("kind", QuestionKind.TEXT)
        if kind not in QuestionKind.values:
            raise Refusal(_t("ข้อ %(n)d: ไม่รู้จักชนิดคำตอบ") % {"n": place}, code="rounds.question")
        choices = [
            [str(v).strip()[:80], str(w).strip()[:200]] for v, w in given.get("choices", []) if str(w).strip()
        ]
        if kind == QuestionKind.CHOICE and len(choices) < 2:
            raise Refusal(
                _t("ข้อ %(n)d: ใส่ตัวเลือกอย่างน้อยสองข้อ บรรทัดละหนึ่งข้อ") % {"n": place}, code="rounds.question"
            )
        found.append(
            {
                "code": re.sub(r"\W", "", str(given.get("code") or f"q{place}"))[:40] or f"q{place}", "label": label[:300], "kind": str(kind),
                "required": bool(given.get("required", True)), "help": str(given.get("help", "")).strip()[:300], "choices": choices,
            }
        )  # fmt: skip
    if not found:
        raise Refusal(_t("แบบต้องมีอย่างน้อยหนึ่งข้อ"), code="rounds.question")
    if len({q["code"] for q in found}) != len(found):
        raise Refusal(_t("รหัสข้อซ้ำกัน"), code="rounds.question")
    return found


def read_answer(question: dict[str, Any], text: str) -> Any:
    """What was typed as it is kept: numbers as text of a number, dates as ISO. Raises with a sentence."""
    text = text.replace("\x00", "").strip()[:LONGEST]
    if not text:
        return ""
    kind = question["kind"]
    if kind == QuestionKind.NUMBER:
        plain = to_arabic_digits(text).replace(",", "").replace(" ", "")
        try:
            number = Decimal(plain)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= 10**15:
            raise Refusal(
                _t("%(label)s: ใส่เป็นตัวเลข") % {"label": question["label"]},
                code="rounds.answer",
                field=question["code"],
            )
        return format(number.normalize(), "f")
    if kind == QuestionKind.DATE:
        found: date = parse_date(text, field=question["code"])
        return found.isoformat()
    if kind == QuestionKind.CHOICE and text not in {value for value, _words in question["choices"]}:
        raise Refusal(
            _t("%(label)s: เลือกจากตัวเลือกที่มี") % {"label": question["label"]},
            code="rounds.answer",
            field=question["code"],
        )
    return text


@verb("rounds.answer", _("กรอกแบบ"), capability=CONFIRM, on="handed")
def save_answers(
    *, actor: Actor, handed: Return, values: dict[str, str], version: int | None = None
) -> Answer:
    """Keep what has been answered so far. ``version`` is that which the page was opened with: another tab does not overwrite."""
    handed = locked(handed)
    expect(handed, *EDITABLE)
    if handed.form is None:
        raise Refusal(_t("ชุดข้อมูลนี้ไม่ใช่แบบให้กรอก"), code="rounds.no_form")
    known = {q["code"]: q for q in handed.form.questions if q["kind"] != QuestionKind.FILE}
    kept = {code: read_answer(known[code], str(text)) for code, text in values.items() if code in known}
    now = timezone.now()
    answer = Answer.objects.select_for_update().filter(handed=handed).first()
    if answer is None:
        answer = Answer.objects.create(handed=handed, values=kept, saved_at=now, saved_by=actor.person)
    elif version is not None and answer.version != version and answer.values != {**answer.values, **kept}:
        raise Conflict(_t("มีผู้บันทึกแบบนี้จากอีกหน้าหนึ่งเมื่อครู่ เปิดหน้าใหม่แล้วกรอกต่อ"), code="rounds.other_tab")
    elif answer.values != {**answer.values, **kept}:
        answer.values = {**answer.values, **kept}
        answer.version += 1
        answer.saved_at, answer.saved_by = now, actor.person
        answer.save(update_fields=["values", "version", "saved_at", "saved_by"])
    if handed.state == S.NOT_STARTED:
        save(handed, state=S.ENTERING, started_at=now)
    elif handed.state == S.CLEARED:
        save(handed, state=S.ENTERING)
    entry().tell(answered=sorted(kept))
    return answer


@verb("rounds.hand_in", _("ส่งไฟล์ของรอบข้อมูล"), capability=CONFIRM, on="handed")
def hand_in(*, actor: Actor, handed: Return, upload: Any, question: str = "") -> Attachment:
    """Hang a file on the return: the sheet's own, or the answer to a question of kind file."""
    handed = locked(handed)
    expect(handed, *EDITABLE)
    attachment = store(actor=actor, upload=upload, owner=handed, kind="sheet")
    if question and handed.form is not None:
        answer, _made = Answer.objects.get_or_create(
            handed=handed, defaults={"saved_at": timezone.now(), "saved_by": actor.person}
        )
        answer.values = {**answer.values, question: attachment.public_id}
        answer.version += 1
        answer.save(update_fields=["values", "version"])
    if handed.state in (S.NOT_STARTED, S.CLEARED):
        save(handed, state=S.ENTERING, started_at=handed.started_at or timezone.now())
    return attachment
