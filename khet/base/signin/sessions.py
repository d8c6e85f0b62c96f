"""What a signed-in session carries: when it was last used, whether a second factor was given, how fresh it is."""

from __future__ import annotations

import time
from collections.abc import Iterable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone

from khet.base.org.api import Account, needs_second_factor
from khet.base.org.middleware import FRESH_UNTIL
from khet.base.signin import trail
from khet.base.signin.choices import EventKind

SEEN_AT = "khet_seen_at"
BEGUN_AT = "khet_begun_at"
SECOND_FACTOR = "khet_second_factor"
TOUCH_EVERY = 60  # seconds; more often would write the session on every click


def begin(request: HttpRequest, account: Account) -> None:
    """Called right after the sign-in, which has already given the session a new key."""
    now = time.time()
    methods = {record["method"] for record in get_authentication_records(request, account)}
    request.session[SEEN_AT] = request.session[BEGUN_AT] = now
    request.session[SECOND_FACTOR] = "mfa" in methods
    freshen(request)


def freshen(request: HttpRequest) -> None:
    """The person has just proved who they are: signing and the like are open for a few minutes."""
    request.session[FRESH_UNTIL] = time.time() + settings.KHET_FRESH_SECONDS


def rotate(request: HttpRequest) -> None:
    """A new session key after a fresh confirmation; the list of sessions follows."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def is_fresh(request: HttpRequest) -> bool:
    return request.session.get(FRESH_UNTIL, 0) > time.time()


def idle_limit(request: HttpRequest) -> int:
    """Seconds without use after which the session ends: short for whoever sees others' personal data."""
    minutes = (
        settings.KHET_IDLE_MINUTES_OTHERS_DATA
        if needs_second_factor(request.actor)
        else settings.KHET_IDLE_MINUTES
    )
    return minutes * 60


def is_over(request: HttpRequest) -> bool:
    """Too long unused, or older than a working day. A clock that jumped backwards ends it too."""
    now = time.time()
    seen = request.session.get(SEEN_AT)
    begun = request.session.get(BEGUN_AT)
    if seen is None or begun is None:
        request.session[SEEN_AT] = request.session[BEGUN_AT] = now
        return False
    if now - begun > settings.SESSION_COOKIE_AGE or seen > now + 300:
        return True
    unused = now - seen
    shortest = min(settings.KHET_IDLE_MINUTES_OTHERS_DATA, settings.KHET_IDLE_MINUTES) * 60
    return unused > shortest and unused > idle_limit(request)


def touch(request: HttpRequest) -> None:
    """Note the use, at most once a minute. What a page does by itself in the background is no use."""
    now = time.time()
    background = (
        "text/event-stream" in request.headers.get("Accept", "") or "Khet-Background" in request.headers
    )
    if background or now - request.session.get(SEEN_AT, 0) < TOUCH_EVERY:
        return
    request.session[SEEN_AT] = now
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def of(account: Account) -> list[UserSession]:
    """The live sessions of an account, newest use first; dead rows are swept on the way."""
    return sorted(UserSession.objects.purge_and_list(account), key=lambda s: s.last_seen_at, reverse=True)


def end(request: HttpRequest, sessions: Iterable[UserSession]) -> int:
    """End some of the account's other sessions; returns how many."""
    count = 0
    for session in sessions:
        detail = f"{session.ip} {session.user_agent}"[:120]
        session.end()
        trail.record(request, EventKind.SESSION_ENDED, account=request.user, detail=detail)
        count += 1
    return count


def end_here(request: HttpRequest) -> None:
    """End the session of this request."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)


def end_everywhere(account: Account) -> None:
    """End every session of an account at once and for good."""
    for session in UserSession.objects.filter(user=account):
        session.end()
    account.session_epoch += 1
    account.save(update_fields=["session_epoch"])
