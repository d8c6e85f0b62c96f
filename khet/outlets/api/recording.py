"""Around every address of the API: no session, no cookie, no cache, and a line for each ask."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from khet.base.signin.limits import Limit, count
from khet.outlets.api.models import Call

NOBODYS = Limit("api nobody", 100, 3600)
"""So many asks without a living token are written down for each address in an hour: strangers must not fill the table."""


def recorded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view with its ask written down. When that fails the answer is not given."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        response = view(request, *args, **named)
        caller, token = getattr(request, "api_caller", None), getattr(request, "api_token", None)
        address = request.META.get("REMOTE_ADDR") or None
        if token is not None or count(NOBODYS, address) <= NOBODYS.attempts:
            Call.objects.create(
                token=token, method=request.method[:7], path=request.path[:200], status=response.status_code,
                rows=caller.rows if caller else 0, address=address,
            )  # fmt: skip
        response["Cache-Control"] = "no-store"
        if caller is not None:
            response["X-Asks-Left"] = str(caller.left)
        return response

    run.login_required = False  # the token is asked instead (``bearer``)
    run.csrf_exempt = True  # no cookie opens anything here, so none can be abused
    return run
