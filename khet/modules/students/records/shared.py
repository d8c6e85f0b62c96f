"""What both registers show the same way: the masked number, the present term as a default."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from khet.base.lib.thai.calendar import school_term, school_year
from khet.base.org.api import Actor, today
from khet.base.ui.addresses import numbered
from khet.kits.register.api import records
from khet.kits.register.bases import Action, Cell
from khet.modules.schools.api import School
from khet.modules.students.choices import IdKind, State
from khet.modules.students.rules import DECIDE, DOUBLES, MOVE, VISIT

TONES = {
    State.STUDYING: "done", State.SUSPENDED: "wait", State.TRACED: "alert", State.MOVED: "faint", State.RESIGNED: "faint",
    State.DISMISSED: "faint", State.DIED: "faint", State.GRADUATED: "faint",
}  # fmt: skip


def number(record: Any) -> Cell:
    """``number_`` (kind:tail:valid) as the masked number; a wrong check digit is told."""
    kind, _colon, rest = (record.number_ or "::").partition(":")
    tail, _colon, valid = rest.partition(":")
    if not tail:
        return Cell(_("ไม่มีเลข"), tone="alert", icon="triangle-alert")
    if kind == IdKind.CITIZEN:
        words = f"x-xxxx-xxxxx-{tail}-x"
    else:
        words = f"{'G' if kind == IdKind.G_CODE else ''}xxxx{tail}"
    return Cell(words) if valid in ("true", "t") else Cell(words, tone="alert", icon="triangle-alert")


def state(record: Any) -> Cell:
    return Cell(record.get_state_display(), tone=TONES.get(record.state, ""))


def class_name(record: Any) -> str:
    return f"{record.get_grade_display()}/{record.room}" if record.grade else ""


def school_cell(record: Any) -> Cell | str:
    if record.school is None:
        return ""
    return Cell(record.school.name, href=numbered("register:detail", "schools", record.school_id))


class Now(Sequence[str]):
    """Default values of a facet that follow the calendar instead of the day the program was started."""

    def __init__(self, value: Callable[[], int]) -> None:
        self.value = value

    def __iter__(self) -> Iterator[str]:
        return iter([str(self.value())])

    def __getitem__(self, place: Any) -> Any:
        return [str(self.value())][place]

    def __len__(self) -> int:
        return 1


THIS_YEAR = Now(lambda: school_year(today()))
THIS_TERM = Now(lambda: school_term(today()))


def example_school() -> School:
    """A school for the examples of the contract tests: any of the area, or a new one."""
    found = School.objects.filter(smis8="99080900").select_related("unit").first()
    if found is not None:
        return found
    schools = records["schools"]
    return schools.create(
        actor=Actor.system(),
        **(schools.example(900) | {"smis8": "99080900", "name": "บ้านตัวอย่างนักเรียน"}),
    )


def pages(actor: Actor) -> list[Action]:
    """The other pages of pupils, beside their lists."""
    found = []
    if actor.has(MOVE):
        found.append(Action(_("การย้าย"), reverse("students:transfers"), "arrow-right-left"))
    if actor.has(DOUBLES):
        found.append(Action(_("ซ้ำหลายโรงเรียน"), reverse("students:doubles"), "scale"))
    if actor.has(VISIT):
        found.append(Action(_("ตรวจการมีตัวตน"), reverse("students:draws"), "user-check"))
    if actor.has(DECIDE):
        found.append(Action(_("สิ้นปีการศึกษา"), reverse("students:years"), "graduation-cap"))
    return found
