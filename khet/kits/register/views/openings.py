"""What lies behind a lock: asked with a typed reason, shown once, recorded."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khet.base.lib.errors import NotFound
from khet.base.org.api import can, forbidden
from khet.base.privacy.api import ReasonForm, Via, record_reading
from khet.kits.register.bases import Cell
from khet.kits.register.views.doors import fetch_record


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Ask why (GET), then show the values of one capability (POST). What is shown is recorded before it is shown."""
    record, found = fetch_record(request, kind, pk)
    actor = request.actor
    asked = request.GET.get("mask") or request.POST.get("mask") or ""
    locked = [one for one in record.locked() if one.mask == asked]
    if not locked:
        raise NotFound(_("ไม่มีข้อมูลที่ปิดบังอย่างนี้ในรายการนี้"), code="register.nothing_locked")
    if not can(actor, asked, found):
        raise forbidden(asked, found)
    what = sorted({kind for one in locked for kind in one.what})
    form, opened = ReasonForm(request.POST if request.method == "POST" else None), []
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        record_reading(actor=actor, subject=record.subject(found), what=what, via=Via.CELL, reason=reason)
        opened = [(one.label, _shown(one.value(found))) for one in locked]
    return render(
        request,
        "register/open.html",
        {
            "record": record,
            "found": found,
            "title": record.title(found),
            "asked": asked,
            "labels": [one.label for one in locked],
            "opened": opened,
            "form": form,
            "reason": form.cleaned_data.get("reason", "") if form.is_bound else "",
        },
        status=422 if form.errors else 200,
    )


def _shown(value: object) -> Cell:
    if isinstance(value, Cell):
        return value
    return Cell("–" if value is None or value == "" else value)
