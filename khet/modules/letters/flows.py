"""The two routes of a letter: up to be signed, and through the office once received."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.base.org.api import Actor, Post, Unit, head_post, save
from khet.kits.workflow.api import (
    Flow,
    Moved,
    Run,
    Step,
    StepKind,
    acknowledge,
    ask,
    assign,
    declare,
    drafter,
    endorse,
    finish,
    forward,
    give_back,
    hand,
    recall,
    same_house,
    sign,
    start,
    submit,
    take,
    to_deputy,
    to_head,
    to_top,
    withdraw,
)
from khet.kits.workflow.bases import Place
from khet.kits.workflow.choices import Shape
from khet.modules.letters.choices import LetterState
from khet.modules.letters.models import Letter


class SigningState(models.TextChoices):
    DRAFTING = "drafting", _("ร่าง")
    MOVING = "moving", _("กำลังเสนอ")
    SIGNING = "signing", _("รอลงนาม")
    RETURNED = "returned", _("ส่งคืนให้แก้")
    SIGNED = "signed", _("ลงนามแล้ว")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "ถอนเรื่อง")


class IncomingState(models.TextChoices):
    RECEIVED = "received", _("ลงรับแล้ว")
    MOVING = "moving", _("กำลังเสนอ")
    DECIDING = "deciding", _("รอสั่งการ")
    DOING = "doing", _("กำลังดำเนินการ")
    RETURNED = "returned", pgettext_lazy("state", "ส่งคืน")
    DONE = "done", pgettext_lazy("state", "ปิดเรื่อง")


def letter_of(run: Run) -> Letter:
    """The letter of a run, loaded once for the run."""
    known = run.__dict__.get("_letter")
    if known is None:
        known = Letter.objects.select_related("unit__overseer", "issuer", "signer_post").get(
            pk=run.subject_id
        )
        run.__dict__["_letter"] = known
    return known


def signing_post(letter: Letter) -> Post | None:
    """Who is to sign: the post the drafter chose, else the head of the house in whose name it goes out."""
    if letter.signer_post_id:
        return letter.signer_post
    return head_post(letter.issuer) if letter.issuer else head_post(letter.unit)


def signer(run: Run, before: Place | None) -> Place | None:
    return signing_post(letter_of(run))


def head(run: Run, before: Place | None) -> Place | None:
    """The head of the drafting group; nobody where the head is the one who signs."""
    found = head_post(run.unit)
    return None if found == signing_post(letter_of(run)) else found


def deputy(run: Run, before: Place | None) -> Place | None:
    """The deputy over the drafting group, when the paper goes up to the director."""
    overseer = run.unit.overseer
    last = signing_post(letter_of(run))
    if overseer is None or last is None or overseer == last or last == head_post(run.unit):
        return None
    return overseer


_UP = (endorse, give_back, forward, ask, recall)

SIGNING = declare(
    Flow(
        code="letters.signing",
        version=1,
        label=_("เสนอลงนาม"),
        states=SigningState,
        shapes={
            SigningState.DRAFTING: Shape.DRAFT,
            SigningState.MOVING: Shape.FULL,
            SigningState.SIGNING: Shape.HALF,
            SigningState.RETURNED: Shape.RETURNED,
            SigningState.SIGNED: Shape.DONE,
            SigningState.WITHDRAWN: Shape.VOID,
        },
        steps=(
            StepKind(
                "draft", _("ร่าง"), state=SigningState.DRAFTING, decider=drafter, ask=_("แก้ร่าง"),
                acts=(submit, withdraw, ask, recall),
            ),
            StepKind(
                "head", _("หัวหน้ากลุ่มลงความเห็น"), state=SigningState.MOVING, decider=head, ask=_("ลงความเห็น"),
                acts=_UP, passes=same_house, days=1,
            ),
            StepKind(
                "deputy", _("รอง ผอ. ลงความเห็น"), state=SigningState.MOVING, decider=deputy, ask=_("ลงความเห็น"),
                acts=_UP, passes=same_house, days=1,
            ),
            StepKind(
                "sign", _("ลงนาม"), state=SigningState.SIGNING, decider=signer, ask=_("ลงนาม"),
                acts=(sign, give_back, ask, forward), capability="letters.sign", ends=SigningState.SIGNED,
                passes=same_house, passed_as="deputy", own_request=True, days=1,
            ),
        ),
        closed=SigningState.SIGNED,
        withdrawn=SigningState.WITHDRAWN,
        returned=SigningState.RETURNED,
        after=lambda moved: when_signing_moves(moved),
    )
)  # fmt: skip


def when_signing_moves(moved: Moved) -> None:
    """The letter follows its route: returned to its drafter, withdrawn, or signed."""
    from khet.modules.letters.actions.writing import issue  # noqa: PLC0415 - writing begins the flow

    letter = letter_of(moved.run)
    if moved.act is sign and moved.ended and moved.step is not None:
        issue(actor=moved.actor, letter=letter, post=moved.step.post)
    elif moved.act is withdraw:
        save(letter, state=LetterState.DRAFT)
    elif moved.act in (give_back, recall):
        back = any(step.kind == "draft" for step in moved.opened)
        save(letter, state=LetterState.RETURNED if back else LetterState.IN_ROUTE)
    elif moved.act is submit:
        save(letter, state=LetterState.IN_ROUTE)


def begin(*, actor: Actor, letter: Letter, note: str = "") -> Run:
    """Send a draft up: a new run, or the one that came back to its drafter goes on."""
    waiting = (
        Step.objects.filter(
            run__flow=SIGNING.code,
            run__subject_label=letter._meta.label_lower,
            run__subject_id=letter.pk,
            run__closed_at__isnull=True,
            decided_at__isnull=True,
            kind="draft",
        )
        .select_related("run")
        .first()
    )
    if waiting is None:
        run = start(
            actor=actor,
            flow=SIGNING.code,
            subject=letter,
            unit=letter.unit,
            title=letter.subject,
            source=letter.from_text,
            url=f"/letters/{letter.pk}/",
            urgency=letter.speed,
            secrecy=letter.secrecy,
            post=letter.drafter_post,
        )
        waiting = Step.objects.get(run=run, decided_at__isnull=True, kind="draft")
    return submit(actor=actor, step=waiting, note=note)


def registry(run: Run, before: Place | None) -> Place | None:
    """Where a received letter starts: the unit that registered it."""
    return run.unit


_WORK = (take, hand, endorse, forward, assign, ask, acknowledge, give_back, finish, recall)

INCOMING = declare(
    Flow(
        code="letters.incoming",
        version=1,
        label=_("หนังสือรับ"),
        states=IncomingState,
        shapes={
            IncomingState.RECEIVED: Shape.FULL,
            IncomingState.MOVING: Shape.FULL,
            IncomingState.DECIDING: Shape.HALF,
            IncomingState.DOING: Shape.QUARTER,
            IncomingState.RETURNED: Shape.RETURNED,
            IncomingState.DONE: Shape.CLOSED,
        },
        steps=(
            StepKind(
                "registry", _("สารบรรณลงรับ"), state=IncomingState.RECEIVED, decider=registry, ask=_("ส่งเข้ากลุ่ม"),
                acts=(take, endorse, forward, finish, recall), passes=same_house, passed_as="group",
            ),
            StepKind(
                "group", _("กลุ่มพิจารณา"), state=IncomingState.MOVING, decider=registry, ask=_("ลงความเห็น"),
                acts=_WORK, passes=same_house, on_route=False, down="do",
            ),
            StepKind(
                "head", _("หัวหน้ากลุ่มลงความเห็น"), state=IncomingState.MOVING, decider=to_head, ask=_("ลงความเห็น"),
                acts=(endorse, give_back, forward, assign, ask, finish, recall), passes=same_house,
                passed_as="group", down="do", days=1,
            ),
            StepKind(
                "deputy", _("รอง ผอ. ลงความเห็น"), state=IncomingState.MOVING, decider=to_deputy, ask=_("ลงความเห็น"),
                acts=(endorse, give_back, forward, assign, ask, finish, recall), passes=same_house,
                passed_as="group", down="do", days=1,
            ),
            StepKind(
                "decide", _("สั่งการ"), state=IncomingState.DECIDING, decider=to_top, ask=_("สั่งการ"),
                acts=(assign, acknowledge, give_back, forward, ask, finish), passes=same_house, passed_as="group",
                down="do", ends=IncomingState.DONE, days=1,
            ),
            StepKind(
                "do", _("ดำเนินการ"), state=IncomingState.DOING, decider=registry, ask=_("ดำเนินการ"),
                acts=(take, hand, finish, forward, assign, ask, give_back, acknowledge), passes=same_house,
                ends=IncomingState.DONE, on_route=False, down="do",
            ),
        ),
        closed=IncomingState.DONE,
        returned=IncomingState.RETURNED,
        after=lambda moved: when_incoming_moves(moved),
    )
)  # fmt: skip


def when_incoming_moves(moved: Moved) -> None:
    """A paper from outside closes with its route. A letter of the system is its sender's and stays as it is."""
    if not moved.ended:
        return
    letter = letter_of(moved.run)
    if letter.state == LetterState.RECEIVED:
        save(letter, state=LetterState.CLOSED)


def send_inside(
    *, actor: Actor, letter: Letter, unit: Unit, to: Place, note: str = "", post: Post | None = None
) -> Run:
    """Start a received letter on its way inside ``unit``: to a group's inbox or to one post."""
    return start(
        actor=actor,
        flow=INCOMING.code,
        subject=letter,
        unit=unit,
        title=letter.subject,
        source=" ".join(filter(None, [letter.from_text, letter.number_text])),
        url=f"/letters/{letter.pk}/",
        urgency=letter.speed,
        secrecy=letter.secrecy,
        due=letter.answer_by,
        post=post,
        kind="group",
        to=to,
        request=note,
    )
