"""What a module writes down about one type of record, and the closed registry of them.

A subclass of ``Record`` in an app's ``records.py`` gives the whole register: list, filter, detail, form,
bulk verbs, import, export, history. Everything has a default derived from the model, so the shortest
declaration is a code, a model and its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django import forms
from django.db import models
from django.db.models import Q
from django.forms import modelform_factory
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.base.journal.api import label as journal_label
from khet.base.lib.registry import Registry
from khet.base.lib.thai.words import fold
from khet.base.org.api import Actor, Unit, can, rule_of
from khet.kits.register.bases.by_model import ModelVerbs
from khet.kits.register.bases.forms import RecordForm, form_field
from khet.kits.register.bases.personal import Personal
from khet.kits.register.choices import Kind

M = TypeVar("M", bound=models.Model)
MOST_SHOWN = 5  # of columns given by name, what a screen of 1280 holds; the others are chosen on the list


@dataclass(frozen=True)
class Cell:
    """A value as shown: words, and optionally an icon, a tone (done, wait, alert, faint) and a link."""

    text: Any
    tone: str = ""
    icon: str = ""
    href: str = ""

    def __str__(self) -> str:
        return str(self.text)


@dataclass(frozen=True)
class Column:
    """One column of the list and of the export.

    ``path`` is the ORM path (or annotation) of the value; ``show`` computes it from the record instead.
    ``order`` is the path to sort by: ``None`` means ``path``, ``""`` means the column cannot be sorted.
    ``mask`` is the capability that opens the value: everybody sees a lock, whoever has the capability opens it with
    a typed reason, which is recorded. A masked column is never exported nor sorted by. ``what`` is the kind of personal
    data (``DataKind``), by default what the model's ``personal_data`` says of the path.
    """

    code: str
    label: Any = ""
    path: str = ""
    show: Callable[[Any], Any] | None = None
    order: str | None = None
    kind: str = Kind.TEXT
    shown: bool = True
    mask: str = ""
    what: str = ""

    @property
    def sort_path(self) -> str:
        if self.mask:
            return ""  # an order tells what is hidden
        return self.path if self.order is None else self.order

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.WHOLE, Kind.DECIMAL)

    def value(self, record: models.Model) -> Any:
        if self.show is not None:
            return self.show(record)
        value: Any = record
        for part in self.path.split("__"):
            value = getattr(value, part, None)
            if value is None:
                return None
        display = getattr(record, f"get_{self.path}_display", None)
        return display() if callable(display) else value


@dataclass(frozen=True)
class Facet:
    """A filter with counts. ``choices`` (value → words) closes the set of values; without it any text goes.

    ``default`` values hold while the address says nothing about this facet and nothing is searched for. ``mask`` is
    the capability without which the facet does not exist: filtering by a hidden value would show whose it is; with
    ``what`` (the kind of personal data) those in a list filtered by it are recorded as read about.

    Two words for registers of hundreds of thousands. ``narrows``: the register is read through one value at a time (a
    year), so the other values are counted apart and their rows not read. ``by_row``: beyond the key lie about as many
    records as the register has rows, so that grouping by the key would bring nothing together.
    """

    code: str
    label: Any
    path: str
    choices: Mapping[Any, Any] | None = None
    folded: bool = False
    default: Sequence[str] = ()
    mask: str = ""
    what: str = ""
    narrows: bool = False
    by_row: bool = False

    def parse(self, text: str) -> tuple[bool, Any]:
        """(valid, value) of one value in the address; the empty text stands for «not given»."""
        if text == "":
            return True, None
        if self.choices is not None:
            for key in self.choices:
                if self.text_of(key) == text:
                    return True, key
            return False, None
        return "\x00" not in text and len(text) <= 200, text

    @staticmethod
    def text_of(value: Any) -> str:
        """A value as it stands in the address and as PostgreSQL casts it to text."""
        if value is None:
            return ""
        return str(value).lower() if isinstance(value, bool) else str(value)

    @property
    def is_text(self) -> bool:
        return self.choices is None or all(isinstance(key, str) for key in self.choices)

    def condition(self, values: Iterable[str]) -> Q:
        """Rows that have any of the values; values that cannot be are dropped."""
        wanted, blank = [], False
        for text in values:
            valid, value = self.parse(text)
            if valid and value is None:
                blank = True
            elif valid:
                wanted.append(value)
        condition = Q(**{f"{self.path}__in": wanted})
        if blank:
            condition |= Q(**{f"{self.path}__isnull": True})
            if self.is_text:
                condition |= Q(**{self.path: ""})
        return condition


@dataclass(frozen=True)
class View:
    """A saved view that ships with the type: a name and the filters it sets."""

    code: str
    label: Any
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A group of up to seven fields on the form. ``capability`` replaces the type's ``edit`` for this section."""

    code: str
    title: Any
    fields: Sequence[str]
    help: Any = ""
    capability: str = ""


