"""What many definitions share: counting by some columns, stages of grades, sizes of schools."""

from __future__ import annotations

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
SIZES = ((120, "1"), (200, "2"), (300, "3"), (499, "4"), (1499, "5"), (2499, "6"))
"""The seven sizes of the commission (สพฐ.) by number of pupils; above the last limit 7. Size 1 is the small school of its policy."""


def counts(table: ibis.Table, n: Any, *dims: str, **made: Any) -> ibis.Table:
    """``census, school, <dims…>, n``: the sum of ``n`` by columns of the table, of which some are made here."""
    return (
        (table.mutate(**made) if made else table)
        .group_by(["census", "school", *dims])
        .agg(n=n)
        .mutate(of=None)
    )


def shares(table: ibis.Table, n: Any, of: Any, *dims: str, **made: Any) -> ibis.Table:
    """The same with a denominator; cells without one are left out."""
    found = (table.mutate(**made) if made else table).group_by(["census", "school", *dims]).agg(n=n, of=of)
    return found.filter(found.of > 0)


def stage(lake: Lake, grade: Any) -> Any:
    """The stage of a grade: k kindergarten, p primary, l lower and u upper secondary."""
    return lake.ibis.cases(*((grade.isin(list(grades)), code) for code, grades in STAGES.items()), else_="")


def size(lake: Lake, pupils: Any) -> Any:
    """The size of a school of so many pupils, 1 to 7."""
    return lake.ibis.cases(*((pupils <= limit, code) for limit, code in SIZES), else_="7")
