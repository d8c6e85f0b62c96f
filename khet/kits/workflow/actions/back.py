"""Giving a matter back, taking it back, and giving it up."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.org.api import Actor
from khet.kits.workflow.actions.acts import act
from khet.kits.workflow.authority import ground_for
from khet.kits.workflow.bases import Moved, Place
from khet.kits.workflow.models import Draft, Run, Step
from khet.kits.workflow.moves import (
    called,
    decide,
    demand_step,
    end,
    lock,
    main_step,
    need_note,
    open_step,
    plan_after,
    runs_seen,
    set_state,
)
from khet.kits.workflow.queries import returnable


@act(
    "return",
    gettext_lazy("ส่งคืน"),
    icon="undo-2",
    needs_note=True,
    key="R",
    done=gettext_lazy("ส่งคืน %(to)s แล้ว"),
)
def give_back(*, actor: Actor, step: Step, note: str = "", to: Step | None = None) -> Run:
    """Return with a reason to the drafter, or to any earlier step of the chain; the route starts again from there."""
    note = need_note(note, _("บอกเหตุที่ส่งคืน ผู้รับจะได้แก้ถูกจุด แล้วกดส่งคืนอีกครั้ง"))
    step, ground = demand_step(actor, step, give_back)
    run, flow = step.run, step.run.declared
    earlier = returnable(step)
    back = (
        next((one for one in earlier if one.pk == to.pk), None)
        if to is not None
        else next(iter(earlier), None)
    )
    if back is None:
        raise Refusal(_("ไม่มีขั้นก่อนหน้าให้ส่งคืน เรื่องนี้เริ่มที่ตำแหน่งนี้"), code="workflow.no_earlier", field="to")
    before = run.state
    decide(actor, step, ground, give_back, note)
    kind = flow.kind(back.kind)
    place: Place = back.post or back.unit
    run.plan = plan_after(run, kind, place)
    opened = open_step(actor, run, kind, place, part=back.part, after=step, request=note)
    set_state(run, flow.returned or kind.state)
    called(Moved(actor, run, step, give_back, before, (opened,)))
    return run


@act("recall", gettext_lazy("เรียกคืน"), icon="rotate-ccw", done=gettext_lazy("เรียกคืนแล้ว เรื่องอยู่ที่คุณ"))
def recall(*, actor: Actor, step: Step, note: str = "") -> Run:
    """Take back what one has just sent on, until the receiver has opened it. ``step`` is the one that was sent.

    History stays: the receiver's unopened step closes as recalled, and a new one opens for the sender.
    """
    step = lock(step)
    run = step.run
    if not runs_seen(actor, step):
        raise NotFound(_("ไม่พบเรื่องนี้ อาจถูกย้าย หรืออยู่นอกขอบเขตที่คุณดูได้"), code="not_found")
    ground = ground_for(actor, step)
    if ground is None:
        raise Forbidden(_("เรียกคืนได้เฉพาะผู้ที่ส่งเรื่องไป"), code="workflow.not_sender")
    following = main_step(run)
    if following is None or following.after_id != step.pk or step.decided_at is None:
        raise Conflict(_("เรื่องเดินต่อไปแล้ว เรียกคืนไม่ได้ เปิดเรื่องดูว่าอยู่ที่ใคร"), code="workflow.moved_on")
    if following.opened_at is not None:
        raise Conflict(_("ผู้รับเปิดอ่านแล้ว เรียกคืนไม่ได้ โทรหรือขอให้ส่งคืน"), code="workflow.opened")
    following.run = run
    before = run.state
    decide(actor, following, ground, recall, note)
    for side in Step.objects.filter(run=run, beside=following, decided_at__isnull=True):
        side.run = run
        decide(actor, side, ground, recall, "")
    kind = step.declared
    place: Place = step.post or step.unit
    run.plan = plan_after(run, kind, place)
    opened = open_step(actor, run, kind, place, part=step.part, after=following, due_at=step.due_at)
    opened.opened_at = timezone.now()
    opened.save(update_fields=["opened_at"])
    Draft.objects.update_or_create(step=opened, person=actor.person, defaults={"text": step.note})
    set_state(run, kind.state)
    called(Moved(actor, run, following, recall, before, (opened,)))
    return run


@act("withdraw", gettext_lazy("ถอนเรื่อง"), icon="circle-slash", done=gettext_lazy("ถอนเรื่องแล้ว"))
def withdraw(*, actor: Actor, step: Step, note: str = "") -> Run:
    """The drafter gives the matter up while it lies with them."""
    step, ground = demand_step(actor, step, withdraw)
    run = step.run
    if run.drafter_id is not None and step.post_id != run.drafter_id:
        raise Forbidden(_("ถอนได้เฉพาะผู้เริ่มเรื่อง ใช้ส่งคืนแทน"), code="workflow.not_drafter")
    before = run.state
    decide(actor, step, ground, withdraw, note)
    end(actor, run, run.declared.withdrawn or run.declared.closed)
    called(Moved(actor, run, step, withdraw, before, (), True))
    return run
