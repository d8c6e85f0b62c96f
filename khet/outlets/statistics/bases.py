"""Indicators: a figure that is declared once, and counted alike for a page, the book, the map, the province and the nation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from khet.base.lib.registry import Registry
from khet.outlets.statistics.choices import Chapter, Kind

if TYPE_CHECKING:
    import ibis

    from khet.outlets.statistics.lake import Lake

MOST_DIMS = 3
"""More than three ways of dividing a figure at once nobody reads, and the cache has as many columns."""

SMALL = 5
"""Fewer people than this in a cell could be recognised: of what is sensitive, such a cell is hidden from who may not see rows."""


@dataclass(frozen=True)
class Dim:
    """One way of dividing a figure. ``labels``: code → Thai words in the natural order, asked at each reading.

    A code that ``labels`` does not know stands for itself, after the others, numbers by their size. The empty code is «not said»
    (``unsaid``). Codes are text in every figure, numbers too.
    """

    code: str
    title: Any
    labels: Callable[[], Mapping[str, Any]] = dict
    unsaid: Any = ""


@dataclass(frozen=True)
class Indicator:
    """A figure and all that is to be said about it.

    ``definition``: how it is counted, in words, with the source of the rule. ``unit``: what a value is counted in. ``dims``: by
    what it is divided, at most three. ``needs``: table → columns of a census without which it is «not counted in this round».
    ``kind``: a COUNT is ``n``; a RATIO or a MEAN is ``n`` / ``of`` × ``scale``, ``n`` and ``of`` gathered before dividing. So a
    school has a row for every cell in which ``of`` is not nought, even where ``n`` is. ``small``: cells of fewer people than this are
    hidden (0: nothing to hide). ``digits`` after the point. ``years``: how many school years back it looks; 0 for figures of one census.
    ``least``: with fewer earlier censuses than this nothing can be said. ``bounds``: the least and the greatest value there can be
    (None: no end); by default from nought, and of what is counted in per cent up to a hundred.

    ``expr(lake)`` gives an ibis table of the columns ``census, school, <dims…>, n, of``: one row a school and cell, ``of`` null for
    counts. It names tables by ``lake["pupils"]``, builds literals and cases by ``lake.ibis``, and keeps to what DuckDB and Spark both
    know. Whatever is additive is left to the engine.
    """

    code: str
    chapter: Chapter
    title: Any
    definition: Any
    unit: Any
    expr: Callable[[Lake], ibis.Table]
    needs: Mapping[str, Sequence[str]]
    dims: Sequence[Dim] = ()
    kind: Kind = Kind.COUNT
    scale: int = 1
    digits: int = 0
    small: int = 0
    years: int = 0
    least: int = 0
    bounds: tuple[int | None, int | None] | None = None

    def __post_init__(self) -> None:
        if len(self.dims) > MOST_DIMS or len({dim.code for dim in self.dims}) != len(self.dims):
            raise ValueError(f"{self.code}: at most {MOST_DIMS} dims, each once")
        if {"census", "school", "place", "n", "of"} & {dim.code for dim in self.dims}:
            raise ValueError(f"{self.code}: a dim bears the name of a column of every figure")
        if not self.needs:
            raise ValueError(f"{self.code}: names no table of a census")

    @property
    def span(self) -> tuple[int | None, int | None]:
        """The least and the greatest value there can be."""
        if self.bounds is not None:
            return self.bounds
        return 0, 100 if self.kind != Kind.COUNT and self.scale == 100 else None

    @property
    def dim_codes(self) -> tuple[str, ...]:
        return tuple(dim.code for dim in self.dims)


indicators: Registry[Indicator] = Registry("indicators", drawer="indicators")


def indicator(
    code: str,
    chapter: Chapter,
    title: Any,
    *,
    definition: Any,
    unit: Any,
    needs: Mapping[str, Sequence[str]],
    **more: Any,
) -> Callable[[Callable[[Lake], ibis.Table]], Callable[[Lake], ibis.Table]]:
    """Declare an indicator over the function that counts it, in an app's ``indicators`` drawer."""

    def declare(expr: Callable[[Lake], ibis.Table]) -> Callable[[Lake], ibis.Table]:
        declared = Indicator(code, chapter, title, definition, unit, expr, needs, **more)
        indicators.add(code, declared)
        return expr

    return declare
