"""What a book is made of: the censuses, the schools and people of the office, and figures by indicator.

Plain data between the doors (``queries.facts`` fills it from statistics, censuses and registers) and the composing of pages:
whatever holds the same shape makes the same book.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

AREA = ""
"""The place of figures of the whole area."""


@dataclass(frozen=True, kw_only=True)
class CensusFact:
    """A frozen round: ``short`` 1/2569, its day, the day it closed, the SHA-256 of its manifest."""

    pk: int
    title: str
    short: str
    school_year: int
    as_at: dt.date
    closed_on: dt.date
    sha256: str
    yearly: bool = False

    @property
    def print(self) -> str:
        """The fingerprint as a person compares it: 9f2c·41ab."""
        return f"{self.sha256[:4]}·{self.sha256[4:8]}"


@dataclass(frozen=True, kw_only=True)
class PastFact:
    """A figure of a year before khet, as the old book named in ``source`` has it."""

    school_year: int
    value: float
    source: str


@dataclass(frozen=True, kw_only=True)
class SchoolFact:
    """A school as the census froze it; what is no figure (head, address, telephone) as the register says on the day the book is made."""

    code: str
    name: str
    sort_name: str
    district: str
    district_code: str
    subdistrict: str = ""
    network: str = ""
    levels: str = ""
    levels_words: str = ""
    extended: bool = False
    standing: str = ""
    latitude: float | None = None
    longitude: float | None = None
    confirmed: bool = False
    obec10: str = ""
    obec6: str = ""
    head: str = ""
    head_post: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    founded: str = ""
    km_to_office: float | None = None
    unit: int | None = None

    @property
    def full_name(self) -> str:
        return f"โรงเรียน{self.name}"


@dataclass(frozen=True, kw_only=True)
class GroupFact:
    """A part of the office: its people are (name, position)."""

    name: str
    people: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Dim:
    """What figures are told apart by: values in their natural order with their words; ``short`` for narrow heads."""

    code: str
    title: str
    values: Mapping[str, str]
    short: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class IndicatorFact:
    """``kind``: count, ratio, mean; ``decimals`` of its values; ``summed``: may its figures be added up over places and values."""

    code: str
    chapter: str
    title: str
    definition: str
    unit: str
    dims: Sequence[str] = ()
    kind: str = "count"
    decimals: int = 0
    scale: float = 1.0

    @property
    def summed(self) -> bool:
        return self.kind == "count"


@dataclass(frozen=True)
class Figure:
    """One row: ``keys`` are the values of the dims in their order; ``of`` is None for counts; ``hidden``: too few people to be shown."""

    place: str
    keys: tuple[str, ...]
    n: float | None
    of: float | None = None
    value: float | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Cube:
    """The figures of one indicator from one census at one level; asked by place and by values of its dims."""

    indicator: IndicatorFact
    dims: Sequence[Dim]
    rows: Sequence[Figure]
    census: CensusFact | None = None
    level: str = "area"
    parts: Mapping[tuple[str, tuple[str | None, ...]], Figure] | None = None
    """Sums that were counted as such (None for a dim left open): where cells are hidden they cannot be added up here."""

    def __bool__(self) -> bool:
        return bool(self.rows)

    @cached_property
    def _by(self) -> dict[tuple[str, tuple[str, ...]], Figure]:
        return {(row.place, row.keys): row for row in self.rows}

    @cached_property
    def _sums(self) -> dict[tuple[str, tuple[str | None, ...]], tuple[float, float | None, bool]]:
        """Sums over every choice of dims left open: a few lookups instead of a walk over all rows for each cell."""
        found: dict[tuple[str, tuple[str | None, ...]], tuple[float, float | None, bool]] = {}
        wide = len(self.dims)
        masks = range(1 << wide)
        for row in self.rows:
            for mask in masks:
                keys = tuple(key if mask >> place & 1 else None for place, key in enumerate(row.keys))
                n, of, hidden = found.get((row.place, keys), (0.0, None, False))
                of = of if row.of is None else (of or 0.0) + row.of
                found[row.place, keys] = (n + (row.n or 0), of, hidden or row.hidden)
        return found

    def dim(self, code: str) -> Dim:
        return next(dim for dim in self.dims if dim.code == code)

    def values(self, code: str) -> list[str]:
        """The values of a dim that occur, in their natural order."""
        place = [dim.code for dim in self.dims].index(code)
        present = {row.keys[place] for row in self.rows if row.n or row.hidden}
        known = [value for value in self.dims[place].values if value in present]
        return known + sorted(present - set(known))

    def of(self, place: str = AREA, **chosen: str) -> float | int | str | None:
        """The value of a place, dims not ``chosen`` added up (ratios: numerators and denominators); None when nothing was counted,
        ``*`` when it is hidden."""
        keys = tuple(chosen.get(dim.code) for dim in self.dims)
        if None not in keys:
            row = self._by.get((place, keys))  # type: ignore[arg-type]
            if row is None:
                return None
            if row.hidden:
                return "*"
            return self._number(row.value if row.value is not None else row.n)
        if self.parts is not None:
            part = self.parts.get((place, keys))
            if part is None:
                return None
            return "*" if part.hidden else self._number(part.value)
        found = self._sums.get((place, keys))
        if found is None:
            return None
        n, of, hidden = found
        if hidden:
            return "*"
        if self.indicator.summed:
            return self._number(n)
        return self._number(n / of * self.indicator.scale) if of else None

    def places(self) -> list[str]:
        return sorted({row.place for row in self.rows})

    def _number(self, value: float | None) -> float | int | None:
        if value is None:
            return None
        return round(value, self.indicator.decimals) if self.indicator.decimals else round(value)


@dataclass(kw_only=True)
class Facts:
    """Everything a book says. ``cube(code, level)`` gives an empty cube for what no census of the book counted; ``past(code, school="")`` the
    values of an indicator year by year, oldest first, of the whole area or of one school; ``before(code, school="")`` the same of
    the years before khet, from documents."""

    office: str
    office_short: str
    school_year: int
    censuses: Sequence[CensusFact]
    schools: Sequence[SchoolFact]
    groups: Sequence[GroupFact]
    indicators: Mapping[str, IndicatorFact]
    cube: Callable[[str, str], Cube]
    past: Callable[..., Sequence[tuple[CensusFact, float | None]]]
    address: Sequence[str] = ()
    before: Callable[..., Sequence[PastFact]] = lambda code, school="": ()

    @property
    def census(self) -> CensusFact:
        """The census that the book speaks of first: the newest of a term."""
        return next((one for one in self.censuses if not one.yearly), self.censuses[0])

    def districts(self) -> list[tuple[str, str]]:
        """Code and name, in the order of their codes."""
        return sorted({(school.district_code, school.district) for school in self.schools})

    def of_chapter(self, *chapters: str) -> Iterator[IndicatorFact]:
        for indicator in self.indicators.values():
            if indicator.chapter in chapters:
                yield indicator
