"""Reads: inboxes, what one waits for, timelines, load. Lists cost the same number of queries at any length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from khet.base.org.api import Actor, Holding, Person, Post, Unit
from khet.base.org.choices import UnitKind
from khet.kits.workflow.authority import in_my_groups, mine
from khet.kits.workflow.choices import MAIN_PARTS, Part, Urgency
from khet.kits.workflow.models import Run, Step
from khet.kits.workflow.rules import run_filter


def _rows(steps: QuerySet[Step]) -> QuerySet[Step]:
    return steps.select_related("run__unit", "post__unit", "unit", "sent_by", "sent_post").order_by(
        F("due_at").asc(nulls_last=True), "-run__urgency", "arrived_at", "pk"
    )


def inbox(actor: Actor) -> QuerySet[Step]:
    """Open steps that wait for the actor: own posts, posts acted for, vacant posts below. Soonest due first."""
    return _rows(Step.objects.filter(mine(actor), decided_at__isnull=True))


def group_inbox(actor: Actor) -> QuerySet[Step]:
    """Open steps that lie untaken in the inboxes of the actor's units."""
    return _rows(Step.objects.filter(in_my_groups(actor), decided_at__isnull=True))


def unit_steps(units: Iterable[Unit | int]) -> QuerySet[Step]:
    """Every open step lying in these units, taken or not. The caller has asked whether the actor may read them."""
    return _rows(Step.objects.filter(unit__in=list(units), decided_at__isnull=True))


def waiting(actor: Actor) -> QuerySet[Step]:
    """Open steps of others that carry what the actor drafted or sent on, or answer what the actor asked."""
    posts = [pk for pk, capacity in actor.posts.items() if not capacity.only]
    sent = Step.objects.filter(
        Q(run__drafter__in=posts)
        | Q(sent_post__in=posts)
        | Exists(
            Step.objects.filter(
                run=OuterRef("run"), post__in=posts, decided_at__isnull=False, part__in=MAIN_PARTS
            )
        ),
        decided_at__isnull=True,
    ).exclude(mine(actor))
    sent = sent.filter(Q(part__in=MAIN_PARTS) | Q(sent_post__in=posts)).exclude(part=Part.INFORMED)
    return _rows(sent)


def done_by(actor: Actor, since: datetime) -> QuerySet[Step]:
    """Steps the actor decided since a moment, newest first."""
    if actor.person is None:
        return Step.objects.none()
    return (
        Step.objects.filter(decided_by=actor.person, decided_at__gte=since)
        .select_related("run__unit", "post__unit", "unit")
        .order_by("-decided_at")
    )


def urgent_above(actor: Actor) -> QuerySet[Step]:
    """Most urgent matters that lie with somebody below the actor: they stand on every superior's desk."""
    heads = {
        pk: c.post
        for pk, c in actor.posts.items()
        if c.post and c.post.kind in {"director", "deputy", "head", "principal"}
    }
    if not heads:
        return Step.objects.none()
    condition = Q(pk__in=[])
    for post in heads.values():
        if post.kind == "director":
            condition |= ~Q(unit__kind=UnitKind.SCHOOL)
        elif post.kind == "deputy":
            condition |= Q(unit__overseer=post)
        else:
            condition |= Q(unit=post.unit_id)
    return _rows(
        Step.objects.filter(
            condition,
            run__urgency=Urgency.MOST_URGENT,
            run__closed_at__isnull=True,
            run__secrecy=0,
            decided_at__isnull=True,
            part__in=MAIN_PARTS,
        ).exclude(mine(actor))
    )


def runs_of(subject: models.Model) -> QuerySet[Run]:
    """The runs of a record, newest first."""
    return Run.objects.filter(subject_label=subject._meta.label_lower, subject_id=subject.pk).order_by(
        "-started_at", "-pk"
    )


def runs(actor: Actor) -> QuerySet[Run]:
    """Every run the actor may see."""
    return Run.objects.filter(run_filter(actor))


def returnable(step: Step, steps: Sequence[Step] | None = None) -> list[Step]:
    """Earlier stops of the chain to which a step may be returned: one per place, the first (the drafter) first.

    ``steps``: all steps of the run in order, where they are loaded already.
    """
    places: dict[tuple[int | None, int], Step] = {}
    here = (step.post_id, step.unit_id)
    if steps is None:
        steps = (
            Step.objects.filter(run=step.run_id)
            .select_related("post__unit", "unit", "decided_by")
            .order_by("order")
        )
    for earlier in steps:
        if not earlier.is_main or earlier.is_open or earlier.order >= step.order or earlier.act == "recall":
            continue
        place = (earlier.post_id, earlier.unit_id)
        if place != here:
            places.setdefault(place, earlier)
    return list(places.values())


# Routes and timelines


@dataclass
class Dot:
    """One stop on the small route. ``shape`` is done, holder, late, returned or ahead."""

    shape: str
    name: str
    step: Step | None = None


def holders_of(posts: Iterable[int]) -> dict[int, Person]:
    """Who holds these posts today, in one query; a vacant post is absent."""
    wanted = {pk for pk in posts if pk}
    if not wanted:
        return {}
    return {
        holding.post_id: holding.person
        for holding in Holding.objects.on().filter(post__in=wanted).select_related("person").order_by("since")
    }


