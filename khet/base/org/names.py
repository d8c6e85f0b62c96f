"""Proper names of the area, taught to the word breaker so that paper does not part them at the end of a line."""

from __future__ import annotations

import re
import time

from khet.base.lib import thai
from khet.base.org.choices import UnitKind
from khet.base.org.models import Unit

_RUN = re.compile(r"[\u0e01-\u0e3a\u0e40-\u0e4e]{4,}")
_COMMON = re.compile(r"^(?:โรงเรียน|เครือข่าย|ชุมชน|อนุบาล|นิคม|บ้าน|วัด|สพป|สพม)+")
_EVERY = 3600.0
_taught_at = float("-inf")


def proper_names(names: list[str]) -> set[str]:
    """The parts of unit names that are names: โรงเรียนบ้านไร่ธารใส → ไร่ธารใส, สพป.ศรีธารา เขต 2 → ศรีธารา."""
    found = {_COMMON.sub("", run) for name in names for run in _RUN.findall(name)}
    return {name for name in found if len(name) >= 3}


def teach() -> None:
    """Teach the names of today's units to this process; asked again at most once an hour."""
    global _taught_at
    if time.monotonic() - _taught_at < _EVERY:
        return
    kinds = [UnitKind.OFFICE, UnitKind.SCHOOL, UnitKind.NETWORK]
    thai.learn(proper_names(list(Unit.objects.filter(kind__in=kinds).values_list("short_name", flat=True))))
    _taught_at = time.monotonic()
