"""What a chart is: figures, words, and for which medium. Values are counts or shares as they are shown; None is "not counted"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Value = float | int | None


@dataclass(frozen=True)
class Form:
    """The medium: ``width`` and ``height`` in px (typst scales them), ``text`` the letter height of axis words.

    ``digits`` is ``arabic`` (screens) or ``thai`` (official paper). ``paper``: the letters are written so that Typst sets them.
    """

    width: int = 790
    height: int = 330
    text: float = 15
    digits: str = "arabic"
    paper: bool = False


def Screen(width: int = 790, height: int = 330, text: float = 15) -> Form:
    """A page: the width is that of the panel at 1280, where a px is a px."""
    return Form(width, height, text, "arabic")


def Paper(width: int = 620, height: int = 260, text: float = 13, digits: str = "thai") -> Form:
    """A book: drawn at 620 px to be set 16 cm wide, where 13 px are read as 9.5 pt."""
    return Form(width, height, text, digits, True)


@dataclass(frozen=True)
class Series:
    """One row of figures beside others. ``soft`` draws it as the second state of the colour before it; ``colour`` fixes the place
    in the palette (0–5), else its place among the series."""

    label: str
    values: tuple[Value, ...]
    soft: bool = False
    colour: int | None = None

    def __init__(
        self, label: str, values: Sequence[Value], soft: bool = False, colour: int | None = None
    ) -> None:
        object.__setattr__(self, "label", str(label))
        object.__setattr__(self, "values", tuple(values))
        object.__setattr__(self, "soft", soft)
        object.__setattr__(self, "colour", colour)


@dataclass(frozen=True)
class Chart:
    """What all charts have. ``title`` is for ears and for the file, it is not drawn; ``unit`` follows figures in words.

    ``places``: decimals shown. ``legend``: draw the names of the series (a page that shows them beside the figures does not).
    """

    title: str
    unit: str = ""
    places: int = 0
    legend: bool = True
    form: Form = field(default_factory=Form)


@dataclass(frozen=True)
class Bars(Chart):
    """Upright bars by category: side by side, or ``stacked``.

    ``left`` and ``right`` are the shares of the width before and after the bars, so that they stand over the columns of a table
    (then ``labels=False``: the table's head names them).
    """

    categories: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    stacked: bool = False
    left: float | None = None
    right: float | None = None
    labels: bool = True


@dataclass(frozen=True)
class Ranked(Chart):
    """Lying bars in the given order, each with its name at the left and its figure at its end; the height follows their number.

    ``marked`` is the place of the one that is meant (a district, one's own school).
    """

    items: tuple[tuple[str, Value], ...] = ()
    marked: int | None = None
    thick: float = 20


@dataclass(frozen=True)
class Trend(Chart):
    """Lines over rounds, the first and the last value written. ``provisional`` says that the last one may still change.

    The places ``elsewhere`` come from another source than the others, which ``elsewhere_words`` names: their line is dotted,
    their points are hollow, and the words stand over the plot.
    """

    points: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    provisional: bool = False
    zero: bool = False
    elsewhere: tuple[int, ...] = ()
    elsewhere_words: str = ""


@dataclass(frozen=True)
class Pyramid(Chart):
    """Two groups back to back by ordered categories, the lowest at the foot; the height follows their number."""

    categories: tuple[str, ...] = ()
    left: Series = field(default_factory=lambda: Series("", ()))
    right: Series = field(default_factory=lambda: Series("", ()))


@dataclass(frozen=True)
class Share(Chart):
    """Parts of a whole per row, each row 100 per cent; what is large enough carries its per cent."""

    categories: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()


def rows_of(chart: Chart) -> tuple[list[str], list[list[str | Value]]]:
    """The figures of a chart as heads and rows: for the table beside it."""
    if isinstance(chart, Ranked):
        return ["", chart.unit or chart.title], [[label, value] for label, value in chart.items]
    if isinstance(chart, Trend):
        names, series = chart.points, chart.series
    elif isinstance(chart, Pyramid):
        names, series = chart.categories, (chart.left, chart.right)
    elif isinstance(chart, Bars | Share):
        names, series = chart.categories, chart.series
    else:
        raise TypeError(f"no such chart: {type(chart).__name__}")
    heads = ["", *(one.label for one in series)]
    return heads, [[name, *(one.values[place] for one in series)] for place, name in enumerate(names)]
