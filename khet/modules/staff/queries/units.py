"""Which unit the words of a file mean: a code of any kind, a school's name, a group's name."""

from __future__ import annotations

from khet.base.lib.thai import school_key
from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.words import fold
from khet.base.org.api import Unit, own_units
from khet.base.org.choices import UnitKind
from khet.modules.schools.api import own_schools

_PLACES = (UnitKind.OFFICE, UnitKind.GROUP, UnitKind.SCHOOL)


class Units:
    """All units where people may serve, by every name and code that files use; two queries, once per file."""

    def __init__(self) -> None:
        self._known: dict[str, Unit] = {}
        self._twice: set[str] = set()
        units = {unit.pk: unit for unit in own_units().filter(kind__in=_PLACES)}
        for unit in units.values():
            for words in (unit.code, unit.name, unit.short_name):
                self._put(words, unit)
            if unit.kind == UnitKind.SCHOOL:
                self._put(school_key(unit.name), unit)
        for unit_id, *codes in own_schools().values_list("unit_id", "smis8", "obec10", "obec6"):
            for code in codes:
                if code and unit_id in units:
                    self._put(code, units[unit_id])

    def _put(self, words: str, unit: Unit) -> None:
        key = fold(words).replace(" ", "")
        if key and self._known.setdefault(key, unit) != unit:
            self._twice.add(key)

    def find(self, words: str) -> Unit | None:
        """The unit, or None when nothing or more than one answers to the words."""
        text = to_arabic_digits(words).strip()
        for key in (fold(text).replace(" ", ""), school_key(text)):
            if key in self._known and key not in self._twice:
                return self._known[key]
        return None
