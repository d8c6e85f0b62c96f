"""All that is kept about one person, found through the statements of the models: what states nothing holds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.base.journal.api import label
from khet.base.journal.queries import history
from khet.base.lib.thai.calendar import thai_date, thai_datetime
from khet.base.org.sealing import Unsealable, unseal
from khet.base.privacy.choices import DataKind
from khet.base.privacy.models import Reading
from khet.base.privacy.statements import PEOPLE, statement

_THAI = re.compile("[ก-๛]")
MOST = 5_000  # rows of one table that are written out; more are counted
_OF_THE_MACHINE = frozenset({"fingerprint", "search_text", "sort_name", "password", "first", "tail"})


@dataclass
class Holding:
    """The rows of one table about a person: ``rows`` of heading → value, or only ``count`` where it is too much or of others."""

    title: str
    count: int
    rows: list[dict[str, Any]] = field(default_factory=list)


def everything_about(record: models.Model) -> tuple[list[Holding], set[str]]:
    """Every table that holds something about the person, and the kinds of data that stand in them.

    What a person did at work (letters signed, steps decided) is counted, not copied: it speaks of other people too.
    """
    found = [Holding(_title(type(record), DataKind.NAME), 1, [_row(record)])]
    kinds = set(statement(type(record)).values())
    done: dict[type[models.Model], list[int]] = {type(record): [record.pk]}
    waiting = [type(record)]
    models_of_ours = [model for model in apps.get_models() if statement(model)]
    while waiting:
        about = waiting.pop(0)
        for model in models_of_ours:
            said = statement(model)
            for relation in model._meta.concrete_fields:
                if relation.related_model is not about or relation.name not in said or model in done:
                    continue
                rows = model._base_manager.filter(**{f"{relation.name}__in": done[about]}).order_by("pk")
                if said[relation.name] == DataKind.CONDUCT:
                    if count := rows.count():
                        found.append(
                            Holding(f"{_title(model, DataKind.CONDUCT)} · {relation.verbose_name}", count)
                        )
                        kinds.add(DataKind.CONDUCT)
                    continue
                some = list(rows[: MOST + 1])
                if not some:
                    continue
                count = len(some) if len(some) <= MOST else rows.count()
                found.append(
                    Holding(_title(model, said[relation.name]), count, [_row(one) for one in some[:MOST]])
                )
                kinds |= set(said.values())
                if model._meta.label_lower in PEOPLE:
                    done[model] = [one.pk for one in some]
                    waiting.append(model)
    found += _trails(done)
    return found, kinds


def _trails(about: dict[type[models.Model], list[int]]) -> Iterator[Holding]:
    """What was done to the records of the person, and who read them."""
    records = [model._base_manager.get(pk=pk) for model, pks in about.items() for pk in pks]
    acts = [
        {_("เวลา"): act.at, _("สิ่งที่ทำ"): act.sentence, _("ผู้ทำ"): act.actor_name}
        for record in records
        for act in history(record)[:MOST]
    ]
    if acts:
        yield Holding(_("ประวัติการแก้ไข"), len(acts), acts)
    read = [
        {_("เวลา"): one.at, _("ผู้อ่าน"): one.reader, _("ข้อมูล"): ", ".join(one.kinds), _("เหตุผล"): one.reason}
        for one in Reading.objects.filter(subject__in=[label(record) for record in records])[:MOST]
    ]
    if read:
        yield Holding(_("ผู้อ่านข้อมูล"), len(read), read)


def _title(model: type[models.Model], kind: str) -> str:
    """The table by its own words; one that people never meet by name is called by the kind of data it holds."""
    words = str(model._meta.verbose_name)
    return words if _THAI.search(words) else str(DataKind(kind).label)


def _row(record: models.Model) -> dict[str, Any]:
    """Heading → value in words; what the machine keeps for itself, and who else is meant, stays out."""
    row: dict[str, Any] = {}
    for one in record._meta.concrete_fields:
        if one.name in _OF_THE_MACHINE or one.primary_key:
            continue
        value = getattr(record, one.attname)
        if value in (None, "", [], {}):
            continue
        if isinstance(one, models.BinaryField):
            if statement(type(record)).get(one.name) != DataKind.CITIZEN_ID:
                continue
            try:
                row[_("เลขประจำตัว")] = unseal(value)
            except Unsealable:
                row[_("เลขประจำตัว")] = _("เปิดไม่ได้ กุญแจที่ใช้ปิดไม่อยู่แล้ว")
            continue
        if one.is_relation:
            if one.related_model._meta.label_lower in PEOPLE:
                continue
            value = str(getattr(record, one.name))
        elif one.choices:
            value = str(dict(one.flatchoices).get(value, value))
        heading, kind = str(one.verbose_name).strip(), statement(type(record)).get(one.name)
        if kind and not _THAI.search(heading):
            heading = f"{DataKind(kind).label} ({one.name})"
        row[heading or one.name] = value
    return row


def lines(holdings: list[Holding]) -> Iterator[tuple[str, str, str, str]]:
    """Table, number of the row, heading, value: the copy as one sheet."""
    for holding in holdings:
        if not holding.rows:
            yield holding.title, "", _("จำนวนรายการ"), f"{holding.count:,}"
        for number, row in enumerate(holding.rows, start=1):
            for heading, value in row.items():
                yield holding.title, str(number), heading, in_words(value)
        if holding.rows and holding.count > len(holding.rows):
            yield holding.title, "", _("ยังมีอีก"), f"{holding.count - len(holding.rows):,}"


def as_json(holdings: list[Holding]) -> list[dict[str, Any]]:
    return [{"table": one.title, "count": one.count, "rows": one.rows} for one in holdings]


def in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return thai_datetime(timezone.localtime(value))
    if isinstance(value, date):
        return thai_date(value)
    if isinstance(value, bool):
        return _("ใช่") if value else _("ไม่ใช่")
    if isinstance(value, Decimal):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return str(value)
