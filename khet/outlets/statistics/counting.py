"""Counting the indicators of a census. Heavy (see ``lake``): loaded by ``cache`` when something has to be counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.compute as pc

from khet.outlets.statistics.bases import Indicator
from khet.outlets.statistics.lake import DuckLake, Plans, figures_of
from khet.outlets.statistics.sources import Source, counted

COLUMNS = ("school", "d1", "d2", "d3", "n", "of")
SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in COLUMNS[:4]),
        pa.field("n", pa.decimal128(18, 4)),
        pa.field("of", pa.decimal128(18, 4)),
    ]
)


Lakes = dict[tuple[str, ...], DuckLake]
"""Lakes that stay open for the next figure, by the digests of their censuses."""


def count(
    source: Source, indicators: Iterable[Indicator], earlier: Sequence[Source] = (), lakes: Lakes | None = None
) -> Iterator[tuple[Indicator, pa.Table]]:  # fmt: skip
    """Each indicator that the census can answer, with its rows in the order of their keys: the same census, the same rows.

    ``earlier``: censuses of the years before, for indicators that look back. ``lakes``: where what is opened stays open; whoever
    gives it closes them.
    """
    wanted = [one for one in indicators if counted(source, one)]
    with _opened([*earlier, source], lakes) as opened:
        for one in wanted:
            rows = opened.count(one, opened.lake(one), figures_of)
            table = rows.filter(pc.equal(rows["census"], source.key)).select(COLUMNS)
            yield one, table.cast(SCHEMA).sort_by([(name, "ascending") for name in COLUMNS[:4]])


@contextmanager
def _opened(sources: list[Source], lakes: Lakes | None) -> Iterator[DuckLake]:
    if lakes is None:
        with DuckLake(sources, plans=_plans) as lake:
            yield lake
        return
    key = tuple(one.sha256 for one in sources)
    if key not in lakes:
        lakes[key] = DuckLake(sources, plans=_plans)
    yield lakes[key]


_plans = Plans()
