"""The counts of a list page: the match, every view and every value of every facet, from one reading of the register.

The rows are brought together by their facet values once (that is what costs), those with given words once more by themselves, and
everything that is shown is added up from those few groups. A facet that lies beyond a foreign key is grouped by the key and named
afterwards, so that an index over a register's facets answers alone, without the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Count, F, QuerySet

from khet.kits.register.bases import Facet, Record


@dataclass(frozen=True)
class Asked:
    """What is to be counted: rows with the words, and of each named facet any of these values."""

    text: str
    filters: Mapping[str, Sequence[str]]

    def without(self, code: str) -> Asked:
        return Asked(self.text, {name: values for name, values in self.filters.items() if name != code})

    def key(self) -> tuple[Any, ...]:
        return self.text, tuple(
            sorted((code, tuple(sorted(values))) for code, values in self.filters.items())
        )


@dataclass(frozen=True)
class Tally:
    """Counts by view, and by facet and value; a value is its text, empty where the row has none."""

    views: Mapping[str, int]
    facets: Mapping[str, dict[str, int]]


def tally(
    record: Record, seen: QuerySet, facets: Sequence[Facet], views: Mapping[str, Asked], state: Asked
) -> Tally:
    """Count all of it in one statement. ``seen`` are the rows the reader may see at all.

    ``views`` are counted each under its own conditions; a value of a facet under those of ``state`` on the others.
    """
    try:
        sql, params = _Statement(record, seen, facets, views, state).compiled()
    except EmptyResultSet:
        return Tally(dict.fromkeys(views, 0), {facet.code: {} for facet in facets})
    with connections[seen.db].cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    counted: dict[str, dict[str, int]] = {facet.code: {} for facet in facets}
    of_views: list[int] = []
    for place, value, count, more in rows:
        if place < 0:
            of_views = more
        elif count:
            counted[facets[place].code][value] = count
    return Tally(dict(zip(views, of_views, strict=True)), counted)


class _Statement:
    """The statement of one tally, written part by part; the parameters stand in the order of the text."""

    def __init__(
        self,
        record: Record,
        seen: QuerySet,
        facets: Sequence[Facet],
        views: Mapping[str, Asked],
        state: Asked,
    ) -> None:
        self.record = record
        self.seen = seen
        self.facets = facets
        self.views = views
        self.state = state
        self.places = {facet.code: place for place, facet in enumerate(facets)}
        asked = [state, *views.values()]
        self.narrowed = [
            facet
            for facet in facets
            if facet.narrows
            and state.filters.get(facet.code)
            and all(one.filters.get(facet.code) == state.filters[facet.code] for one in asked)
        ]
        self.texts = list(dict.fromkeys(one.text for one in asked))
        self.quote = connections[seen.db].ops.quote_name

    def compiled(self) -> tuple[str, list[Any]]:
        groups, group_params, named = self._groups()
        joins, join_params = self._joins(named)
        columns = [f"{self._value(place, named)} AS v{place}_" for place in range(len(self.facets))]
        head = (
            f"WITH base_ AS MATERIALIZED ({groups}),"
            f" named_ AS (SELECT {', '.join([*columns, 'base_.t_', 'base_.n_'])} FROM base_{joins})"
        )
        parts, params = [], [*group_params, *join_params]
        if self.facets:
            part, more = self._of_facets()
            parts.append(part)
            params += more
        part, more = self._of_views()
        parts.append(part)
        params += more
        for facet in self.narrowed:
            part, more = self._apart(facet)
            parts.append(part)
            params += more
        return f"{head} {' UNION ALL '.join(parts)}", params

    def _groups(self) -> tuple[str, Sequence[Any], dict[int, tuple[str, models.Field, str]]]:
        """The rows brought together, and the facets that are named afterwards: place → (column, key, path beyond it).

        Every text is a reading of its own, so that the one without any needs nothing but the facets and words come from their index;
        ``t_`` tells which of ``texts`` a group is of.
        """
        keys: dict[str, str] = {}
        named: dict[int, tuple[str, models.Field, str]] = {}
        values: dict[str, Any] = {}
        for place, facet in enumerate(self.facets):
            head, _double, rest = facet.path.partition("__")
            field = self._key(head) if rest and not facet.by_row else None
            path = facet.path if field is None else field.attname
            column = keys.setdefault(path, f"f{len(keys)}_")
            values[column] = F(path)
            if field is not None:
                named[place] = (column, field, rest)
            else:
                named[place] = (column, None, "")
        rows = self.seen.order_by()
        for facet in self.narrowed:
            rows = rows.filter(facet.condition(self.state.filters[facet.code]))
        parts, params = [], []
        for place, text in enumerate(self.texts):
            mine = rows.filter(self.record.search_filter(text)) if text else rows
            mine = mine.values(t_=models.Value(place), **values).annotate(n_=Count("*"))
            try:
                part, more = mine.query.get_compiler(self.seen.db).as_sql()
            except EmptyResultSet:  # words that nothing can hold
                continue
            parts.append(f"({part})")
            params += more
        if not parts:
            raise EmptyResultSet
        return " UNION ALL ".join(parts), params, named

    def _key(self, name: str) -> models.Field | None:
        """The foreign key of the model by this name, if it is one; an annotation may stand under any name."""
        if name in self.seen.query.annotations:
            return None
        field = self.record.model._meta.get_field(name)
        return field if isinstance(field, models.ForeignKey) else None

    def _joins(self, named: Mapping[int, tuple[str, models.Field | None, str]]) -> tuple[str, list[Any]]:
        """One join per foreign key, with everything that facets show from beyond it."""
        beyond: dict[str, tuple[models.Field, dict[str, Any]]] = {}
        for place, (column, field, rest) in named.items():
            if field is not None:
                beyond.setdefault(column, (field, {}))[1][f"x{place}_"] = F(rest)
        sql, params = "", []
        for column, (field, values) in beyond.items():
            target = field.target_field
            rows = target.model._base_manager.order_by().values(key_=F(target.name), **values)
            part, more = rows.query.get_compiler(self.seen.db).as_sql()
            sql += f" LEFT JOIN ({part}) AS of_{column} ON of_{column}.key_ = base_.{column}"
            params += more
        return sql, params

    @staticmethod
    def _value(place: int, named: Mapping[int, tuple[str, models.Field | None, str]]) -> str:
        column, field, _rest = named[place]
        path = f"base_.{column}" if field is None else f"of_{column}.x{place}_"
        return f"COALESCE({path}::text, '')"

    def _of_facets(self) -> tuple[str, list[Any]]:
        """Every value of every facet, under the conditions on all others: those differ only for facets in force."""
        conditions: dict[tuple[Any, ...], int] = {}
        sums, params, cases = [], [], []
        for facet in self.facets:
            if facet in self.narrowed:
                cases.append(0)
                continue
            asked = self.state.without(facet.code)
            if asked.key() not in conditions:
                conditions[asked.key()] = len(conditions) + 1
                condition, more = self._condition(asked)
                sums.append(f"(sum(n_) FILTER (WHERE {condition}))::bigint")
                params += more
            cases.append(conditions[asked.key()])
        columns = [f"v{place}_" for place in range(len(self.facets))]
        whole = (1 << len(columns)) - 1
        masks = [whole ^ (1 << (len(columns) - 1 - place)) for place in range(len(columns))]
        which = " ".join(f"WHEN {mask} THEN {place}" for place, mask in enumerate(masks))
        count = " ".join(f"WHEN {mask} THEN s_[{case}]" for mask, case in zip(masks, cases, strict=True))
        return (
            f"SELECT CASE g_ {which} END AS place_, value_, CASE g_ {count} END AS count_, NULL::bigint[] AS more_ FROM ("
            f"SELECT GROUPING({', '.join(columns)}) AS g_, COALESCE({', '.join(columns)}) AS value_, ARRAY[{', '.join(sums)}] AS s_"
            f" FROM named_ GROUP BY GROUPING SETS ({', '.join(f'({column})' for column in columns)})) AS facets_",
            params,
        )  # fmt: skip

    def _apart(self, facet: Facet) -> tuple[str, Sequence[Any]]:
        """The values of a facet that narrows, under the conditions on all others, from a reading of its own."""
        rows = self.seen.order_by()
        if self.state.text:
            rows = rows.filter(self.record.search_filter(self.state.text))
        for other in self.facets:
            if other is not facet and other.code in self.state.filters:
                rows = rows.filter(other.condition(self.state.filters[other.code]))
        grouped = rows.values(value_=F(facet.path)).annotate(n_=Count("*"))
        sql, params = grouped.query.get_compiler(self.seen.db).as_sql()
        return (
            f"SELECT {self.places[facet.code]}, COALESCE(value_::text, ''), n_, NULL::bigint[]"
            f" FROM ({sql}) AS apart_{self.places[facet.code]}_",
            params,
        )

    def _of_views(self) -> tuple[str, list[Any]]:
        sums, params = [], []
        for asked in self.views.values():
            condition, more = self._condition(asked)
            sums.append(f"COALESCE(sum(n_) FILTER (WHERE {condition}), 0)::bigint")
            params += more
        return f"SELECT -1, '', NULL::bigint, ARRAY[{', '.join(sums)}]::bigint[] FROM named_", params

    def _condition(self, asked: Asked) -> tuple[str, list[Any]]:
        """As ``Facet.condition`` has it, over the texts of the values."""
        parts, params = [f"t_ = {self.texts.index(asked.text)}"], []
        for code, values in asked.filters.items():
            facet = self.facets[self.places[code]]
            parsed = [facet.parse(value) for value in values]
            wanted = ["" if value is None else facet.text_of(value) for valid, value in parsed if valid]
            parts.append(f"v{self.places[code]}_ = ANY (%s)")
            params.append(wanted)
        return " AND ".join(parts), params
