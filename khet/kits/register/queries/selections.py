"""Which records a person has ticked: some by their keys, or all that match the list's address."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor, visible
from khet.kits.register.bases import Record
from khet.kits.register.queries.lists import ListState

MOST_TICKED = 1000


def selected(record: Record, actor: Actor, data: QueryDict, capability: str | None = None) -> QuerySet:
    """The selected rows that the actor may do ``capability`` to (default: may see), in the list's order."""
    state = ListState.read(record, QueryDict(data.get("query", "")[:4000]))
    if data.get("all"):
        rows = state.matching(actor)
    else:
        keys = [
            int(pk)
            for pk in data.getlist("pk")[:MOST_TICKED]
            if pk.isascii() and pk.isdigit() and len(pk) < 19
        ]
        if not keys:
            raise Refusal(_("ยังไม่ได้เลือกรายการ ติ๊กหน้าแถวที่ต้องการก่อน"), code="register.nothing_selected")
        rows = visible(actor, record.queryset(actor)).filter(pk__in=keys).order_by(*state.ordering())
    return visible(actor, rows, capability) if capability else rows
