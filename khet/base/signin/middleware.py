"""The gate every request passes: who is it, are they still here, do they need a second factor."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from khet.base.lib.errors import FreshSignInNeeded
from khet.base.org.api import needs_second_factor
from khet.base.signin import addresses, fresh, kept, misses, sessions, trail
from khet.base.signin.choices import EventKind

# Views of others that anybody may reach; the rest say so themselves with ``login_not_required``.
OPEN = {"home", "livez", "readyz", "ui:preferences", "ui:keys"}

# What a person may reach who must set up a second factor first.
WHILE_SETTING_UP = {
    "signin:setup",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "account_logout",
    "set_language",
    "ui:preferences",
}


class Address:
    """First of all: the client's true address, and no forwarding header that a stranger wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        addresses.settle(request)
        return self.get_response(request)


class Gate:
    """Everything needs a sign-in unless its view says ``login_not_required``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        misses.notice(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable, arguments: tuple, named: dict
    ) -> HttpResponse | None:
        refuse_nul(request)
        name = request.resolver_match.view_name if request.resolver_match else ""
        is_open = not getattr(view, "login_required", True) or name in OPEN
        if not request.user.is_authenticated:
            return None if is_open else self.to_sign_in(request)
        if sessions.is_over(request):
            account = request.user
            trail.record(request, EventKind.IDLE, account=account)
            sessions.end_here(request)
            return None if is_open else self.to_sign_in(request, account.pk)
        sessions.touch(request)
        if (
            not is_open
            and name not in WHILE_SETTING_UP
            and not request.session.get(sessions.SECOND_FACTOR)
            and needs_second_factor(request.actor)
        ):
            return go(request, reverse("signin:setup"))
        return fresh.settle(request)

    def to_sign_in(self, request: HttpRequest, account_id: int | None = None) -> HttpResponse:
        """Back to the same place after signing in again; what was being sent is kept for the same person."""
        here = request.get_full_path()
        if account_id is not None:
            kept.keep(request, account_id)
        if request.method not in {"GET", "HEAD"} or getattr(request, "htmx", None):
            here = kept.page_of(request)
        query = {"next": here} if here != "/" else {}
        if account_id is not None:
            query["idle"] = "1"
        return go(
            request, f"{reverse('account_login')}?{urlencode(query)}" if query else reverse("account_login")
        )

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, FreshSignInNeeded) and request.user.is_authenticated:
            return fresh.ask(request, str(exception.sentence))
        return None


def go(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that also takes the whole page along when only a part of it was asked for."""
    if getattr(request, "htmx", None):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def refuse_nul(request: HttpRequest) -> None:
    """A NUL byte is never typed by a person, and PostgreSQL refuses it: stop it at the door with a 400."""
    if "\x00" in request.path:
        raise BadRequest("NUL in the address")
    for data in (request.GET, request.POST if request.method == "POST" else {}):
        for name in data:
            if "\x00" in name or any("\x00" in value for value in data.getlist(name)):
                raise BadRequest("NUL in a field")
    if request.method == "POST" and any("\x00" in (upload.name or "") for upload in request.FILES.values()):
        raise BadRequest("NUL in a file name")
