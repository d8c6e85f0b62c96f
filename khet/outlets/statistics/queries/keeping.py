"""Having the figures of every census at hand."""

from __future__ import annotations

from khet.kits.rounds.api import censuses
from khet.outlets.statistics import cache
from khet.outlets.statistics.bases import indicators
from khet.outlets.statistics.queries.figures import Past
from khet.outlets.statistics.queries.periods import Periods
from khet.outlets.statistics.queries.wholes import keep_wholes
from khet.outlets.statistics.sources import counted, source_of


def keep_all() -> int:
    """Count what has not been counted with the definitions of today, newest first; sweep what nobody reads any more."""
    sources = [source_of(one) for one in censuses()]
    past = Past(sources)
    made = 0
    for source in sources:
        earlier = past.before(source)
        lacking = [
            one
            for one in indicators
            if counted(source, one) and not cache.path_of(source, one, earlier).is_file()
        ]
        if lacking:
            cache.write(source, lacking, earlier)
            made += 1
    periods = Periods()
    for period in periods.closed:
        keep_wholes(period, periods)
    cache.sweep(sources)
    return made
