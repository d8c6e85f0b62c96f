"""What a person has to do in the open rounds: for pages of the kit, and for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from khet.base.org.api import Actor, Holding, visible
from khet.base.org.choices import PostKind
from khet.kits.rounds.choices import OWING, UNSETTLED, ReturnState, RoundState
from khet.kits.rounds.models import Finding, Return, Round
from khet.kits.rounds.queries.periods import sheet_in
from khet.kits.rounds.rules import CERTIFY, CONFIRM, MANAGE, REMIND, VERIFY

S = ReturnState
TO_FILL = (S.NOT_STARTED, S.ENTERING, S.CLEARED, S.RETURNED)
CHASE_FROM = timedelta(days=3)
"""So long before the hour due the area's officer sees on the desk how many schools still owe something."""
ESCALATE_AFTER = timedelta(days=3)
"""So long after it whoever opens and closes rounds sees it too."""


@dataclass
class Duty:
    """One row of a desk: the verb, what, by when, where.

    ``is_escalated``: it lies with somebody else, who has let the hour pass; so it stands here too.
    """

    verb: str
    title: str
    note: str
    due_at: datetime
    url: str
    state: str
    shape: str
    is_returned: bool = False
    is_escalated: bool = False
    count: int = 1

    @property
    def is_late(self) -> bool:
        return self.due_at < timezone.now()


def own_returns(actor: Actor) -> QuerySet[Return]:
    """Returns of the units in which the actor may fill in or certify, of open rounds."""
    scope_units: set[int] = set()
    for code in (CONFIRM, CERTIFY):
        scope = actor.scope(code)
        scope_units |= set(scope.units)
        if scope.trees:
            scope_units |= set(scope.unit_ids().values_list("pk", flat=True))
    return (
        Return.objects.filter(unit_id__in=scope_units, round__state=RoundState.OPEN)
        .select_related("round", "unit")
        .order_by("round__due_at", "round_id", "unit_id", "place")
    )


def _waits(actor: Actor) -> Q:
    """What of those waits for the actor: filling in for the clerk (the head too where there is none), certifying for the head."""
    fills, heads = set(actor.scope(CONFIRM).units), set(actor.scope(CERTIFY).units)
    clerks = (
        Holding.objects.on()
        .filter(post__kind=PostKind.CLERK, post__unit__in=fills & heads)
        .exclude(person=actor.person)
    )
    to_fill = Q(state__in=TO_FILL) | Q(is_stale=True)
    condition = to_fill & Q(unit_id__in=fills) & ~Q(unit_id__in=clerks.values("post__unit"))
    return condition | Q(state=S.CONFIRMED, is_stale=False, unit_id__in=heads)


def waiting(actor: Actor) -> QuerySet[Return]:
    """Returns that wait for the actor; the count on the menu."""
    return own_returns(actor).filter(_waits(actor))


def not_excused(path: str = "") -> Q:
    """Returns to which the office has not given longer than today."""
    today = timezone.localdate()
    return Q(**{f"{path}excused_until__isnull": True}) | Q(**{f"{path}excused_until__lt": today})


def _escalated(actor: Actor) -> Q:
    """What the clerk of the actor's school has not handed in though the hour has passed."""
    heads = set(actor.scope(CERTIFY).units)
    late = Q(round__due_at__lt=timezone.now()) & not_excused()
    return late & (Q(state__in=TO_FILL) | Q(is_stale=True)) & Q(unit_id__in=heads)


def duties(actor: Actor) -> list[Duty]:
    """The actor's duties in the open rounds, the earliest first. At most seven queries, whatever the number of rows.

    A school's people: each sheet that waits; the head also what the clerk owes once it is late. The area's officer: one row
    a round with how many wait to be verified, and how many schools still owe something when the hour is near or past;
    whoever opens rounds, when it has long passed. Everybody: the findings that lie with their post.
    """
    found: list[Duty] = []
    if actor.has(CONFIRM) or actor.has(CERTIFY):
        found += _own(actor)
    if not actor.is_system:
        if actor.scope(VERIFY).everywhere:
            found += _to_verify()
        if actor.scope(REMIND).everywhere or actor.scope(MANAGE).everywhere:
            found += to_chase(actor)
    found += _findings(actor)
    return sorted(found, key=lambda one: (not one.is_returned, one.due_at))


