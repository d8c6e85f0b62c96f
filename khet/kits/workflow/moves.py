"""The mechanics under the verbs: lock, decide, plan the rest of the route, open the next step, close.

Called only by ``actions``, inside a verb's transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Post, Unit, entry, holder
from khet.kits.workflow.authority import Ground, ground_for
from khet.kits.workflow.bases import Moved, Place, StepKind
from khet.kits.workflow.choices import MAIN_PARTS, Part, Urgency
from khet.kits.workflow.clock import due_after, holidays, working_days_held
from khet.kits.workflow.models import Draft, Run, Step
from khet.kits.workflow.names import spoken_name
from khet.kits.workflow.rules import TAKE, run_filter

Act = Callable[..., Any]


def lock(step: Step) -> Step:
    """The step as it is now, its run locked until the act is over: two acts on one run follow each other."""
    run = Run.objects.select_for_update().get(pk=step.run_id)
    fresh = Step.objects.select_related(
        "post__unit__overseer", "unit__overseer", "unit__parent", "after"
    ).get(pk=step.pk)
    fresh.run = run
    return fresh


def runs_seen(actor: Actor, step: Step) -> bool:
    """Whether the actor may see the run of a step."""
    return Run.objects.filter(run_filter(actor), pk=step.run_id).exists()


def demand_step(actor: Actor, step: Step, act: Act) -> tuple[Step, Ground]:
    """Lock the step and refuse unless the actor may do ``act`` to it now. Returns the fresh step and the ground."""
    step = lock(step)
    if not runs_seen(actor, step):
        raise NotFound(_("ไม่พบเรื่องนี้ อาจถูกย้าย หรืออยู่นอกขอบเขตที่คุณดูได้"), code="not_found")
    if step.decided_at is not None:
        raise done_already(step)
    ground = ground_for(actor, step)
    if ground is None:
        raise not_yours(step)
    # Beside the route one can only answer: the acts of the step kind belong to the holder alone.
    if not (step.declared.allows(act) if step.is_main else act in side_acts()):
        raise Forbidden(
            _("ขั้น %(step)s ของเรื่องนี้ทำรายการนี้ไม่ได้ เปิดเรื่องดูปุ่มที่ใช้ได้ในขั้นนี้") % {"step": step.declared.label},
            code="workflow.not_in_this_step",
        )
    return step, ground


def side_acts() -> tuple[Act, ...]:
    from khet.kits.workflow import actions  # noqa: PLC0415 - the verbs stand on this module

    return (actions.advise, actions.acknowledge, actions.take)


def done_already(step: Step) -> Conflict:
    who = step.decided_by.full_name if step.decided_by else _("ระบบ")
    at = timezone.localtime(step.decided_at)
    return Conflict(
        _("ทำไปแล้ว โดย %(who)s เมื่อ %(hour)s น. เปิดเรื่องดูว่าอยู่ที่ใคร") % {"who": who, "hour": f"{at:%H.%M}"},
        code="workflow.decided",
        run=step.run_id,
        step=step.pk,
    )


def not_yours(step: Step) -> Forbidden:
    """The refusal that names who can."""
    where = step.post.title if step.post else step.unit.name
    person = holder(step.post) if step.post else None
    who = f"{person.full_name} {where}" if person else where
    return Forbidden(
        _("คุณยังทำเรื่องนี้ไม่ได้ เรื่องอยู่ที่ %(who)s ผู้ทำได้คือผู้ดำรงตำแหน่งนี้หรือผู้รักษาราชการแทน") % {"who": who},
        code="workflow.not_yours",
    )


def need_note(note: str, sentence: str) -> str:
    note = note.strip()
    if not note:
        raise Refusal(sentence, code="workflow.note_needed", field="note")
    return note


# Planning the rest of the route


def place_of(item: dict[str, Any]) -> Place | None:
    if item.get("post"):
        return Post.objects.on().filter(pk=item["post"]).select_related("unit__overseer").first()
    return Unit.objects.on().filter(pk=item.get("unit")).first()


def plan_after(run: Run, kind: StepKind, place: Place | None) -> list[dict[str, Any]]:
    """The default rest of the route after a step of ``kind`` at ``place``: nobody is asked twice in a row."""
    flow = run.declared
    rest: list[dict[str, Any]] = []
    before = place
    seen = {place} if place is not None else set()
    for later in flow.steps[flow.position(kind.code) + 1 :]:
        if not later.on_route:
            continue
        found = later.decider(run, before)
        if found is None or found in seen:
            continue
        rest.append({"kind": later.code, ("post" if isinstance(found, Post) else "unit"): found.pk})
        seen.add(found)
        before = found
    return rest


# Writing


def decide(
    actor: Actor, step: Step, ground: Ground | None, act: Act, note: str = "", post: Post | None = None
) -> Step:
    """Close a step for good. The database refuses any change from here on."""
    now = timezone.now()
    step.decided_at = max(now, step.arrived_at)
    step.opened_at = step.opened_at or step.decided_at
    step.decided_by = actor.person
    step.acting = (ground.written if ground else "")[:250]
    step.act = act.act.code
    step.note = note.strip()
    step.held = working_days_held(step.arrived_at, step.decided_at, _off(step.run))
    if step.post_id is None and ground is not None and ground.post is not None:
        step.post = ground.post
    step.save()
    Draft.objects.filter(step=step).delete()
    entry().on(step.run)
    entry().tell(step=step.order, kind=step.kind, act=step.act)
    if step.acting:
        entry().acting_for = step.acting[:200]
    return step


def _off(run: Run):
    if "_holidays" not in run.__dict__:
        run.__dict__["_holidays"] = holidays()
    return run.__dict__["_holidays"]


def open_step(
    actor: Actor,
    run: Run,
    kind: StepKind,
    place: Place,
    *,
    part: str = Part.HOLDER,
    after: Step | None = None,
    beside: Step | None = None,
    request: str = "",
    due_at: datetime | None = None,
    sent_post: Post | None = None,
) -> Step:
    """Put the matter on somebody's desk and tell them."""
    now = timezone.now()
    if due_at is None and kind.days is not None:
        due_at = due_after(now, kind.days, _off(run))
    if due_at is None or (run.due_at is not None and due_at > run.due_at):
        due_at = run.due_at
    last = Step.objects.filter(run=run).aggregate(last=Max("order"))["last"] or 0
    step = Step.objects.create(
        run=run,
        order=last + 1,
        kind=kind.code,
        part=part,
        post=place if isinstance(place, Post) else None,
        unit=place.unit if isinstance(place, Post) else place,
        after=after,
        beside=beside,
        sent_by=actor.person,
        sent_post=sent_post or (after.post if after else None) or (beside.post if beside else None),
        request=request.strip(),
        arrived_at=now,
        due_at=due_at,
    )
    with override("th"):  # kept and read by others, whatever language the actor reads
        title = run.title if run.secrecy == 0 else _("เรื่องลับ เปิดดูในระบบ")
        words, sender = f"{step.ask}: {title}", _("จาก %(who)s") % {"who": actor.name}
    common = {
        "event": f"workflow.step:{step.pk}",
        "title": words,
        "body": sender,
        "url": run.url or f"/workflow/{run.pk}/",
        "urgent": run.urgency == Urgency.MOST_URGENT,
        "but": actor.person,
    }
    if isinstance(place, Post):
        tell(posts=[place], **common)
    else:
        tell(units=[place], capability=TAKE, **common)
    return step


