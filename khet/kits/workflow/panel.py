"""What the actor may do to a run now, and the words on the buttons."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from khet.base.org.api import Actor, Person, Post, Unit, head_post
from khet.kits.workflow.actions import Act, acknowledge, acts, advise, hand, recall, take
from khet.kits.workflow.authority import ground_for
from khet.kits.workflow.bases import Place
from khet.kits.workflow.choices import MAIN_PARTS, Part
from khet.kits.workflow.models import Draft, Phrase, Run, Step
from khet.kits.workflow.moves import place_of
from khet.kits.workflow.names import spoken_name
from khet.kits.workflow.queries import holders_of, returnable
from khet.kits.workflow.rules import TAKE


@dataclass
class Offer:
    """An act offered now; ``label`` names the receiver where there is one: เสนอ รอง ผอ.พรรณี."""

    act: Act
    label: str
    is_main: bool = False

    @property
    def code(self) -> str:
        return self.act.code


@dataclass
class Receiver:
    """A place and how it is spoken of."""

    place: Place
    name: str
    title: str = ""
    kind: str = ""
    step: Step | None = None

    @property
    def key(self) -> str:
        """``post:12`` or ``unit:3``: how forms name a place."""
        return place_key(self.place)


def place_key(place: Place) -> str:
    return f"{'post' if isinstance(place, Post) else 'unit'}:{place.pk}"


@dataclass
class Panel:
    """The decision panel of one actor on one run.

    ``step`` is the actor's open step, None when the matter is with others (then ``where`` says with whom).
    ``main`` is the button drawn big, ``offers`` the rest. ``next`` is the default receiver, ``ahead`` all later
    ones. ``draft`` is what the actor has typed before, ``before`` the newest step with a note.
    """

    run: Run
    step: Step | None = None
    phrase: str = ""
    main: Offer | None = None
    offers: list[Offer] = field(default_factory=list)
    next: Receiver | None = None
    ahead: list[Receiver] = field(default_factory=list)
    earlier: list[Receiver] = field(default_factory=list)
    draft: str = ""
    before: Step | None = None
    phrases: list[str] = field(default_factory=list)
    where: str = ""
    recallable: Step | None = None
    untaken: Step | None = None
    may_hand: bool = False
    others: int = 0

    def offer(self, code: str) -> Offer | None:
        return next((one for one in [self.main, *self.offers] if one and one.code == code), None)

    @property
    def is_mine(self) -> bool:
        return self.step is not None


def panel(actor: Actor, run: Run) -> Panel:
    """What the actor may do to this run now."""
    shown = Panel(run=run)
    steps = list(
        Step.objects.filter(run=run)
        .select_related("post__unit", "unit", "decided_by", "sent_by")
        .order_by("order")
    )
    for step in steps:
        step.run = run
    open_steps = [step for step in steps if step.is_open]
    grounds = {step.pk: ground_for(actor, step) for step in open_steps}
    own = [step for step in open_steps if grounds[step.pk] is not None]
    own.sort(key=lambda step: (not step.is_main, step.order))
    shown.others = max(len(own) - 1, 0)
    main = next((step for step in open_steps if step.is_main), None)
    if main is not None:
        shown.where = _where(main)
    if own:
        step = own[0]
        if step.post_id is None and actor.has(TAKE):
            shown.untaken = step
            head = head_post(step.unit)
            shown.may_hand = head is not None and head.pk in actor.posts
        shown.step = step
        shown.phrase = grounds[step.pk].phrase
        if actor.person is not None:
            shown.draft = (
                Draft.objects.filter(step=step, person=actor.person).values_list("text", flat=True).first()
                or ""
            )
        shown.phrases = list(Phrase.objects.values_list("text", flat=True))
        _offer(shown, run, step)
    noted = [s for s in steps if not s.is_open and s.note and s.act not in {"recall", "lapsed"}]
    shown.before = noted[-1] if noted else None
    if main is not None and main.opened_at is None and main.after_id:
        sent = next((s for s in steps if s.pk == main.after_id), None)
        if (
            sent is not None
            and sent.act != "recall"
            and ground_for(actor, sent) is not None
            and main not in own
        ):
            shown.recallable = sent
    return shown


def _offer(shown: Panel, run: Run, step: Step) -> None:
    kind = step.declared
    if not step.is_main:
        functions = [acknowledge] if step.part == Part.INFORMED else [advise, acknowledge]
    else:
        functions = list(kind.acts)
        _receivers(shown, run, step)
    offers = []
    for function in functions:
        act = function.act
        if function in (take, hand, recall):
            continue
        label = str(act.label)
        if act.code == "return" and not shown.earlier:
            continue
        if act.code in {"submit", "endorse"} and step.is_main:
            if shown.next is None and not kind.ends:
                label = str(_("เสนอ เลือกผู้รับ"))
            elif shown.next is not None:
                label = str(_("เสนอ %(to)s") % {"to": shown.next.name})
        if act.code == "advise" and step.part == Part.MENTOR:
            label = str(_("ให้คำแนะนำ"))
        offers.append(Offer(act, label))
    if offers:
        offers[0].is_main = True
        shown.main, shown.offers = offers[0], offers[1:]


def _receivers(shown: Panel, run: Run, step: Step) -> None:
    flow = run.declared
    places = [(item, place_of(item)) for item in run.plan]
    shown.earlier = [
        Receiver(
            one.post or one.unit,
            one.decided_by.full_name
            if one.decided_by and one.part in MAIN_PARTS
            else spoken_name(one.post or one.unit),
            one.post.title if one.post else one.unit.name,
            step=one,
        )
        for one in returnable(step)
    ]
    people: dict[int, Person] = holders_of(p.pk for _item, p in places if isinstance(p, Post))
    for item, place in places:
        if place is None:
            continue
        person = people.get(place.pk) if isinstance(place, Post) else None
        known = flow.find(item["kind"])
        shown.ahead.append(
            Receiver(
                place,
                spoken_name(place, person) if isinstance(place, Post) else spoken_name(place),
                place.title if isinstance(place, Post) else str(_("เข้ากลุ่ม")),
                str(known.label) if known else "",
            )
        )
    shown.next = shown.ahead[0] if shown.ahead else None


def _where(step: Step) -> str:
    if step.post is None:
        return step.unit.name
    person = holders_of([step.post_id]).get(step.post_id)
    return (
        f"{person.full_name} {step.post.short_title}"
        if person
        else str(_("%(post)s (ว่าง เรื่องขึ้นไปที่ผู้บังคับบัญชา)") % {"post": step.post.title})
    )


def parse_place(key: str) -> Place | None:
    """``post:12`` or ``unit:3`` from a form, as the place it names today."""
    kind, _colon, number = key.partition(":")
    if not number.isdigit():
        return None
    if kind == "post":
        return Post.objects.on().filter(pk=number).select_related("unit__overseer", "unit__parent").first()
    if kind == "unit":
        return Unit.objects.on().filter(pk=number).select_related("overseer", "parent").first()
    return None


__all__ = ["Offer", "Panel", "Receiver", "acts", "panel", "parse_place", "place_key"]
