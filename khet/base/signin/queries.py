"""Reading the trail: filtered lists and signs of attack."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from khet.base.org.api import Account, Actor, visible
from khet.base.signin.choices import EventKind, Outcome
from khet.base.signin.models import Event

# Signs of attack within a day: refusals from one address, against one account, and names tried from one address.
REFUSALS_FROM_ADDRESS = 20
REFUSALS_OF_ACCOUNT = 10
NAMES_FROM_ADDRESS = 5


def trail(
    actor: Actor,
    *,
    since: date | None = None,
    until: date | None = None,
    who: str = "",
    kind: str = "",
    outcome: str = "",
    address: str = "",
) -> QuerySet[Event]:
    """Events the actor may see, newest first; days in Asia/Bangkok, both included."""
    events = visible(actor, Event.objects.all())
    zone = timezone.get_default_timezone()
    if since:
        events = events.filter(at__gte=datetime.combine(since, time.min, zone))
    if until:
        events = events.filter(at__lt=datetime.combine(until + timedelta(days=1), time.min, zone))
    if who:
        events = events.filter(Q(name__icontains=who) | Q(typed__icontains=who))
    if kind in EventKind.values:
        events = events.filter(kind=kind)
    if outcome in Outcome.values:
        events = events.filter(outcome=outcome)
    if address:
        events = events.filter(address=address)
    return events.order_by("-at", "-pk")


def mine(account: Account) -> QuerySet[Event]:
    """What happened to one's own account, newest first."""
    return Event.objects.filter(account_id=account.pk).order_by("-at", "-pk")


def signs_of_attack(actor: Actor, hours: int = 24) -> list[dict[str, Any]]:
    """Addresses and accounts with unusually many refusals lately, worst first."""
    refused = visible(actor, Event.objects.all()).filter(
        at__gte=timezone.now() - timedelta(hours=hours), outcome=Outcome.REFUSED
    )
    signs: list[dict[str, Any]] = []
    for row in (
        refused.exclude(address=None)
        .values("address")
        .annotate(count=Count("pk"), names=Count("name", distinct=True) + Count("typed", distinct=True))
        .filter(Q(count__gte=REFUSALS_FROM_ADDRESS) | Q(names__gt=NAMES_FROM_ADDRESS))
    ):
        many = row["names"] > NAMES_FROM_ADDRESS
        signs.append(row | {"kind": "spraying" if many else "address"})
    for row in (
        refused.exclude(account_id=None)
        .values("account_id", "name")
        .annotate(count=Count("pk"), addresses=Count("address", distinct=True))
        .filter(count__gte=REFUSALS_OF_ACCOUNT)
    ):
        signs.append(row | {"kind": "account"})
    return sorted(signs, key=lambda sign: sign["count"], reverse=True)[:10]