@dataclass(frozen=True)
class Figure:
    """One cell of the strip of figures on top of a detail page."""

    label: Any
    value: Callable[[Any], Any]
    note: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Fact:
    """A label and a value on a detail page; ``source`` tells where it comes from and of which day.

    ``mask`` and ``what`` as of a ``Column``; ``value`` is called only when the lock is opened.
    """

    label: Any
    value: Callable[[Any], Any]
    source: Callable[[Any], Any] | None = None
    mask: str = ""
    what: str = ""


@dataclass(frozen=True)
class Panel:
    """A panel of the detail page: facts in pairs, or a template of its own with what ``context`` returns."""

    code: str
    title: Any
    facts: Sequence[Fact] = ()
    template: str = ""
    context: Callable[[Actor, Any], dict[str, Any]] | None = None
    side: bool = False
    section: str = ""


@dataclass(frozen=True)
class Tab:
    """A further part of a record, at its own address."""

    code: str
    label: Any
    template: str
    context: Callable[[Actor, Any], dict[str, Any]]


@dataclass(frozen=True)
class Action:
    """A button on the page of a record."""

    label: Any
    href: str
    icon: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Change:
    """What a bulk verb would do to one record, for its preview."""

    record: models.Model
    before: Any
    after: Any
    problem: Any = ""


@dataclass(frozen=True)
class Paper:
    """A file made from the selected records, for a bulk verb that changes nothing, such as label sheets."""

    name: str
    content: bytes
    content_type: str = "application/pdf"


@dataclass(frozen=True)
class Bulk:
    """A verb on many records. ``run`` is set-based and returns how many it changed, or a ``Paper`` it made of them.

    ``form`` asks for what the verb needs; ``preview`` says what would happen, row by row; None where nothing changes.
    """

    code: str
    label: Any
    capability: str
    run: Callable[..., int | Paper]
    preview: Callable[..., list[Change]] | None
    icon: str = "pencil"
    form: type[forms.Form] | None = None


