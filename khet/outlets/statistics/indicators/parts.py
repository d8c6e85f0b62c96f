"""What many definitions share: counting by some columns, stages of grades, sizes of schools, bands of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis

    from khet.outlets.statistics.lake import Lake

STAGES = {
    "k": ("k1", "k2", "k3"),
    "p": ("p1", "p2", "p3", "p4", "p5", "p6"),
    "l": ("m1", "m2", "m3"),
    "u": ("m4", "m5", "m6"),
}
GRADES = [grade for grades in STAGES.values() for grade in grades]
SMALL_SCHOOL = 120
"""Pupils of a small school at most: the small-school policy of สพฐ., and size 1 of its seven."""
SIZES = ((0, "0"), (SMALL_SCHOOL, "1"), (200, "2"), (300, "3"), (499, "4"), (1499, "5"), (2499, "6"))
"""The seven sizes of the commission (สพฐ.) by number of pupils; above the last limit 7, without pupils 0."""
KEY = ["census", "school"]


def counts(table: ibis.Table, n: Any, *dims: str, **made: Any) -> ibis.Table:
    """``census, school, <dims…>, n``: the sum of ``n`` by columns of the table, of which some are made here."""
    return (table.mutate(**made) if made else table).group_by([*KEY, *dims]).agg(n=n)


def shares(table: ibis.Table, n: Any, of: Any, *dims: str, **made: Any) -> ibis.Table:
    """The same with a denominator; cells without one are left out."""
    found = (table.mutate(**made) if made else table).group_by([*KEY, *dims]).agg(n=n, of=of)
    return found.filter(found.of > 0)


def ones(table: ibis.Table) -> Any:
    """How many rows: give it as ``n`` or ``of``."""
    return table.count()


def part(column: Any, where: Any) -> Any:
    """The sum of a column over some rows; nought where there are none."""
    return column.sum(where=where).fill_null(0)


def stage(lake: Lake, grade: Any) -> Any:
    """The stage of a grade: k kindergarten, p primary, l lower and u upper secondary."""
    return lake.ibis.cases(*((grade.isin(list(grades)), code) for code, grades in STAGES.items()), else_="")


def place_of(lake: Lake, grade: Any) -> Any:
    """The place of a grade among the fifteen, 1 for อ.1 to 15 for ม.6; 0 for anything else."""
    return lake.ibis.cases(*((grade == code, at) for at, code in enumerate(GRADES, start=1)), else_=0).cast(
        "int64"
    )


def band(lake: Lake, number: Any, limits: Sequence[tuple[int, str]], above: str) -> Any:
    """The code of the first limit that is not exceeded; '' where there is no number."""
    return lake.ibis.cases(
        (number.isnull(), ""), *((number <= limit, code) for limit, code in limits), else_=above
    )


def size(lake: Lake, pupils: Any) -> Any:
    """The size of a school of so many pupils, 1 to 7, or 0."""
    return band(lake, pupils, SIZES, "7")


def per_school(table: ibis.Table, **columns: Any) -> ibis.Table:
    """One row a school."""
    return table.group_by(KEY).agg(**columns)


def beside(table: ibis.Table, other: ibis.Table) -> ibis.Table:
    """Each row with what ``other`` says of its school; numbers it does not say are nought."""
    names = [name for name in other.columns if name not in KEY]
    joined = table.left_join(other, KEY)
    return joined.select(
        *(table[name] for name in table.columns), *(joined[name].fill_null(0).name(name) for name in names)
    )


def of_grades(lake: Lake) -> ibis.Table:
    """Pupils of a school by grade and sex, as far as the lake has them: a third of the rows, with which a dozen indicators begin."""
    return lake.kept("of_grades", lambda: _of_grades(lake))


def _of_grades(lake: Lake) -> ibis.Table:
    t = lake["pupils"]
    keys = ["census", "office", "school_year", "round", "school"]
    keys += [name for name in ("grade", "sex") if name in t.columns]
    return t.group_by(keys).agg(pupils=t.pupils.sum().cast("int64"))


def enrolled(lake: Lake) -> ibis.Table:
    """The schools of a census with their ``pupils`` on the day."""
    return beside(lake["schools"], lake.kept("on_roll", lambda: _on_roll(lake)))


def _on_roll(lake: Lake) -> ibis.Table:
    return per_school(lake["roll"], pupils=lake["roll"].pupils.sum())
