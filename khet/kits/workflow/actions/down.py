"""Handing a matter to others: re-routing it, and ordering work downwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor, entry
from khet.kits.workflow.actions.acts import act, close_of
from khet.kits.workflow.bases import Moved, Place
from khet.kits.workflow.choices import Part
from khet.kits.workflow.models import Run, Step
from khet.kits.workflow.moves import (
    called,
    decide,
    demand_step,
    may_pass,
    open_step,
    plan_after,
    set_state,
)
from khet.kits.workflow.names import spoken_name


@act(
    "forward",
    gettext_lazy("ส่งต่อ"),
    icon="forward",
    names_receiver=True,
    key="",
    done=gettext_lazy("ส่งต่อ %(to)s แล้ว"),
)
def forward(*, actor: Actor, step: Step, to: Place, note: str = "") -> Run:
    """Re-route: hand the matter as it stands to another post or unit, within the flow's rule for this step."""
    step, ground = demand_step(actor, step, forward)
    run, kind = step.run, step.declared
    may_pass(run, kind, step.post or step.unit, to)
    before = run.state
    decide(actor, step, ground, forward, note)
    opens = run.declared.kind(kind.passed_as or kind.code)
    opened = open_step(actor, run, opens, to, part=step.part, after=step, request=note, due_at=step.due_at)
    run.plan = plan_after(run, opens, to)
    set_state(run, opens.state)
    called(Moved(actor, run, step, forward, before, (opened,)))
    return run


@act(
    "assign",
    gettext_lazy("สั่งการ"),
    icon="git-branch",
    names_receiver=True,
    key="M",
    done=gettext_lazy("มอบหมาย %(to)s แล้ว"),
)
def assign(
    *,
    actor: Actor,
    step: Step,
    to: Place,
    note: str = "",
    second_hosts: Iterable[Place] = (),
    co_hosts: Iterable[Place] = (),
    mentors: Iterable[Place] = (),
    informed: Iterable[Place] = (),
    due: date | datetime | None = None,
) -> Run:
    """Order downwards: the main host carries the matter on, co-hosts and mentors work and advise beside it."""
    step, ground = demand_step(actor, step, assign)
    run, flow, kind = step.run, step.run.declared, step.declared
    opens = flow.kind(kind.down or kind.code)
    rule = kind.passes
    others = [
        *((Part.SECOND_HOST, place) for place in second_hosts),
        *((Part.CO_HOST, place) for place in co_hosts),
        *((Part.MENTOR, place) for place in mentors),
        *((Part.INFORMED, place) for place in informed),
    ]
    for place in [to, *(place for _part, place in others)]:
        if rule is not None and not rule(run, step.post or step.unit, place):
            may_pass(run, kind, step.post or step.unit, place)
    closes = close_of(due)
    if closes is not None and closes < timezone.now():
        raise Refusal(_("กำหนดเสร็จผ่านไปแล้ว เลือกวันตั้งแต่วันนี้"), code="workflow.due_past", field="due")
    before = run.state
    decide(actor, step, ground, assign, note)
    if closes is not None and (run.due_at is None or closes > run.due_at):
        run.due_at = run.due_at or closes
        run.save(update_fields=["due_at"])
    main = open_step(actor, run, opens, to, part=Part.HOST, after=step, request=note, due_at=closes)
    sides = [
        open_step(
            actor, run, opens, place, part=part, beside=main, request=note, due_at=closes, sent_post=step.post
        )
        for part, place in _once(others, to)
    ]
    run.plan = plan_after(run, opens, to)
    set_state(run, opens.state)
    entry().tell(host=spoken_name(to), others=len(sides))
    called(Moved(actor, run, step, assign, before, (main, *sides)))
    return run


def _once(parts: list[tuple[str, Place]], main: Place) -> list[tuple[str, Place]]:
    """Nobody gets the same matter twice in one order; the first part named wins."""
    seen: set[Place] = {main}
    kept = []
    for part, place in parts:
        if place not in seen:
            seen.add(place)
            kept.append((part, place))
    return kept
