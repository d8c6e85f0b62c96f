"""A format as declared: tables, columns in order, code lists, the kind of file. Data, never code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from khet.outlets.province.choices import Encoding, FileType, Take

FACTS = ("school_year", "term", "round", "round_title", "as_at", "area_code", "area_name")
"""What a column may take from the round and the office; ``as_at`` is a day."""

KINDS = ("text", "int", "decimal", "date")


@dataclass(frozen=True)
class Where:
    """A condition on one column of the source: its value is one of ``values``, or with ``negated`` none of them."""

    column: str
    values: tuple[Any, ...]
    negated: bool = False


@dataclass(frozen=True)
class Codes:
    """A code list: our word → the province's. ``other`` stands for every word not listed, ``empty`` for none."""

    name: str
    title: str
    map: dict[str, str]
    other: str | None = None
    empty: str | None = None


@dataclass(frozen=True)
class Column:
    """One column: its name, its Thai heading, and where the value of a row comes from.

    ``take`` COLUMN and SUM name ``source``, a column of ``table`` (empty: the table of the row itself); SUM and COUNT run
    over the rows of the group, or over those of another table that have the row's values in the columns ``on``. INDICATOR
    names an indicator of the statistics, taken for the row's school.
    ``missing`` is written where there is no value; without it a required column with none is a fault.
    ``decimals``: places after the point of a decimal. ``longest``: characters. ``pattern``: of the whole value.
    """

    name: str
    title: str
    take: Take
    source: str = ""
    table: str = ""
    on: tuple[str, ...] = ("school",)
    where: tuple[Where, ...] = ()
    kind: str = "text"
    codes: str = ""
    required: bool = False
    missing: str | None = None
    longest: int = 0
    pattern: str = ""
    decimals: int = 2


@dataclass(frozen=True)
class Table:
    """One table: each row of the census table ``rows``, or with ``by`` each group of them.

    ``round`` names another kind of round of the same school year to read from (``yearly`` for buildings beside the pupils of
    a term). ``optional``: left out where the census has no such table. ``key``: columns by which no row occurs twice.
    """

    name: str
    title: str
    rows: str
    columns: tuple[Column, ...]
    by: tuple[str, ...] = ()
    where: tuple[Where, ...] = ()
    round: str = ""
    optional: bool = False
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class Format:
    """A whole format. ``text`` is the file it was read from, ``sha256`` its digest; ``round`` what may be chosen to fill it.

    ``heads``: whether the first row bears the Thai headings (``title``) or the names. ``dates``: ``be`` วว/ดด/พ.ศ. or ``iso``.
    """

    code: str
    version: str
    name: str
    about: str
    file: FileType
    tables: tuple[Table, ...]
    codes: dict[str, Codes] = field(default_factory=dict)
    encoding: Encoding = Encoding.UTF8
    separator: str = ","
    heads: str = "title"
    dates: str = "be"
    round: str = ""
    zip: bool = True
    text: str = ""
    sha256: str = ""

    @property
    def label(self) -> str:
        return f"{self.code}@{self.version}"

    @property
    def columns(self) -> int:
        return sum(len(table.columns) for table in self.tables)
