"""The register of cases of tracing: children and former pupils in no school, with their visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.journal.api import label as journal_label
from khet.base.lib.errors import Refusal
from khet.base.lib.thai.ids import normalise_citizen_id
from khet.base.org.api import Actor, can, fetch, today, visible
from khet.base.org.sealing import fingerprints
from khet.kits.register.api import Record
from khet.kits.register.bases import Action, Cell, Column, Facet, Fact, Panel, Section, View
from khet.kits.register.choices import Kind
from khet.modules.children.actions import add_child, open_case, plan_step
from khet.modules.children.choices import LEAVE_REASONS, NEXT_STEPS, NOBODY, TRACE_STATES, Cause, Outcome
from khet.modules.children.forms import CaseForm
from khet.modules.children.models import Case, Child
from khet.modules.children.queries.cases import with_subjects
from khet.modules.children.queries.children import PURPOSE, now_year
from khet.modules.children.rules import EXPORT, TRACE
from khet.modules.students.api import by_number


def who(case: Case) -> Cell:
    """The child's or the former pupil's own page."""
    kind, pk = ("children", case.child_id) if case.child_id else ("pupils", case.pupil_id)
    return Cell(case.name, href=reverse("register:detail", args=[kind, pk]))


def _state(case: Case) -> Cell:
    if not case.is_open:
        return Cell(
            case.get_outcome_display(),
            tone="done" if case.outcome in (Outcome.BACK, Outcome.ELSEWHERE) else "faint",
        )
    return Cell(case.state_words, tone="alert" if case.state == "not_found" else "wait")


def _due(case: Case) -> Any:
    if case.due_on is None or not case.is_open:
        return case.due_on
    return Cell(_date(case.due_on), tone="alert" if case.due_on < today() else "")


def _date(day: date) -> str:
    from khet.base.ui import dates  # noqa: PLC0415 - the page's own way of writing days

    return dates.short(day)


def _school(case: Case) -> Cell:
    if case.school is None:
        return Cell(NOBODY)
    return Cell(case.school.name, href=reverse("register:detail", args=["schools", case.school_id]))


def _age(case: Case) -> Any:
    return now_year() - case.birth_year if case.birth_year else None


def _visits(actor: Actor, case: Case) -> dict[str, Any]:
    may = can(actor, TRACE, case)
    return {"case": case, "visits": list(case.visits.all()[:50]), "may_trace": may and case.is_open}


class CaseRecord(Record[Case]):
    code = "cases"
    model = Case
    label = gettext_lazy("เรื่องติดตามเด็ก")
    label_many = pgettext_lazy("many", "เรื่องติดตามเด็ก")
    counter = pgettext_lazy("counted", "เรื่อง")
    icon = "footprints"
    folded = "search_text"
    default_order = "due"
    edit = add = TRACE
    exporting = EXPORT
    reads = ("schooling",)
    stylesheets: Sequence[str] = ("children/children.css",)

    columns = (
        Column("name", gettext_lazy("ชื่อ นามสกุล"), "name", order="sort_name"),
        Column("age", gettext_lazy("อายุ"), show=_age, order="birth_year", kind=Kind.WHOLE),
        Column("cause", gettext_lazy("เหตุที่ติดตาม"), "cause"),
        Column("school", gettext_lazy("โรงเรียนที่รับผิดชอบ"), "school__name", show=_school, order="school__sort_name"),
        Column("state", gettext_lazy("ผลการติดตาม"), "state", show=_state),
        Column("step", gettext_lazy("ขั้นต่อไป"), "next_step", show=lambda c: c.step_words if c.is_open else ""),
        Column("due", gettext_lazy("ทำภายในวันที่"), "due_on", show=_due, kind=Kind.DATE),
        Column("visited", gettext_lazy("ติดตามล่าสุด"), "visited_on", kind=Kind.DATE),
        Column("visits", gettext_lazy("ติดตามแล้ว (ครั้ง)"), "visits_count", kind=Kind.WHOLE, shown=False),
        Column("year", gettext_lazy("ปีการศึกษา"), "school_year", kind=Kind.CODE, shown=False),
        Column("reason", gettext_lazy("สาเหตุ"), show=lambda c: c.reason_words, order="", mask=TRACE, what="welfare", shown=False),
    )  # fmt: skip
    facets = (
        Facet("phase", gettext_lazy("เรื่อง"), "phase", {"open": gettext_lazy("เปิดอยู่"), "closed": gettext_lazy("ปิดแล้ว")}, default=("open",)),
        Facet("state", gettext_lazy("ผลการติดตาม"), "state", TRACE_STATES),
        Facet("cause", gettext_lazy("เหตุที่ติดตาม"), "cause", dict(Cause.choices)),
        Facet("step", gettext_lazy("ขั้นต่อไป"), "next_step", NEXT_STEPS, folded=True),
        Facet("outcome", gettext_lazy("ผลเมื่อปิดเรื่อง"), "outcome", dict(Outcome.choices), folded=True),
        Facet("reason", gettext_lazy("สาเหตุ"), "reason", LEAVE_REASONS, folded=True, mask=TRACE, what="welfare"),
        Facet("school", gettext_lazy("โรงเรียนที่รับผิดชอบ"), "school__name", folded=True),
        Facet("year", gettext_lazy("ปีการศึกษา"), "school_year", {y: str(y) for y in range(2560, 2600)}, folded=True),
    )  # fmt: skip
    views = (View("all", gettext_lazy("ทั้งหมด")), View("left", gettext_lazy("ออกกลางคัน"), {"cause": ["left"]}))
    form = CaseForm
    sections = (
        Section("who", gettext_lazy("เด็กที่ต้องติดตาม"), ("id_value", "reason", "told")),
        Section("step", gettext_lazy("ขั้นต่อไป"), ("next_step", "due_on")),
    )
    panels = (
        Panel("visits", gettext_lazy("การติดตาม"), template="children/panel_visits.html", context=_visits),
        Panel(
            "facts", gettext_lazy("เรื่อง"),
            (
                Fact(gettext_lazy("เด็ก"), who),
                Fact(gettext_lazy("โรงเรียนที่รับผิดชอบ"), _school),
                Fact(gettext_lazy("เหตุที่ติดตาม"), lambda c: c.get_cause_display()),
                Fact(gettext_lazy("สาเหตุ"), lambda c: c.reason_words, mask=TRACE, what="welfare"),
                Fact(gettext_lazy("ข้อความที่แจ้ง"), lambda c: c.told, mask=TRACE, what="welfare"),
                Fact(gettext_lazy("ขั้นต่อไป"), lambda c: c.step_words if c.is_open else ""),
                Fact(gettext_lazy("ทำภายในวันที่"), _due),
                Fact(gettext_lazy("เปิดเรื่องเมื่อ"), lambda c: f"{_date(c.opened_at)} {c.opened_by}"),
                Fact(gettext_lazy("ปิดเรื่องเมื่อ"), lambda c: f"{_date(c.closed_at)} {c.closed_by}" if c.closed_at else ""),
                Fact(gettext_lazy("บันทึกเมื่อปิดเรื่อง"), lambda c: c.closing_note, mask=TRACE, what="welfare"),
            ),
            side=True,
            section="step",
        ),
    )  # fmt: skip

    def queryset(self, actor: Actor) -> models.QuerySet[Case]:
        return with_subjects()

    def title(self, record: Case) -> str:
        return record.name

    def about(self, record: Case) -> tuple[str, str]:
        """The reading is about the child, or about the former pupil."""
        return journal_label(record.child or record.pupil), record.name

    def tags(self, record: Case) -> list[Any]:
        age = _age(record)
        return [
            _("อายุ %(age)d ปี") % {"age": age} if age is not None else "",
            record.school.name if record.school else NOBODY,
        ]

    def state(self, record: Case) -> Cell | None:
        return _state(record)

    def may_edit(self, actor: Actor, record: Case | None = None) -> bool:
        return (record is None or record.is_open) and super().may_edit(actor, record)

    def editable(self, actor: Actor, record: Case | None = None) -> list[Section]:
        """Whose case it is stays; what comes next may be planned anew."""
        sections = super().editable(actor, record)
        return sections if record is None else [section for section in sections if section.code == "step"]

    def actions(self, actor: Actor, record: Case) -> list[Action]:
        if not can(actor, TRACE, record):
            return []
        if not record.is_open:
            return [
                Action(_("เปิดเรื่องอีกครั้ง"), reverse("children:reopen_case", args=[record.pk]), "rotate-ccw")
            ]
        return [
            Action(_("บันทึกการติดตาม"), reverse("children:visit", args=[record.pk]), "footprints", "primary"),
            Action(_("ปิดเรื่อง"), reverse("children:close_case", args=[record.pk]), "check"),
        ]

    def pages(self, actor: Actor) -> list[Action]:
        return [Action(_("กระดานติดตาม"), reverse("children:tracing"), "layout-list")]

    def create(self, *, actor: Actor, id_value: str, **values: Any) -> Case:
        """Whoever bears the number: a child of the service area before a former pupil."""
        prints = fingerprints(normalise_citizen_id(id_value), PURPOSE)
        child = (
            visible(actor, Child.objects.filter(fingerprint__in=prints))
            .select_related("school__unit")
            .first()
        )
        pupil = visible(actor, by_number(id_value)).select_related("school__unit").first()
        if child is None and pupil is None:
            raise Refusal(
                _("ไม่พบเลขนี้ในเด็กเขตบริการหรือนักเรียนที่คุณดูแล เพิ่มเด็กในเขตบริการก่อน แล้วเปิดเรื่องจากหน้าของเด็ก"),
                code="children.unknown_number",
                field="id_value",
            )
        return open_case(actor=actor, child=child, pupil=pupil, **values)

    def update(self, *, actor: Actor, record: Case, **values: Any) -> Case:
        return plan_step(actor=actor, case=fetch(actor, with_subjects(), pk=record.pk), **values)

    def example(self, number: int) -> dict[str, Any]:
        from khet.modules.children.records.children import ChildRecord  # noqa: PLC0415 - an example of one makes one of the other

        given = ChildRecord().example(600_000 + number)
        add_child(actor=Actor.system(), **given)
        return {
            "id_value": given["id_value"],
            "reason": "income",
            "told": "ครูประจำชั้นแจ้ง",
            "next_step": "visit",
            "due_on": today(),
        }
