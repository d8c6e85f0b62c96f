"""Districts, networks and schools by what files call them: by code, or by a name that only one has."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.names import school_key
from khet.base.lib.thai.words import fold
from khet.base.org.api import Unit
from khet.base.org.choices import UnitKind
from khet.modules.schools.api import School, codes_of_units

_BEFORE = {
    "district": ("อำเภอ", "อ."),
    "network": ("ศูนย์", "กลุ่ม", "เครือข่าย", "พัฒนาคุณภาพการศึกษา", "โรงเรียน"),
}


def bare(level: str) -> Callable[[str], str]:
    """How names of a level are compared."""
    if level == "school":
        return school_key

    def key(name: str) -> str:
        found = fold(name).replace(" ", "")
        for word in _BEFORE[level]:
            found = found.removeprefix(fold(word))
        return found

    return key


class Units:
    """All there are of today, and the schools of the ``words`` by any code they ever bore; closed ones too. Three queries."""

    def __init__(self, words: Collection[str]) -> None:
        self.by_code: dict[str, dict[str, str]] = {"district": {}, "network": {}, "school": {}}
        named = School.objects.order_by("unit__until", "pk").exclude(smis8="")
        of_unit: dict[int, str] = {}
        for code, name, amphoe_code, amphoe, unit in named.values_list(
            "smis8", "name", "amphoe_code", "amphoe", "unit_id"
        ):
            self.by_code["school"][code] = name
            of_unit[unit] = code
            if amphoe_code:
                self.by_code["district"].setdefault(amphoe_code, amphoe)
        for network in Unit.objects.filter(kind=UnitKind.NETWORK).order_by("pk"):
            self.by_code["network"][network.code] = network.short_name or network.name
        plain = {to_arabic_digits(word).strip() for word in words}
        self.old = (
            {code: of_unit[unit] for code, unit in codes_of_units(plain).items() if unit in of_unit}
            if plain
            else {}
        )
        self.by_name: dict[str, dict[str, str | None]] = {}
        for level, known in self.by_code.items():
            key, found = bare(level), self.by_name.setdefault(level, {})
            for code, name in known.items():
                found[key(name)] = None if key(name) in found else code

    def find(self, level: str, word: str) -> tuple[str, str] | None:
        """Code and name, or None where nothing or more than one is called so."""
        known: dict[str, Any] = self.by_code[level]
        plain = to_arabic_digits(word).strip().removesuffix(".0")
        code = plain if plain in known else self.old.get(plain) if level == "school" else None
        code = code or self.by_name[level].get(bare(level)(word))
        return (code, known[code]) if code else None

    def names(self, level: str) -> list[str]:
        return list(self.by_code[level].values())
