"""A format filled from a census, kept for the next page: filling is looked at before it is pressed."""

from __future__ import annotations

import hashlib
import threading
from typing import Any

from django.utils.translation import gettext as _

from khet.base.lib.errors import NotFound
from khet.kits.rounds.api import censuses
from khet.outlets.province.bases import Format
from khet.outlets.province.packing import as_json
from khet.outlets.province.queries.filling import Filled, fill
from khet.outlets.province.queries.indicators import indicators_of
from khet.outlets.province.queries.sources import Lake

_KEPT: dict[str, Filled] = {}
_MOST = 2
_LOCK = threading.Lock()


def inputs_of(format: Format, lake: Lake) -> str:
    """The digest of everything an export is made of: format, censuses, facts of the office."""
    facts = {name: str(value) for name, value in lake.facts.items()}
    return hashlib.sha256(
        as_json({"format": format.sha256, "censuses": lake.inputs(), "facts": facts})
    ).hexdigest()


def filled_from(format: Format, lake: Lake) -> Filled:
    """The format filled, from memory when the same was asked a moment ago in this process."""
    key = inputs_of(format, lake)
    with _LOCK:
        if key in _KEPT:
            return _KEPT[key]
    filled = fill(format, lake, indicators_of(lake))
    with _LOCK:
        while len(_KEPT) >= _MOST:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = filled
    return filled


def choosable(format: Format) -> list[Any]:
    """The censuses that may fill a format, newest day first."""
    return [one for one in censuses() if format.round in ("", one.round.kind)]


def census_called(text: str, format: Format) -> Any:
    """The census of a round by its short name (``1/2569``, ``2569``) or the id of the census; empty: the newest."""
    offered = choosable(format)
    for one in offered:
        if text in ("", str(one.pk)) or one.round.short == text:
            return one
    raise NotFound(
        _("ไม่มีรอบที่ปิดแล้วชื่อ “%(round)s” ที่เลือกได้คือ %(rounds)s")
        % {"round": text, "rounds": ", ".join(one.round.short for one in offered) or "–"},
        code="province.no_round",
    )
