"""What a person has to do in the open rounds: for pages of the kit, and for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t

from khet.base.org.api import Actor, Holding, visible
from khet.base.org.choices import PostKind
from khet.kits.rounds.choices import UNSETTLED, ReturnState, RoundState
from khet.kits.rounds.models import Finding, Return, Round
from khet.kits.rounds.queries.periods import sheet_in
from khet.kits.rounds.rules import CERTIFY, CONFIRM, VERIFY

S = ReturnState
TO_FILL = (S.NOT_STARTED, S.ENTERING, S.CLEARED, S.RETURNED)


@dataclass
class Duty:
    """One row of a desk: the verb, what, by when, where."""

    verb: str
    title: str
    note: str
    due_at: datetime
    url: str
    state: str
    shape: str
    is_returned: bool = False
    count: int = 1


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


def duties(actor: Actor) -> list[Duty]:
    """The actor's duties in the open rounds, the earliest first. At most six queries, whatever the number of rows.

    A school's people: each sheet that waits. The area's verifier: one row a round with how many wait. Everybody: the findings
    that lie with their post.
    """
    found: list[Duty] = []
    if actor.has(CONFIRM) or actor.has(CERTIFY):
        for handed in waiting(actor):
            sheet = sheet_in(handed.round, handed.sheet)
            certify = handed.state == S.CONFIRMED and not handed.is_stale
            found.append(
                Duty(
                    verb=_t("รับรอง")
                    if certify
                    else _t("แก้และยืนยัน")
                    if handed.state == S.RETURNED or handed.is_stale
                    else _t("กรอกและยืนยัน"),
                    title=str(sheet.title) if sheet else handed.sheet,
                    note=f"{handed.round.title} · {handed.unit.short_name}",
                    due_at=handed.round.due_at,
                    url=reverse("rounds:return", args=[handed.pk]),
                    state=str(handed.label),
                    shape=handed.shape,
                    is_returned=handed.state == S.RETURNED,
                )
            )
    if actor.scope(VERIFY).everywhere and not actor.is_system:
        waits = Q(returns__state=S.CERTIFIED)
        for round_ in (
            Round.objects.filter(state=RoundState.OPEN)
            .annotate(n=Count("returns", filter=waits))
            .filter(n__gt=0)
        ):
            found.append(
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
            )
    found += _findings(actor)
    return sorted(found, key=lambda one: (not one.is_returned, one.due_at))


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
