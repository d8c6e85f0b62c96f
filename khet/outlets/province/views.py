"""Choose a format and a round, look at the first rows and at what does not fit, make, download again later."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khet.base.lib.errors import NotFound, Refusal
from khet.base.org.api import demand, fetch, visible
from khet.base.ui.forms import carried_out
from khet.kits.files.api import attachments
from khet.outlets.province.actions import keep_format, make, retire_format
from khet.outlets.province.bases import Format
from khet.outlets.province.choices import Take
from khet.outlets.province.files import MANIFEST, PACKAGE
from khet.outlets.province.forms import FormatForm
from khet.outlets.province.models import Export, KeptFormat
from khet.outlets.province.queries.filling import Filled
from khet.outlets.province.queries.formats import format_of, read_kept, shipped
from khet.outlets.province.queries.formats import formats as offered
from khet.outlets.province.queries.previews import census_called, choosable, filled_from
from khet.outlets.province.queries.sources import Lake
from khet.outlets.province.rules import FORMATS, MAKE, VIEW

SHOWN_ROWS, SHOWN_PROBLEMS, SHOWN_EXPORTS = 8, 100, 30


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Formats and rounds to choose from; once chosen, what would be written; below, what was made before."""
    actor = request.actor
    demand(actor, VIEW)
    all_formats = offered()
    asked = request.GET.get("format", "")
    chosen = format_of(asked) if asked else (all_formats[0] if all_formats else None)
    context: dict[str, Any] = {
        "formats": all_formats, "format": chosen, "rounds": choosable(chosen) if chosen else [], "round": "",
        "may_make": actor.has(MAKE), "may_format": actor.has(FORMATS),
        "exports": visible(actor, Export.objects.select_related("format", "census__round", "made_by"))[:SHOWN_EXPORTS],
    }  # fmt: skip
    if chosen and context["rounds"]:
        census = census_called(request.GET.get("round", ""), chosen)
        context |= {"census": census, "round": str(census.pk)}
        if asked:
            context |= _preview(filled_from(chosen, Lake(census)))
    return render(request, "province/home.html", context)


def _preview(filled: Filled) -> dict[str, Any]:
    tables = [
        {"title": one.table.title, "name": one.table.name, "heads": [(c.name, c.title, c.kind in ("int", "decimal")) for c in one.table.columns],
         "rows": [list(zip(row, [c.kind in ("int", "decimal") for c in one.table.columns], strict=True)) for row in one.rows[:SHOWN_ROWS]], "count": len(one.rows)}
        for one in filled.tables
    ]  # fmt: skip
    return {
        "tables": tables, "filled": filled, "problems": filled.problems[:SHOWN_PROBLEMS], "faults": filled.faults,
        "more_faults": max(filled.faults - SHOWN_PROBLEMS, 0), "ready": not filled.faults and filled.rows > 0,
    }  # fmt: skip


@require_POST
def make_export(request: HttpRequest) -> HttpResponse:
    """Make the export, or say again what does not fit."""
    demand(request.actor, MAKE)
    declared = format_of(request.POST.get("format", "")[:80])
    census = census_called(request.POST.get("round", "")[:20], declared)
    last = Export.objects.order_by("-number").values_list("number", flat=True).first() or 0
    try:
        export = make(actor=request.actor, format=declared, census=census)
    except Refusal as why:
        if why.code not in {"province.problems", "province.empty"}:
            raise
        messages.error(request, str(why.sentence))
        return redirect(
            f"{reverse('province:home')}?{urlencode({'format': declared.label, 'round': census.pk})}"
        )
    if export.number > last:
        messages.success(request, _("ทำแฟ้มเลขที่ %(n)d แล้ว") % {"n": export.number})
    else:
        messages.success(request, _("ข้อมูลและรูปแบบเดิม ได้แฟ้มเลขที่ %(n)d ที่ทำไว้แล้ว") % {"n": export.number})
    return redirect("province:export", export.pk)


@require_GET
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """One export: its files, what is in them, and what it was made of."""
    found = fetch(request.actor, Export.objects.select_related("format", "census__round", "made_by"), pk=pk)
    held = {one.kind: one for one in attachments(found)}
    return render(
        request,
        "province/export.html",
        {
            "export": found,
            "package": held.get(PACKAGE),
            "manifest": held.get(MANIFEST),
            "said": found.manifest,
        },
    )


@require_http_methods(["GET", "POST"])
def formats(request: HttpRequest) -> HttpResponse:
    """The formats there are; the office adds its own."""
    actor = request.actor
    demand(actor, FORMATS if request.method == "POST" else VIEW)
    form = FormatForm(request.POST, request.FILES) if request.method == "POST" else FormatForm()
    kept: list[KeptFormat] = []
    if request.method == "POST" and form.is_valid() and carried_out(
        form, lambda: kept.append(keep_format(actor=actor, text=form.cleaned_data["text"]))
    ):  # fmt: skip
        messages.success(request, _("เพิ่มรูปแบบ %(name)s แล้ว") % {"name": kept[0]})
        return redirect("province:format", kept[0].code, kept[0].version)
    own = visible(actor, KeptFormat.objects.filter(is_shipped=False)).order_by("retired_at", "code", "-pk")
    return render(
        request,
        "province/formats.html",
        {"form": form, "shipped": list(shipped().values()), "own": own, "may_format": actor.has(FORMATS)},
        status=422 if form.is_bound else 200,
    )


def _format(request: HttpRequest, code: str, version: str) -> tuple[Format, KeptFormat | None]:
    demand(request.actor, VIEW)
    label = f"{code}@{version}"
    if label in shipped():
        return shipped()[label], None
    row = visible(request.actor, KeptFormat.objects.filter(code=code, version=version)).first()
    if row is None:
        raise NotFound(_("ไม่มีรูปแบบนี้"), code="province.no_format")
    return read_kept(row), row


@require_GET
def format_page(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """A format in words: tables, columns in order, where each value comes from, code lists."""
    found, row = _format(request, code, version)
    tables = [
        (table, [(column, _source_words(column)) for column in table.columns]) for table in found.tables
    ]
    return render(
        request,
        "province/format.html",
        {"format": found, "row": row, "tables": tables, "codes": list(found.codes.values()), "may_format": request.actor.has(FORMATS)},
    )  # fmt: skip


def _source_words(column: Any) -> str:
    """Where the value comes from: ``pupils.pupils``, ``= 2569``."""
    if column.take == Take.FIXED:
        return f"“{column.source}”"
    words = f"{column.table}.{column.source}".strip(".") if column.table else column.source
    tests = [
        f"{w.column} {'≠' if w.negated else '='} {', '.join(str(v) or '–' for v in w.values)}"
        for w in column.where
    ]
    label = "" if column.take == Take.COLUMN else str(Take(column.take).label)
    return " ".join(filter(None, [label, words, f"({'; '.join(tests)})" if tests else ""]))


@require_GET
def source(request: HttpRequest, code: str, version: str) -> HttpResponse:
    """The file of a format, as it came: to be changed and uploaded as a new version."""
    found, _row = _format(request, code, version)
    ending = "json" if found.text.lstrip().startswith("{") else "toml"
    response = HttpResponse(found.text.encode(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.code}-{found.version}.{ending}"'
    return response


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request.actor, KeptFormat.objects.all(), FORMATS, pk=pk)
    retire_format(actor=request.actor, format=row)
    messages.success(request, _("เลิกใช้ %(name)s แล้ว แฟ้มที่เคยทำยังอยู่") % {"name": row})
    return redirect("province:formats")
