"""What stands after closing: the receipt of a school, and the frozen census for those with the right."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khet.base.lib.errors import NotFound
from khet.base.org.api import demand, fetch, visible
from khet.kits.files.api import send
from khet.kits.rounds.censuses import MANIFEST, faults_of, path_of
from khet.kits.rounds.models import Census, Return, Round
from khet.kits.rounds.queries.frozen import censuses as read_censuses
from khet.kits.rounds.queries.periods import sheet_in
from khet.kits.rounds.rules import CENSUS, VIEW_ALL


@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """One school's receipt of a closed round: each sheet, its count, who vouched when, and the census it went into."""
    actor = request.actor
    round_ = fetch(actor, Round.objects.all(), pk=pk)
    asked = request.GET.get("unit", "")
    rows = visible(actor, Return.objects.filter(round=round_)).select_related(
        "unit", "confirmed_by", "certified_by", "verified_by"
    )
    if asked:
        rows = rows.filter(unit_id=int(asked) if asked.isdecimal() and len(asked) < 19 else 0)
    elif actor.unit is not None:
        rows = rows.filter(unit=actor.unit)
    listed: list[Any] = list(rows.order_by("place", "pk")[:40])
    if not listed and not asked and actor.has(VIEW_ALL):
        return redirect("rounds:board", pk)  # the office itself hands nothing in; its board names the schools
    if not listed:
        raise NotFound(_("ไม่พบใบรับของโรงเรียนนี้ในรอบนี้"), code="not_found")
    for row in listed:
        sheet = sheet_in(round_, row.sheet)
        row.title, row.counter = (sheet.title, sheet.counter) if sheet else (row.sheet, "")
    census = Census.objects.filter(round=round_).order_by("-number").first()
    return render(
        request,
        "rounds/receipt.html",
        {"round": round_, "unit": listed[0].unit, "rows": listed, "census": census, "now": timezone.now()},
    )


@require_GET
def censuses(request: HttpRequest) -> HttpResponse:
    """Every census with its tables, the replaced ones too."""
    actor = request.actor
    demand(actor, CENSUS)
    found = read_censuses(every=True)
    newest: set[int] = set()
    for one in found:
        one.is_newest = one.round_id not in newest
        newest.add(one.round_id)
    return render(request, "rounds/censuses.html", {"censuses": found, "area": actor.has(VIEW_ALL)})


def _census(request: HttpRequest, pk: int) -> Census:
    demand(request.actor, CENSUS)
    found = fetch(request.actor, Census.objects.select_related("round"), pk=pk)
    if any(code != "extra" for code, _name in faults_of(found)):
        raise NotFound(_("แฟ้มของข้อมูลชุดนี้เสียหรือหาย แจ้งผู้ดูแลระบบให้กู้จากข้อมูลสำรอง"), code="rounds.census_damaged")
    return found


@require_GET
def census_file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """One table, or the manifest, as it was frozen."""
    found = _census(request, pk)
    known = {table["file"]: table["sha256"] for table in found.manifest["tables"]} | {MANIFEST: found.sha256}
    if name not in known:
        raise Http404
    mime = "application/json" if name == MANIFEST else "application/vnd.apache.parquet"
    return send(
        request,
        path_of(found) / name,
        mime=mime,
        etag=known[name],
        disposition=f'attachment; filename="{found.folder}-{name}"',
    )


@require_GET
def census_zip(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All of a census in one file; a census is a few megabytes."""
    found = _census(request, pk)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(path_of(found).iterdir()):
            packed.write(path, path.name)
    out.seek(0)
    return FileResponse(
        out, as_attachment=True, filename=f"{found.folder}.zip", content_type="application/zip"
    )
