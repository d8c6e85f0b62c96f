"""The asset register of a fiscal year as PDF, and sums per unit."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.lib.errors import NotFound
from khet.base.lib.thai.calendar import fiscal_year
from khet.base.org.api import demand, today
from khet.modules.assets.papers import asset_register
from khet.modules.assets.queries.units import seen_units
from khet.modules.assets.queries.values import year_rows, year_totals
from khet.modules.assets.rules import VIEW


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    now = fiscal_year(today())
    return int(asked) if asked.isascii() and asked.isdigit() and 2540 <= int(asked) <= now + 10 else now


@login_required
@require_GET
@never_cache
def depreciation(request: HttpRequest) -> HttpResponse:
    """Cost, depreciation of the year and net value of every unit at the end of a fiscal year."""
    demand(request.actor, VIEW)
    year = _year(request)
    units = list(seen_units(request.actor))
    totals = year_totals([unit.pk for unit in units], year)
    lines = [(unit, totals[unit.pk]) for unit in units if unit.pk in totals]
    whole = {
        name: sum(getattr(total, name) for _unit, total in lines)
        for name in ("count", "price", "yearly", "accumulated", "net")
    }
    now = fiscal_year(today())
    return render(
        request,
        "assets/depreciation.html",
        {"lines": lines, "year": year, "years": range(now, now - 6, -1), "whole": whole},
    )


@login_required
@require_GET
def register_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """ทะเบียนคุมทรัพย์สิน of one unit for a fiscal year."""
    demand(request.actor, VIEW)
    unit = seen_units(request.actor).filter(pk=pk).first()
    if unit is None:
        raise NotFound(_("ไม่พบหน่วยงานนี้ หรืออยู่นอกขอบเขตที่คุณดูได้"), code="not_found")
    year = _year(request)
    response = HttpResponse(asset_register(unit, year, year_rows(unit, year)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="assets-{unit.code}-{year}.pdf"'
    return response
