"""Everything a page needs to draw one run, loaded once: steps, who holds the posts, whom one may choose."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet

from khet.base.org.api import Actor, Holding, Person, Post, Unit, today
from khet.base.org.choices import UnitKind
from khet.kits.workflow.authority import covered_posts
from khet.kits.workflow.bases import Place
from khet.kits.workflow.choices import MAIN_PARTS
from khet.kits.workflow.models import Run, Step
from khet.kits.workflow.rules import run_filter

_GROUPS = (UnitKind.GROUP, UnitKind.TEAM, UnitKind.COMMITTEE)


@dataclass
class Choice:
    """One place in a picker: ``key`` goes into the form, ``label`` is read."""

    key: str
    label: str
    place: Place


@dataclass
class ChoiceGroup:
    label: str
    choices: list[Choice] = field(default_factory=list)


def _whole(steps: QuerySet[Step]) -> QuerySet[Step]:
    return steps.select_related("post__unit", "unit", "decided_by", "sent_by", "sent_post").order_by("order")


class Picture:
    def __init__(self, run: Run) -> None:
        self.run = run

    @cached_property
    def steps(self) -> list[Step]:
        steps = list(_whole(Step.objects.filter(run=self.run)))
        for step in steps:
            step.run = self.run
        return steps

    def has_unopened(self, actor: Actor) -> bool:
        """Whether an open step of the actor's has never been looked at."""
        posts = {*actor.posts, *covered_posts(actor)}
        return any(s.is_open and s.opened_at is None and s.post_id in posts for s in self.steps)

    def forget(self) -> None:
        """The steps changed: load them again when next asked."""
        for name in ("steps", "holdings", "holders"):
            self.__dict__.pop(name, None)

    def lend_route(self) -> None:
        """Let the small route be drawn from what is loaded here."""
        if not hasattr(self.run, "chain"):
            self.run.chain = [step for step in self.steps if step.part in MAIN_PARTS]
            self.run.people = self.holders

    @property
    def main(self) -> Step | None:
        return next((s for s in reversed(self.steps) if s.is_open and s.part in MAIN_PARTS), None)

    @cached_property
    def ahead(self) -> list[tuple[dict[str, Any], Place | None]]:
        """The plan with its places as they are today."""
        plan = self.run.plan
        posts_wanted = [item["post"] for item in plan if item.get("post")]
        units_wanted = [item["unit"] for item in plan if item.get("unit")]
        day = today()
        posts = {
            holding.post_id: holding.post
            for holding in self.holdings
            if holding.post_id in posts_wanted
            and holding.post.since <= day
            and (holding.post.until is None or holding.post.until >= day)
        }
        # Posts that nobody holds are rare enough to be asked for apart.
        if vacant := [pk for pk in posts_wanted if pk not in posts]:
            posts |= {p.pk: p for p in Post.objects.on().filter(pk__in=vacant).select_related("unit")}
        units = {u.pk: u for u in Unit.objects.on().filter(pk__in=units_wanted)} if units_wanted else {}
        return [
            (item, posts.get(item["post"]) if item.get("post") else units.get(item.get("unit")))
            for item in plan
        ]

    @cached_property
    def holdings(self) -> list[Holding]:
        """Who holds the posts of the steps, of the plan and of the house today, with post and unit, in one query."""
        wanted = {s.post_id for s in self.steps if s.post_id}
        plan = self.run.plan if self.run is not None else []  # a form that asks only for the house has no run
        wanted |= {item["post"] for item in plan if item.get("post")}
        wanted |= {post.pk for post in self.__dict__.get("house_posts", ())}
        if not wanted:
            return []
        rows = Holding.objects.on().filter(post__in=wanted).select_related("person", "post__unit")
        return list(rows.order_by("since"))

    @cached_property
    def holders(self) -> dict[int, Person]:
        return {holding.post_id: holding.person for holding in self.holdings}

    def person(self, place: Place | None) -> Person | None:
        return self.holders.get(place.pk) if isinstance(place, Post) else None

    # Whom one may choose: everybody of the same house, a school's own people or the office's

    def load_house(self, unit: Unit) -> None:
        """Load the posts and units of the house of ``unit``; ask before ``holders`` so that all are found at once."""
        posts = (
            Post.objects.on().select_related("unit").order_by("unit__position", "unit__pk", "position", "pk")
        )
        if unit.kind == UnitKind.SCHOOL:
            self.house_posts = list(posts.filter(unit=unit))
            self.house_units: list[Unit] = []
        else:
            self.house_posts = list(posts.exclude(unit__kind=UnitKind.SCHOOL))
            units = Unit.objects.on().filter(kind__in=_GROUPS).order_by("position", "name")
            self.house_units = sorted(units, key=lambda unit: _GROUPS.index(unit.kind))
        self.__dict__.pop("holdings", None)
        self.__dict__.pop("holders", None)

    def post_label(self, post: Post) -> str:
        person = self.holders.get(post.pk)
        return f"{person.full_name} · {post.short_title}" if person else f"{post.short_title} (ว่าง)"

    def post_choices(self, *, but: Place | None = None, unit: Unit | None = None) -> list[ChoiceGroup]:
        """Posts by unit."""
        groups: dict[int, ChoiceGroup] = {}
        for post in self.house_posts:
            if post == but or (unit is not None and post.unit_id != unit.pk):
                continue
            group = groups.setdefault(post.unit_id, ChoiceGroup(post.unit.short_name or post.unit.name))
            group.choices.append(Choice(f"post:{post.pk}", self.post_label(post), post))
        return list(groups.values())

    def place_choices(self, *, but: Place | None = None) -> list[ChoiceGroup]:
        """Groups and teams first, then posts by unit."""
        kinds: dict[str, ChoiceGroup] = {}
        for unit in self.house_units:
            if unit != but:
                group = kinds.setdefault(unit.kind, ChoiceGroup(str(UnitKind(unit.kind).label)))
                group.choices.append(Choice(f"unit:{unit.pk}", unit.name, unit))
        return [*kinds.values(), *self.post_choices(but=but)]


def picture_of(run: Run) -> Picture:
    """The picture of this run object, made once (a page draws route, timeline and panel from one)."""
    known = run.__dict__.get("_picture")
    if known is None:
        known = run.__dict__["_picture"] = Picture(run)
    return known


def shown_run(actor: Actor, record: Model) -> Run | None:
    """The run of a record that its page shows, of those the actor sees: the newest open one, else the newest.

    It comes with its steps, in one query.
    """
    seen = Run.objects.filter(
        run_filter(actor), subject_label=record._meta.label_lower, subject_id=record.pk
    ).order_by()
    runs: dict[int, Run] = {}
    steps: dict[int, list[Step]] = {}
    for step in _whole(Step.objects.filter(run__in=seen.values("pk"))).select_related("run__unit"):
        step.run = runs.setdefault(step.run_id, step.run)
        steps.setdefault(step.run_id, []).append(step)
    if not runs:
        return None
    run = min(runs.values(), key=lambda run: (run.closed_at is not None, -run.pk))
    picture_of(run).__dict__["steps"] = steps[run.pk]
    return run
