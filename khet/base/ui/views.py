"""Pages of the frame itself: every place, keys, and how this browser shows khet."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import Forbidden
from khet.base.ui import dates
from khet.base.ui.menu import Place, places
from khet.base.ui.preferences import TEXT_COOKIE, TEXT_SIZES, THEME_COOKIE, THEMES

YEAR = 365 * 24 * 60 * 60


def back(request: HttpRequest) -> str:
    """Where the reader came from, when it is a page of this site; else the front door."""
    wanted = request.POST.get("next") or request.headers.get("Referer") or "/"
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep theme, text size or language in cookies of this browser, then return to the page."""
    response = HttpResponseRedirect(back(request))
    wanted = {
        THEME_COOKIE: (request.POST.get("theme"), THEMES),
        TEXT_COOKIE: (request.POST.get("text"), TEXT_SIZES),
        settings.LANGUAGE_COOKIE_NAME: (request.POST.get("language"), dict(settings.LANGUAGES)),
    }
    for cookie, (value, known) in wanted.items():
        if value in known:
            response.set_cookie(
                cookie,
                value,
                max_age=YEAR,
                samesite="Lax",
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )
    return response


@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """Every place the reader may enter, by group."""
    demand_signed_in(request)
    groups: dict[str, list[Place]] = {}
    for place in places(request):
        groups.setdefault(str(place.item.group or _("งานประจำ")), []).append(place)
    return render(request, "ui/menu.html", {"groups": groups})


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The keyboard help as a page; with script the same list opens as a dialog on ``?``."""
    return render(request, "ui/keys.html")


@require_GET
def holidays(request: HttpRequest) -> HttpResponse:
    """The days off by name, for the calendar under a date box: ``{"2026-12-07": "ชดเชยวันพ่อแห่งชาติ"}``."""
    demand_signed_in(request)
    return JsonResponse({day.isoformat(): name for day, name in dates.holiday_names().items()})


def demand_signed_in(request: HttpRequest) -> None:
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_authenticated:
        raise Forbidden(_("หน้านี้เปิดได้หลังเข้าสู่ระบบ เข้าสู่ระบบแล้วเปิดอีกครั้ง"), code="ui.sign_in_first")
