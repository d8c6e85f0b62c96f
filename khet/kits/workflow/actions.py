"""The acts of a chain of command. Each is a verb; a flow allows an act by naming its function.

All lock the run, ask whether the actor may act at this step today, close the step for good, open what follows,
and call the subject's own function back, in one transaction. A second decision gets a ``Conflict``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Post, Unit, can, entry, forbidden, head_post, verb
from khet.kits.workflow.authority import ground_for, member_units, mine
from khet.kits.workflow.bases import Moved, Place, flow_of
from khet.kits.workflow.choices import Part, Secrecy, Urgency
from khet.kits.workflow.clock import at_close, due_after
from khet.kits.workflow.models import Draft, Phrase, Run, Step
from khet.kits.workflow.moves import (
    called,
    decide,
    demand_step,
    done_already,
    end,
    go_on,
    lock,
    main_step,
    may_pass,
    need_note,
    open_step,
    plan_after,
    runs_seen,
    set_state,
)
from khet.kits.workflow.names import spoken_name
from khet.kits.workflow.queries import returnable, runs_of
from khet.kits.workflow.rules import PHRASES, TAKE


@dataclass(frozen=True)
class Act:
    """How an act is offered: its code in the address, its word on the button, what its form asks for."""

    code: str
    label: Any
    icon: str
    function: Callable[..., Any]
    names_receiver: bool = False
    needs_note: bool = False
    fresh: bool = False
    key: str = ""
    done: Any = ""


acts: dict[str, Act] = {}


def act(code: str, label: Any, *, icon: str, **facts: Any):
    """Declare a verb that decides or moves a step."""

    def decorate(function):
        run = verb(f"workflow.{code}", label, capability="", fresh=facts.get("fresh", False))(function)
        run.act = acts[code] = Act(code, label, icon, run, **facts)
        return run

    return decorate


def _close_of(day: date | datetime | None) -> datetime | None:
    return at_close(day) if isinstance(day, date) and not isinstance(day, datetime) else day


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
        due_at=_close_of(due),
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


def _onward(actor: Actor, step: Step, function, note: str, to: Place | None) -> Run:
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
    return _onward(actor, step, submit, note, to)


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
    return _onward(actor, step, endorse, note, to)


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
    closes = _close_of(due)
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
                actor, run, step.declared, place, part=part, beside=step, request=note, due_at=_close_of(due)
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
    return _onward(actor, step, acknowledge, note, to)


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
        tell(
            event=f"workflow.answer:{step.pk}",
            title=_("%(who)s ให้ความเห็นแล้ว: %(title)s")
            % {"who": actor.name, "title": run.title if run.secrecy == 0 else _("เรื่องลับ")},
            url=run.url or f"/workflow/{run.pk}/",
            channels=("app",),
            but=actor.person,
            **told,
        )
    called(Moved(actor, run, step, function, run.state))
    return run


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


@act("take", gettext_lazy("รับเรื่อง"), icon="hand", done=gettext_lazy("รับเรื่องแล้ว อยู่ที่โต๊ะของคุณ"))
def take(*, actor: Actor, step: Step) -> Step:
    """A member takes a step from the group's inbox: from now on it is addressed to their post."""
    step = lock(step)
    # A colleague who came too late hears who has it; whoever was never asked finds nothing.
    if step.unit_id not in member_units(actor) and not runs_seen(actor, step):
        raise NotFound(_("ไม่พบเรื่องนี้ อาจถูกย้าย หรืออยู่นอกขอบเขตที่คุณดูได้"), code="not_found")
    if step.decided_at is not None:
        raise done_already(step)
    if step.post_id is not None:
        raise Conflict(
            _("%(who)s รับเรื่องนี้ไปแล้ว") % {"who": spoken_name(step.post)},
            code="workflow.taken",
            run=step.run_id,
        )
    if not can(actor, TAKE, step.unit):
        raise forbidden(TAKE, step.unit)
    ground = ground_for(actor, step)
    if ground is None or ground.post is None:
        raise Forbidden(
            _("รับเรื่องได้เฉพาะผู้ดำรงตำแหน่งใน %(unit)s") % {"unit": step.unit.name}, code="workflow.not_member"
        )
    _give_to(actor, step, ground.post)
    step.opened_at = step.opened_at or timezone.now()
    step.save(update_fields=["opened_at"])
    return step


@act(
    "hand", gettext_lazy("มอบให้"), icon="user-plus", names_receiver=True, done=gettext_lazy("มอบ %(to)s แล้ว")
)
def hand(*, actor: Actor, step: Step, to: Post) -> Step:
    """Whoever leads the unit gives a step of its inbox to one of its posts, without a note or a decision."""
    step = lock(step)
    if not runs_seen(actor, step):
        raise NotFound(_("ไม่พบเรื่องนี้ อาจถูกย้าย หรืออยู่นอกขอบเขตที่คุณดูได้"), code="not_found")
    if step.decided_at is not None:
        raise done_already(step)
    if step.post_id is not None:
        raise Conflict(
            _("%(who)s รับเรื่องนี้ไปแล้ว") % {"who": spoken_name(step.post)},
            code="workflow.taken",
            run=step.run_id,
        )
    head = head_post(step.unit)
    if not actor.is_system and (head is None or head.pk not in actor.posts):
        raise Forbidden(_("มอบเรื่องในกลุ่มได้เฉพาะหัวหน้า คุณรับเรื่องเองได้ด้วยปุ่มรับเรื่อง"), code="workflow.not_head")
    if to.unit_id != step.unit_id:
        raise Refusal(
            _("เลือกตำแหน่งใน %(unit)s หรือใช้ส่งต่อไปกลุ่มอื่น") % {"unit": step.unit.name},
            code="workflow.outside_unit",
            field="to",
        )
    _give_to(actor, step, to)
    tell(
        event=f"workflow.handed:{step.pk}",
        title=f"{step.declared.ask or step.declared.label}: {step.run.title if step.run.secrecy == 0 else _('เรื่องลับ')}",
        url=step.run.url or f"/workflow/{step.run_id}/",
        posts=[to],
        but=actor.person,
    )
    return step


