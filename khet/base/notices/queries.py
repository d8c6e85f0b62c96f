"""Reading notices: mine, how many are unread, who is to be told."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from khet.base.notices.choices import Channel
from khet.base.notices.models import Notice
from khet.base.org.api import Delegation, Holding, Person, Post, Unit


def mine(person: Person) -> QuerySet[Notice]:
    """What was told to a person in the app, newest first."""
    return Notice.objects.filter(person=person, channel=Channel.APP).order_by("-pk")


def unread(person: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person, channel=Channel.APP, read_at__isnull=True)


def unread_count(person: Person) -> int:
    return unread(person).count()


def holders_of(posts: Iterable[Post | int]) -> QuerySet[Person]:
    """Everybody who holds one of the posts today or acts for its holder."""
    ids = [post.pk if isinstance(post, Post) else post for post in posts]
    return Person.objects.filter(
        Q(pk__in=Holding.objects.on().filter(post__in=ids).values("person"))
        | Q(pk__in=Delegation.objects.on().filter(post__in=ids, revoked_at__isnull=True).values("person"))
    )


def people_with(capability: str, units: Iterable[Unit | int] | QuerySet[Unit]) -> QuerySet[Person]:
    """Everybody whose post in one of the units carries the capability today."""
    wanted = units if isinstance(units, QuerySet) else [getattr(unit, "pk", unit) for unit in units]
    posts = Post.objects.filter(unit__in=wanted, roles__capabilities__contains=[capability])
    return Person.objects.filter(
        Q(pk__in=Holding.objects.on().filter(post__in=posts.values("pk")).values("person"))
        | Q(
            pk__in=Delegation.objects.on()
            .filter(post__in=posts.values("pk"), revoked_at__isnull=True)
            .values("person")
        )
    )
