"""Writing: drafts, the chain up, and the moment of signing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.org.api import Actor, Capacity, Post, Unit, can, entry, forbidden, save, today, verb
from khet.base.org.choices import DelegationKind, HoldingKind
from khet.kits.files.api import attachments, remove
from khet.kits.search.api import index
from khet.modules.letters import papers
from khet.modules.letters.actions.dispatching import deliver
from khet.modules.letters.choices import LetterKind, LetterState, Origin
from khet.modules.letters.models import Entry, Letter, Scratch
from khet.modules.letters.numbers import bureau_of, run_for, take, written
from khet.modules.letters.rules import DRAFT, SIGN
from khet.modules.letters.wording import clean_body, tidy, tidy_number

#: What a drafter may set; anything else sent by a form is not taken.
DRAFT_FIELDS = frozenset(
    {
        "kind",
        "is_circular",
        "to_text",
        "subject",
        "speed",
        "secrecy",
        "references",
        "enclosures",
        "body",
        "closing",
        "answer_by",
        "to_units",
        "send_when_signed",
        "signer_post_id",
    }
)
_LINES = frozenset({"to_text", "subject", "closing"})


def _tidied(fields: dict[str, Any]) -> dict[str, Any]:
    unknown = fields.keys() - DRAFT_FIELDS
    if unknown:
        raise TypeError(f"not a drafter's field: {sorted(unknown)}")
    result = dict(fields)
    for name in _LINES & fields.keys():
        result[name] = tidy(fields[name])
    for name in {"references", "enclosures"} & fields.keys():
        result[name] = [line for line in (tidy(text) for text in fields[name]) if line]
    if "body" in fields:
        result["body"] = clean_body(fields["body"])
    return result


@verb("letters.draft", _("ร่างหนังสือ"), capability=DRAFT, on="unit")
def draft(
    *,
    actor: Actor,
    unit: Unit,
    issuer: Unit | None = None,
    post: Post | None = None,
    answers: Letter | None = None,
    corrects: Letter | None = None,
    form_key: str | None = None,
    **fields: Any,
) -> Letter:
    """Begin a letter of ``unit``; it goes out in the name of ``issuer`` (default: the unit with a register above).

    ``post``: the drafter's post, default the actor's own in the unit. ``answers``: the letter it replies to.
    """
    if form_key:
        before = Letter.objects.filter(form_key=form_key, unit=unit).first()
        if before:
            return before
    bureau = bureau_of(issuer or unit)
    drafter = post or next((c.post for c in actor.capacities if c.post and c.unit.pk == unit.pk), None)
    drafter = drafter or actor.main_post
    letter = Letter(
        origin=Origin.HERE,
        state=LetterState.DRAFT,
        unit=unit,
        issuer=bureau.unit,
        from_text=bureau.unit.name,
        drafter_post=drafter,
        answers=answers,
        corrects=corrects,
        form_key=form_key,
        **{"kind": LetterKind.EXTERNAL, **_tidied(fields)},
    )
    letter.clean_fields(exclude=["to_text", "subject", "number_text", "paper"])
    letter.save()
    index(Letter, [letter.pk])
    entry().on(letter, unit)
    return letter


def _editable(letter: Letter) -> Letter:
    """The letter's current row, locked, if its words may still change."""
    current = (
        Letter.objects.select_for_update(of=("self",)).select_related("unit", "issuer").get(pk=letter.pk)
    )
    if current.is_frozen:
        raise Conflict(
            _("หนังสือนี้เสนอหรือลงนามแล้ว แก้ข้อความไม่ได้ ขอให้ผู้ถือเรื่องส่งคืน หรือทำฉบับแก้ไข"), code="letters.frozen"
        )
    return current


@verb("letters.rewrite", _("แก้ร่างหนังสือ"), capability=DRAFT, on="letter")
def rewrite(*, actor: Actor, letter: Letter, version: int | None = None, **fields: Any) -> Letter:
    """Change a draft. ``version`` is the one the editor began with: a change made elsewhere is never lost."""
    current = _editable(letter)
    if version is not None and version != current.version:
        raise Conflict(
            _("มีผู้แก้ร่างนี้หลังจากคุณเปิด ข้อความของคุณยังอยู่ด้านล่าง เปิดร่างล่าสุดเทียบก่อนบันทึก"),
            code="letters.edited_elsewhere",
        )
    values = _tidied(fields)
    if "signer_post_id" in values:
        chosen = values.pop("signer_post_id")
        values["signer_post"] = Post.objects.on().filter(pk=chosen).first() if chosen else None
    changed = save(current, **values)
    if "body" in changed:
        entry().changes["body"] = ["…", "…"]
    if changed:
        current.version += 1
        current.save(update_fields=["version", "updated_at"])
        index(Letter, [current.pk])
    if actor.person:
        Scratch.objects.filter(letter=current, person=actor.person).delete()
    return current


def keep_scratch(*, actor: Actor, letter: Letter, values: dict[str, Any]) -> Scratch:
    """Not a verb: a person's own unsaved words, seen by nobody else, gone with the next save."""
    kept, _made = Scratch.objects.update_or_create(
        letter=letter, person=actor.person, defaults={"values": values}
    )
    return kept


@verb("letters.enclose", _("แนบสิ่งที่ส่งมาด้วย"), capability=DRAFT, on="letter")
def enclose(*, actor: Actor, letter: Letter, uploads: Iterable[Any]) -> int:
    """Hang files on a draft that go out with it; returns how many."""
    current = _editable(letter)
    uploads = list(uploads)
    papers.keep(actor=actor, letter=current, enclosures=uploads)
    entry().tell(count=len(uploads))
    return len(uploads)