def prefetch_routes(rows: Sequence[Step | Run]) -> Sequence[Step | Run]:
    """Load what ``route_small`` and names need for a page of steps or runs: two queries for any number."""
    page = list(rows)
    found: dict[int, Run] = {}
    for row in page:
        run = row if isinstance(row, Run) else row.run
        found.setdefault(run.pk, run)
    chain: dict[int, list[Step]] = {pk: [] for pk in found}
    steps = list(
        Step.objects.filter(run__in=list(found), part__in=MAIN_PARTS)
        .select_related("post", "unit")
        .defer("note", "request")
        .order_by("run", "order")
    )
    for step in steps:
        chain[step.run_id].append(step)
    posts = {s.post_id for s in steps} | {r.post_id for r in page if isinstance(r, Step)}
    people = holders_of(p for p in posts if p)
    for row in page:
        run = row if isinstance(row, Run) else row.run
        for one in {id(run): run, id(found[run.pk]): found[run.pk]}.values():
            one.chain, one.people = chain[run.pk], people
        for step in chain[run.pk]:
            step.run = run
    return rows


def _loaded(run: Run) -> Run:
    if not hasattr(run, "chain"):
        picture = run.__dict__.get("_picture")
        if picture is not None:
            picture.lend_route()
        else:
            prefetch_routes([run])
    return run


def small_route(run: Run) -> list[Dot]:
    """The dots of a run: decided stops, the holder's ring, stops ahead."""
    from khet.kits.workflow.names import spoken_name  # noqa: PLC0415

    run = _loaded(run)
    dots = []
    for step in run.chain:
        place = step.post or step.unit
        name = spoken_name(place, run.people.get(step.post_id))
        if step.is_open:
            dots.append(Dot("late" if step.is_late else "holder", name, step))
        elif step.act == "recall":
            continue
        else:
            dots.append(Dot("returned" if step.act == "return" else "done", name, step))
    dots.extend(Dot("ahead", "") for _item in run.plan)
    return dots


def holder_step(run: Run) -> Step | None:
    """The open main step of a run whose route is loaded."""
    return next((step for step in reversed(_loaded(run).chain) if step.is_open), None)


# Load and time


@dataclass
class Load:
    """Work of a unit or a person: open main steps, of these late, decided in the period, days per step."""

    unit: Unit | None = None
    person: Person | None = None
    post: Post | None = None
    open: int = 0
    late: int = 0
    done: int = 0
    done_late: int = 0
    days: float | None = None
    parts: dict[str, int] | None = None


PERIOD = timedelta(days=30)


def load_by_unit(units: Iterable[Unit], since: datetime | None = None) -> list[Load]:
    """Open, late and days per step of each unit, in two queries.

    Open and late count open main and co-host steps lying in the unit now. Days per step is the mean working
    time (days of eight hours) of the main steps decided in the unit since ``since`` (default 30 days).
    """
    units = list(units)
    since = since or timezone.now() - PERIOD
    rows = {unit.pk: Load(unit=unit) for unit in units}
    for row in _open_counts("unit", rows):
        rows[row["unit"]].open, rows[row["unit"]].late = row["open"], row["late"]
    for row in _done_counts("unit", rows, since):
        load = rows[row["unit"]]
        load.done, load.done_late = row["done"], row["done_late"]
        load.days = float(row["days"]) if row["days"] is not None else None
    return list(rows.values())


def load_by_post(units: Iterable[Unit], since: datetime | None = None) -> list[Load]:
    """The same per post of the units, with today's holder. A post's figures are its own, also under a former holder."""
    since = since or timezone.now() - PERIOD
    posts = list(Post.objects.on().filter(unit__in=list(units)).select_related("unit"))
    people = holders_of(p.pk for p in posts)
    rows = {post.pk: Load(unit=post.unit, post=post, person=people.get(post.pk), parts={}) for post in posts}
    for row in _open_counts("post", rows):
        rows[row["post"]].open, rows[row["post"]].late = row["open"], row["late"]
    for row in _done_counts("post", rows, since):
        load = rows[row["post"]]
        load.done, load.done_late = row["done"], row["done_late"]
        load.days = float(row["days"]) if row["days"] is not None else None
    for row in (
        Step.objects.filter(post__in=list(rows), decided_at__isnull=True)
        .values("post", "part")
        .annotate(count=Count("pk"))
        .order_by()
    ):
        rows[row["post"]].parts[row["part"]] = row["count"]
    return list(rows.values())


_WORK = (*MAIN_PARTS, Part.SECOND_HOST, Part.CO_HOST)


def _open_counts(by: str, rows: dict[int, Load]):
    return (
        Step.objects.filter(**{f"{by}__in": list(rows)}, decided_at__isnull=True, part__in=_WORK)
        .values(by)
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=timezone.now())))
        .order_by()
    )


def _done_counts(by: str, rows: dict[int, Load], since: datetime):
    return (
        Step.objects.filter(**{f"{by}__in": list(rows)}, decided_at__gte=since, part__in=MAIN_PARTS)
        .exclude(act__in=["recall", "lapsed"])
        .values(by)
        .annotate(
            done=Count("pk"), done_late=Count("pk", filter=Q(decided_at__gt=F("due_at"))), days=Avg("held")
        )
        .order_by()
    )