def _own(actor: Actor) -> list[Duty]:
    mine = _waits(actor)
    rows = (
        own_returns(actor)
        .filter(mine | _escalated(actor))
        .annotate(is_mine=Case(When(mine, then=Value(True)), default=Value(False)))
    )
    rounds: dict[int, Round] = {}
    found = []
    for handed in rows:
        # One object a round, so that its sheets are asked for once.
        handed.round = rounds.setdefault(handed.round_id, handed.round)
        sheet = sheet_in(handed.round, handed.sheet)
        certify = handed.state == S.CONFIRMED and not handed.is_stale
        again = handed.state == S.RETURNED or handed.is_stale
        verb = _t("รับรอง") if certify else _t("แก้และยืนยัน") if again else _t("กรอกและยืนยัน")
        found.append(
            Duty(
                verb=verb if handed.is_mine else _t("ติดตาม"),
                title=str(sheet.title) if sheet else handed.sheet,
                note=f"{handed.round.title} · {handed.unit.short_name}",
                due_at=handed.round.due_at,
                url=reverse("rounds:return", args=[handed.pk]),
                state=str(handed.label),
                shape=handed.shape,
                is_returned=handed.state == S.RETURNED and handed.is_mine,
                is_escalated=not handed.is_mine,
            )
        )
    return found


def _to_verify() -> list[Duty]:
    waits = Q(returns__state=S.CERTIFIED)
    rows = (
        Round.objects.filter(state=RoundState.OPEN).annotate(n=Count("returns", filter=waits)).filter(n__gt=0)
    )
    return [
        Duty(
            verb=_t("ตรวจรับ"),
            title=_t("%(n)d ชุดรอเขตตรวจ") % {"n": round_.n},
            note=round_.title,
            due_at=round_.due_at,
            url=f"{reverse('rounds:board', args=[round_.pk])}?state=certified",
            state=str(S.CERTIFIED.label),
            shape=S.CERTIFIED.shape,
            count=round_.n,
        )
        for round_ in rows
    ]


def to_chase(actor: Actor) -> list[Duty]:
    """Schools that still owe something: for whoever reminds from three days before the hour, for whoever opens rounds three days after."""
    reminds = actor.scope(REMIND).everywhere
    now = timezone.now()
    owing = Q(returns__state__in=OWING) & not_excused("returns__")
    rows = (
        Round.objects.filter(
            state=RoundState.OPEN, due_at__lt=now + CHASE_FROM if reminds else now - ESCALATE_AFTER
        )
        .annotate(n=Count("returns__unit", filter=owing, distinct=True))
        .filter(n__gt=0)
    )
    found = []
    for round_ in rows:
        days = (timezone.localdate(now) - timezone.localdate(round_.due_at)).days
        facts = {"n": round_.n, "days": days}
        found.append(
            Duty(
                verb=_t("เตือน") if reminds else _t("ดูกระดาน"),
                title=_t("%(n)d โรงเรียนเลยกำหนดส่ง %(days)d วัน") % facts
                if days > 0
                else _t("%(n)d โรงเรียนยังส่งไม่ครบ") % facts,
                note=round_.title,
                due_at=round_.due_at,
                url=reverse("rounds:board", args=[round_.pk]),
                state="",
                shape="empty",
                is_escalated=not reminds,
                count=round_.n,
            )
        )
    return found


def _findings(actor: Actor) -> list[Duty]:
    posts = [pk for pk, capacity in actor.posts.items() if not capacity.only]
    if not posts:
        return []
    rows = (
        Finding.objects.filter(post__in=posts, state__in=UNSETTLED, round__state=RoundState.OPEN)
        .values("round_id", "round__title", due=F("round__due_at"))
        .annotate(n=Count("pk"))
        .order_by("due")
    )
    return [
        Duty(
            verb=_t("แก้หรือชี้แจง"),
            title=_t("ผลตรวจ %(n)d รายการอยู่ที่คุณ") % {"n": row["n"]},
            note=row["round__title"],
            due_at=row["due"],
            url=f"{reverse('rounds:findings', args=[row['round_id']])}?mine=1",
            state="",
            shape="empty",
            count=row["n"],
        )
        for row in rows
    ]


def open_rounds(actor: Actor) -> QuerySet[Round]:
    return visible(actor, Round.objects.filter(state=RoundState.OPEN)).order_by("due_at", "pk")


def open_rounds_with(sheet: str) -> list[Round]:
    """Open rounds that ask a sheet, the first due first. Unscoped: for verbs of the sheet's module."""
    return list(
        Round.objects.filter(state=RoundState.OPEN, sheet_codes__contains=[sheet]).order_by("due_at", "pk")
    )
