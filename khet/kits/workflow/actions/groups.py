"""The inbox of a group: a member takes a step, the head hands it out."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Post, can, entry, forbidden, head_post
from khet.kits.workflow.actions.acts import act
from khet.kits.workflow.authority import ground_for, member_units
from khet.kits.workflow.models import Step
from khet.kits.workflow.moves import (
    done_already,
    lock,
    plan_after,
    runs_seen,
)
from khet.kits.workflow.names import spoken_name
from khet.kits.workflow.rules import TAKE


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
    with override("th"):
        words = f"{step.declared.ask or step.declared.label}: {step.run.title if step.run.secrecy == 0 else _('เรื่องลับ')}"
    tell(
        event=f"workflow.handed:{step.pk}",
        title=words,
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
