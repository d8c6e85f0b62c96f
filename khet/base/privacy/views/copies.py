"""A copy of all that is kept about one person, for them: asked by its owner, or made on their request."""

from __future__ import annotations

import io
import json

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khet.base.lib import sheets
from khet.base.lib.errors import NotFound
from khet.base.org.api import demand, fetch
from khet.base.privacy.actions import copy_for_owner, copy_mine
from khet.base.privacy.bases import subject_kinds
from khet.base.privacy.forms import CopyForm
from khet.base.privacy.queries.persons import as_json, everything_about, lines
from khet.base.privacy.rules import COPY
from khet.base.ui.forms import carried_out


@never_cache
@require_http_methods(["GET", "POST"])
def of(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """All about somebody whom the reader may make copies for, after a typed reason and a fresh sign-in."""
    kept = subject_kinds.get(kind)
    if kept is None:
        raise NotFound(_("ไม่พบหน้านี้"), code="not_found")
    record = fetch(request.actor, apps.get_model(kind)._default_manager.all(), pk=pk)
    demand(request.actor, COPY, record)
    form = CopyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with override("th"):
            holdings, kinds = everything_about(getattr(record, kept.root) if kept.root else record)

        def take() -> None:
            copy_for_owner(
                actor=request.actor, record=record, reason=form.cleaned_data["reason"], kinds=kinds
            )

        if carried_out(form, take):
            return _file(record, holdings, form.cleaned_data["form"])
    return render(
        request,
        "privacy/copy.html",
        {"form": form, "record": record},
        status=422 if form.errors else 200,
    )


@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """All about the one who is signed in."""
    if request.actor.person is None:
        raise NotFound(_("บัญชีนี้ไม่ผูกกับบุคคล"), code="privacy.nobody")
    form = CopyForm(request.POST if request.method == "POST" else None, own=True)
    if form.is_valid() and carried_out(form, lambda: copy_mine(actor=request.actor)):
        with override("th"):
            holdings, _kinds = everything_about(request.actor.person)
        return _file(request.actor.person, holdings, form.cleaned_data["form"])
    return render(
        request,
        "privacy/copy.html",
        {"form": form, "record": request.actor.person, "own": True},
        status=422 if form.errors else 200,
    )


def _file(record: models.Model, holdings: list, form: str) -> FileResponse:
    file = io.BytesIO()
    if form == "json":
        about = {"made_at": timezone.localtime(), "about": str(record), "holdings": as_json(holdings)}
        file.write(json.dumps(about, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode())
        kind = "application/json"
    else:
        with override("th"):
            sheets.write_xlsx(lines(holdings), ["เรื่อง", "ลำดับ", "หัวข้อ", "ข้อมูล"], file)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file.seek(0)
    name = f"personal-data-{record._meta.model_name}-{record.pk}-{timezone.localdate():%Y%m%d}.{form}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
