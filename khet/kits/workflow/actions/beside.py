"""Beside the route: asking, answering and taking note, while the holder keeps the matter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Post, entry
from khet.kits.workflow.actions.acts import act, close_of
from khet.kits.workflow.actions.onward import onward
from khet.kits.workflow.bases import Moved, Place
from khet.kits.workflow.choices import Part
from khet.kits.workflow.models import Run, Step
from khet.kits.workflow.moves import (
    called,
    decide,
    demand_step,
    main_step,
    need_note,
    open_step,
)
from khet.kits.workflow.names import spoken_name
from khet.kits.workflow.rules import TAKE


@act(
    "ask",
    gettext_lazy("ขอความเห็น"),
    icon="message-circle-question-mark",
    needs_note=True,
    key="O",
    done=gettext_lazy("ขอความเห็น %(to)s แล้ว"),
)
def ask(
    *,
    actor: Actor,
    step: Step,
    to: Iterable[Place],
    note: str = "",
    part: str = Part.OPINION,
    due: date | datetime | None = None,
) -> list[Step]:
    """Ask beside the route; the holder keeps the matter. ``part`` may also be mentor (advice) or informed (circulate)."""
    places = list(dict.fromkeys(to))
    if not places:
        raise Refusal(_("เลือกผู้ที่จะขอความเห็น"), code="workflow.nobody_asked", field="to")
    if part == Part.OPINION:
        note = need_note(note, _("เขียนว่าต้องการความเห็นเรื่องใด แล้วส่งอีกครั้ง"))
    step, _ground = demand_step(actor, step, ask)
    run = step.run
    waiting = {
        (side.post_id, None if side.post_id else side.unit_id)
        for side in Step.objects.filter(run=run, beside=step, part=part, decided_at__isnull=True)
    }
    asked = []
    for place in places:
        if place == (step.post or step.unit):
            raise Refusal(_("ขอความเห็นจากตำแหน่งของตนเองไม่ได้ เลือกผู้อื่น"), code="workflow.same_place", field="to")
        key = (place.pk, None) if isinstance(place, Post) else (None, place.pk)
        if key in waiting:
            raise Conflict(
                _("ขอความเห็น %(who)s ไว้แล้ว ยังไม่ได้ตอบ") % {"who": spoken_name(place)}, code="workflow.asked"
            )
        asked.append(
            open_step(
                actor, run, step.declared, place, part=part, beside=step, request=note, due_at=close_of(due)
            )
        )
    entry().on(run)
    entry().tell(asked=len(asked), part=str(part))
    called(Moved(actor, run, step, ask, run.state, tuple(asked)))
    return asked


@act(
    "advise",
    gettext_lazy("ให้ความเห็น"),
    icon="message-circle",
    needs_note=True,
    key="E",
    done=gettext_lazy("ส่งความเห็นแล้ว"),
)
def advise(*, actor: Actor, step: Step, note: str = "") -> Run:
    """Answer a side step: an opinion, a mentor's advice, a co-host's part. The holder is told; the matter stays there."""
    note = need_note(note, _("เขียนความเห็นก่อนส่ง"))
    return _beside(actor, step, advise, note)


@act("acknowledge", gettext_lazy("ทราบ"), icon="eye", key="E", done=gettext_lazy("รับทราบแล้ว"))
def acknowledge(*, actor: Actor, step: Step, note: str = "", to: Place | None = None) -> Run:
    """ทราบ: closes a side step, or at a main step lets the matter go on or end."""
    found = Step.objects.filter(pk=step.pk).first()
    if found is not None and not found.is_main:
        return _beside(actor, step, acknowledge, note)
    return onward(actor, step, acknowledge, note, to)


def _beside(actor: Actor, step: Step, function, note: str) -> Run:
    step, ground = demand_step(actor, step, function)
    if step.is_main:
        raise Forbidden(_("ขั้นนี้ถือเรื่องอยู่ ใช้ปุ่มลงความเห็นหรือสั่งการ"), code="workflow.not_in_this_step")
    decide(actor, step, ground, function, note)
    run = step.run
    holding = main_step(run)
    if holding is not None and step.part != Part.INFORMED:
        told = (
            {"posts": [holding.post_id]} if holding.post_id else {"units": [holding.unit], "capability": TAKE}
        )
        with override("th"):
            words = _("%(who)s ให้ความเห็นแล้ว: %(title)s") % {
                "who": actor.name,
                "title": run.title if run.secrecy == 0 else _("เรื่องลับ"),
            }
        tell(
            event=f"workflow.answer:{step.pk}",
            title=words,
            url=run.url or f"/workflow/{run.pk}/",
            channels=("app",),
            but=actor.person,
            **told,
        )
    called(Moved(actor, run, step, function, run.state))
    return run
