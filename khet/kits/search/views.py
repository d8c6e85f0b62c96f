"""The search page and the answers of the command box."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from khet.kits.search.forms import Asked
from khet.kits.search.queries import PAGE, find

QUICK = 8
QUICK_PER_KIND = 4


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everything of mine that holds the words. Asked by the command box, only a few rows."""
    asked = Asked.of(request.GET)
    if request.headers.get("X-Khet-Fragment") == "command":
        response = _quick(request, asked)
    else:
        response = _page(request, asked)
    patch_vary_headers(response, ["X-Khet-Fragment"])
    return response


def _quick(request: HttpRequest, asked: Asked) -> HttpResponse:
    results = find(request.actor, asked.text, per_kind=QUICK_PER_KIND)
    left = QUICK
    groups = []
    for group in results.groups:
        if hits := group.hits[:left]:
            groups.append((group.kind, hits))
            left -= len(hits)
    return render(request, "search/command.html", {"results": results, "groups": groups})


def _page(request: HttpRequest, asked: Asked) -> HttpResponse:
    results = find(
        request.actor,
        asked.text,
        only=[asked.kind] if asked.kind else None,
        year=asked.year,
        unit=asked.unit,
        page=asked.page,
    )
    page = None
    if asked.kind and results.groups:
        page = Paginator(range(results.groups[0].count), PAGE).get_page(asked.page)
    return render(request, "search/home.html", {"asked": asked, "results": results, "page": page})