class Record(Personal, Generic[M]):
    """One type of record. Subclass, set what differs from the default, and ``register()`` an instance.

    In ``columns`` and ``facets`` the name of a field stands for what the model says of it.
    """

    code: str
    model: type[M]
    label: Any = ""
    label_many: Any = ""
    counter: Any = pgettext_lazy("counted", "รายการ")
    icon: str = "database"
    key: str = "pk"

    columns: Sequence[Column | str] = ()
    facets: Sequence[Facet | str] = ()
    search: Sequence[str] = ()
    folded: str = ""
    views: Sequence[View] = ()
    default_order: str = ""
    per_page: int = 50

    sections: Sequence[Section] = ()
    form: type[forms.ModelForm] | None = None
    figures: Sequence[Figure] = ()
    panels: Sequence[Panel] = ()
    tabs: Sequence[Tab] = ()
    bulk: Sequence[Bulk] = ()
    imports: Any = None
    stylesheets: Sequence[str] = ()
    # True where the rule of the model opens every record to whoever may view the type at all, of any unit.
    shared: bool = False

    edit: str = ""
    add: str = ""
    exporting: str = ""
    # Opens the locks of derived columns: those of the model's ``masked_fields``.
    mask: str = ""

    # What the type does; a verb each, or None where the type does not offer it. ``verbs`` gives both.
    verbs: ModelVerbs | None = None
    create: Callable[..., M] | None = None
    update: Callable[..., M] | None = None

    def __init__(self) -> None:
        meta = self.model._meta
        self.label = self.label or meta.verbose_name
        self.label_many = self.label_many or self.label
        plain = [f for f in meta.concrete_fields if f.editable and not f.is_relation and not f.primary_key]
        if self.verbs is not None:
            self.create, self.update = self.create or self.verbs.add, self.update or self.verbs.change
        self.columns = [
            self._column(c, shown=place < MOST_SHOWN) if isinstance(c, str) else c
            for place, c in enumerate(self.columns or [f.name for f in plain[:7]])
        ]
        self.facets = [
            self._facet(f) if isinstance(f, str) else f
            for f in self.facets or [f.name for f in plain if f.choices]
        ]
        if not (self.folded or self.search) and any(f.name == "search_text" for f in meta.concrete_fields):
            self.folded = "search_text"
        hidden = {column.path for column in self.columns if column.mask}  # a search tells what is hidden
        self.search = self.search or [
            f.name for f in plain if isinstance(f, models.CharField) and f.name not in hidden
        ]
        self.sections = self.sections or [Section("facts", meta.verbose_name, [f.name for f in plain])]
        self.views = self.views or [View("all", _("ทั้งหมด"))]
        self.default_order = self.default_order or self.columns[0].code
        self.panels = self.panels or [
            Panel(
                "facts",
                meta.verbose_name,
                [
                    Fact(c.label, c.value, mask=c.mask, what=(self._what(c) or ("",))[0] if c.mask else "")
                    for c in self.columns
                ],
            )
        ]

    def _column(self, name: str, *, shown: bool) -> Column:
        field = self.model._meta.get_field(name)
        masked = name in getattr(self.model, "masked_fields", ())
        if masked and not self.mask:
            raise TypeError(f"{self.code}: {name} is masked; say which capability opens it (mask)")
        sort = f"sort_{name}" if hasattr(self.model, f"sort_{name}") else None
        return Column(
            name, field.verbose_name, _path(field), order=sort, kind=_kind_of(field), shown=shown,
            mask=self.mask if masked else "",
        )  # fmt: skip

    def _facet(self, name: str) -> Facet:
        field = self.model._meta.get_field(name)
        choices = dict(field.flatchoices) or None
        return Facet(name, field.verbose_name, _path(field), choices, folded=choices is None)

    # What is read.

    @property
    def view(self) -> str:
        """The capability without which records of this type are as good as absent."""
        return rule_of(self.model).view

    def queryset(self, actor: Actor) -> models.QuerySet[M]:
        """All records with everything that columns, facets and panels need; the kit applies ``visible``."""
        paths = {column.path.rpartition("__")[0] for column in self.columns} - {""}
        rows = self.model._default_manager.all()
        return rows.select_related(*sorted(paths)) if paths else rows

    def title(self, record: M) -> str:
        return str(record)

    def search_condition(self, text: str) -> Q:
        """Every word of the search must occur, in any searched field."""
        condition = Q()
        for word in text.split()[:8]:
            either = Q()
            if self.folded:
                either |= Q(**{f"{self.folded}__contains": fold(word)})
            else:
                for path in self.search:
                    either |= Q(**{f"{path}__icontains": word})
            condition &= either
        return condition

    def search_filter(self, text: str) -> Q:
        """The same, so that it counts no row twice. What stands in the row itself is asked of it: the database then
        chooses between the index over fragments and a walk in the list's order that ends with the page."""
        if self.folded and "__" not in self.folded:
            return self.search_condition(text)
        return Q(pk__in=self.fitting(text))

    def fitting(self, text: str) -> models.QuerySet[M]:
        """The keys of what the words find; a query of its own, so that a search through a person's many posts counts the person once."""
        return self.model._base_manager.filter(self.search_condition(text)).order_by().values("pk")

    def tags(self, record: M) -> list[Any]:
        """Short words beside the title: class, state."""
        return []

    def facts_line(self, record: M) -> list[tuple[Any, Any]]:
        """Codes under the title, as (label, value)."""
        return []

    def trail(self, record: M) -> list[tuple[Any, str]]:
        """Steps between the list and the record in the path, as (words, query string of the list)."""
        return []

    def state(self, record: M) -> Cell | None:
        """A state that deserves a word beside the title, or None."""
        return None

    def actions(self, actor: Actor, record: M) -> list[Action]:
        """Further buttons on the page of a record."""
        return []

    def pages(self, actor: Actor) -> list[Action]:
        """Further pages of the whole register, such as a map."""
        return []

    def subjects(self, record: M) -> list[str]:
        """Under which names the journal knows this record."""
        return [journal_label(record)]

    def used_in(self, record: M) -> list[models.Model]:
        """The records whose references are counted as «where used»."""
        return [record]

    # What may be done.

    def may_edit(self, actor: Actor, record: M | None = None) -> bool:
        return self.update is not None and any(self.editable(actor, record))

    def editable(self, actor: Actor, record: M | None = None) -> list[Section]:
        """The sections the actor may write in this record (or in a new one)."""
        if record is None:
            return list(self.sections) if self.create is not None and actor.has(self.add or self.edit) else []
        if self.edit and can(actor, self.edit, record):
            return list(self.sections)
        return [s for s in self.sections if s.capability and can(actor, s.capability, record)]

    def form_class(self, sections: Sequence[Section]) -> type[forms.ModelForm]:
        """The form of these sections and no field besides: what is not on it cannot be set through it."""
        names = [name for section in sections for name in section.fields]
        drawn = modelform_factory(
            self.model, form=self.form or RecordForm, fields=names, formfield_callback=form_field
        )
        drawn.capability = self.edit
        # A field written out in the type's form class would stay on it whatever ``fields`` says.
        drawn.base_fields = {name: drawn.base_fields[name] for name in names}
        return drawn

    def example(self, number: int) -> dict[str, Any]:
        """Values with which ``create`` (else the import) makes a valid record, different for each number.

        The contract test of all registers makes its records from them.
        """
        raise NotImplementedError


