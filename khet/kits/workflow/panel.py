"""What the actor may do to a run now, and the words on the buttons."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Value
from django.urls import reverse
from django.utils.translation import gettext as _

from khet.base.org.api import Actor, Post, Unit, head_post
from khet.kits.workflow.actions import Act, acknowledge, acts, advise, hand, recall, take
from khet.kits.workflow.authority import ground_for
from khet.kits.workflow.bases import Place
from khet.kits.workflow.choices import Part
from khet.kits.workflow.models import Draft, Phrase, Run, Step
from khet.kits.workflow.names import spoken_name
from khet.kits.workflow.picture import ChoiceGroup, Picture
from khet.kits.workflow.queries import returnable
from khet.kits.workflow.rules import TAKE


@dataclass
class Offer:
    """An act offered now; ``label`` names the receiver where there is one: เสนอ รอง ผอ.พรรณี."""

    act: Act
    label: str
    is_main: bool = False
    url: str = ""

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


FOLDED = frozenset({"return", "forward", "assign", "ask"})


def act_url(step: Step, code: str) -> str:
    return reverse("workflow:act", args=[step.pk, code])


def place_key(place: Place) -> str:
    return f"{'post' if isinstance(place, Post) else 'unit'}:{place.pk}"


@dataclass
class Panel:
    """The decision panel of one actor on one run.

    ``step`` is the actor's open step, None when the matter is with others (then ``where`` says with whom).
    ``main`` is the button drawn big, ``offers`` the rest. ``next`` is the default receiver, ``ahead`` all later
    ones. ``choices`` are places to choose from (``unit_choices``: posts of the unit, for its head handing out an
    untaken step). ``draft`` is what the actor has typed before, ``before`` the newest step with a note.
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
    choices: list[ChoiceGroup] = field(default_factory=list)
    post_choices: list[ChoiceGroup] = field(default_factory=list)
    unit_choices: list[ChoiceGroup] = field(default_factory=list)
    others: int = 0

    def offer(self, code: str) -> Offer | None:
        return next((one for one in [self.main, *self.offers] if one and one.code == code), None)

    @property
    def is_mine(self) -> bool:
        return self.step is not None

    @property
    def plain_offers(self) -> list[Offer]:
        """Acts that need nothing but the note: buttons beside the main one."""
        return [one for one in self.offers if one.code not in FOLDED]

    @property
    def folded_offers(self) -> list[Offer]:
        """Acts that ask for more: each opens its own rows. The main one too, when it names a receiver first."""
        main = [self.main] if self.main and self.main.code in FOLDED else []
        return [*main, *(one for one in self.offers if one.code in FOLDED)]

    @property
    def main_folded(self) -> bool:
        """Whether the main act asks for a receiver first and so has no button of its own on top."""
        return self.main is not None and self.main.code in FOLDED

    @property
    def must_choose(self) -> bool:
        """Nobody comes next by itself, yet the matter is to go on: the holder chooses."""
        return (
            self.next is None
            and self.main is not None
            and self.main.code in {"submit", "endorse"}
            and self.step is not None
            and not self.step.declared.ends
        )

    @property
    def skippable(self) -> bool:
        """Whether the holder may choose a later stop than the next."""
        return self.step is not None and self.step.declared.passes is not None and len(self.ahead) > 1

    @property
    def take_url(self) -> str:
        return act_url(self.step, "take") if self.step else ""

    @property
    def hand_url(self) -> str:
        return act_url(self.step, "hand") if self.step else ""


def panel(actor: Actor, run: Run, picture: Picture | None = None) -> Panel:
    """What the actor may do to this run now."""
    seen = picture or Picture(run)
    shown = Panel(run=run)
    open_steps = [step for step in seen.steps if step.is_open]
    grounds = {step.pk: ground_for(actor, step) for step in open_steps}
    own = [step for step in open_steps if grounds[step.pk] is not None]
    own.sort(key=lambda step: (not step.is_main, step.order))
    shown.others = max(len(own) - 1, 0)
    main = seen.main
    if own:
        step = own[0]
        seen.load_house(step.unit)
        shown.step = step
        shown.phrase = grounds[step.pk].phrase
        shown.choices = seen.place_choices(but=step.post or step.unit)
        shown.post_choices = seen.post_choices(but=step.post)
        if step.post_id is None and actor.has(TAKE):
            shown.untaken = step
            head = head_post(step.unit)
            if head is not None and head.pk in actor.posts:
                shown.unit_choices = seen.post_choices(unit=step.unit)
        shown.draft, shown.phrases = _words(actor, step)
        _offer(shown, seen, step)
    if main is not None:
        shown.where = _where(main, seen)
    noted = [s for s in seen.steps if not s.is_open and s.note and s.act not in {"recall", "lapsed"}]
    shown.before = noted[-1] if noted else None
    if main is not None and main.opened_at is None and main.after_id and main not in own:
        sent = next((s for s in seen.steps if s.pk == main.after_id), None)
        if sent is not None and sent.act != "recall" and ground_for(actor, sent) is not None:
            shown.recallable = sent
    return shown


