"""Writing a memo, giving a task. What happens to them afterwards are the acts of the workflow kit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.org.api import Actor, Post, Unit, entry, save, verb
from khet.kits.files.api import store
from khet.kits.workflow.api import Run, Step, assign, describe, runs_of, start, submit
from khet.kits.workflow.choices import Secrecy, Urgency
from khet.modules.desk.choices import MatterKind
from khet.modules.desk.models import Matter
from khet.modules.desk.rules import ORDER, WRITE

Place = Post | Unit


def _begin(
    actor: Actor, kind: str, post: Post | None, subject: str, body: str, files: Iterable[Any]
) -> Matter:
    post = post or actor.main_post
    if post is None:
        raise Refusal(_("คุณยังไม่มีตำแหน่งในวันนี้ จึงเริ่มเรื่องไม่ได้ แจ้งกลุ่มบริหารงานบุคคล"), code="desk.no_post")
    if not actor.is_system and post.pk not in actor.posts:
        raise Forbidden(_("เริ่มเรื่องได้เฉพาะในตำแหน่งที่คุณดำรงอยู่หรือรักษาราชการแทน"), code="desk.not_your_post")
    if not subject.strip():
        raise Refusal(_("เขียนชื่อเรื่องก่อนเสนอ"), code="desk.no_subject", field="subject")
    matter = Matter.objects.create(
        kind=kind,
        subject=subject.strip()[:300],
        body=body.strip(),
        unit=post.unit,
        post=post,
        author=actor.person,
    )
    entry().on(matter, post.unit)
    for upload in files:
        store(actor=actor, upload=upload, owner=matter)
    return matter


@verb("desk.write_memo", gettext_lazy("เขียนเรื่องเสนอ"), capability=WRITE)
def write_memo(
    *,
    actor: Actor,
    subject: str,
    body: str = "",
    post: Post | None = None,
    urgency: int = Urgency.NORMAL,
    secrecy: int = Secrecy.OPEN,
    due: date | None = None,
    files: Iterable[Any] = (),
    send: bool = True,
) -> Matter:
    """Begin a memo at the writer's post; ``send`` passes it to the next post at once, else it stays a draft."""
    matter = _begin(actor, MatterKind.MEMO, post, subject, body, files)
    run = start(
        actor=actor, flow="desk.memo", subject=matter, unit=matter.unit, title=matter.subject,
        source=matter.unit.short_name, url=matter.get_absolute_url(), urgency=urgency, secrecy=secrecy, due=due,
        post=matter.post,
    )  # fmt: skip
    if send:
        submit(actor=actor, step=_first(run), note="")
        matter.refresh_from_db()
    return matter


@verb("desk.change_memo", gettext_lazy("แก้เรื่องที่ร่าง"), capability=WRITE)
def change_memo(
    *, actor: Actor, matter: Matter, subject: str, body: str, files: Iterable[Any] = ()
) -> Matter:
    """Change the words while the memo lies with its drafter. Once sent or decided it stays as it was read."""
    step = draft_step(matter)
    if step is None:
        raise Conflict(_("เรื่องเสนอไปแล้ว แก้ข้อความไม่ได้ เรียกคืนก่อนผู้รับเปิดอ่าน หรือรอส่งคืน"), code="desk.sent")
    if not actor.is_system and step.post_id not in actor.posts:
        raise Forbidden(_("แก้ได้เฉพาะผู้เริ่มเรื่อง"), code="desk.not_drafter")
    if not subject.strip():
        raise Refusal(_("เขียนชื่อเรื่อง"), code="desk.no_subject", field="subject")
    entry().on(matter)
    save(matter, subject=subject.strip()[:300], body=body.strip())
    for upload in files:
        store(actor=actor, upload=upload, owner=matter)
    describe(actor=actor, run=step.run, title=matter.subject)
    return matter


@verb("desk.give_task", gettext_lazy("มอบหมายงาน"), capability=ORDER)
def give_task(
    *,
    actor: Actor,
    subject: str,
    to: Place,
    body: str = "",
    post: Post | None = None,
    second_hosts: Iterable[Place] = (),
    co_hosts: Iterable[Place] = (),
    mentors: Iterable[Place] = (),
    urgency: int = Urgency.NORMAL,
    due: date | None = None,
    files: Iterable[Any] = (),
) -> Matter:
    """Order a piece of work from a person, a group or a flower team, with co-hosts and a mentor beside it."""
    matter = _begin(actor, MatterKind.TASK, post, subject, body, files)
    run = start(
        actor=actor, flow="desk.task", subject=matter, unit=matter.unit, title=matter.subject,
        source=matter.post.short_title, url=matter.get_absolute_url(), urgency=urgency, due=due, post=matter.post,
    )  # fmt: skip
    assign(
        actor=actor, step=_first(run), to=to, note=body, second_hosts=second_hosts, co_hosts=co_hosts,
        mentors=mentors, due=due,
    )  # fmt: skip
    matter.refresh_from_db()
    return matter


def _first(run: Run) -> Step:
    return Step.objects.get(run=run, decided_at__isnull=True)


def draft_step(matter: Matter) -> Step | None:
    """The open step at which the memo's words may still be changed."""
    return draft_step_of(runs_of(matter).filter(closed_at__isnull=True).first())


def draft_step_of(run: Run | None) -> Step | None:
    """The same of the memo's run, for whoever has it at hand."""
    if run is None or run.closed_at is not None:
        return None
    step = Step.objects.filter(run=run, decided_at__isnull=True, kind="draft", part="holder").first()
    if step is not None:
        step.run = run
    return step
