"""What a round is about: its scope, the round before it, and its sheets, declared or written by the office."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.base.org.api import Unit
from khet.base.org.choices import UnitKind
from khet.kits.rounds.bases import Scope, Sheet, sheets
from khet.kits.rounds.choices import RoundKind, RoundState, SheetKind
from khet.kits.rounds.models import Form, Round

OFFICE = "office."
"""Codes of sheets that the office wrote as data begin so."""


def round_before(found: Round) -> Round | None:
    """The round of the same kind whose day lies just before."""
    if "_before" not in found.__dict__:
        found._before = (
            Round.objects.filter(kind=found.kind, as_at__lt=found.as_at)
            .exclude(state=RoundState.PLANNED)
            .order_by("-as_at", "-pk")
            .first()
        )
    return found._before


def scope_of(found: Round, unit_ids: list[int] | None = None) -> Scope:
    """The scope of a round, with that of the round before it."""
    before = round_before(found)
    return Scope(
        unit_ids,
        found.school_year,
        found.term,
        found.as_at,
        found.pk,
        Scope(unit_ids, before.school_year, before.term, before.as_at, before.pk) if before else None,
    )


def own_school_ids() -> list[int]:
    """Units that hand in: the open schools of the area."""
    return list(
        Unit.objects.on()
        .filter(kind=UnitKind.SCHOOL, parent__isnull=False)
        .order_by("position", "pk")
        .values_list("pk", flat=True)
    )


def sheet_of_form(form: Form) -> Sheet:
    """A sheet that the office wrote as data."""
    return Sheet(
        code=form.code,
        title=form.title,
        kind=form.kind,
        yearly=form.is_yearly,
        counter=pgettext_lazy("counted", "ข้อ")
        if form.kind == SheetKind.FORM
        else pgettext_lazy("counted", "ไฟล์"),
    )


def sheets_of(found: Round) -> list[Sheet]:
    """The sheets of a round in their order; one query where the office wrote some itself."""
    if "_sheets" not in found.__dict__:
        written = {}
        if any(code.startswith(OFFICE) for code in found.sheet_codes):
            rows = Form.objects.filter(pk__in=found.form_ids) if found.form_ids else newest_forms()
            written = {form.code: sheet_of_form(form) for form in rows}
        known = (sheets.get(code) or written.get(code) for code in found.sheet_codes)
        found._sheets = [one for one in known if one is not None]
    return found._sheets


def sheet_in(found: Round, code: str) -> Sheet | None:
    return next((one for one in sheets_of(found) if one.code == code), None)


def newest_forms() -> Iterable[Form]:
    """The newest version of every sheet the office wrote."""
    return Form.objects.filter(code__startswith=OFFICE).order_by("code", "-version").distinct("code")


def available(kind: str) -> list[Sheet]:
    """Sheets that a round of this kind may ask, declared and written."""
    yearly = kind == RoundKind.YEARLY
    return [
        *(one for one in sheets if one.yearly == yearly),
        *(sheet_of_form(form) for form in newest_forms() if form.is_yearly == yearly),
    ]


STEPS = [
    _("โรงเรียนกรอก"), _("เขตตรวจซ้ำซ้อน"), _("เจ้าหน้าที่โรงเรียนยืนยัน"), _("ผู้อำนวยการรับรอง"), _("เขตตรวจ"), _("ปิดรอบ"), _("ใบรับ"),
]  # fmt: skip
"""The seven steps, as the office says them."""
