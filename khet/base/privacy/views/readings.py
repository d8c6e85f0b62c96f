"""The record of reading: for the officer in charge, and for everybody about themselves."""

from __future__ import annotations

import tempfile

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from khet.base.lib import sheets
from khet.base.lib.errors import NotFound
from khet.base.lib.thai.calendar import thai_datetime
from khet.base.org.api import demand
from khet.base.privacy import filters
from khet.base.privacy.actions import take_out_readings
from khet.base.privacy.choices import DataKind, Via
from khet.base.privacy.forms import ReasonForm
from khet.base.privacy.models import KEPT_DAYS, Reading
from khet.base.privacy.queries import BUSY_HOUR, about_me, occasions, one_by_one, readings, signs
from khet.base.privacy.rules import READINGS_VIEW

EXPORT_LIMIT = 100_000


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@require_GET
@never_cache
def trail(request: HttpRequest) -> HttpResponse:
    """Who read what about whom; an occasion about many people is one row until it is opened."""
    demand(request.actor, READINGS_VIEW)
    wanted, typed, faults = filters.read(request.GET)
    rows = readings(request.actor, **wanted)
    page = occasions(rows, _number(request)) if not wanted["occasion"] else one_by_one(rows, _number(request))
    return render(
        request,
        "privacy/readings.html",
        {
            "page": page,
            "typed": typed,
            "faults": faults,
            "filtered": any(typed.values()),
            "signs": [] if any(typed.values()) else signs(request.actor),
            "kinds": DataKind.choices,
            "ways": Via.choices,
            "busy": BUSY_HOUR,
            "kept_days": KEPT_DAYS,
        },
    )


@never_cache
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """The filtered record as a spreadsheet, after a typed reason and a fresh sign-in; the newest hundred thousand."""
    demand(request.actor, READINGS_VIEW)
    wanted, typed, faults = filters.read(request.GET)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if faults or not form.is_valid():
        context = {"form": form, "typed": typed, "faults": faults, "query": request.GET.urlencode()}
        return render(request, "privacy/export.html", context, status=422 if form.errors else 200)
    take_out_readings(
        actor=request.actor,
        reason=form.cleaned_data["reason"],
        conditions={k: v for k, v in typed.items() if v},
    )
    heads = [
        _("เวลา"), _("ผู้อ่าน"), _("ทำการแทน"), _("อ่านเรื่องของ"), _("ข้อมูล"), _("ทาง"), _("เหตุผล"), _("นอกหน่วยงาน"),
        _("ที่อยู่ IP"),
    ]  # fmt: skip

    def row(reading: Reading) -> list[str]:
        return [
            thai_datetime(timezone.localtime(reading.at)),
            reading.reader,
            reading.acting_for,
            reading.subject_words,
            ", ".join(reading.kinds),
            str(reading.get_via_display()),
            reading.reason,
            _("ใช่") if reading.is_outside else "",
            reading.address or "",
        ]

    file = tempfile.SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115  closed by the response
    rows = readings(request.actor, **wanted)[:EXPORT_LIMIT]
    with override("th"):
        sheets.write_xlsx((row(one) for one in rows.iterator(chunk_size=2000)), [str(h) for h in heads], file)
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"readings-{timezone.localdate():%Y%m%d}.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


@require_GET
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Who read about me. Everybody who signs in may ask, about themselves alone."""
    if request.actor.person is None:
        raise NotFound(_("บัญชีนี้ไม่ผูกกับบุคคล"), code="privacy.nobody")
    page = occasions(about_me(request.actor.person), _number(request))
    return render(
        request,
        "privacy/mine.html",
        {"page": page, "kept_days": KEPT_DAYS},
    )
