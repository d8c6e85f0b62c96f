"""Charts: one definition, the same picture on the page and in the book, and the same figures as a table.

A chart is a small dataclass of figures and words. ``kept_svg`` draws it once (Vega-Lite by ``vl_convert``, Sarabun) and keeps
the picture in the data folder under the hash of its definition; ``rows_of`` gives its figures for the table beside it.
Nothing heavy is loaded until a picture has to be drawn.
"""

from khet.base.lib.charts.definitions import (
    Bars,
    Chart,
    Form,
    Paper,
    Pyramid,
    Ranked,
    Screen,
    Series,
    Share,
    Trend,
    rows_of,
)
from khet.base.lib.charts.keeping import collect, digest, if_kept, kept_svg, with_faces
from khet.base.lib.charts.letters import put_together, taken_apart
from khet.base.lib.charts.palette import SERIES, SOFT

__all__ = [
    "SERIES",
    "SOFT",
    "Bars",
    "Chart",
    "Form",
    "Paper",
    "Pyramid",
    "Ranked",
    "Screen",
    "Series",
    "Share",
    "Trend",
    "collect",
    "digest",
    "if_kept",
    "kept_svg",
    "put_together",
    "rows_of",
    "taken_apart",
    "with_faces",
]
