"""The timeline of a run: who, acting for whom, when, how long, with which words; then who is still ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from khet.base.org.api import Post
from khet.kits.workflow.choices import Part
from khet.kits.workflow.models import Run, Step
from khet.kits.workflow.picture import Picture


@dataclass
class Stop:
    """One line: a decided or open step with its side steps, or a stop still ahead (no step)."""

    name: str
    title: str
    step: Step | None = None
    shape: str = "empty"
    sides: list[Stop] | None = None
    is_holder: bool = False
    held: timedelta | None = None

    @property
    def is_today(self) -> bool:
        at = self.step.decided_at if self.step else None
        return at is not None and timezone.localdate(at) == timezone.localdate()

    @property
    def tag(self) -> str:
        """The part to show as a tag: only where it is more than holding."""
        if self.step is None or self.step.part == Part.HOLDER:
            return ""
        return str(self.step.get_part_display())

    @property
    def tag_kind(self) -> str:
        return {Part.HOST: "host", Part.MENTOR: "mentor"}.get(self.step.part if self.step else "", "support")

    @property
    def verb(self) -> str:
        """What was done, in the office's word; empty for an endorsement, whose note speaks for itself."""
        words = {
            "submit": pgettext("done", "เสนอ"), "endorse": "", "approve": pgettext("done", "อนุมัติ"),
            "sign": pgettext("done", "ลงนาม"), "return": pgettext("done", "ส่งคืน"),
            "forward": pgettext("done", "ส่งต่อ"), "assign": pgettext("done", "สั่งการ"), "advise": "",
            "acknowledge": pgettext("done", "ทราบ"), "finish": pgettext("done", "ปิดเรื่อง"),
            "withdraw": pgettext("done", "ถอนเรื่อง"), "recall": _("ถูกเรียกคืนก่อนเปิดอ่าน"),
            "lapsed": _("ไม่ได้ตอบจนเรื่องปิด"),
        }  # fmt: skip
        return str(words.get(self.step.act, "")) if self.step and not self.step.is_open else ""


_SHAPES = {
    "return": "returned",
    "recall": "void",
    "withdraw": "void",
    "lapsed": "none",
    "finish": "done",
    "approve": "done",
    "sign": "done",
}


def timeline(run: Run, picture: Picture | None = None) -> list[Stop]:
    """Every step of a run in order, side steps under the stop they stand beside, then the stops still ahead."""
    seen = picture or Picture(run)
    flow = run.declared
    stops: list[Stop] = []
    by_step: dict[int, Stop] = {}
    for step in seen.steps:
        stop = _stop(step, seen)
        by_step[step.pk] = stop
        if step.is_main or step.beside_id not in by_step:
            stops.append(stop)
        else:
            by_step[step.beside_id].sides.append(stop)
    for item, place in seen.ahead:
        kind = flow.find(item["kind"])
        label = str(kind.label) if kind else ""
        person = seen.person(place)
        if isinstance(place, Post):
            stops.append(Stop(person.name if person else place.title, f"{place.short_title} · {label}"))
        elif place is not None:
            stops.append(Stop(place.name, label))
    return stops


def _stop(step: Step, seen: Picture) -> Stop:
    person = step.decided_by or seen.person(step.post)
    end = step.decided_at or timezone.now()
    if not step.is_main:
        shape = "opinion"
    elif step.is_open:
        shape = "late" if step.is_late else "holder"
    else:
        shape = _SHAPES.get(step.act, "full")
    place = step.post.title if step.post else step.unit.name
    return Stop(
        name=person.name if person else place,
        title=step.acting or (place if person else ""),
        step=step,
        shape=shape,
        sides=[],
        is_holder=step.is_open and step.is_main,
        held=end - step.arrived_at,
    )
