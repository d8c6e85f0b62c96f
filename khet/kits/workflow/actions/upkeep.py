"""What is kept about a matter while it travels: its due time, its title, its drafts, the quick phrases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Forbidden
from khet.base.org.api import Actor, entry, verb
from khet.kits.workflow.actions.acts import close_of
from khet.kits.workflow.authority import mine
from khet.kits.workflow.models import Draft, Phrase, Run, Step
from khet.kits.workflow.moves import (
    done_already,
    end,
    lock,
    need_note,
)
from khet.kits.workflow.rules import PHRASES


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
    entry().changed("due_at", step.due_at, close_of(due))
    entry().tell(reason=reason)
    step.due_at = close_of(due)
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
