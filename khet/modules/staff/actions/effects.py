"""What a row of the service record does to the present, and how it is taken back.

Only the newest row counts: one that is written in afterwards, older than what is known already, is history and changes
nothing else. Pay, level and standing follow the newest row that names them; a position, a place of work and the end of
service follow the movement. What a row changed stands in its ``before``, so that striking it out puts it back.
Everything here is set-based: the same few statements for one row and for a thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from khet.base.lib.errors import Conflict
from khet.base.org.api import Actor, today
from khet.modules.staff.actions.officials import close_open, refresh_words
from khet.modules.staff.actions.positions import find_or_make
from khet.modules.staff.choices import Leaving, Movement
from khet.modules.staff.models import Incumbency, Official, Position, Secondment, ServiceRow

# Movements that put a person into a position, and those that end service.
PLACING = frozenset({Movement.APPOINTED, Movement.ASSIGNED, Movement.TRANSFERRED, Movement.PROMOTED})
ENDING = {Movement.RESIGNED: Leaving.RESIGNED, Movement.RETIRED: Leaving.RETIRED}
FACTS = ("salary", "position_pay", "level", "standing")
_MOVED = (
    "position_id",
    "unit_id",
    "work_unit_id",
    "title",
    "kind",
    "in_position_since",
    "left_on",
    "leaving",
)


def officials_of(pks: Iterable[int]) -> dict[int, Official]:
    """The officials, locked until the transaction ends, with what effects need."""
    found = (
        Official.objects.select_for_update(of=("self",))
        .filter(pk__in=set(pks))
        .select_related("person", "unit", "work_unit", "position")
        .order_by("pk")
    )
    return {official.pk: official for official in found}


def newest_days(officials: Iterable[int], *, without: Iterable[int] = ()) -> dict[int, dict[str, date]]:
    """For each official and fact, the day of the newest row in force that names it."""
    rows = (
        ServiceRow.objects.in_force()
        .filter(official__in=list(officials), effective_on__lte=today())
        .exclude(pk__in=list(without))
        .order_by()
        .values("official")
        .annotate(**{f"newest_{name}": Max("effective_on", filter=_says(name)) for name in FACTS})
    )
    return {row["official"]: {name: row[f"newest_{name}"] for name in FACTS} for row in rows}


def _says(name: str) -> Q:
    return Q(**{f"{name}__isnull": False}) if name in ("salary", "position_pay") else ~Q(**{name: ""})


def _given(row: ServiceRow, name: str) -> bool:
    return getattr(row, name) not in (None, "")


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (date, Decimal)) else value


def _whole(name: str, value: Any) -> Any:
    """A value of ``before`` (JSON) in its own type again."""
    if value in (None, "") or not isinstance(value, str):
        return value
    if name in ("salary", "position_pay"):
        return Decimal(value)
    return date.fromisoformat(value) if name in ("in_position_since", "left_on", "standing_on") else value


class _Open:
    """Which incumbency and secondment each official has open or ahead, newest first."""

    def __init__(self, pks: Sequence[int]) -> None:
        self.held: dict[int, Incumbency] = {}
        for held in Incumbency.objects.filter(official__in=pks).order_by("since", "pk"):
            self.held[held.official_id] = held
        self.away: dict[int, Secondment] = {}
        for away in Secondment.objects.filter(official__in=pks).order_by("since", "pk"):
            self.away[away.official_id] = away

    def held_of(self, official: Official) -> list[Any] | None:
        held = self.held.get(official.pk)
        """Everything of the row: one that began on the very day is not closed but removed."""
        return (
            [held.pk, _plain(held.until), _plain(held.since), held.position_id, held.reference]
            if held
            else None
        )

    def away_of(self, official: Official) -> list[Any] | None:
        away = self.away.get(official.pk)
        return (
            [away.pk, _plain(away.until), _plain(away.since), away.unit_id, away.reference] if away else None
        )


def carry_out(actor: Actor, rows: Sequence[ServiceRow], officials: Mapping[int, Official]) -> int:
    """Let the present follow these unsaved rows; sets ``before`` of each; returns how many people it changed.

    Of several rows that move one person, the newest moves them; the others are history at once.
    """
    if not rows:
        return 0
    day = today()
    newest = newest_days(officials)
    now = _Open(list(officials))
    positions = _positions(actor, rows, officials, now)
    ordered = sorted(rows, key=lambda row: row.effective_on)
    placing = {row.official_id: row for row in ordered if row.movement in PLACING and row.position_number}
    going = {row.official_id: row for row in ordered if row.movement == Movement.SECONDED and row.unit_id}
    into: dict[int, tuple[Official, Position | None, ServiceRow]] = {}
    away: dict[int, tuple[Official, ServiceRow]] = {}
    touched: dict[int, Official] = {}
    facts: set[str] = set()
    for row in ordered:
        official = officials[row.official_id]
        row.before = before = {}
        known = newest.setdefault(official.pk, {})
        for name in FACTS:
            if not _given(row, name) or (known.get(name) or date.min) > row.effective_on:
                continue
            before[name] = _plain(getattr(official, name))
            if row.effective_on <= day:
                known[name] = row.effective_on
                setattr(official, name, getattr(row, name))
                facts |= {name, "standing_on"} if name == "standing" else {name}
                if name == "standing" and row.movement == Movement.PROMOTED:
                    before["standing_on"] = _plain(official.standing_on)
                    official.standing_on = row.effective_on
        position = positions.get(row.position_number)
        if placing.get(official.pk) is row and position is not None and _moves(official, position, row, now):
            before |= _was(official, now)
            into[official.pk] = (official, position, row)
            if official.pk in away:  # back from elsewhere by the same lot
                _official, earlier = away.pop(official.pk)
                earlier.before = {
                    name: earlier.before[name]
                    for name in earlier.before
                    if name not in ("away", "work_unit_id")
                }
            if row.effective_on <= day:
                _put(official, position, row)
        elif going.get(official.pk) is row and row.unit_id != official.unit_id and _goes(official, row, now):
            before |= {"away": now.away_of(official), "work_unit_id": official.work_unit_id}
            away[official.pk] = (official, row)
            if row.effective_on <= day:
                official.work_unit = row.unit
        elif row.movement in ENDING and official.is_serving and row.effective_on <= day:
            before |= _was(official, now)
            into[official.pk] = (official, None, row)
            official.left_on, official.leaving = row.effective_on, ENDING[Movement(row.movement)]
            official.position, official.work_unit = None, official.unit
        if before:
            touched[official.pk] = official
    _refuse_double(into.values(), officials)
    since = {pk: row.effective_on for pk, (_o, _p, row) in into.items()}
    close_open(Incumbency, since)
    close_open(Secondment, {pk: row.effective_on for pk, (_o, row) in away.items()} | since)
    Incumbency.objects.bulk_create(
        [
            Incumbency(
                official=official, position=position, since=row.effective_on, reference=row.order_words[:120]
            )
            for official, position, row in into.values()
            if position is not None
        ],
        batch_size=2000,
    )
    Secondment.objects.bulk_create(
        [
            Secondment(
                official=official, unit=row.unit, since=row.effective_on, reference=row.order_words[:120]
            )
            for official, row in away.values()
        ],
        batch_size=2000,
    )
    _store(touched.values(), moved=into.keys() | away.keys(), facts=facts)
    return len(touched)


def _positions(
    actor: Actor, rows: Sequence[ServiceRow], officials: Mapping[int, Official], now: _Open
) -> dict[str, Position]:
    """Number → position of the rows that place; a number that is not there yet is made in the unit of the row."""
    placing = [row for row in rows if row.movement in PLACING and row.position_number]
    known = {
        position.number: position
        for position in Position.objects.filter(
            number__in={row.position_number for row in placing}, until__isnull=True
        ).select_related("unit")
    }
    wanted = []
    for row in placing:
        official = officials[row.official_id]
        held = now.held.get(official.pk)
        if row.position_number in known or (held is not None and held.since >= row.effective_on):
            continue  # there already, or history
        like = Official(
            unit=row.unit or official.unit, title=row.title or official.title, kind=official.kind,
            level=row.level or official.level, in_position_since=row.effective_on,
        )  # fmt: skip
        wanted.append((row.position_number, like))
    return known | (find_or_make(actor, wanted) if wanted else {})


def _moves(official: Official, position: Position, row: ServiceRow, now: _Open) -> bool:
    """Whether a placing row is news: another position than the one held, from a later day than any known."""
    held = now.held.get(official.pk)
    if not official.is_serving or held is None:
        return official.is_serving
    return held.position_id != position.pk and row.effective_on > held.since


def _goes(official: Official, row: ServiceRow, now: _Open) -> bool:
    away = now.away.get(official.pk)
    return official.is_serving and (away is None or row.effective_on > away.since)


def _was(official: Official, now: _Open) -> dict[str, Any]:
    return {name: _plain(getattr(official, name)) for name in _MOVED} | {
        "held": now.held_of(official),
        "away": now.away_of(official),
    }


def _put(official: Official, position: Position, row: ServiceRow) -> None:
    official.position = position
    official.unit = official.work_unit = position.unit
    official.in_position_since = row.effective_on
    official.title = row.title or position.title
    official.kind = position.kind


def _refuse_double(
    into: Iterable[tuple[Official, Position | None, ServiceRow]], officials: Mapping[int, Official]
) -> None:
    """Nobody is put where somebody else stays."""
    into = list(into)
    wanted: dict[int, tuple[Official, Position, ServiceRow]] = {}
    for official, position, row in into:
        if position is None:
            continue
        first = wanted.setdefault(position.pk, (official, position, row))
        if first[0] is not official:
            _held(position, first[0])
    moving = {official.pk for official, _position, _row in into}
    for held in (
        Incumbency.objects.filter(position__in=wanted, official__left_on__isnull=True)
        .exclude(official__in=moving)
        .select_related("official__person")
    ):
        position, row = wanted[held.position_id][1:]
        if held.until is None or held.until >= row.effective_on:
            _held(position, held.official)


def _held(position: Position, holder: Official) -> None:
    raise Conflict(
        _("เลขที่ตำแหน่ง %(number)s มี%(name)sครองอยู่ ย้ายหรือให้พ้นก่อน")
        % {"number": position.number, "name": holder.person.full_name},
        code="staff.position_held",
        field="position_number",
    )


def _store(officials: Iterable[Official], *, moved: Iterable[int], facts: Iterable[str]) -> None:
    """Only what was touched: a salary list of thousands writes one column."""
    officials, moved = list(officials), set(moved)
    fields = [*sorted(facts), *((name.removesuffix("_id") for name in _MOVED) if moved else ())]
    if fields:
        Official.objects.bulk_update(officials, fields, batch_size=500)
    if moved:
        refresh_words(Official.objects.filter(pk__in=moved).select_related("person", "unit", "position"))


def put_back(rows: Sequence[ServiceRow], officials: Mapping[int, Official], *, strict: bool = False) -> int:
    """The present as it was before these stored rows, where it still follows them; returns how many people changed.

    ``strict`` refuses when somebody has moved on since: an import is taken back whole or not at all.
    """
    rows = sorted(
        (row for row in rows if row.before), key=lambda row: (row.effective_on, row.pk), reverse=True
    )
    if not rows:
        return 0
    newest = newest_days(officials, without=[row.pk for row in rows])
    now = _Open(list(officials))
    touched: dict[int, Official] = {}
    facts: set[str] = set()
    moved: set[int] = set()
    dropped: dict[Any, list[int]] = {Incumbency: [], Secondment: []}
    reopened: dict[Any, dict[int, tuple[int, list[Any]]]] = {Incumbency: {}, Secondment: {}}
    for row in rows:
        official, before = officials[row.official_id], row.before
        known = newest.get(official.pk, {})
        for name in FACTS:
            follows = name in before and getattr(official, name) == getattr(row, name)
            if follows and (known.get(name) or date.min) <= row.effective_on:
                setattr(official, name, _whole(name, before[name]))
                facts |= {name, "standing_on"} if name == "standing" else {name}
                if name == "standing" and "standing_on" in before:
                    official.standing_on = _whole("standing_on", before["standing_on"])
                touched[official.pk] = official
        if "away" not in before:
            continue
        held, away = now.held.get(official.pk), now.away.get(official.pk)
        if row.movement in ENDING:
            still = official.left_on == row.effective_on
        elif row.movement == Movement.SECONDED:
            if still := away is not None and away.since == row.effective_on:
                dropped[Secondment].append(away.pk)
        elif still := held is not None and held.since == row.effective_on:
            dropped[Incumbency].append(held.pk)
        if not still:
            if strict:
                raise Conflict(
                    _("%(name)s มีการย้ายหรือช่วยราชการหลังรายการนี้ แก้ทีละรายการแทน")
                    % {"name": official.person.full_name},
                    code="staff.moved_on",
                )
            continue
        for model, word in ((Incumbency, "held"), (Secondment, "away")):
            if before.get(word) is not None:
                reopened[model][before[word][0]] = (official.pk, before[word])
        if row.effective_on <= today():
            for name in _MOVED:
                if name in before:
                    setattr(official, name, _whole(name, before[name]))
        touched[official.pk] = official
        moved.add(official.pk)
    for model, pks in dropped.items():
        if pks:
            model.objects.filter(pk__in=pks).delete()
    _reopen(reopened)
    _store(touched.values(), moved=moved, facts=facts)
    return len(touched)


def _reopen(rows: Mapping[Any, Mapping[int, tuple[int, list[Any]]]]) -> None:
    """Incumbencies and secondments as they were; those that had been removed are made again."""
    for model, held in rows.items():
        if not held:
            continue
        place = "position_id" if model is Incumbency else "unit_id"
        there = {row.pk: row for row in model.objects.filter(pk__in=held)}
        for pk, (_official, (_pk, until, *_rest)) in held.items():
            if pk in there:
                there[pk].until = _whole("left_on", until)
        model.objects.bulk_update(there.values(), ["until"], batch_size=500)
        model.objects.bulk_create(
            [
                model(
                    official_id=official, until=_whole("left_on", until), since=_whole("left_on", since),
                    reference=reference, **{place: where},
                )
                for pk, (official, (_pk, until, since, where, reference)) in held.items()
                if pk not in there
            ]
        )  # fmt: skip


_SETTLE_FACT = """
UPDATE staff_official o SET {name} = r.{name}
FROM (
  SELECT DISTINCT ON (r.official_id) r.official_id, r.{name}, r.effective_on, r.written_at
  FROM staff_servicerow r
  WHERE r.effective_on BETWEEN %(day)s::date - 31 AND %(day)s AND NOT r.is_void AND {says}
    AND NOT EXISTS (SELECT 1 FROM staff_servicerow c WHERE c.corrects_id = r.id)
  ORDER BY r.official_id, r.effective_on DESC, r.id DESC
) r
WHERE r.official_id = o.id AND (r.written_at AT TIME ZONE 'Asia/Bangkok')::date < r.effective_on
  AND o.{name} IS DISTINCT FROM r.{name}
