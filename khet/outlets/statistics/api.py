"""The door of statistics: indicators and their figures, for pages, books, maps, the province's file and open data."""

from khet.outlets.statistics.bases import SMALL, Dim, Indicator, indicators
from khet.outlets.statistics.cache import together
from khet.outlets.statistics.choices import Chapter, Kind, Level
from khet.outlets.statistics.panels import Panel, Slot, panel
from khet.outlets.statistics.queries.figures import DimValues, Figures, Row, as_source, figures
from khet.outlets.statistics.queries.past import PastYear, from_documents, past_by_place, past_print
from khet.outlets.statistics.sources import Source, counted

__all__ = [
    "SMALL",
    "Chapter",
    "Dim",
    "DimValues",
    "Figures",
    "Indicator",
    "Kind",
    "Level",
    "Panel",
    "PastYear",
    "Row",
    "Slot",
    "Source",
    "as_source",
    "counted",
    "figures",
    "from_documents",
    "indicators",
    "panel",
    "past_by_place",
    "past_print",
    "together",
]
