"""Hiding small cells of an open table so that none can be found again, also not by subtraction.

The table is a lattice: area → districts → schools, and for each place every dim either by its values or summed (``*``). All of it is
open, so all of it is one system of sums. Hidden are first the cells of one to four people (``LEAST`` - 1); then, until nothing changes, the
smallest further cell of every sum in which the hidden part could be told: one hidden cell alone, or several whose sum is known
and so small or so large that each must be the least or the most. (Primary and complementary suppression: Willenborg and de Waal,
Elements of Statistical Disclosure Control, 2001, chapter 6.)

Not guarded: what somebody knows from elsewhere, and tables of different indicators that sum over different columns.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping

LEAST = 5
ALL = "*"

Node = tuple[str, str, tuple[str, ...]]
"""(level, place, values of the dims, each perhaps ``ALL``)."""
Sums = dict[Node, list[Node]]


def lattice(cells: Mapping[tuple[str, tuple[str, ...]], int], above: Callable[[str], list[tuple[str, str]]]) -> tuple[dict[Node, int], list[tuple[Node, list[Node]]]]:  # fmt: skip
    """Every sum there is: finest cells (school, dims) → n become nodes with their value, and lines (whole, parts).

    ``above(school)``: the (level, place) over a school from the nearest to the whole area.
    """
    values: dict[Node, int] = {}
    parts: dict[tuple[Node, Hashable], dict[Node, None]] = {}
    for (school, dims), n in cells.items():
        chain = [("school", school), *above(school)]
        shapes = list(itertools.product(*((value, ALL) for value in dims)))
        for at, (level, place) in enumerate(chain):
            for shape in shapes:
                node = (level, place, shape)
                values[node] = values.get(node, 0) + n
                for axis, value in enumerate(shape):
                    if value == ALL:
                        part = (level, place, (*shape[:axis], dims[axis], *shape[axis + 1 :]))
                        parts.setdefault((node, axis), {})[part] = None
                if at:
                    below = chain[at - 1]
                    parts.setdefault((node, "place"), {})[(below[0], below[1], shape)] = None
    return values, [(whole, list(found)) for (whole, _axis), found in parts.items()]


def hidden_cells(values: Mapping[Node, int], lines: Iterable[tuple[Node, list[Node]]], seeds: Iterable[Node] = (), least: int = LEAST) -> set[Node]:  # fmt: skip
    """Nodes to hide: the small ones, ``seeds``, and what else must go with them."""
    hidden = {node for node, n in values.items() if 0 < n < least} | set(seeds)
    listed = list(lines)
    of: dict[Node, list[int]] = {}
    for at, (whole, parts) in enumerate(listed):
        for node in (whole, *parts):
            of.setdefault(node, []).append(at)
    waiting = deque(sorted({at for node in hidden for at in of.get(node, ())}))
    queued = set(waiting)
    while waiting:
        at = waiting.popleft()
        queued.discard(at)
        whole, parts = listed[at]
        while (more := _more(whole, parts, hidden, values, least)) is not None:
            hidden.add(more)
            for other in of[more]:
                if other != at and other not in queued:
                    queued.add(other)
                    waiting.append(other)
    return hidden


def _more(
    whole: Node, parts: list[Node], hidden: set[Node], values: Mapping[Node, int], least: int
) -> Node | None:
    """The cell of a line to hide next, None where the line keeps what is hidden."""
    out = [node for node in parts if node in hidden]
    if whole in hidden:
        if out or not any(values[node] for node in parts):
            return None
    elif not out:
        return None
    elif len(out) > 1:
        total, most = sum(values[node] for node in out), (least - 1) * len(out)
        told = total <= len(out) or (total >= most and all(values[node] < least for node in out))
        if total >= least and not told:
            return None
    open_parts = [node for node in parts if node not in hidden and values[node]]
    if not open_parts:
        # Every part with somebody in it is hidden: the whole goes too, unless nothing can be told from it.
        return whole if whole not in hidden else None
    return min(open_parts, key=lambda node: (values[node], node))
