"""Finding: candidates from the index, confirmed in the text, only what the reader may see.

Everything is asked in one statement: for every kind its own branch, which joins the kind's ``visible``
subquery, so that nothing hidden is ever counted. At most ``CAP`` records of a kind are looked at to the end;
past it the count says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Refusal
from khet.base.lib.thai import normalise
from khet.base.org.api import Actor, Unit, visible
from khet.kits.search.declarations import Document, SearchKind, SearchList, kinds, kinds_of
from khet.kits.search.grams import Terms, parse, squeeze, squeeze_all
from khet.kits.search.models import Entry
from khet.kits.search.shares import share

CAP = 200
CANDIDATES = 4_000  # newest candidates whose text is looked into, per kind
NEWEST = 10_000  # records of a kind that are walked through for what is common
PAGE = 20
COMMON = 0.05  # of all records: what stands in more of them is looked for in the newest first
PLACES = ("head", "text")
SEEN = 5_000  # records that a reader sees at most of a kind to be looked for among these alone
FEW = 1_000  # records that a list is narrowed to by their ids
QUERY_LIMIT = 200
_SNIPPET = 70  # letters shown before and after a hit

Piece = tuple[str, bool]


class BadQuery(Refusal):
    """A query that no person types."""

    status = 400


@dataclass(frozen=True)
class Hit:
    """A record found. ``title_pieces``, ``number_pieces`` and ``snippet`` are (text, is marked) in order."""

    kind: SearchKind | SearchList
    pk: int
    title: str
    url: str
    note: str
    day: date | None
    year: int | None
    units: tuple[int, ...]
    in_head: bool
    title_pieces: Sequence[Piece] = ()
    number_pieces: Sequence[Piece] = ()
    snippet: Sequence[Piece] = ()


@dataclass(frozen=True)
class Group:
    """What was found of one kind, best first. ``is_capped``: there is more than ``count``."""

    kind: SearchKind | SearchList
    count: int
    is_capped: bool
    hits: Sequence[Hit]


@dataclass(frozen=True)
class Facet:
    """A way to narrow: ``value`` for the address, ``count`` among what was found, None when it was capped."""

    value: str
    label: str
    count: int | None
    is_chosen: bool = False


@dataclass
class Results:
    """The answer to a query. ``terms`` is None when there was too little to look for."""

    text: str
    terms: Terms | None
    groups: list[Group] = field(default_factory=list)
    years: list[Facet] = field(default_factory=list)
    units: list[Facet] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def is_capped(self) -> bool:
        return any(group.is_capped for group in self.groups)


def clean_query(text: str) -> str:
    """The query as it will be looked for and shown. NUL and monstrous queries are refused."""
    if "\x00" in text:
        raise BadQuery(_("คำค้นมีอักขระที่ใช้ไม่ได้ พิมพ์คำค้นใหม่"), code="search.bad_query")
    if len(text) > QUERY_LIMIT:
        raise BadQuery(
            _("คำค้นยาวเกิน %(limit)s ตัวอักษร พิมพ์เฉพาะคำสำคัญ") % {"limit": QUERY_LIMIT}, code="search.too_long"
        )
    return normalise(text).replace("\n", " ")


def find(
    actor: Actor,
    text: str,
    *,
    only: Collection[str] | None = None,
    year: int | None = None,
    unit: int | None = None,
    page: int = 1,
    per_kind: int = 5,
) -> Results:
    """What the actor may see that holds every term of ``text``.

    ``only`` narrows to kinds by code, ``year`` (Buddhist) and ``unit`` (id) narrow everything. With one kind
    in ``only`` its ``page`` of 20 is given; otherwise the best ``per_kind`` of every kind.
    """
    asked = clean_query(text)
    results = Results(asked, parse(asked))
    if results.terms is None:
        return results
    chosen = [kind for kind in kinds if only is None or kind.code in only]
    wanted = [kind for kind in chosen if isinstance(kind, SearchKind)]
    rows = _rows(actor, results.terms, wanted, year, unit)
    alone = bool(only) and len(chosen) == 1
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    shown: list[tuple[SearchKind, int, bool, list[_Row]]] = []
    for kind in wanted:
        mine = sorted(found.get(kind.code, []), key=lambda row: row.rank(results.terms), reverse=True)
        if mine:
            part = mine[(page - 1) * PAGE : page * PAGE] if alone else mine[:per_kind]
            shown.append((kind, min(len(mine), CAP), len(mine) > CAP, part))
    bodies = _bodies([row.id for *_rest, part in shown for row in part if not row.in_head])
    for kind, count, capped, part in shown:
        hits = [
            _hit(kind, row.object_id, row, results.terms, row.numbers, bodies.get(row.id, ""), row.in_head)
            for row in part
        ]
        results.groups.append(Group(kind, count, capped, hits))
    years: set[int] = set()
    for told in (kind for kind in chosen if isinstance(kind, SearchList) and unit is None):
        shelf = told.shelf(actor)
        if listed := _listed(shelf.documents(year), results.terms):
            part = listed[(page - 1) * PAGE : page * PAGE] if alone else listed[:per_kind]
            hits = [
                _hit(
                    told,
                    one.pk,
                    one,
                    results.terms,
                    " ".join(one.numbers),
                    "" if in_head else one.body,
                    in_head,
                )
                for one, in_head in part
            ]
            results.groups.append(Group(told, len(listed), False, hits))
            years.update(shelf.years)
    _facets(results, rows, year, unit, years)
    return results


def _listed(documents: Iterable[Document], terms: Terms) -> list[tuple[Document, bool]]:
    """The documents that hold every term, and whether their head does; those stand first."""
    titled, others = [], []
    for one in documents:
        head, body = _looked_through(one.title, tuple(one.numbers), one.body)
        in_head = all(term in head for term in terms.terms)
        if in_head or all(term in head or term in body for term in terms.terms):
            (titled if in_head else others).append((one, in_head))
    return [*titled, *others]


@lru_cache(maxsize=1024)
def _looked_through(title: str, numbers: tuple[str, ...], body: str) -> tuple[str, str]:
    """Squeezed head and body, remembered: what is declared says the same at the next search."""
    return squeeze_all([title, *numbers]), squeeze(body)


_FEW = """
SELECT c.object_id, {confirm} AS is_sure FROM (
    SELECT e.object_id, e.text FROM search_entry e WHERE e.kind = ANY(%s) AND e.text_grams @@ %s::tsquery LIMIT %s OFFSET 0) c"""


def holds(model: type[models.Model], text: str, path: str) -> Q | None:
    """A condition for a list: its ``path`` is the id of a record of ``model`` that holds every term of ``text``.

    For lists that are narrowed already (one register, one school) and filtered by what their reader may see. Asks
    the index once: a few records are named by their ids; of many each row's own text is looked into, which a page
    in order stops after its last row. None when there is too little to look for.
    """
    terms = parse(clean_query(text))
    if terms is None:
        return None
    codes = [kind.code for kind in kinds_of(model)]
    confirm = " AND ".join(["strpos(c.text, %s) > 0"] * len(terms.terms))
    with connection.cursor() as cursor:
        cursor.execute(  # the setting and why: see ``_rows``
            f"SET LOCAL enable_seqscan = off; {_FEW.format(confirm=confirm)}; SET LOCAL enable_seqscan = on",
            [*terms.terms, codes, terms.tsquery, FEW + 1],
        )
        while cursor.description is None:
            cursor.nextset()
        found = cursor.fetchall()
    if len(found) <= FEW:
        return Q(**{f"{path}__in": [pk for pk, is_sure in found if is_sure]})
    own = Entry.objects.filter(kind__in=codes, object_id=OuterRef(path)).values("text")[:1]
    condition = Q()
    for term in terms.terms:
        condition &= Q(GreaterThan(StrIndex(Subquery(own), Value(term)), Value(0)))
    return condition


@dataclass
class _Row:
    id: int
    kind: str
    object_id: int
    title: str
    numbers: str
    note: str
    url: str
    day: date | None
    year: int | None
    units: list[int]
    words: str
    head: str
    found_in: set[str]

    @property
    def in_head(self) -> bool:
        return "head" in self.found_in

    def rank(self, terms: Terms) -> tuple[Any, ...]:
        """Better is greater: the very number, the very words in the title, whole words, fragments, the body."""
        if not self.in_head:
            return (False,) * 6 + (self.day or date.min, self.id)
        title, *numbers = self.head.split("\n")
        return (
            terms.whole in numbers,
            terms.typed.lower() in self.title.lower() or terms.typed in self.numbers,
            terms.whole == title,
            terms.whole in self.head,
            all(f" {term} " in self.words for term in terms.terms),
            True,
            self.day or date.min,
            self.id,
        )


# Both are read once for all kinds. Whatever else they might be narrowed by is left out on purpose: beside another condition
# the planner would rather walk a whole kind and look at the grams of every row, which lie aside: fifty times as slow.
_CANDIDATES = """
{name} AS MATERIALIZED (
    SELECT e.id, e.kind, e.object_id, e.day, e.year, e.units FROM search_entry e WHERE e.{name}_grams @@ %s::tsquery)"""
# Newest first, one after the other: seen by the reader? all terms really there? Enough found, and the rest is not looked at.
_BRANCH = """
SELECT c.id, {in_head} AS in_head FROM (
    SELECT a.id FROM (
        SELECT e.id, e.object_id FROM {source} e
         WHERE e.kind = %s{narrow}
         ORDER BY e.day DESC NULLS LAST, e.id DESC{window} OFFSET 0) a{seen}
     LIMIT {candidates} OFFSET 0) c
 CROSS JOIN LATERAL (SELECT 1 FROM search_entry h WHERE h.id = c.id AND {confirm} OFFSET 0) sure
 LIMIT {limit}"""


def _rows(
    actor: Actor, terms: Terms, wanted: Iterable[SearchKind], year: int | None, unit: int | None
) -> list[_Row]:
    """For every kind the newest in whose head, then in whose text, all terms stand: one statement.

    What most records hold (ศธ, ที่) is not asked of the index, which would name them all, but looked for in the newest
    records; where those do not hold enough, a second statement looks through all that a reader of few may see, and for
    whoever sees many asks the index after all.
    """
    seeing = {kind.code: condition for kind in wanted if (condition := _visible(actor, kind)) is not None}
    narrow, narrowing = "", []
    if year is not None:
        narrow, narrowing = narrow + " AND e.year = %s", [*narrowing, year]
    if unit is not None:
        narrow, narrowing = narrow + " AND e.units @> ARRAY[%s]::bigint[]", [*narrowing, unit]
    common = [name for name in PLACES if share(terms, name) >= COMMON]
    ask = _Asked(terms, seeing, narrow, narrowing)
    rows = ask.rows([(kind, name) for kind in seeing for name in PLACES], walked=common)
    short = [
        (kind, name)
        for kind in seeing
        for name in common
        if sum(row.kind == kind and name in row.found_in for row in rows) <= CAP
    ]
    if short:
        large = ask.large(sorted({kind for kind, _name in short}))
        few = ask.few(large)
        more = [
            *ask.rows([branch for branch in short if branch[0] in few], walked=common, among=few),
            *ask.rows([branch for branch in short if branch[0] in large and branch[0] not in few], walked=[]),
        ]
        # what both found is one row, with what either says of it
        known = {row.id: row for row in rows}
        for row in more:
            before = known.get(row.id)
            if before is not None:
                row.found_in |= before.found_in
            known[row.id] = row
        rows = list(known.values())
    return rows


@dataclass
class _Asked:
    """One search: the conditions that all its statements share."""

    terms: Terms
    seeing: dict[str, tuple[str, list[Any]]]
    narrow: str
    narrowing: list[Any]

    def rows(
        self,
        branches: Sequence[tuple[str, str]],
        walked: Collection[str],
        among: Mapping[str, Sequence[int]] | None = None,
    ) -> list[_Row]:
        """The rows of these branches (kind, place), each from the index or, in places to be walked, from the newest.

        ``among``: by kind the only records to look through, which the actor is known to see.
        """
        if not branches:
            return []
        parts: list[str] = []
        names = [
            name for name in PLACES if name not in walked and any(name == place for _kind, place in branches)
        ]
        values: list[Any] = [self.terms.tsquery] * len(names)
        for kind, name in branches:
            if among is None:
                seen, seeing, narrow, narrowing = *_look(*self.seeing[kind]), self.narrow, self.narrowing
            else:
                seen, seeing = "", []
                narrow, narrowing = (
                    f"{self.narrow} AND e.object_id = ANY(%s)",
                    [*self.narrowing, list(among[kind])],
                )
            branch = _BRANCH.format(
                in_head="TRUE" if name == "head" else "FALSE",
                source="search_entry" if name in walked else name,
                narrow=narrow,
                window=f" LIMIT {NEWEST}" if name in walked else "",
                seen=seen,
                candidates=NEWEST if name in walked else CANDIDATES,
                confirm=" AND ".join([f"strpos(h.{name}, %s) > 0"] * len(self.terms.terms)),
                limit=CAP + 1,
            )
            parts.append(f"({branch})")
            values += [kind, *narrowing, *seeing, *self.terms.terms]
        statement = (
            (f"WITH {','.join(_CANDIDATES.format(name=name) for name in names)} " if names else "")
            + "SELECT e.id, e.kind, e.object_id, e.title, e.numbers, e.note, e.url, e.day, e.year, e.units, e.words, e.head, "
            "f.found_in "
            "FROM (SELECT id, array_agg(CASE WHEN in_head THEN 'head' ELSE 'text' END) AS found_in FROM ("
            + " UNION ALL ".join(parts)
            + ") u GROUP BY id) f "
            "JOIN search_entry e ON e.id = f.id"
        )
        # The planner does not know that looking at grams in a row means fetching them from aside: for common terms
        # it would read all rows instead of the index, twenty times as slowly. Sent at once, the three statements are
        # one transaction, and the setting is theirs alone.
        with connection.cursor() as cursor:
            cursor.execute(
                f"SET LOCAL enable_seqscan = off; {statement}; SET LOCAL enable_seqscan = on", values
            )
            while cursor.description is None:
                cursor.nextset()
            return [_Row(*row[:-1], set(row[-1])) for row in cursor.fetchall()]

    def large(self, codes: Sequence[str]) -> set[str]:
        """The kinds that have older records than those walked through."""
        part = f"(SELECT count(*) FROM (SELECT 1 FROM search_entry e WHERE e.kind = %s{self.narrow} LIMIT {NEWEST + 1}) n)"
        values = [value for code in codes for value in (code, *self.narrowing)]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join([part] * len(codes))}", values)
            return {code for code, count in zip(codes, cursor.fetchone(), strict=True) if count > NEWEST}

    def few(self, codes: Collection[str]) -> dict[str, list[int]]:
        """By kind all that the actor may see, of kinds of which that is little."""
        asked = [(code, *self.seeing[code]) for code in codes if self.seeing[code][0]]
        if not asked:
            return {}
        parts = [
            f"ARRAY(SELECT v.seen_ FROM ({statement}) v LIMIT {SEEN + 1})"
            for _code, statement, _values in asked
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(parts)}",
                [value for _code, _statement, values in asked for value in values],
            )
            found = cursor.fetchone()
        return {code: ids for (code, *_rest), ids in zip(asked, found, strict=True) if len(ids) <= SEEN}


def _look(statement: str, values: list[Any]) -> tuple[str, list[Any]]:
    """The look whether candidate ``a`` is among what may be seen."""
    if not statement:
        return "", []
    # OFFSET 0 keeps it a look at one record after the other, which ends with the last record wanted.
    look = f"SELECT 1 FROM ({statement}) v WHERE v.seen_ = a.object_id LIMIT 1 OFFSET 0"
    return f"\n         CROSS JOIN LATERAL ({look}) seen", values


def _visible(actor: Actor, kind: SearchKind) -> tuple[str, list[Any]] | None:
    """What the actor may see of a kind, as a statement that gives ``seen_``; '' for all, None when none may be seen."""
    seen = visible(actor, kind.model._default_manager.all(), kind.view)
    if not seen.query.where and not seen.query.is_sliced:
        return "", []
    try:
        statement, values = seen.order_by().values(seen_=F("pk")).query.sql_with_params()
    except EmptyResultSet:
        return None
    return statement, list(values)


def _bodies(ids: Collection[int]) -> dict[int, str]:
    return dict(Entry.objects.filter(pk__in=ids).values_list("pk", "body")) if ids else {}


def _hit(
    kind: SearchKind | SearchList, pk: int, found: _Row | Document, terms: Terms, numbers: str, body: str, in_head: bool
) -> Hit:  # fmt: skip
    pattern = terms.pattern
    return Hit(
        kind, pk, found.title, found.url, found.note, found.day, found.year, tuple(found.units), in_head,
        marked(found.title, pattern), marked(numbers, pattern), _snippet(body, pattern),
    )  # fmt: skip


def marked(text: str, pattern: re.Pattern[str]) -> list[Piece]:
    """The text in pieces, hits marked."""
    pieces: list[Piece] = []
    last = 0
    for hit in pattern.finditer(text):
        pieces += [(text[last : hit.start()], False), (hit[0], True)]
        last = hit.end()
    return [piece for piece in [*pieces, (text[last:], False)] if piece[0]]


def _snippet(body: str, pattern: re.Pattern[str]) -> list[Piece]:
    """The surroundings of the first hit, cut at spaces where there are some near."""
    hit = pattern.search(body)
    if hit is None:
        return []
    begin, end = max(hit.start() - _SNIPPET, 0), min(hit.end() + _SNIPPET, len(body))
    if begin and (space := body.find(" ", begin, hit.start())) > 0:
        begin = space + 1
    if end < len(body) and (space := body.rfind(" ", hit.end(), end)) > 0:
        end = space
    part = body[begin:end].replace("\n", " ")
    return [
        *([("… ", False)] if begin else []),
        *marked(part, pattern),
        *([(" …", False)] if end < len(body) else []),
    ]


def _facets(
    results: Results, rows: Sequence[_Row], year: int | None, unit: int | None, years: Collection[int]
) -> None:
    """Years and units among what was found: only what the reader may see has come this far.

    Of a year that only lists have, how much was found is not said: they have been looked through for one.
    """
    capped = results.is_capped
    by_year = Counter(row.year for row in rows if row.year)
    by_unit = Counter(pk for row in rows for pk in row.units)
    if year is not None:
        by_year.setdefault(year, 0)
    if unit is not None:
        by_unit.setdefault(unit, 0)
    results.years = [
        Facet(str(value), str(value), None if capped or value in years else by_year[value], value == year)
        for value in sorted({*by_year, *years}, reverse=True)
    ]
    top = [pk for pk, _count in by_unit.most_common(12)]
    if unit is not None and unit not in top:
        top.append(unit)
    names = dict(Unit.objects.filter(pk__in=top).values_list("pk", "short_name"))
    results.units = [
        Facet(str(pk), names[pk], None if capped else by_unit[pk], pk == unit) for pk in top if pk in names
    ]
