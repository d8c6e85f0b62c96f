"""``request.actor``: who acts, loaded when first asked for and anew on every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from khet.base.org.actors import Actor


def load_actor(request: HttpRequest) -> Actor:
    address = request.META.get("REMOTE_ADDR") or None
    user = request.user
    if not user.is_authenticated:
        return Actor(address=address)
    return Actor.of(user.person, account=user, address=address)


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: load_actor(request))
        return self.get_response(request)
