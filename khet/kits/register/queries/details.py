"""One record: what the journal and the imports say of it, and where it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Model, Q, TextField, Value
from django.utils.translation import gettext as _

from khet.base.journal.api import Entry
from khet.base.org.api import Actor, rule_of, visible
from khet.base.ui import dates
from khet.kits.register.bases import Record
from khet.kits.register.choices import BatchState, RowState
from khet.kits.register.models import Row


@dataclass(frozen=True)
class Happening:
    """A line of history: when, what, by whom, and the changed values in words."""

    at: datetime
    sentence: str
    who: str
    changes: list[tuple[str, str, str]]
    note: str = ""


def history(record: Record, found: Model, limit: int = 100) -> list[Happening]:
    """Acts on the record and imports that wrote it, newest first. Two queries."""
    labels = record.subjects(found)
    about = Q(subject__in=labels)
    for label in labels:
        about |= Q(others__contains=[label])
    entries = Entry.objects.filter(about).exclude(verb="refused").order_by("-seq")[:limit]
    happenings = [
        Happening(entry.at, entry.sentence, entry.actor_name, _changes(record, entry.changes), _note(entry))
        for entry in entries
    ]
    rows = (
        Row.objects.filter(
            target=found.pk,
            state__in=(RowState.NEW, RowState.CHANGED),
            is_skipped=False,
            batch__kind=record.code,
            batch__state=BatchState.APPLIED,
        )
        .select_related("batch")
        .order_by("-batch")[:limit]
    )
    for row in rows:
        names = {column.code: column for column in record.imports.columns} if record.imports else {}
        changes = [
            (str(names[code].label), _words(before), _words(after))
            for code, (before, after) in (row.changes or {}).items()
            if code in names and not names[code].masked
        ]
        happenings.append(
            Happening(
                row.batch.applied_at,
                _("นำเข้าจากไฟล์ %(file)s แถว %(row)d") % {"file": row.batch.file_name, "row": row.number},
                row.batch.by_name,
                changes,
            )
        )
    return sorted(happenings, key=lambda h: h.at, reverse=True)[:limit]


def _note(entry: Entry) -> str:
    words = [entry.acting_for] if entry.acting_for else []
    words += [str(entry.facts[name]) for name in ("reference", "reason", "source") if entry.facts.get(name)]
    return " · ".join(words)


def _changes(record: Record, changes: dict[str, list[Any]]) -> list[tuple[str, str, str]]:
    masked = {column.path for column in record.columns if column.mask}
    found = []
    for name, (before, after) in changes.items():
        try:
            label = str(record.model._meta.get_field(name).verbose_name)
        except LookupError:
            label = name
        except Exception:
            label = name
        found.append((label, "…", "…") if name in masked else (label, _words(before), _words(after)))
    return found


def _words(value: Any) -> str:
    if value is None or value == "":
        return "–"
    text = str(value)
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return dates.short(datetime.fromisoformat(text).date())
        except ValueError:
            return text
    return text


@dataclass(frozen=True)
class Usage:
    """How many records of one kind refer to this one."""

    label: str
    count: int


def where_used(record: Record, actor: Actor, found: Model) -> list[Usage]:
    """References to the record from other models, as far as the actor sees them, counted in one query."""
    parts, labels = [], {}
    for subject in record.used_in(found):
        for relation in subject._meta.related_objects:
            model = relation.related_model
            if (
                model is record.model
                or model._meta.auto_created
                or (relation.hidden and relation.many_to_many)
            ):
                continue
            queryset = model._base_manager.filter(**{relation.field.name: subject})
            try:
                rule_of(model)
            except KeyError:
                continue
            key = f"{model._meta.label_lower}.{relation.field.name}"
            labels[key] = str(model._meta.verbose_name)
            parts.append(
                visible(actor, queryset)
                .order_by()
                .values(key_=Value(key, output_field=TextField()))
                .annotate(count_=Count("pk", distinct=True))
                .values_list("key_", "count_")
            )
    if not parts:
        return []
    counted: dict[str, int] = {}
    for key, count in parts[0].union(*parts[1:], all=True):
        label = labels[key]
        counted[label] = counted.get(label, 0) + count
    return [Usage(label, count) for label, count in sorted(counted.items()) if count]