"""


def settle_rows(day: date | None = None) -> int:
    """Every night: what rows that were written in advance say of pay, level, standing and the end of service, once
    their day has come (a month back, should nights have been missed). Positions and secondments are settled beside."""
    day = day or today()
    changed = 0
    with connection.cursor() as cursor:
        for name in FACTS:
            says = f"r.{name} IS NOT NULL" if name in ("salary", "position_pay") else f"r.{name} <> ''"
            cursor.execute(_SETTLE_FACT.format(name=name, says=says), {"day": day})
            changed += cursor.rowcount
    ending = [
        row
        for row in ServiceRow.objects.in_force()
        .filter(movement__in=list(ENDING), effective_on__gt=_month_before(day), effective_on__lte=day)
        .filter(official__left_on__isnull=True)
        if row.written_at.date() < row.effective_on
    ]
    officials = officials_of(row.official_id for row in ending)
    for row in ending:
        official = officials[row.official_id]
        official.left_on, official.leaving = row.effective_on, ENDING[Movement(row.movement)]
        official.position, official.work_unit = None, official.unit
    since = {row.official_id: row.effective_on for row in ending}
    close_open(Incumbency, since)
    close_open(Secondment, since)
    _store(officials.values(), moved=officials.keys(), facts=())
    return changed + len(officials)


def _month_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 31)
