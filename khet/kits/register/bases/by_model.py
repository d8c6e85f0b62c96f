"""Verbs and import of a type whose records are rows of one model: declared, not written."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.thai.sorting import sort_key
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.api import Actor, Unit, demand, entry, forbidden, own_units, rule_of, save, verb, visible
from khet.kits.register.bases.imports import Checked, Import, ImportColumn
from khet.kits.register.choices import Kind

_YES_NO = {gettext_lazy("ใช่"): True, gettext_lazy("ไม่ใช่"): False}


class ModelVerbs:
    """The verbs of a plain type: ``add`` and ``change`` for one record, ``write`` and ``remove`` for a file, set-based.

    ``capability`` is demanded for the record as it was and for the unit it is to belong to. The model's validators,
    ``clean()`` and constraints decide whether the values may be. ``sort`` names the field whose Thai order is kept in
    ``sort_<field>``, ``search`` those kept folded in ``search_text``: never one of the ``masked_fields``.
    """

    def __init__(
        self,
        model: type[models.Model],
        code: str,
        capability: str,
        *,
        sort: str = "",
        search: Sequence[str] = (),
    ) -> None:
        if hidden := {sort, *search} & set(getattr(model, "masked_fields", ())):
            raise TypeError(f"{sorted(hidden)}: an order and a search tell what is masked")
        self.model, self.capability, self.sort, self.search = model, capability, sort, search
        self.derived = [*([f"sort_{sort}"] if sort else []), *(["search_text"] if search else [])]
        name = model._meta.verbose_name

        def declared(act: str, words: Any, function: Any, on: str | None = None) -> Any:
            return verb(f"{code}.{act}", format_lazy(words, name), capability=capability, on=on)(function)

        self.add = declared("add", gettext_lazy("เพิ่ม{}"), self._add)
        self.change = declared("change", gettext_lazy("แก้ไข{}"), self._change, "record")
        self.write = declared("import", gettext_lazy("นำเข้า{}"), self._write)
        self.remove = declared("remove_imported", gettext_lazy("นำ{}ที่นำเข้าออก"), self._remove)

    def _add(self, *, actor: Actor, **values: Any) -> Any:
        """A new record."""
        record = self._derive(self.model(**_tidy(values)))
        self._demand_units(actor, [record])
        record.full_clean()
        record.save()
        entry().on(record, *self._units_of([record]))
        return record

    def _change(self, *, actor: Actor, record: Any, **values: Any) -> Any:
        """Other values for one record."""
        values = _tidy(values)
        draft = copy.copy(record)
        for name, value in values.items():
            setattr(draft, name, value)
        self._demand_units(actor, [draft])
        self._derive(draft).full_clean()
        entry().on(record, *self._units_of([record, draft]))
        save(record, **values)
        self._derive(record)
        if self.derived:
            record.save(update_fields=self.derived)
        return record

    def _write(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[Any, Mapping[str, Any]]],
        source: str,
    ) -> list[Any]:
        """What a file holds, checked already; a fixed number of statements. Returns the new records in their order."""
        held = [record for record, _values in changed]
        self._demand(actor, held)
        for record, values in changed:
            for name, value in _tidy(values).items():
                setattr(record, name, value)
            self._derive(record)
        made = [self._derive(self.model(**_tidy(values))) for values in new]
        self._demand_units(actor, [*made, *held])
        manager = self.model._default_manager
        manager.bulk_create(made, batch_size=1000)
        if names := {name for _record, values in changed for name in values}:
            manager.bulk_update(held, [*names, *self.derived], batch_size=500)
        entry().tell(source=source, new=len(new), changed=len(changed))
        return made

    def _remove(self, *, actor: Actor, records: Sequence[Any], source: str) -> None:
        """Take away what an import has just made."""
        self._demand(actor, records)
        self.model._default_manager.filter(pk__in=[record.pk for record in records]).delete()
        entry().tell(source=source, removed=len(records))

    def _demand(self, actor: Actor, records: Sequence[Any]) -> None:
        """Every one of these is the actor's to write, as it stands in the register."""
        rows = self.model._default_manager.filter(pk__in=[record.pk for record in records])
        if records and visible(actor, rows, self.capability).count() != len(records):
            raise forbidden(self.capability)

    def _demand_units(self, actor: Actor, records: Sequence[Any]) -> None:
        for unit in self._units_of(records):
            demand(actor, self.capability, unit)

    def _units_of(self, records: Sequence[Any]) -> set[Unit]:
        """The units by which the rule scopes these records, saved or not."""
        found = set()
        for record in records if rule_of(self.model).unit else ():
            value = record
            for part in rule_of(self.model).unit.removesuffix("_id").split("__"):
                value = getattr(value, part, None)
            found |= {value} - {None}
        return found

    def _derive(self, record: Any) -> Any:
        if self.sort:
            setattr(record, f"sort_{self.sort}", sort_key(getattr(record, self.sort)))
        if self.search:
            record.search_text = fold(" ".join(str(getattr(record, name) or "") for name in self.search))
        return record


