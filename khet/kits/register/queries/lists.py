"""A list in one state: the address says everything, and everything on the page follows from it.

Three queries whatever the number of rows: all counts in one (``tallies``), saved views, and the page of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

from django.core.paginator import Page, Paginator
from django.db.models import F, Model, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from khet.base.lib.thai.sorting import sort_key
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, visible
from khet.base.ui import dates
from khet.kits.register.bases import Cell, Column, Facet, Record
from khet.kits.register.models import SavedView
from khet.kits.register.queries.tallies import Asked, tally

MOST_WORDS = 200
SIZES = (25, 50, 100, 200)


@dataclass(frozen=True)
class Choice:
    """One value of a facet as a link: pressing adds it, pressing again removes it."""

    label: Any
    count: int
    chosen: bool
    query: str


@dataclass(frozen=True)
class FacetLinks:
    """A facet with its values; ``open`` when it is not folded or something in it is chosen."""

    facet: Facet
    choices: list[Choice]
    open: bool


@dataclass(frozen=True)
class Pill:
    """A condition in force, with the address without it."""

    name: Any
    value: str
    query: str


@dataclass(frozen=True)
class ViewTab:
    label: Any
    count: int | None
    query: str
    current: bool
    saved: SavedView | None = None


@dataclass(frozen=True)
class Head:
    """The head of a column: its words, the address that sorts by it, the present order."""

    column: Column
    query: str
    order: str


@dataclass
class RowCells:
    record: Model
    cells: list[tuple[Column, Cell]]


@dataclass
class ListState:
    """What the address asks for, with everything that cannot be dropped."""

    record: Record
    params: QueryDict
    text: str = ""
    filters: dict[str, list[str]] = field(default_factory=dict)
    order: str = ""
    columns: list[str] = field(default_factory=list)
    page: int = 1
    size: int = 50
    facets: list[Facet] = field(default_factory=list)

    @classmethod
    def read(cls, record: Record, params: QueryDict) -> ListState:
        state = cls(record, params, facets=list(record.facets))
        state.text = normalise(params.get("q", "")[:MOST_WORDS].replace("\x00", "")).strip()
        for facet in record.facets:
            if facet.code in params:
                values = [
                    v for v in dict.fromkeys(params.getlist(facet.code)[:50]) if v == "*" or facet.parse(v)[0]
                ]
                if values:
                    state.filters[facet.code] = values
        known = {column.code: column for column in record.columns}
        wanted = params.get("order", "")
        column = known.get(wanted.removeprefix("-"))
        state.order = wanted if column is not None and column.sort_path else record.default_order
        chosen = [code for code in dict.fromkeys(params.getlist("show")) if code in known]
        state.columns = chosen or [c.code for c in record.columns if c.shown]
        first = record.columns[0].code
        if first not in state.columns:
            state.columns.insert(0, first)
        state.page = _whole(params.get("page"), 1)
        size = _whole(params.get("size"), record.per_page)
        state.size = size if size in SIZES else record.per_page
        return state

    def within(self, actor: Actor) -> ListState:
        """The same without the facets that this actor may not see; asked before any condition is drawn from it."""
        self.facets = [facet for facet in self.record.facets if not facet.mask or actor.has(facet.mask)]
        known = {facet.code for facet in self.facets}
        self.filters = {code: values for code, values in self.filters.items() if code in known}
        for told in ("in_force", "_parts"):
            self.__dict__.pop(told, None)
        return self

    @cached_property
    def in_force(self) -> dict[str, list[str]]:
        """The filters with the defaults of facets that the address leaves alone; a search looks everywhere."""
        force = {code: values for code, values in self.filters.items() if "*" not in values}
        for facet in self.facets:
            if facet.default and facet.code not in self.filters and not self.text:
                force[facet.code] = [str(value) for value in facet.default]
        return force

    @property
    def asked(self) -> Asked:
        return Asked(self.text, self.in_force)

    def condition(self) -> Q:
        condition = Q()
        if self.text:
            condition = self.record.search_filter(self.text)
        for facet in self.facets:
            if facet.code in self.in_force:
                condition &= facet.condition(self.in_force[facet.code])
        return condition

    def query(self, **changes: Any) -> str:
        """The address with changes: a list or a value sets, None removes; paging begins anew."""
        parts = dict(self._parts)
        for name, value in changes.items():
            parts.pop(name, None)
            if value is None or value == "" or value == []:
                continue
            parts[name] = _encoded(name, value if isinstance(value, list) else [value])
        return "&".join(parts.values())

    @cached_property
    def _parts(self) -> dict[str, str]:
        """The address as it is, parameter by parameter: a page writes it a hundred times with one of them changed."""
        given: dict[str, list[Any]] = {"q": [self.text]} if self.text else {}
        given |= self.filters
        if self.order != self.record.default_order:
            given["order"] = [self.order]
        if self.columns != [c.code for c in self.record.columns if c.shown]:
            given["show"] = self.columns
        if self.size != self.record.per_page:
            given["size"] = [self.size]
        return {name: _encoded(name, values) for name, values in given.items()}

    def matching(self, actor: Actor) -> QuerySet:
        """The rows that fit, in order, as far as the actor sees them."""
        rows = visible(actor, self.record.queryset(actor)).filter(self.within(actor).condition())
        return rows.order_by(*self.ordering())

    def ordering(self) -> list[Any]:
        column = next(c for c in self.record.columns if c.code == self.order.removeprefix("-"))
        path = F(column.sort_path)
        down = self.order.startswith("-")
        return [path.desc(nulls_last=True) if down else path.asc(nulls_last=True), "-pk" if down else "pk"]

    def words(self) -> str:
        """The conditions in words, for the head of a printed list and the name of an export."""
        return " · ".join(f"{pill.name} {pill.value}" for pill in self.pills())

    def pills(self, labels: Mapping[str, Mapping[str, Any]] | None = None) -> list[Pill]:
        pills = [Pill(_("ค้น"), self.text, self.query(q=None))] if self.text else []
        for facet in self.facets:
            values = self.filters.get(facet.code)
            if not values:
                continue
            if "*" in values:
                words = _("ทั้งหมด")
            else:
                known = labels.get(facet.code, {}) if labels else {}
                words = _(" หรือ ").join(str(known.get(v) or value_words(facet, v)) for v in values)
            pills.append(Pill(facet.label, words, self.query(**{facet.code: None})))
        return pills


@dataclass
class ListPage:
    """Everything the list's template shows."""

    state: ListState
    total: int
    count: int
    page: Page
    rows: list[RowCells]
    heads: list[Head]
    tabs: list[ViewTab]
    facets: list[FacetLinks]
    pills: list[Pill]
    may_print_all: bool = True


