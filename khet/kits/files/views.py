"""Giving files out: the bytes, pages as pictures, a page to read and one to print. Rights are asked each time."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from khet.base.lib.errors import Refusal
from khet.kits.files.choices import FileKind
from khet.kits.files.names import disposition
from khet.kits.files.pages import page_picture
from khet.kits.files.paper import Paper, zoom_of
from khet.kits.files.queries import demand_open, fetch_attachment, sound_path
from khet.kits.files.sending import send

_SHOWN_IN_PLACE = {FileKind.JPEG, FileKind.PNG}
PRINT_PAGES = 60


@login_required
@require_safe
def download(request: HttpRequest, public_id: str, name: str) -> HttpResponseBase:
    """The bytes as they were received. Pictures open in place, everything else is saved."""
    attachment = fetch_attachment(request.actor, public_id)
    file = attachment.file
    path = sound_path(file)
    in_place = file.kind in _SHOWN_IN_PLACE and "save" not in request.GET
    return send(
        request,
        path,
        mime=file.mime,
        etag=file.sha256,
        disposition=disposition("inline" if in_place else "attachment", attachment.name),
    )


@login_required
@require_safe
def page(request: HttpRequest, public_id: str, number: int) -> HttpResponseBase:
    """One page as a picture, ``w`` points wide or the next kept width above."""
    attachment = fetch_attachment(request.actor, public_id)
    asked = request.GET.get("w", "")
    width = int(asked) if asked.isdecimal() and len(asked) < 6 else 960
    path, mime = page_picture(attachment.file, number, width)
    return send(request, path, mime=mime, etag=f"{attachment.file.sha256}-{path.stem}", disposition="inline")


@login_required
@require_safe
def read(request: HttpRequest, public_id: str) -> HttpResponse:
    """A whole page to read one attachment in; asked by a page that shows it already, only the turned page."""
    attachment = fetch_attachment(request.actor, public_id)
    paper = Paper.of(attachment, page=request.GET.get("page"), zoom=zoom_of(request.GET.get("zoom")))
    is_part = bool(request.htmx) and not request.htmx.boosted
    response = render(
        request, "files/shown.html" if is_part else "files/read.html", {"paper": paper, "is_alone": True}
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_required
@require_safe
def print_pages(request: HttpRequest, public_id: str) -> HttpResponse:
    """All pages under each other, for the printer."""
    attachment = fetch_attachment(request.actor, public_id)
    demand_open(attachment.file)
    pages = attachment.file.pages or 0
    if not attachment.file.has_pages or pages > PRINT_PAGES:
        raise Refusal("แฟ้มนี้พิมพ์จากหน้านี้ไม่ได้ ดาวน์โหลดแล้วพิมพ์จากเครื่องของคุณ", code="files.not_printable")
    return render(request, "files/print.html", {"attachment": attachment, "numbers": range(1, pages + 1)})