@verb("letters.unclose", _("นำสิ่งที่ส่งมาด้วยออก"), capability=DRAFT, on="letter")
def unclose(*, actor: Actor, letter: Letter, public_id: str) -> None:
    """Take a file off a draft."""
    current = _editable(letter)
    held = next(
        (file for file in attachments(current, papers.ENCLOSURE) if file.public_id == public_id), None
    )
    if held is None:
        raise NotFound(_("ไม่พบแฟ้มนี้ อาจนำออกไปแล้ว"), code="not_found")
    remove(actor=actor, attachment=held)


@verb("letters.discard", _("ทิ้งร่างหนังสือ"), capability=DRAFT, on="letter")
def discard(*, actor: Actor, letter: Letter, reason: str = "") -> Letter:
    """Give up a draft that has no number. The row stays, marked cancelled."""
    current = _editable(letter)
    save(current, state=LetterState.CANCELLED, cancel_reason=tidy(reason)[:300] or str(_("ทิ้งร่าง")))
    return current


def complete(letter: Letter) -> None:
    """Refuse a letter that is not ready to be shown to a superior."""
    for name, sentence in (
        ("subject", _("กรอกเรื่องของหนังสือก่อนเสนอ")),
        ("to_text", _("กรอกคำขึ้นต้น เรียน ก่อนเสนอ")),
        ("body", _("เขียนข้อความของหนังสือก่อนเสนอ")),
    ):
        if not getattr(letter, name) and not (name == "to_text" and letter.kind in _WITHOUT_ADDRESSEE):
            raise Refusal(sentence, code="letters.incomplete", field=name)


_WITHOUT_ADDRESSEE = {LetterKind.ORDER, LetterKind.ANNOUNCEMENT, LetterKind.CERTIFICATE}


@override("th")  # printed on the paper
def signer_lines(capacity: Capacity, person_post: Post | None) -> list[str]:
    """What stands under the signature: the signer's own position, then on what authority.

    Own post: one line. รักษาราชการแทน, ปฏิบัติราชการแทน, รักษาการในตำแหน่ง: own position, the word, the post.
    """
    post = capacity.post
    if post is None or capacity.kind == HoldingKind.SUBSTANTIVE:
        return [post.title] if post else []
    word = (
        HoldingKind(capacity.kind).label
        if capacity.kind == HoldingKind.CARETAKER
        else DelegationKind(capacity.kind).label
    )
    own = [person_post.title] if person_post and person_post.pk != post.pk else []
    return [*own, str(word), post.title]


@verb("letters.sign", _("ลงนามหนังสือ"), capability=SIGN, fresh=True)
def issue(*, actor: Actor, letter: Letter, post: Post) -> Letter:
    """Sign in the place of ``post``: the number is taken, the paper made and frozen, and the letter sent if so set.

    Whoever signs holds the post or acts for it today; the paper says which.
    """
    current = (
        Letter.objects.select_for_update(of=("self",)).select_related("unit", "issuer").get(pk=letter.pk)
    )
    if current.state not in {LetterState.IN_ROUTE, LetterState.DRAFT} or current.number_text:
        raise Conflict(_("หนังสือนี้ลงนามหรือยกเลิกไปแล้ว"), code="letters.signed_already")
    if current.state == LetterState.DRAFT and current.drafter_post_id != post.pk:
        raise Conflict(_("หนังสือนี้ยังไม่ได้เสนอ ให้ผู้ร่างเสนอก่อนลงนาม"), code="letters.not_submitted")
    capacity = actor.posts.get(post.pk)
    if capacity is None and not actor.is_system:
        raise forbidden(SIGN, current)
    if not actor.is_system and not can(actor, SIGN, post.unit):
        raise forbidden(SIGN, post.unit)
    complete(current)
    bureau = bureau_of(current.issuer or current.unit)
    run = run_for(current.kind, current.is_circular)
    taken = take(bureau.unit_id, run, secret=current.is_secret)
    now = timezone.now()
    save(
        current,
        state=LetterState.SIGNED,
        number_text=tidy_number(written(bureau, current, run, taken.first, taken.year)),
        dated_on=today(),
        signer=actor.person,
        signer_post=post,
        signer_lines=signer_lines(capacity, actor.main_post) if capacity else [post.title],
        signed_at=now,
    )
    Entry.objects.create(
        register_id=taken.register_id,
        number=taken.first,
        letter=current,
        taken_at=now,
        taken_by=actor.person,
    )
    entry().on(current, current.unit)
    entry().tell(number=current.number_text, year=taken.year)
    fingerprint = papers.freeze(actor=actor, letter=current, bureau=bureau)
    entry().tell(paper=fingerprint)
    index(Letter, [current.pk])
    if current.send_when_signed and current.to_units:
        deliver(actor=actor, letter=current, units=current.to_units)
    return current


@verb("letters.submit", _("เสนอหนังสือ"), capability=DRAFT, on="letter")
def submit(*, actor: Actor, letter: Letter, note: str = "") -> Letter:
    """Send a draft up the chain; from here its words stand still until somebody returns it."""
    from khet.modules.letters.flows import begin  # noqa: PLC0415 - the flow calls ``issue`` back

    current = _editable(letter)
    if not actor.is_system and current.drafter_post_id not in actor.posts:
        raise Forbidden(
            _("ผู้ร่างเป็นผู้เสนอ: %(post)s") % {"post": current.drafter_post}, code="letters.not_drafter"
        )
    complete(current)
    save(current, state=LetterState.IN_ROUTE)
    begin(actor=actor, letter=current, note=note)
    return current
