"""Views that only the tests of the fresh sign-in have."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from khet.base.lib.errors import FreshSignInNeeded

DONE: list[dict[str, list[str]]] = []


def sign(request: HttpRequest) -> HttpResponse:
    """Needs a fresh sign-in, and notes what reached it."""
    if not request.actor.fresh_sign_in:
        raise FreshSignInNeeded("ลงนาม 3 เรื่อง", code="fresh_sign_in_needed")
    DONE.append(
        {"method": [request.method], **{k: v for k, v in request.POST.lists() if k != "csrfmiddlewaretoken"}}
    )
    return HttpResponse("ลงนามแล้ว")


def draft(request: HttpRequest) -> HttpResponse:
    DONE.append({"method": [request.method], **dict(request.POST.lists())})
    return HttpResponse("saved")


urlpatterns = [path("probe/sign/", sign), path("probe/draft/", draft), path("", include("khet.site.urls"))]