def _path(model_field: models.Field) -> str:
    """Where the words of a field stand; a unit is called by its short name."""
    return f"{model_field.name}__short_name" if model_field.related_model is Unit else model_field.name


def _kind_of(model_field: models.Field) -> str:
    if isinstance(model_field, models.DateField):
        return Kind.DATE
    if isinstance(model_field, (models.DecimalField, models.FloatField)):
        return Kind.DECIMAL
    if isinstance(model_field, models.IntegerField):
        return Kind.WHOLE
    return Kind.TEXT


records: Registry[Record[Any]] = Registry("records", drawer="records")


def register(record: Record[M]) -> Record[M]:
    """Declare a type of record; called from an app's ``records.py``."""
    records.add(record.code, record)
    return record


@dataclass(frozen=True)
class AddedTab:
    """A further part of another module's record: a module above adds to a record of one below.

    ``capability``: who sees it (empty: whoever sees the record).
    """

    kind: str
    tab: Tab
    capability: str = ""


added_tabs: Registry[AddedTab] = Registry("tabs", drawer="tabs")


def add_tab(kind: str, tab: Tab, *, capability: str = "") -> Tab:
    """Declare a tab on the records of ``kind``; called from an app's ``tabs.py``."""
    added_tabs.add(f"{kind}.{tab.code}", AddedTab(kind, tab, capability))
    return tab


def tabs_of(record: Record[Any], actor: Actor) -> list[Tab]:
    """The tabs of a type as one reader meets them: its own, then those that other modules add."""
    return [
        *record.tabs,
        *(
            added.tab
            for added in added_tabs
            if added.kind == record.code and (not added.capability or actor.has(added.capability))
        ),
    ]
