"""The small-cell rule: where a figure is sensitive, nobody is to be recognised in it, nor found by taking other figures away.

Hidden is a cell of fewer than ``Indicator.small`` people, nought excepted; then, until nothing changes, the next smallest cell
wherever a single hidden one could be had by subtraction: from the whole of its place (all cells), or from the cell of the district,
network or area to which the place belongs. Of a ratio the people of ``n`` and those of ``of`` are both looked at.
(The rule of the statistical offices, primary and complementary suppression: Willenborg and de Waal, Elements of Statistical
Disclosure Control, 2001, chapters 2 and 6; the threshold of five is the data protection practice of the health statistics.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from khet.outlets.statistics.bases import Indicator

if TYPE_CHECKING:
    from khet.outlets.statistics.queries.figures import Row


def hide(
    indicator: Indicator, rows: Sequence[Row], parents: Mapping[str, Sequence[str]], *, reveal: bool
) -> list[Row]:
    """The rows with what is small marked ``hidden`` and, unless ``reveal``, taken out."""
    if not indicator.small:
        return list(rows)
    hidden = small_cells(rows, parents, indicator.small)
    return [
        row
        if at not in hidden
        else row._replace(hidden=True)
        if reveal
        else row._replace(n=None, of=None, value=None, hidden=True)
        for at, row in enumerate(rows)
    ]


def small_cells(rows: Sequence[Row], parents: Mapping[str, Sequence[str]], least: int) -> set[int]:
    """Positions of the rows to hide."""
    hidden = {at for at, row in enumerate(rows) if _is_small(row, least)}
    if not hidden:
        return hidden
    lines: dict[object, list[int]] = {}
    for at, row in enumerate(rows):
        if not row.n:
            continue  # nought tells nothing by subtraction
        lines.setdefault(("place", row.census, row.place), []).append(at)
        for parent in ("all", *parents.get(row.place, ())):
            lines.setdefault((parent, row.census, row.dims), []).append(at)
    while more := {at for line in lines.values() for at in _exposed(line, hidden, rows, least)}:
        hidden |= more
    return hidden


def _is_small(row: Row, least: int) -> bool:
    return any(part is not None and 0 < part < least for part in (row.n, row.of))


def _exposed(line: Sequence[int], hidden: set[int], rows: Sequence[Row], least: int) -> Iterable[int]:
    """The next smallest cell of a line whose hidden ones could still be had by subtraction."""
    out = [at for at in line if at in hidden]
    if not out or len(out) == len(line):
        return []
    if len(out) > 1 and sum(rows[at].n or 0 for at in out) >= least:
        return []
    return [
        min(
            (at for at in line if at not in hidden),
            key=lambda at: (rows[at].n or 0, rows[at].place, rows[at].dims),
        )
    ]