class _Counted(Paginator):
    """A paginator that has been told the count."""

    def __init__(self, *args: Any, known: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    @property
    def count(self) -> int:
        return self.known


def list_page(record: Record, actor: Actor, state: ListState, *, everything: bool = False) -> ListPage:
    """Read a list page. ``everything`` takes all rows on one page, for printing (2,000 at most)."""
    state = state.within(actor)
    seen = visible(actor, record.queryset(actor))
    saved = list(SavedView.objects.filter(person=actor.person, kind=record.code)) if actor.person else []
    views: dict[str, ListState] = {
        f"view_{v.code}": _view_state(record, v.filters).within(actor) for v in record.views
    }
    for view in saved:
        views[f"saved_{view.pk}"] = ListState.read(record, QueryDict(view.query)).within(actor)
    asked = {"matching": state.asked, **{name: view.asked for name, view in views.items()}}
    counted = tally(record, seen, state.facets, asked, state.asked)
    counts = counted.views
    count = counts["matching"]
    size = 2000 if everything else state.size
    paginator = _Counted(state.matching(actor), size, known=count)
    page = paginator.page(1 if everything else min(state.page, paginator.num_pages))
    shown = [column for column in record.columns if column.code in state.columns]
    shown.sort(key=lambda column: state.columns.index(column.code))
    return ListPage(
        state=state,
        total=counts[f"view_{record.views[0].code}"],
        count=count,
        page=page,
        rows=[
            RowCells(found, [(c, cell(c, found, actor, record.code)) for c in shown])
            for found in page.object_list
        ],
        heads=[_head(column, state) for column in shown],
        tabs=_tabs(record, state, saved, views, counts),
        facets=[_links(facet, counted.facets[facet.code], state) for facet in state.facets],
        pills=state.pills(),
    )


def unlock(mask: str, record: Model, kind: str) -> str:
    """The address that asks for the reason."""
    return f"{reverse('register:open', args=[kind, record.pk])}?mask={mask}"


def cell(column: Column, record: Model, actor: Actor, kind: str = "") -> Cell:
    """A value as shown in a list: what is masked stays behind its lock, which leads whoever may open it further."""
    if column.mask:
        href = unlock(column.mask, record, kind) if kind and actor.has(column.mask) else ""
        return Cell(_("ปิดบัง"), tone="masked", icon="lock", href=href)
    value = column.value(record)
    if isinstance(value, Cell):
        return value
    if isinstance(value, date):
        return Cell(dates.short(value))
    return Cell("–" if value is None or value == "" else value)


def value_words(facet: Facet, value: str) -> Any:
    """The words of a facet's value."""
    if value == "":
        return _("ไม่ระบุ")
    if facet.choices is not None:
        for key, words in facet.choices.items():
            if facet.text_of(key) == value:
                return words
    return value


def _view_state(record: Record, filters: Mapping[str, Iterable[str]]) -> ListState:
    query = QueryDict(mutable=True)
    for code, values in filters.items():
        query.setlist(code, list(values))
    return ListState.read(record, query)


def _head(column: Column, state: ListState) -> Head:
    code = state.order.removeprefix("-")
    order = ""
    if code == column.code:
        order = "descending" if state.order.startswith("-") else "ascending"
    if not column.sort_path:
        return Head(column, "", "")
    turned = f"-{column.code}" if order == "ascending" else column.code
    return Head(column, state.query(order=None if turned == state.record.default_order else turned), order)


def _tabs(
    record: Record,
    state: ListState,
    saved: list[SavedView],
    views: Mapping[str, ListState],
    counts: Mapping[str, int],
) -> list[ViewTab]:
    """The view whose conditions all hold, and hold most, is the one being looked at."""
    best, best_size = "", -1
    for name, view in views.items():
        holds = all(state.filters.get(code) == values for code, values in view.filters.items())
        holds = holds and (not view.text or view.text == state.text)
        weight = len(view.filters) + bool(view.text)
        if holds and weight > best_size:
            best, best_size = name, weight
    tabs = [
        ViewTab(v.label, counts[f"view_{v.code}"], views[f"view_{v.code}"].query(), best == f"view_{v.code}")
        for v in record.views
    ]
    return tabs + [
        ViewTab(v.name, counts[f"saved_{v.pk}"], v.query, best == f"saved_{v.pk}", v) for v in saved
    ]


def _links(facet: Facet, counted: dict[str, int], state: ListState) -> FacetLinks:
    chosen = state.in_force.get(facet.code, [])
    for value in chosen:
        counted.setdefault(value, 0)
    if facet.choices is not None:
        order = {facet.text_of(key): place for place, key in enumerate(facet.choices)}
        values = sorted(counted, key=lambda v: (order.get(v, len(order)), v))
    else:
        values = sorted(counted, key=lambda v: (v == "", sort_key(v)))
    default = [str(value) for value in facet.default]
    words = (
        {facet.text_of(key): said for key, said in facet.choices.items()} if facet.choices is not None else {}
    )
    choices = []
    for value in values:
        after = [v for v in chosen if v != value] if value in chosen else [*chosen, value]
        if sorted(after) == sorted(default):
            after = []
        elif default and not after:
            after = ["*"]
        choices.append(
            Choice(
                words.get(value) or value_words(facet, value),
                counted[value],
                value in chosen,
                state.query(**{facet.code: after}),
            )
        )
    return FacetLinks(facet, choices, not facet.folded or facet.code in state.filters)


def _encoded(name: str, values: Iterable[Any]) -> str:
    return "&".join(f"{quote_plus(name)}={quote_plus(str(value))}" for value in values)


def _whole(text: str | None, default: int) -> int:
    try:
        number = int(text or "")
    except ValueError:
        return default
    return number if 0 < number < 10_000_000 else default
