"""``request.actor``: who acts, loaded when first asked for and anew on every request."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from khet.base.lib.errors import Forbidden
from khet.base.org.actors import Actor
from khet.base.org.verbs import refused

# Until when (seconds since 1970) the session counts as freshly confirmed; written by base.signin alone.
FRESH_UNTIL = "khet_fresh_until"


def load_actor(request: HttpRequest) -> Actor:
    address = request.META.get("REMOTE_ADDR") or None
    user = request.user
    if not user.is_authenticated:
        return Actor(address=address)
    actor = Actor.of(user.person, account=user, address=address)
    actor.fresh_sign_in = request.session.get(FRESH_UNTIL, 0) > time.time()
    return actor


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: load_actor(request))
        return self.get_response(request)


class RefusedWrites:
    """Every write refused for lack of right leaves a line in the journal, whether a verb refused it or its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, Forbidden) and request.method not in {"GET", "HEAD", "OPTIONS"}:
            refused(request.actor, exception.code, None, exception)
