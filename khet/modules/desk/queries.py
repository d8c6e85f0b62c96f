"""What stands on a desk: rows in bands of time, what one waits for, three weeks ahead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.base.lib.thai.calendar import is_working_day
from khet.base.org.api import Actor, Delegation, Post, Unit
from khet.base.org.choices import DelegationKind, PostKind, UnitKind
from khet.base.ui.dates import holiday_names
from khet.kits.rounds.api import Duty, duties
from khet.kits.workflow.api import (
    Step,
    acts,
    at_close,
    done_by,
    flows,
    in_my_groups,
    inbox,
    prefetch_routes,
    sign,
    spoken_name,
    urgent_above,
    waiting,
)
from khet.modules.students.api import doubles_due

ROWS = 50
GROUP_ROWS = 90
WAITING = 6
ACTING = 4


@dataclass
class Band:
    """Rows that fall due together."""

    code: str
    title: str
    rows: list[Step] = field(default_factory=list)


@dataclass
class Day:
    """One day of the calendar: what falls due, whether the office is closed."""

    day: date
    count: int = 0
    is_off: bool = False
    is_today: bool = False
    name: str = ""


@dataclass
class Desk:
    bands: list[Band]
    waiting: list[Step]
    waiting_more: bool
    done: int
    weeks: list[list[Day]]
    late: int
    today: int
    total: int
    above: list[Step]
    untaken: int
    shown: int
    newest: datetime
    owed: list[Duty]

    @property
    def waits(self) -> int:
        """Everything that waits for the reader, matters and data."""
        return self.total + len(self.owed)

    @property
    def all_late(self) -> int:
        return self.late + sum(one.is_late for one in self.owed)


def give_links(rows: Iterable[Step]) -> None:
    """Where a row's verb and its keys lead: the matter's page, with the rows of that act open."""
    for row in rows:
        home = row.run.url or f"/workflow/{row.run_id}/"
        row.decide_url, row.assign_url, row.return_url = home, f"{home}#assign", f"{home}#return"


def bands_of(rows: Iterable[Step]) -> list[Band]:
    """Late, today, this week, later; empty bands are left out."""
    now = timezone.now()
    today = timezone.localdate()
    sunday = today + timedelta(days=6 - today.weekday())
    bands = [
        Band("late", str(_("เลยกำหนด"))),
        Band("today", str(_("วันนี้"))),
        Band("week", str(_("สัปดาห์นี้"))),
        Band("later", str(_("ถัดไป"))),
    ]
    for row in rows:
        if row.due_at is not None and row.due_at < now:
            bands[0].rows.append(row)
            continue
        day = timezone.localdate(row.due_at) if row.due_at else None
        bands[1 if day == today else 2 if day and day <= sunday else 3].rows.append(row)
    return [band for band in bands if band.rows]


def weeks_of(counts: dict[date, int], off: Mapping[date, str]) -> list[list[Day]]:
    """Three working weeks from this Monday."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    if today.weekday() > 4:
        monday += timedelta(days=7)
    return [
        [
            Day(day, counts.get(day, 0), not is_working_day(day, off), day == today, off.get(day, ""))
            for day in (monday + timedelta(days=week * 7 + n) for n in range(5))
        ]
        for week in range(3)
    ]


def my_desk(actor: Actor) -> Desk:
    """Everything on the actor's own desk."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time()))
    rows = list(inbox(actor)[:ROWS])
    sent = _one_a_run(waiting(actor)[: WAITING * 3])
    above = list(urgent_above(actor)[:5]) if has_superior_post(actor) else []
    prefetch_routes([*rows, *sent, *above])
    give_links(rows)
    now = timezone.now()
    for row in [*sent, *above]:
        row.where = spoken_name(row.post or row.unit, row.run.people.get(row.post_id))
        row.waited = now - row.arrived_at
    total = len(rows)
    late = sum(1 for row in rows if row.is_late)
    today = timezone.localdate()
    counts: dict[date, int] = {}
    for row in rows:
        if row.due_at is not None:
            day = timezone.localdate(row.due_at)
            counts[day] = counts.get(day, 0) + 1
    if total == ROWS:
        figures = (
            inbox(actor)
            .order_by()
            .aggregate(total=Count("pk"), late=Count("pk", filter=Q(due_at__lt=timezone.now())))
        )
        total, late = figures["total"], figures["late"]
    counted = Step.objects.filter(
        in_my_groups(actor) & Q(decided_at__isnull=True)
        | Q(decided_by=actor.person, decided_at__gte=midnight)
    ).aggregate(
        untaken=Count("pk", filter=Q(decided_at__isnull=True)),
        done=Count("pk", filter=Q(decided_at__isnull=False)),
    )
    remember_count(actor, total)
    return Desk(
        bands=bands_of(rows),
        waiting=sent[:WAITING],
        waiting_more=len(sent) > WAITING,
        done=counted["done"],
        weeks=weeks_of(counts, holiday_names()),
        late=late,
        today=sum(
            1 for row in rows if row.due_at and not row.is_late and timezone.localdate(row.due_at) == today
        ),
        total=total,
        above=above,
        untaken=counted["untaken"],
        shown=len(rows),
        newest=max((row.arrived_at for row in rows), default=timezone.now()),
        owed=owed(actor),
    )


def owed(actor: Actor) -> list[Duty]:
    """Data that the actor owes or has to look after: rounds, and pupils on two rolls. At most eight queries."""
    found = duties(actor)
    count, due_on = doubles_due(actor)
    if count and due_on:
        found.append(
            Duty(
                verb=_("ตกลงกัน"),
                title=_("นักเรียนซ้ำหลายโรงเรียน %(n)d เรื่อง") % {"n": count},
                note=_("แจ้งพร้อมหลักฐาน หรือชี้ขาด"),
                due_at=at_close(due_on),
                url=reverse("students:doubles"),
                state="",
                shape="empty",
                count=count,
            )
        )
    return sorted(found, key=lambda one: (not one.is_returned, one.due_at))


def done_today(actor: Actor) -> list[Step]:
    """What the actor decided today, newest first."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time()))
    rows = list(done_by(actor, midnight)[:60])
    prefetch_routes(rows)
    for row in rows:
        row.act_label = acts[row.act].label if row.act in acts else ""
    return rows


