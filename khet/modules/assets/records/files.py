"""What files of buildings, articles, counts and land have in common: whose row it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.lib.thai.words import fold
from khet.base.org.api import Actor, Unit, visible
from khet.kits.register.bases import Checked, Import, ImportColumn, Wrong
from khet.kits.register.bases.imports import in_every_language
from khet.modules.assets.queries import actor_units, units_by_code
from khet.modules.assets.rules import IMPORT

SCHOOL_CODE = (
    "รหัสโรงเรียน", "รหัส Smis 8 หลัก", "smis_code8", "smis", "รหัส smis", "รหัส 8 หลัก", "รหัสโรงเรียน 8 หลัก", "school_code",
    "รหัสโรงเรียน 10 หลัก", "รหัสหน่วยงาน",
)  # fmt: skip
SCHOOL_NAME = ("ชื่อโรงเรียน", "ชื่อสถานศึกษา", "สถานศึกษา", "ชื่อสถานศึกษา(ไทย)", "name_th", "หน่วยงาน", "school")


@cache
def thai(choices: type[TextChoices]) -> dict[str, str]:
    """Value → Thai words, looked up once: a file of 60,000 rows says them half a million times."""
    with override("th"):
        return {"": "", **{value: str(label) for value, label in choices.choices if value}}


_folded = lru_cache(maxsize=4096)(fold)


def one_of(label: Any, choices: Mapping[Any, str]) -> Callable[[str], str]:
    """Reads one of the words of a closed list; the list is folded once, not for every cell of a file."""
    known: dict[str, str] = {}

    def read(text: str) -> str:
        if not known:
            known.update(
                (fold(said), value) for word, value in choices.items() for said in in_every_language(word)
            )
        found = known.get(_folded(text))
        if found is None:
            words = ", ".join(str(word) for word in list(dict.fromkeys(choices))[:8])
            raise Wrong(
                _("ไม่รู้จัก%(column)s “%(text)s” ใช้คำใดคำหนึ่งใน %(words)s")
                % {"column": label, "text": text[:40], "words": words}
            )
        return found

    return read


class OfUnits(Import):
    """Rows belong to units: told by a code or a name in the row, or by who brings the file when it has neither."""

    model: ClassVar[type[models.Model]]
    capability = IMPORT
    group = "unit_code"

    def missing(self, mapping: Any) -> list[ImportColumn]:
        """The key itself may be missing: it is found or made from the rest of the row."""
        return [c for c in self.columns if c.required and c.code not in mapping]

    def place(self, actor: Actor, rows: Sequence[Checked]) -> dict[int, Unit]:
        """Row number → its unit; rows whose unit is not known or not the actor's are told so."""
        words: dict[int, tuple[str, str]] = {}
        for row in rows:
            code = row.values.get("unit_code") or row.values.pop("school", None) or ""
            column = "unit_code" if row.values.get("unit_code") else "school"
            row.values.pop("school", None)
            words[row.number] = (column, code)
        known = units_by_code({code for _column, code in words.values()})
        own = list(actor_units(actor, IMPORT)[:2])
        sole = own[0] if len(own) == 1 else None
        allowed = set(actor_units(actor, IMPORT).values_list("pk", flat=True)) if not sole else {sole.pk}
        found: dict[int, Unit] = {}
        for row in rows:
            column, code = words[row.number]
            unit = known.get(code) if code else sole
            if unit is None:
                row.wrong(
                    column if code else "unit_code",
                    _("ไม่รู้จักโรงเรียน “%(code)s” ใช้รหัส 8 หลักของโรงเรียน") % {"code": code[:60]}
                    if code
                    else _("แถวนี้ไม่บอกว่าเป็นของโรงเรียนใด เพิ่มคอลัมน์ รหัสโรงเรียน"),
                )
            elif unit.pk not in allowed:
                row.wrong(column, _("%(unit)sอยู่นอกขอบเขตที่คุณนำเข้าได้") % {"unit": unit.name})
            else:
                row.values["unit_code"] = unit.code
                found[row.number] = unit
        return found

    def units(self, rows: Iterable[dict[str, Any]]) -> dict[str, Unit]:
        """Unit code → unit, for rows already placed."""
        codes = {row["unit_code"] for row in rows}
        return {unit.code: unit for unit in Unit.objects.filter(code__in=codes)} if codes else {}

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        """By the code of their unit."""
        rows = self.model._default_manager.filter(pk__in=pks).order_by()
        return dict(rows.values_list("unit__code").annotate(Count("pk")))

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        found = list(found)
        if not found:
            return set()
        rows = type(found[0])._base_manager.filter(pk__in=[record.pk for record in found])
        return set(visible(actor, rows, IMPORT).values_list("pk", flat=True))
