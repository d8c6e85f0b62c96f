"""Open data for everybody, and the page where the office says what is open."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khet.base.org.api import demand
from khet.outlets.api.actions import publish
from khet.outlets.api.models import OpenSet
from khet.outlets.api.queries.catalogue import LICENCE, catalogue, file_path
from khet.outlets.api.queries.opening import (
    FORMATS,
    LEVELS,
    census_named,
    etag_of,
    open_set,
    open_sets,
    open_table,
    rounds_of,
    table_bytes,
)
from khet.outlets.api.queries.suppressing import LEAST
from khet.outlets.api.rules import PUBLISH
from khet.outlets.statistics.api import Chapter, Level, indicators

KEPT = "public, max-age=300, stale-while-revalidate=3600"
SHOWN = 12


def by_chapter(found: list[Any]) -> list[tuple[str, list[Any]]]:
    """Indicators under the words of their chapters, in the chapters' order."""
    return [
        (str(chapter.label), held)
        for chapter in Chapter
        if (held := [one for one in found if one.chapter == chapter])
    ]


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    found = open_sets()
    return render(
        request,
        "api/open.html",
        {"chapters": by_chapter(found), "count": len(found), "licence": LICENCE, "least": LEAST, "base": request.build_absolute_uri("/")[:-1]},
    )  # fmt: skip


@login_not_required
@require_safe
def one_set(request: HttpRequest, code: str) -> HttpResponse:
    """What a data set says, its newest figures of the area, and every file of it."""
    found = open_set(code)
    rounds = rounds_of(found)
    files = [
        (one, [(Level(level).label, [(ending, file_path(found, one, level, ending)) for ending in FORMATS]) for level in LEVELS])
        for one in rounds[:SHOWN]
    ]  # fmt: skip
    table = open_table(found, rounds[0], "area") if rounds else None
    return render(
        request, "api/open_set.html",
        {"set": found, "files": files, "table": table, "newest": rounds[0] if rounds else None, "licence": LICENCE, "least": LEAST, "rows": table.readable[:60] if table else []},
    )  # fmt: skip


@login_not_required
@require_safe
def file(request: HttpRequest, code: str, round: str, level: str, ending: str) -> HttpResponse:
    """One file, for any page of any site to read; kept by whoever keeps it until the census changes."""
    found = open_set(code)
    census = census_named(found, round)
    etag = f'"{etag_of(found, census, level, ending)}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(table_bytes(found, census, level, ending), content_type=FORMATS[ending])
        response["Content-Disposition"] = f'attachment; filename="{code}-{round}-{level}.{ending}"'
    return opened(response, etag)


@login_not_required
@require_safe
def catalogue_file(request: HttpRequest) -> HttpResponse:
    said = catalogue(request.build_absolute_uri("/")[:-1])
    return opened(
        HttpResponse(json.dumps(said, ensure_ascii=False, indent=1), content_type="application/ld+json")
    )


def opened(response: HttpResponse, etag: str = "") -> HttpResponse:
    """Readable from every site; no cookie is needed and none is looked at."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = KEPT
    if etag:
        response["ETag"] = etag
    return response


@require_http_methods(["GET", "POST"])
def manage(request: HttpRequest) -> HttpResponse:
    """Which indicators are open: ticked ones are, after one press."""
    demand(request.actor, PUBLISH)
    if request.method == "POST":
        opened_now, closed = publish(actor=request.actor, codes=request.POST.getlist("code"))
        messages.success(
            request,
            _("เปิดเพิ่ม %(opened)d ชุด ปิด %(closed)d ชุด") % {"opened": len(opened_now), "closed": len(closed)},
        )
        return redirect("open:manage")
    held = set(OpenSet.objects.values_list("code", flat=True))
    return render(
        request, "api/manage.html",
        {"chapters": by_chapter(list(indicators)), "held": held, "count": len(held), "least": LEAST, "all": len(indicators)},
    )  # fmt: skip