def set_state(run: Run, state: str, *, ended: bool = False) -> None:
    values: dict[str, Any] = {"moved_at": timezone.now()}
    if state:
        values["state"] = state
    if ended:
        values["closed_at"] = values["moved_at"]
        values["plan"] = []
    before = run.state
    for name, value in values.items():
        setattr(run, name, value)
    run.save(update_fields=[*values, "plan"])
    if before != run.state:
        entry().changed("state", before, run.state)


def end(actor: Actor, run: Run, state: str) -> None:
    """Close the run; side steps that only served the decision lapse, those for information stay to be read."""
    for side in Step.objects.filter(run=run, decided_at__isnull=True).exclude(part=Part.INFORMED):
        side.run = run
        side.act = "lapsed"
        side.decided_at = max(timezone.now(), side.arrived_at)
        side.held = working_days_held(side.arrived_at, side.decided_at, _off(run))
        side.save()
    set_state(run, state, ended=True)


def go_on(actor: Actor, step: Step, act: Act, *, to: Place | None = None, request: str = "") -> Run:
    """After a deciding act: the default next step, or the receiver the holder chose within the rules, or the end."""
    run, flow, kind = step.run, step.run.declared, step.declared
    before = run.state
    plan = list(run.plan)
    here = step.post or step.unit
    opened: tuple[Step, ...] = ()
    ended = False
    target_kind: StepKind | None = None
    place: Place | None = None
    if to is not None:
        key = "post" if isinstance(to, Post) else "unit"
        at = next((n for n, item in enumerate(plan) if item.get(key) == to.pk), None)
        if at is not None:
            if at > 0 and kind.passes is None:
                raise Refusal(
                    _("เสนอข้ามขั้นไม่ได้ เสนอผู้รับถัดไปตามเส้นทาง"), code="workflow.no_skipping", field="to"
                )
            target_kind, place, plan = flow.kind(plan[at]["kind"]), to, plan[at + 1 :]
        else:
            may_pass(run, kind, here, to)
            target_kind, place = flow.kind(kind.passed_as or kind.code), to
    else:
        while plan:
            item = plan.pop(0)
            place = place_of(item)
            target_kind = flow.kind(item["kind"])
            if place is not None:
                break
            # The post or unit was abolished since the route was planned: ask the relation again.
            place = target_kind.decider(run, here)
            if place is not None and place != here:
                break
            place = None
    if place is not None and target_kind is not None:
        run.plan = plan
        opened = (open_step(actor, run, target_kind, place, after=step, request=request),)
        set_state(run, target_kind.state)
        entry().others.append(f"{place._meta.label_lower}:{place.pk}")
    elif kind.ends:
        end(actor, run, kind.ends)
        ended = True
    else:
        raise Refusal(
            _("ไม่มีผู้รับถัดไปในเส้นทาง เลือกผู้รับเอง หรือแจ้งผู้ดูแลโครงสร้าง"), code="workflow.nobody_next", field="to"
        )
    called(Moved(actor, run, step, act, before, opened, ended))
    return run


def may_pass(run: Run, kind: StepKind, here: Place, to: Place) -> None:
    if kind.passes is None or not kind.passes(run, here, to):
        raise Refusal(
            _("ส่งเรื่องนี้ไปที่ %(to)s ไม่ได้ เลือกผู้รับในสำนักงานหรือในโรงเรียนเดียวกัน") % {"to": spoken_name(to)},
            code="workflow.outside_route",
            field="to",
        )
    if to == here:
        raise Refusal(_("เรื่องอยู่ที่ตำแหน่งนี้แล้ว เลือกผู้รับอื่น"), code="workflow.same_place", field="to")


def called(moved: Moved) -> None:
    """Call the subject's own function back, in the same transaction: what it refuses did not happen."""
    flow = moved.run.declared
    if flow.after is not None:
        flow.after(moved)


def main_step(run: Run) -> Step | None:
    """The open step that carries the run."""
    return (
        Step.objects.filter(run=run, decided_at__isnull=True, part__in=MAIN_PARTS)
        .select_related("post__unit", "unit")
        .first()
    )