def _give_to(actor: Actor, step: Step, post: Post) -> None:
    step.post = post
    step.save(update_fields=["post"])
    if step.is_main:
        run = step.run
        run.plan = plan_after(run, step.declared, post)
        run.moved_at = timezone.now()
        run.save(update_fields=["plan", "moved_at"])
    entry().on(step.run, post)


@verb("workflow.change_due", gettext_lazy("เปลี่ยนกำหนดเสร็จ"), capability="")
def change_due(*, actor: Actor, step: Step, due: date | datetime | None, reason: str) -> Step:
    """The sender of a step (or a superior above it) grants more time, with a reason."""
    reason = need_note(reason, _("บอกเหตุที่เปลี่ยนกำหนด"))
    step = lock(step)
    if step.decided_at is not None:
        raise done_already(step)
    if not actor.is_system and step.sent_post_id not in actor.posts:
        raise Forbidden(_("เปลี่ยนกำหนดได้เฉพาะผู้ส่งเรื่อง"), code="workflow.not_sender")
    entry().on(step.run)
    entry().changed("due_at", step.due_at, _close_of(due))
    entry().tell(reason=reason)
    step.due_at = _close_of(due)
    step.save(update_fields=["due_at"])
    if step.is_main:
        step.run.due_at = step.due_at
        step.run.save(update_fields=["due_at"])
    return step


@verb("workflow.describe", gettext_lazy("แก้หัวเรื่องของเรื่องที่เดินทาง"), capability="")
def describe(*, actor: Actor, run: Run, **facts: Any) -> Run:
    """The subject tells its run what changed about it: title, source, url, urgency, secrecy, due_at. For the subject's own verbs."""
    allowed = {"title", "source", "url", "urgency", "secrecy", "due_at"}
    if not facts.keys() <= allowed:
        raise TypeError(f"a run takes {sorted(allowed)}")
    entry().on(run)
    for name, value in facts.items():
        if getattr(run, name) != value:
            entry().changed(name, getattr(run, name), value)
            setattr(run, name, value)
    run.save(update_fields=[*facts])
    return run


@verb("workflow.cancel", gettext_lazy("ยกเลิกเรื่อง"), capability="")
def cancel(*, actor: Actor, run: Run, state: str, reason: str = "") -> Run:
    """The subject was cancelled by its own verb: the run closes in ``state``, open steps lapse. For the subject's own verbs."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if not run.is_open:
        raise Conflict(_("เรื่องนี้ปิดไปแล้ว"), code="workflow.closed")
    entry().on(run)
    entry().tell(reason=reason)
    end(actor, run, state)
    return run


@verb("workflow.save_phrases", gettext_lazy("แก้ข้อความเกษียนด่วน"), capability=PHRASES)
def save_phrases(*, actor: Actor, texts: list[str]) -> list[Phrase]:
    """Replace the office's list of quick phrases, in this order."""
    wanted = list(dict.fromkeys(text.strip()[:120] for text in texts if text.strip()))
    before = list(Phrase.objects.values_list("text", flat=True))
    Phrase.objects.exclude(text__in=wanted).delete()
    for position, text in enumerate(wanted):
        Phrase.objects.update_or_create(text=text, defaults={"position": position})
    entry().changed("phrases", before, wanted)
    return list(Phrase.objects.all())


def keep_draft(actor: Actor, step: Step, text: str) -> None:
    """Keep what a person has typed for a step so far. Not a verb: nothing happened yet, nobody else sees it."""
    if actor.person is None or step.decided_at is not None:
        return
    if text.strip():
        Draft.objects.update_or_create(step=step, person=actor.person, defaults={"text": text})
    else:
        Draft.objects.filter(step=step, person=actor.person).delete()


def mark_opened(actor: Actor, run: Run) -> int:
    """The actor looked at the run: their open steps count as opened, so the sender can no longer recall.

    Not a verb: reading is no act. Looking while one may not decide changes nothing.
    """
    return (
        Step.objects.filter(mine(actor), run=run, decided_at__isnull=True, opened_at__isnull=True)
        .exclude(sent_by=actor.person)
        .update(opened_at=timezone.now())
    )


__all__ = [
    "Act", "acknowledge", "act", "acts", "advise", "approve", "ask", "assign", "cancel", "change_due", "describe",
    "endorse", "finish", "forward", "give_back", "hand", "keep_draft", "mark_opened", "recall",
    "save_phrases", "sign", "start", "submit", "take", "withdraw",
]  # fmt: skip