def _tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: normalise(value) if isinstance(value, str) else value for name, value in values.items()}


class ModelImport(Import):
    """Columns are the editable fields of the model, or ``fields``; their labels its verbose names, and ``aliases`` add the
    headings of real files. ``key`` is a unique field. A field that leads to a unit holds the unit's code, and is read by
    code or name. What the model's validators and ``clean()`` refuse is a fault of the row. ``masked_fields`` of the model
    are read and never written."""

    def __init__(
        self,
        verbs: ModelVerbs,
        *,
        key: str,
        group: str = "",
        fields: Sequence[str] = (),
        aliases: Mapping[str, Sequence[str]] = {},
    ) -> None:
        self.verbs, self.model, self.capability = verbs, verbs.model, verbs.capability
        named = {f.name: f for f in self.model._meta.concrete_fields if f.editable and not f.primary_key}
        held = [named[name] for name in fields or named]
        self.key = self.heading = key
        self.group, self.group_label = group, named[group].verbose_name if group else ""
        self.units = {f.name: f for f in held if f.is_relation}
        if strangers := [f.name for f in self.units.values() if f.related_model is not Unit]:
            raise TypeError(f"{strangers}: relations to other things than units need an Import of their own")
        masked = getattr(self.model, "masked_fields", ())
        self.columns = [_column(f, aliases.get(f.name, ()), masked=f.name in masked) for f in held]
        super().__init__()

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        rows = self.model._default_manager.filter(**{f"{self.key}__in": list(keys)})
        rows = rows.select_related(*self.units) if self.units else rows
        return {
            getattr(row, self.key): row for row in (rows.select_for_update(of=("self",)) if lock else rows)
        }

    def values(self, record: Any) -> dict[str, Any]:
        said = {column.code: getattr(record, column.code) for column in self.columns}
        said |= {name: said[name].code for name in self.units if said[name]}
        return {code: None if value == "" else value for code, value in said.items()}

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        rows = self.model._default_manager.filter(pk__in=[row.pk for row in found])
        return set(visible(actor, rows, self.capability).values_list("pk", flat=True))

    def complete(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """The unit that a cell names, by its code."""
        for name, field in self.units.items():
            words = {row.values[name] for row in rows if row.values.get(name)}
            named = Q(code__in=words) | Q(name__in=words) | Q(short_name__in=words)
            known: dict[str, set[str]] = {}
            if words:
                for unit in own_units().filter(named).complex_filter(field.get_limit_choices_to()):
                    for word in (unit.code, unit.name, unit.short_name):
                        known.setdefault(word, set()).add(unit.code)
            for row in rows:
                word = row.values.get(name)
                codes = {word} & known.get(word, set()) or known.get(word, set())  # a code wins over a name
                if len(codes) == 1:
                    row.values[name] = next(iter(codes))
                elif word:
                    row.wrong(
                        name,
                        _("%(label)s “%(word)s” มีหลายหน่วย ใส่รหัสหน่วยงานแทนชื่อ")
                        % {"label": field.verbose_name, "word": word[:60]}
                        if codes
                        else _("ไม่รู้จัก%(label)s “%(word)s” ใส่รหัสหรือชื่อเต็มของหน่วยงาน")
                        % {"label": field.verbose_name, "word": word[:60]},
                    )

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """What the model itself refuses, and units that are not the actor's to write for."""
        units = self._units(row.values for row in rows)
        scope = actor.scope(self.capability)
        scoped = (rule_of(self.model).unit or "").removesuffix("_id")
        for row in rows:
            draft = copy.copy(row.record) if row.record is not None else self.model()
            for name, value in self._given(row.values, units).items():
                setattr(draft, name, value)
            told = row.values.keys() - self.units.keys()
            try:
                draft.clean_fields(exclude={f.name for f in self.model._meta.fields} - told)
                draft.clean()
            except ValidationError as why:
                said = why.message_dict if hasattr(why, "error_dict") else {self.key: why.messages}
                for name, messages in said.items():
                    row.wrong(name if name in self.by_code else self.key, " ".join(messages))
            unit = units.get(row.values.get(scoped))
            if unit is not None and not scope.covers(unit):
                row.wrong(
                    scoped, _("คุณเขียนแทน%(unit)sไม่ได้ ให้หน่วยนั้นหรือผู้ดูแลข้อมูลของเขตนำเข้า") % {"unit": unit.name}
                )

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[dict[str, Any]],
        changed: Sequence[tuple[Any, dict[str, Any]]],
        source: str,
    ) -> list[int]:
        units = self._units([*new, *(values for _record, values in changed)])
        made = self.verbs.write(
            actor=actor,
            new=[self._given(values, units) for values in new],
            changed=[(record, self._given(values, units)) for record, values in changed],
            source=source,
        )
        return [record.pk for record in made]

    def remove(self, *, actor: Actor, records: Sequence[Any], source: str) -> None:
        self.verbs.remove(actor=actor, records=records, source=source)

    def group_of(self, values: Mapping[str, Any]) -> str:
        value = values.get(self.group) if self.group else ""
        return self._words(value)

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        if not self.group:
            return {"": len(pks)}
        path = f"{self.group}__code" if self.group in self.units else self.group
        rows = self.model._default_manager.filter(pk__in=pks).order_by()
        return {self._words(value): n for value, n in rows.values_list(path).annotate(n=Count("pk"))}

    def _words(self, value: Any) -> str:
        choices = self.model._meta.get_field(self.group).flatchoices if self.group else ()
        return str(dict(choices).get(value, value) or "")

    def _units(self, rows: Iterable[Mapping[str, Any]]) -> dict[Any, Unit]:
        codes = {row[name] for row in rows for name in self.units if row.get(name)}
        return {unit.code: unit for unit in Unit.objects.filter(code__in=codes)} if codes else {}

    def _given(self, values: Mapping[str, Any], units: Mapping[Any, Unit]) -> dict[str, Any]:
        """Values as the model holds them: units for their codes, nothing as the field's own emptiness."""
        given = {}
        for name, value in values.items():
            if name in self.units:
                given[name] = units.get(value)
            else:
                given[name] = "" if value is None and not self._null(name) else value
        return given

    def _null(self, name: str) -> bool:
        return self.model._meta.get_field(name).null


def _column(field: models.Field, aliases: Sequence[str], *, masked: bool) -> ImportColumn:
    kind, given = Kind.TEXT, {}
    if field.flatchoices:
        kind = Kind.CHOICE
        given["choices"] = {label: value for value, label in field.flatchoices if value}
        given["write"] = lambda record: getattr(record, f"get_{field.name}_display")()
    elif isinstance(field, models.BooleanField):
        kind, given["choices"] = Kind.CHOICE, _YES_NO
    elif isinstance(field, models.DateField):
        kind = Kind.DATE
    elif isinstance(field, models.DecimalField):
        kind, given["places"] = Kind.DECIMAL, field.decimal_places
    elif isinstance(field, models.IntegerField):
        kind = Kind.WHOLE
    return ImportColumn(
        field.name,
        field.verbose_name,
        aliases,
        kind=kind,
        required=not field.blank and not field.has_default(),
        max_length=(field.max_length or 0) if kind == Kind.TEXT and not field.is_relation else 0,
        masked=masked,
        **given,
    )
