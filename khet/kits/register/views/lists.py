"""The list, its printed form, its exports, its saved views."""

from __future__ import annotations

import tempfile
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from khet.base.lib.errors import Refusal
from khet.base.org.api import demand, fetch
from khet.base.privacy.api import DataKind, ReasonForm, Via, record_reading
from khet.kits.register.actions import forget_view, save_view
from khet.kits.register.bases import Record, code_lists, records
from khet.kits.register.models import SavedView
from khet.kits.register.queries.exports import FORMATS, subjects, write_export
from khet.kits.register.queries.lists import ListPage, ListState, list_page
from khet.kits.register.queries.selections import selected
from khet.kits.register.rules import CODES_EDIT
from khet.kits.register.views.doors import offered, record_type


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """All registers the reader may open; the only one opens by itself."""
    mine = [record for record in records if request.actor.has(record.view)]
    codes = len(code_lists) and request.actor.has(CODES_EDIT)
    if len(mine) == 1 and not codes:
        return redirect("register:list", mine[0].code)
    return render(request, "register/home.html", {"records": mine, "codes": codes})


@login_required
@require_GET
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
def listing(request: HttpRequest, kind: str) -> HttpResponse:
    record = record_type(request, kind)
    state = ListState.read(record, request.GET)
    page = list_page(record, request.actor, state)
    hidden = [f.what for f in state.facets if f.mask and f.what and f.code in state.in_force]
    if hidden:  # who stands in a list of those with a hidden value has been read about
        _read(request, record, page, hidden, Via.PAGE)
    context = {
        "record": record,
        "list": page,
        "offered": offered(record, request.actor),
    }
    partial = request.htmx and request.htmx.target == "register"
    return render(request, "register/parts/list.html" if partial else "register/list.html", context)


@login_required
@require_GET
@never_cache
def printed(request: HttpRequest, kind: str) -> HttpResponse:
    """All matching rows on one page that prints as a list: heads repeat, conditions in words."""
    record = record_type(request, kind)
    state = ListState.read(record, request.GET)
    page = list_page(record, request.actor, state, everything=True)
    if record.kinds_exported:
        _read(request, record, page, record.kinds_exported, Via.PRINT)
    return render(request, "register/print.html", {"record": record, "list": page})


@login_required
@never_cache
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The matching rows (GET) or the selected ones (POST) as a file.

    Personal data is asked for with a reason first; the file then comes from a POST, after a fresh sign-in.
    """
    record = record_type(request, kind)
    if record.exporting:
        demand(request.actor, record.exporting)
    posted = request.method == "POST"
    if posted:
        queryset = selected(record, request.actor, request.POST)
        format = request.POST.get("format", "xlsx")
    else:
        queryset = ListState.read(record, request.GET).matching(request.actor)
        format = request.GET.get("format", "xlsx")
    reason = ""
    if record.kinds_exported:
        form = ReasonForm(request.POST if posted and "reason" in request.POST else None)
        if not form.is_valid():
            return _ask_why(request, record, queryset, format, form)
        reason = form.cleaned_data["reason"]
    # A large list goes through a file on disk, so that memory does not grow with it.
    file = tempfile.SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115  closed by the response
    try:
        write_export(record, request.actor, queryset, format, file, reason)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{record.label_many} {timezone.localdate():%d-%m}-{timezone.localdate().year + 543}.{format}"
    response = FileResponse(file, content_type=FORMATS[format])
    response["Content-Disposition"] = (
        f"attachment; filename=\"{record.code}.{format}\"; filename*=UTF-8''{quote(name)}"
    )
    return response


def _read(request: HttpRequest, record: Record, page: ListPage, what: list[str], via: str) -> None:
    people = [(row.record.pk, *record.about(row.record)) for row in page.rows]
    record_reading(actor=request.actor, subjects=subjects(record, people), what=what, via=via)


def _ask_why(
    request: HttpRequest, record: Record, queryset: QuerySet, format: str, form: ReasonForm
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else QueryDict(mutable=True)
    query = ListState.read(
        record, QueryDict(sent.get("query", "")[:4000]) if request.method == "POST" else request.GET
    ).query()
    everything = request.method != "POST" or bool(sent.get("all"))
    return render(
        request,
        "register/export.html",
        {
            "record": record,
            "form": form,
            "format": format if format in FORMATS else "xlsx",
            "query": query,
            "count": queryset.count(),
            "all": everything,
            "pks": [] if everything else sent.getlist("pk")[:1000],
            "kinds": [DataKind(kind).label for kind in record.kinds_exported],
        },
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def keep_view(request: HttpRequest, kind: str) -> HttpResponse:
    record = record_type(request, kind)
    state = ListState.read(record, QueryDict(request.POST.get("query", "")[:4000]))
    try:
        view = save_view(
            actor=request.actor, kind=record.code, name=request.POST.get("name", ""), query=state.query()
        )
    except Refusal as why:
        messages.error(request, why.sentence)
    else:
        messages.success(request, _("บันทึกมุมมอง “%(name)s” แล้ว") % {"name": view.name})
    return redirect(f"{reverse('register:list', args=[kind])}?{state.query()}")


@login_required
@require_POST
def drop_view(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    record_type(request, kind)
    view = fetch(request.actor, SavedView.objects.filter(kind=kind), pk=pk)
    forget_view(actor=request.actor, view=view)
    messages.success(request, _("ลบมุมมอง “%(name)s” แล้ว") % {"name": view.name})
    return redirect("register:list", kind)
