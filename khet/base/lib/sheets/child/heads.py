"""Heads that stand in more than one row, held together by merged cells."""

from __future__ import annotations

from collections.abc import Sequence

Range = tuple[tuple[int, int], tuple[int, int]]
DEEPEST = 4


def compose(
    rows: Sequence[Sequence[str]], at: int, merged: Sequence[Range]
) -> tuple[int, int, list[str] | None]:
    """First and last row of the head found at row ``at``, and its composed words (None: one row, as it stands).

    A head is deeper than one row when cells merged downwards cross the row. A cell that is merged across several
    columns stands over each of them, before the words below it; what is merged over the whole width is a title.
    """
    near = [one for one in merged if one[0][0] <= at + DEEPEST and one[1][0] >= at - DEEPEST]
    first = last = at
    grown = True
    while grown:
        grown = False
        for (top, _left), (bottom, _right) in near:
            crosses = bottom > top and bottom - top < DEEPEST and top <= last and bottom >= first
            if crosses and (top < first or bottom > last):
                first, last, grown = min(first, top), max(last, bottom), True
    if first == last or last - first >= DEEPEST or last >= len(rows):
        return at, at, None
    width = max(len(row) for row in rows[first : last + 1])
    over: dict[tuple[int, int], str] = {}
    for (top, left), (bottom, right) in near:
        if top < first or bottom > last or left >= width:
            continue
        words = rows[top][left] if left < len(rows[top]) else ""
        if right - left + 1 >= width:
            words = ""
        for row in range(top, bottom + 1):
            for column in range(left, min(right, width - 1) + 1):
                over[row, column] = words
    composed = []
    for column in range(width):
        parts: list[str] = []
        for row in range(first, last + 1):
            cell = over.get((row, column), rows[row][column] if column < len(rows[row]) else "").strip()
            if cell and (not parts or parts[-1] != cell):
                parts.append(cell)
        composed.append(" ".join(parts))
    return first, last, composed
