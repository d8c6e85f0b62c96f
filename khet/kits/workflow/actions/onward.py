"""Starting a matter, and the decisions that send it on along its route or end it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.org.api import Actor, Post, Unit, entry, verb
from khet.kits.workflow.actions.acts import act, close_of
from khet.kits.workflow.bases import Moved, Place, flow_of
from khet.kits.workflow.choices import Part, Secrecy, Urgency
from khet.kits.workflow.clock import due_after
from khet.kits.workflow.models import Run, Step
from khet.kits.workflow.moves import (
    called,
    decide,
    demand_step,
    end,
    go_on,
    open_step,
    plan_after,
)
from khet.kits.workflow.queries import runs_of


@verb("workflow.start", gettext_lazy("เริ่มเรื่อง"), capability="")
def start(
    *,
    actor: Actor,
    flow: str,
    subject: models.Model,
    unit: Unit,
    title: str,
    source: str = "",
    url: str = "",
    urgency: int = Urgency.NORMAL,
    secrecy: int = Secrecy.OPEN,
    due: date | datetime | None = None,
    post: Post | None = None,
    kind: str | None = None,
    to: Place | None = None,
    part: str = Part.HOLDER,
    request: str = "",
) -> Run:
    """Put a subject on its way. ``post`` is the drafter's (default: the actor's main post).

    It begins at the flow's first step kind (or ``kind``), at the place its relation names, or at ``to``.
    ``due`` a day means the close of the office on it. Refuses a subject that is on its way already.
    """
    declared = flow_of(flow)
    drafter = post or actor.main_post
    run = Run(
        flow=declared.code,
        version=declared.version,
        subject_label=subject._meta.label_lower,
        subject_id=subject.pk,
        unit=unit,
        title=title[:500],
        source=source[:200],
        url=url,
        urgency=urgency,
        secrecy=secrecy,
        due_at=close_of(due),
        drafter=drafter,
        started_by=actor.person,
        started_at=timezone.now(),
    )
    if run.due_at is None and declared.days is not None:
        run.due_at = due_after(timezone.now(), declared.days)
    if runs_of(subject).filter(flow=flow, closed_at__isnull=True).exists():
        raise Conflict(_("เรื่องนี้เดินทางอยู่แล้ว เปิดเรื่องดูว่าอยู่ที่ใคร"), code="workflow.started")
    first = declared.kind(kind) if kind else declared.steps[0]
    run.state = first.state
    place = to or first.decider(run, None)
    if place is None:
        raise Refusal(
            _("ยังไม่มีผู้รับในขั้น %(step)s แจ้งผู้ดูแลโครงสร้างให้กำหนดตำแหน่ง") % {"step": first.label},
            code="workflow.nobody_next",
        )
    run.plan = plan_after(run, first, place)
    run.save()
    entry().on(run, subject)
    opened = open_step(actor, run, first, place, part=part, sent_post=drafter, request=request)
    called(Moved(actor, run, None, start, "", (opened,)))
    return run


def onward(actor: Actor, step: Step, function, note: str, to: Place | None) -> Run:
    step, ground = demand_step(actor, step, function)
    decide(actor, step, ground, function, note)
    return go_on(actor, step, function, to=to)


@act(
    "submit",
    gettext_lazy("เสนอ"),
    icon="send",
    names_receiver=True,
    key="E",
    done=gettext_lazy("เสนอ %(to)s แล้ว"),
)
def submit(*, actor: Actor, step: Step, note: str = "", to: Place | None = None) -> Run:
    """The drafter sends the matter up."""
    return onward(actor, step, submit, note, to)


@act(
    "endorse",
    gettext_lazy("เกษียนเสนอ"),
    icon="send",
    names_receiver=True,
    key="E",
    done=gettext_lazy("เสนอ %(to)s แล้ว"),
)
def endorse(*, actor: Actor, step: Step, note: str = "", to: Place | None = None) -> Run:
    """Give an opinion and pass the matter to the next post (or to ``to``, within the flow's rules)."""
    return onward(actor, step, endorse, note, to)


def _own_request(actor: Actor, step: Step) -> None:
    if (
        actor.person is not None
        and step.run.started_by_id == actor.person.pk
        and not step.declared.own_request
    ):
        raise Forbidden(
            _("คุณเป็นผู้เริ่มเรื่องนี้ จึงอนุมัติหรือลงนามเองไม่ได้ ส่งให้ผู้รักษาราชการแทนหรือผู้บังคับบัญชา"),
            code="workflow.own_request",
        )


def _final(actor: Actor, step: Step, function, note: str, to: Place | None) -> Run:
    step, ground = demand_step(actor, step, function)
    _own_request(actor, step)
    decide(actor, step, ground, function, note)
    return go_on(actor, step, function, to=to)


@act("approve", gettext_lazy("อนุมัติ"), icon="check", key="E", done=gettext_lazy("อนุมัติแล้ว"))
def approve(*, actor: Actor, step: Step, note: str = "", to: Place | None = None) -> Run:
    """Decide the matter. It goes on to the next step of the route, or closes in the step's ``ends`` state."""
    return _final(actor, step, approve, note, to)


@act("sign", gettext_lazy("ลงนาม"), icon="pen-line", fresh=True, key="E", done=gettext_lazy("ลงนามแล้ว"))
def sign(*, actor: Actor, step: Step, note: str = "", to: Place | None = None) -> Run:
    """Sign, after a fresh sign-in."""
    return _final(actor, step, sign, note, to)


@act("finish", gettext_lazy("เสร็จ ปิดเรื่อง"), icon="square-check", key="E", done=gettext_lazy("ปิดเรื่องแล้ว"))
def finish(*, actor: Actor, step: Step, note: str = "") -> Run:
    """The one who carries it says it is done: the run closes."""
    step, ground = demand_step(actor, step, finish)
    run = step.run
    before = run.state
    decide(actor, step, ground, finish, note)
    end(actor, run, run.declared.closed or step.declared.ends)
    called(Moved(actor, run, step, finish, before, (), True))
    return run
