"""What the officer asks for, read from the address: values, as typed, and a sentence for what cannot be read."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import QueryDict

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.calendar import parse_date

NAMES = ("since", "until", "reader", "subject", "what", "via", "outside", "occasion")


def read(sent: QueryDict) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    typed = {name: sent.get(name, "").strip()[:100] for name in NAMES}
    wanted: dict[str, Any] = {name: typed[name] for name in ("reader", "subject", "what", "via")}
    wanted["outside"] = typed["outside"] == "1"
    faults = []
    for name in ("since", "until"):
        wanted[name] = None
        if typed[name]:
            try:
                wanted[name] = parse_date(typed[name])
            except Refusal as why:
                faults.append(str(why.sentence))
    wanted["occasion"] = None
    if typed["occasion"]:
        try:
            wanted["occasion"] = uuid.UUID(typed["occasion"])
        except ValueError:
            typed["occasion"] = ""
    return wanted, typed, faults