def _one_a_run(rows: Iterable[Step]) -> list[Step]:
    """One row for each matter: where it is held, else what was asked beside it."""
    chosen: dict[int, Step] = {}
    for row in rows:
        if row.run_id not in chosen or (row.is_main and not chosen[row.run_id].is_main):
            chosen[row.run_id] = row
    return list(chosen.values())


def has_superior_post(actor: Actor) -> bool:
    return any(
        c.post and c.post.kind in {"director", "deputy", "head", "principal"} for c in actor.posts.values()
    )


def waiting_count(actor: Actor) -> int | QuerySet[Step]:
    """How many open steps wait for the actor, for the badge: the steps to count, or the count a page has made already."""
    known = actor.__dict__.get("_waiting_count")
    return inbox(actor).order_by() if known is None else known


def remember_count(actor: Actor, count: int) -> None:
    """The page has counted already; the badge need not ask again."""
    actor.__dict__["_waiting_count"] = count


def arrived_since(actor: Actor, moment: datetime) -> int:
    return inbox(actor).filter(arrived_at__gt=moment).order_by().count()


# The group's desk


@dataclass
class Holder:
    """The open rows of one post of the unit."""

    post: Post
    name: str
    rows: list[Step] = field(default_factory=list)
    late: int = 0


def led_unit(actor: Actor) -> Unit | None:
    """The unit whose desk the actor sees: that of the main post."""
    return actor.unit


def group_rows(unit: Unit) -> tuple[list[Step], list[Holder], bool]:
    """Untaken rows of a unit's inbox, the rows of each of its posts, and whether there are more than shown."""
    rows = list(
        Step.objects.filter(unit=unit, decided_at__isnull=True)
        .select_related("run__unit", "post__unit", "unit", "sent_by", "sent_post")
        .order_by("due_at", "arrived_at")[: GROUP_ROWS + 1]
    )
    more = len(rows) > GROUP_ROWS
    rows = rows[:GROUP_ROWS]
    prefetch_routes(rows)
    give_links(rows)
    untaken = [row for row in rows if row.post_id is None]
    holders: dict[int, Holder] = {}
    for row in rows:
        if row.post_id is None:
            continue
        person = row.run.people.get(row.post_id)
        held = holders.setdefault(row.post_id, Holder(row.post, person.name if person else row.post.title))
        held.rows.append(row)
        held.late += row.is_late
    return untaken, sorted(holders.values(), key=lambda h: (h.post.position, h.post.pk)), more


# The director's desk


def signing_kinds() -> set[tuple[str, str]]:
    """(flow, step kind) pairs at which one signs."""
    return {(flow.code, kind.code) for flow in flows for kind in flow.steps if kind.allows(sign)}


def split_signing(rows: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    kinds = signing_kinds()
    to_sign = [row for row in rows if row.is_main and (row.run.flow, row.kind) in kinds]
    chosen = {row.pk for row in to_sign}
    return to_sign, [row for row in rows if row.pk not in chosen]


def office_units() -> list[Unit]:
    return list(Unit.objects.on().filter(kind=UnitKind.GROUP).order_by("position", "pk"))


@dataclass
class Today:
    """The office in one glance, for today."""

    arrived: int
    decided: int
    late: int
    urgent: int


def office_today() -> Today:
    """Main steps outside schools: arrived today, decided today, open and late, open and most urgent. One query."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time()))
    open_ = Q(decided_at__isnull=True)
    figures = (
        Step.objects.filter(
            open_ | Q(decided_at__gte=midnight) | Q(arrived_at__gte=midnight), part__in=["holder", "host"]
        )
        .exclude(unit__kind=UnitKind.SCHOOL)
        .aggregate(
            arrived=Count("pk", filter=Q(arrived_at__gte=midnight)),
            decided=Count("pk", filter=Q(decided_at__gte=midnight)),
            late=Count("pk", filter=open_ & Q(due_at__lt=timezone.now())),
            urgent=Count("pk", filter=open_ & Q(run__urgency=3)),
        )
    )
    return Today(**figures)


def directing_post(actor: Actor) -> Post | None:
    """The director's post, held or acted for; a principal's for a school."""
    for capacity in actor.posts.values():
        if capacity.post and capacity.post.kind == PostKind.DIRECTOR:
            return capacity.post
    return None


def acting_and_lent(post: Post) -> tuple[list[Delegation], list[Delegation]]:
    """Who acts for others in the office today, by rank of the post; and the delegations of ``post`` that run today or begin later."""
    running = (
        Delegation.objects.on()
        .filter(kind=DelegationKind.ACTING, revoked_at__isnull=True)
        .exclude(post__unit__kind=UnitKind.SCHOOL)
    )
    coming = Q(post=post, revoked_at__isnull=True) & (
        Q(until__isnull=True) | Q(until__gte=timezone.localdate())
    )
    rows = list(
        Delegation.objects.filter(coming | Q(pk__in=running.values("pk")))
        .select_related("person", "post")
        .order_by("post__unit__position", "post__position", "pk")
    )
    acting = [one for one in rows if one.post_id != post.pk]
    lent = sorted((one for one in rows if one.post_id == post.pk), key=lambda one: one.since)
    return acting[:ACTING], lent
