"""What every view asks first: which type, and may this person look at it at all."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from khet.base.org.api import Actor, demand, fetch
from khet.kits.register.bases import Record, records


def record_type(request: HttpRequest, kind: str) -> Record:
    """The declared type, or 404; 403 for whoever has no business with it."""
    record = records.get(kind)
    if record is None:
        raise Http404
    demand(request.actor, record.view)
    return record


def fetch_record(
    request: HttpRequest, kind: str, pk: int, capability: str | None = None
) -> tuple[Record, models.Model]:
    record = record_type(request, kind)
    actor: Actor = request.actor
    return record, fetch(actor, record.queryset(actor), capability, pk=pk)


def offered(record: Record, actor: Actor) -> dict[str, Any]:
    """What the actor may do with the register as a whole, for buttons."""
    return {
        "create": record.create is not None and actor.has(record.add or record.edit),
        "import": record.imports is not None and actor.has(record.imports.capability),
        "export": not record.exporting or actor.has(record.exporting),
        "bulk": [verb for verb in record.bulk if actor.has(verb.capability)],
        "pages": record.pages(actor),
    }


def not_offered() -> Http404:
    return Http404(_("ทะเบียนนี้ไม่มีหน้านี้"))
