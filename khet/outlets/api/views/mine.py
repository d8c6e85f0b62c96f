"""My data and how to use it; the documentation of the API for whoever is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from khet.outlets.api.actions import offered_scopes
from khet.outlets.api.bearer import PER_MINUTE
from khet.outlets.api.choices import TokenScope
from khet.outlets.api.rules import PUBLISH, TOKEN
from khet.outlets.api.service import service
from khet.outlets.api.views.tokens import own_units
from khet.outlets.api.ways import ways_of

EXAMPLES = {
    TokenScope.LETTERS: ("GET", "api:v1:waiting", {}, ""),
    TokenScope.REGISTER: ("POST", "api:v1:register", {"id": 1234}, ""),
    TokenScope.PUPILS: ("GET", "api:v1:pupils", {}, "?page=1&size=100"),
    TokenScope.FIGURES: ("GET", "api:v1:figures", {}, ""),
}
HEADS = {"download": _("ดาวน์โหลด"), "document": _("เอกสารและหน้าเว็บ")}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """By role: what I may download, what my school's program may ask, with an example to copy."""
    actor = request.actor
    groups: dict[str, list[dict[str, Any]]] = {}
    for way in ways_of(actor):
        try:
            url = reverse(way.route, args=way.arguments)
        except NoReverseMatch:
            continue
        groups.setdefault(way.kind, []).append({"title": way.title, "hint": way.hint, "url": url})
    units = own_units(actor)
    lent = {scope for unit in units for scope in offered_scopes(actor, unit)}
    examples = [
        {"words": scope.label, "scope": scope.value, "curl": _curl(request, *EXAMPLES[scope])}
        for scope in TokenScope
        if scope in EXAMPLES and scope.value in lent
    ]
    return render(
        request, "api/mine.html",
        {
            "groups": [(HEADS[kind], rows) for kind, rows in groups.items()], "examples": examples, "may_token": bool(units) and actor.has(TOKEN),
            "may_publish": actor.has(PUBLISH), "roles": sorted({role.name for one in actor.capacities for role in one.roles}), "per_minute": PER_MINUTE,
        },
    )  # fmt: skip


def _curl(request: HttpRequest, method: str, route: str, named: dict[str, Any], query: str) -> str:
    url = request.build_absolute_uri(reverse(route, kwargs=named)) + query
    return f'curl {"-X POST " if method == "POST" else ""}-H "Authorization: Bearer $KHET_TOKEN" "{url}"'


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger from the package's own files: nothing is loaded from elsewhere."""
    settings = {
        "url": reverse("api:openapi"),
        "layout": "BaseLayout",
        "deepLinking": True,
        "validatorUrl": None,
    }
    return render(request, "api/docs.html", {"settings": settings})


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API in OpenAPI 3."""
    return JsonResponse(
        service.get_openapi_schema(path_prefix="/api/v1/"), json_dumps_params={"ensure_ascii": False}
    )


def no_operation(request: HttpRequest, rest: str) -> HttpResponse:
    """An address under v1/ that the API does not have, in the words of the API."""
    said = {"code": "not_found", "sentence": _t("API ไม่มีที่อยู่นี้ ดูที่อยู่ทั้งหมดในหน้าเอกสารของ API")}
    return JsonResponse(said, status=404, json_dumps_params={"ensure_ascii": False})
