"""The migration itself: each sheet through the import of its register, then counts laid beside those of the dump."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.lib.sheets.writing import write_csv
from khet.base.org.api import Actor, own_units
from khet.base.org.choices import UnitKind
from khet.kits.register.api import import_file
from khet.modules.schools.api import own_schools
from khet.site.amss import sheets
from khet.site.amss.dump import rows_of
from khet.site.amss.sheets import SheetOf, Tables


@dataclass
class Step:
    """One register's part. ``in_dump`` = ``left`` in all + ``rows``; ``rows`` = ``new`` + ``changed`` + ``same`` + ``wrong``."""

    kind: str
    title: str
    in_dump: int
    left: dict[str, int]
    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    wrong: int = 0
    batch: int | None = None
    faults: list[dict[str, Any]] = field(default_factory=list)
    refusal: str = ""
    differences: list[str] = field(default_factory=list)


@dataclass
class Migration:
    file: str
    applied: bool
    steps: list[Step] = field(default_factory=list)

    @property
    def wrong(self) -> int:
        return sum(step.wrong + bool(step.refusal) for step in self.steps)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def sentences(self) -> Iterator[str]:
        """The reconciliation in words, a line each."""
        for step in self.steps:
            left = "".join(f" {reason} {n:,}" for reason, n in step.left.items())
            yield _(
                "%(title)s: ในแฟ้ม %(dump)s แถว%(left)s นำมาตรวจ %(rows)s · ใหม่ %(new)s เปลี่ยน %(changed)s เหมือนเดิม %(same)s ผิด %(wrong)s"
            ) % {
                "title": step.title,
                "dump": f"{step.in_dump:,}",
                "left": f" ({left.strip()})" if left else "",
                **{name: f"{getattr(step, name):,}" for name in ("rows", "new", "changed", "same", "wrong")},
            }  # fmt: skip
            if step.refusal:
                yield "  " + step.refusal
            for fault in step.faults[:20]:
                yield "  " + _("แถว %(row)s: %(sentence)s") % fault
            if len(step.faults) > 20:
                yield "  " + _("และอีก %(n)s จุด ดูทั้งหมดในหน้านำเข้า หรือใส่ --json") % {
                    "n": f"{len(step.faults) - 20:,}"
                }
            yield from ("  " + line for line in step.differences)
        yield _("นำเข้าแล้ว") if self.applied else _("ตรวจแล้ว ยังไม่ได้นำเข้า ใส่ --confirm เพื่อนำเข้า")


def migrate(
    *,
    actor: Actor,
    path: Path,
    confirm: bool = False,
    options: dict[str, str] | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Migration:
    """Check, and with ``confirm`` bring in, the schools, people, pupils and buildings of an AMSS++ dump.

    Schools come first, as the others name them; every register is one import of its own with its own batch, which can be
    undone on its page. ``options``: ``year`` takes one school year alone (all of the dump otherwise), ``term`` is the term
    that the pupils are enrolled in (1 otherwise). The same dump again changes nothing.
    """
    options = options or {}
    tables = rows_of(path, sheets.used_tables())
    done = Migration(path.name, applied=confirm)
    for make in _steps(tables, options):
        sheet = make()
        say(_("กำลังอ่าน%(title)s") % {"title": sheet.title})
        done.steps.append(_bring(actor, sheet, confirm))
        if sheet.kind == "enrolments":
            done.steps[-1].differences = _against_counts(tables, sheet)
    return done


def _steps(tables: Tables, options: dict[str, str]) -> Iterator[Callable[[], SheetOf]]:
    """Each sheet is made when its turn comes: it may speak of what the one before brought."""
    yield lambda: sheets.schools(tables, set(own_schools().values_list("smis8", flat=True)))
    yield lambda: sheets.officials(tables, _groups())
    years = sheets.school_years(tables)
    if options.get("year"):
        if options["year"] not in years:
            raise Refusal(
                _("แฟ้มไม่มีนักเรียนปีการศึกษา %(year)s มีแต่ %(years)s")
                % {"year": options["year"], "years": ", ".join(years) or "-"},
                code="amss.no_year",
            )
        years = [options["year"]]
    for year in years:
        yield lambda year=year: sheets.pupils(tables, year, options.get("term", "1"))
    yield lambda: sheets.buildings(tables)


def _groups() -> dict[str, str]:
    """The words of each group of the office, without spaces → its code."""
    found = {}
    for unit in own_units().filter(kind__in=(UnitKind.OFFICE, UnitKind.GROUP)):
        found |= {words.replace(" ", ""): unit.code for words in (unit.name, unit.short_name) if words}
    return found


def _bring(actor: Actor, sheet: SheetOf, confirm: bool) -> Step:
    step = Step(sheet.kind, sheet.title, sheet.in_dump, sheet.left)
    if not sheet.rows:
        return step
    # The folder is ours alone and gone when the step ends: citizen ids lie in it in clear.
    with tempfile.TemporaryDirectory(prefix="khet-amss-") as folder:
        path = Path(folder) / f"amss-{sheet.kind}.csv"
        with path.open("wb") as file:
            write_csv(sheet.rows, sheet.headings, file)
        try:
            result = import_file(
                actor=actor, kind=sheet.kind, path=path, confirm=confirm, options=sheet.options or None
            )
        except Refusal as why:
            step.rows, step.wrong, step.refusal = len(sheet.rows), len(sheet.rows), str(why)
            return step
    step.rows, step.batch = result.rows, result.batch
    step.new, step.changed, step.same, step.wrong = result.new, result.changed, result.same, result.wrong
    step.faults = [fault for fault in result.faults if fault["stops"]]
    return step


def _against_counts(tables: Tables, sheet: SheetOf) -> list[str]:
    """Schools whose list has another number of pupils than the old program's own count of them."""
    listed = Counter(row[0] for row in sheet.rows)
    counted = sheets.counted_in_dump(tables, sheet.options["year"])
    return [
        _("โรงเรียน %(code)s: รายชื่อในแฟ้ม %(listed)d คน แต่ยอดที่ AMSS++ นับไว้ %(counted)d คน")
        % {"code": code, "listed": listed[code], "counted": counted[code]}
        for code in sorted(counted)
        if listed[code] != counted[code]
    ]