def _words(actor: Actor, step: Step) -> tuple[str, list[str]]:
    """What the actor has typed before, and the office's quick phrases in order; one query."""
    typed = (
        Draft.objects.filter(step=step, person=actor.person)
        .order_by()
        .annotate(place=Value(-1), last=Value(0))
        .values_list("place", "last", "text")
    )
    phrases = Phrase.objects.order_by().values_list("position", "pk", "text")
    rows = sorted(typed.union(phrases, all=True))
    draft = next((text for place, _last, text in rows if place < 0), "")
    return draft, [text for place, _last, text in rows if place >= 0]


def _offer(shown: Panel, seen: Picture, step: Step) -> None:
    kind = step.declared
    if step.is_main:
        functions = list(kind.acts)
        _receivers(shown, seen, step)
    else:
        functions = [acknowledge] if step.part == Part.INFORMED else [advise, acknowledge]
    offers = []
    for function in functions:
        act = function.act
        label = str(act.label)
        if function in (take, hand, recall) or (act.code == "return" and not shown.earlier):
            continue
        if act.code in {"submit", "endorse"}:
            if shown.next is not None:
                label = str(_("เสนอ %(to)s") % {"to": shown.next.name})
            elif kind.ends:
                label = str(_("เสร็จสิ้น"))
            else:
                label = str(_("เสนอต่อผู้อื่น"))
        elif act.code == "advise" and step.part == Part.MENTOR:
            label = str(_("ให้คำแนะนำ"))
        elif act.code == "advise" and step.part in (Part.CO_HOST, Part.SECOND_HOST):
            label = str(_("รายงานส่วนของฉัน"))
        offers.append(Offer(act, label, url=act_url(step, act.code)))
    if offers:
        offers[0].is_main = True
        shown.main, shown.offers = offers[0], offers[1:]


def _receivers(shown: Panel, seen: Picture, step: Step) -> None:
    flow = seen.run.declared
    shown.earlier = [
        Receiver(
            one.post or one.unit,
            one.decided_by.name
            if one.decided_by
            else spoken_name(one.post or one.unit, seen.person(one.post)),
            one.post.short_title if one.post else one.unit.name,
            step=one,
        )
        for one in returnable(step, seen.steps)
    ]
    for item, place in seen.ahead:
        if place is None:
            continue
        kind = flow.find(item["kind"])
        shown.ahead.append(
            Receiver(
                place,
                spoken_name(place, seen.person(place)),
                place.title if isinstance(place, Post) else str(_("เข้ากลุ่ม")),
                str(kind.label) if kind else "",
            )
        )
    shown.next = shown.ahead[0] if shown.ahead else None


def _where(step: Step, seen: Picture) -> str:
    if step.post is None:
        return step.unit.name
    person = seen.person(step.post)
    if person is not None:
        return f"{person.name} {step.post.short_title}"
    return str(_("%(post)s (ว่าง เรื่องขึ้นไปที่ผู้บังคับบัญชา)") % {"post": step.post.title})


def parse_place(key: str) -> Place | None:
    """``post:12`` or ``unit:3`` from a form, as the place it names today."""
    kind, _colon, number = key.partition(":")
    if not number.isdecimal():
        return None
    if kind == "post":
        return Post.objects.on().filter(pk=number).select_related("unit__overseer", "unit__parent").first()
    if kind == "unit":
        return Unit.objects.on().filter(pk=number).select_related("overseer", "parent").first()
    return None


__all__ = ["Offer", "Panel", "Receiver", "acts", "panel", "parse_place", "place_key"]
