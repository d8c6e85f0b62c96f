"""The board of a round: units × sheets by network, who must be chased, and what each unit as a whole has come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext, pgettext

from khet.base.org.api import Grouping, Holding, Unit
from khet.base.org.choices import PostKind, UnitKind
from khet.kits.rounds.bases import Sheet
from khet.kits.rounds.choices import HANDED_IN, OWING, UNSETTLED, ReturnState
from khet.kits.rounds.models import Finding, Reminder, Return, Round
from khet.kits.rounds.queries.periods import sheets_of

S = ReturnState
STRIP = (S.NOT_STARTED, S.ENTERING, S.CONFIRMED, S.CERTIFIED, S.VERIFIED, S.RETURNED)
"""The states of the strip of figures, in its order."""
BAR = {"done": (S.VERIFIED, S.CLOSED, S.EXEMPT), "accent": (S.CERTIFIED,), "soft": (S.CONFIRMED,), "wait": (S.ENTERING, S.CLEARED), "alert": (S.RETURNED,)}  # fmt: skip


@dataclass
class Cell:
    """One sheet of one unit."""

    pk: int
    state: str
    is_stale: bool = False
    shape: str = ""
    words: str = ""


def _cells() -> Callable[[Return], Cell]:
    """Cells with their shapes and words, each state's asked for once: a board has some six hundred of them."""
    said: dict[tuple[str, bool], tuple[str, str]] = {}

    def cell(handed: Return) -> Cell:
        key = (handed.state, handed.is_stale)
        if key not in said:
            state = ReturnState(handed.state)
            words = str(state.label)
            said[key] = state.shape, f"{words} · {_t('ข้อมูลเปลี่ยนหลังยืนยัน')}" if handed.is_stale else words
        return Cell(handed.pk, handed.state, handed.is_stale, *said[key])

    return cell


@dataclass
class UnitRow:
    """One unit with its sheets in the order of the round."""

    unit: Unit
    cells: list[Cell | None]
    excused_until: date | None = None
    excuse: str = ""
    returned_at: datetime | None = None
    reminders: int = 0
    contact: str = ""
    phone: str = ""

    @cached_property
    def states(self) -> list[str]:
        return [cell.state for cell in self.cells if cell is not None]

    @cached_property
    def handed_in(self) -> int:
        return sum(1 for state in self.states if state in (*HANDED_IN, S.EXEMPT))

    @cached_property
    def total(self) -> int:
        return len(self.states)

    @cached_property
    def state(self) -> str:
        return overall(self.states)

    @cached_property
    def is_excused(self) -> bool:
        return self.excused_until is not None and self.excused_until >= timezone.localdate()

    @cached_property
    def shape(self) -> str:
        return ReturnState(self.state).shape

    @cached_property
    def why(self) -> str:
        """The words at the right of a row of the chase list."""
        if self.is_excused:
            return pgettext("round", "ผ่อนผัน")
        if self.state == S.NOT_STARTED:
            return str(S.NOT_STARTED.label)
        if self.state == S.RETURNED and self.returned_at:
            days = (timezone.localdate() - timezone.localdate(self.returned_at)).days
            return ngettext("ส่งคืน %(n)d วัน", "ส่งคืน %(n)d วัน", days) % {"n": days} if days else _t("ส่งคืนวันนี้")
        return _t("%(done)d จาก %(all)d ชุด") % {"done": self.handed_in, "all": self.total}

    @property
    def tel(self) -> str:
        """The telephone as a link dials it."""
        return "".join(letter for letter in self.phone if letter.isdigit() or letter == "+")

    @property
    def is_urgent(self) -> bool:
        return not self.is_excused and self.state in (S.NOT_STARTED, S.RETURNED)


@dataclass
class NetworkRow:
    """A network with its units, and how far each sheet has come in it."""

    pk: int
    name: str
    units: list[UnitRow] = field(default_factory=list)
    is_open: bool = False

    @property
    def done(self) -> int:
        return sum(1 for row in self.units if row.handed_in == row.total)

    def bars(self) -> list[dict[str, Any]]:
        """For each sheet the parts of its bar and their words."""
        if not self.units:
            return []
        found = []
        for place in range(len(self.units[0].cells)):
            states = Counter(row.cells[place].state for row in self.units if row.cells[place] is not None)
            parts = {kind: sum(states[state] for state in kinds) for kind, kinds in BAR.items()}
            words = " ".join(
                f"{ReturnState(state).label} {n}"
                for state, n in sorted(states.items(), key=lambda one: list(S).index(one[0]))
            )
            found.append({"total": sum(states.values()), "words": words, **parts})
        return found


@dataclass
class Board:
    round: Round
    sheets: list[Sheet]
    networks: list[NetworkRow]
    units: list[UnitRow]
    chase: list[UnitRow]
    reminders: list[Reminder]
    findings: int
    certified: int
    stale: int

    @property
    def next_reminder(self) -> int:
        return len(self.reminders) + 1

    @property
    def chosen(self) -> list[UnitRow]:
        return [row for row in self.chase if not row.is_excused]

    @property
    def left(self) -> int:
        """Returns that stand in the way of closing."""
        return sum(
            1 for row in self.units for state in row.states if state not in (S.VERIFIED, S.EXEMPT, S.CLOSED)
        )

    def strip(self) -> list[dict[str, Any]]:
        counts = Counter(_in_strip(row.state) for row in self.units)
        whole = len(self.units) or 1
        return [
            {"state": str(state.value), "label": state.label, "shape": state.shape, "n": counts[state], "share": f"{round(100 * counts[state] / whole)}%"}
            for state in STRIP
        ]  # fmt: skip


def _in_strip(state: str) -> str:
    return {S.CLEARED: S.ENTERING, S.CLOSED: S.VERIFIED, S.EXEMPT: S.VERIFIED}.get(
        ReturnState(state), ReturnState(state)
    )


def overall(states: Iterable[str]) -> str:
    """What a unit as a whole has come to: returned if anything is, else the least of its steps once all have begun."""
    owed = [state for state in states if state != S.EXEMPT]
    if not owed:
        return S.EXEMPT
    if S.RETURNED in owed:
        return S.RETURNED
    if all(state == S.NOT_STARTED for state in owed):
        return S.NOT_STARTED
    order = [S.NOT_STARTED, S.ENTERING, S.CLEARED, S.CONFIRMED, S.CERTIFIED, S.VERIFIED, S.CLOSED]
    least = min(owed, key=lambda state: order.index(ReturnState(state)))
    return S.ENTERING if least in (S.NOT_STARTED, S.CLEARED) else least


def contacts_of(unit_ids: list[int]) -> dict[int, tuple[str, str]]:
    """unit → (whom to call, telephone): the clerk, else the head. One query."""
    order = {PostKind.CLERK: 0, PostKind.PRINCIPAL: 1}
    found: dict[int, tuple[int, str, str]] = {}
    for unit, kind, name, phone in (
        Holding.objects.on()
        .filter(post__unit__in=unit_ids, post__kind__in=list(order))
        .values_list("post__unit_id", "post__kind", "person__first_name", "person__phone")
    ):
        words = name if kind == PostKind.CLERK else f"{pgettext('school', 'ผอ.')} {name}"
        row = (order[PostKind(kind)], words, phone)
        if unit not in found or row[0] < found[unit][0]:
            found[unit] = row
    return {unit: (words, phone) for unit, (_order, words, phone) in found.items()}


def networks_of(unit_ids: list[int]) -> dict[int, Unit]:
    """unit → its network today. One query."""
    found: dict[int, Unit] = {}
    for grouping in (
        Grouping.objects.on()
        .filter(member__in=unit_ids, group__kind=UnitKind.NETWORK)
        .select_related("group")
        .only("member_id", "group__short_name", "group__position")
        .order_by("group__position")
    ):
        found.setdefault(grouping.member_id, grouping.group)
    return found


def board(round_: Round, *, opened: Iterable[int] = (), network: int | None = None, state: str = "") -> Board:
    """Seven queries, whatever the number of units. ``network`` and ``state`` narrow the units shown."""
    sheets = sheets_of(round_)
    places = {one.code: place for place, one in enumerate(sheets)}
    rows: dict[int, UnitRow] = {}
    cell = _cells()
    for handed in (
        Return.objects.filter(round=round_)
        .select_related("unit")
        .only(
            "pk", "sheet", "state", "is_stale", "excused_until", "excuse", "returned_at", "unit__short_name", "unit__code", "unit__position", "unit__name"
        )
        .order_by("unit__position", "unit__short_name", "pk")
    ):  # fmt: skip
        row = rows.get(handed.unit_id)
        if row is None:
            row = rows[handed.unit_id] = UnitRow(
                handed.unit, [None] * len(sheets), handed.excused_until, handed.excuse
            )
        if handed.sheet in places:
            row.cells[places[handed.sheet]] = cell(handed)
        if (
            handed.state == S.RETURNED
            and handed.returned_at
            and (row.returned_at is None or handed.returned_at < row.returned_at)
        ):
            row.returned_at = handed.returned_at
    ids = list(rows)
    reminders = list(Reminder.objects.filter(round=round_).order_by("number"))
    reminded = Counter(pk for one in reminders for pk in one.unit_ids)
    contacts = contacts_of(ids)
    found_networks = networks_of(ids)
    shown: dict[int, NetworkRow] = {}
    order: dict[int, tuple[int, int]] = {}
    opened = set(opened)
    for pk, row in rows.items():
        row.contact, row.phone = contacts.get(pk, ("", ""))
        row.reminders = reminded[pk]
        group = found_networks.get(pk)
        key = group.pk if group else 0
        if key not in shown:
            shown[key] = NetworkRow(
                key, group.short_name if group else _t("ไม่มีเครือข่าย"), is_open=key in opened
            )
            order[key] = (0, group.position) if group else (1, 0)
        shown[key].units.append(row)
    every = list(rows.values())
    networks = sorted(shown.values(), key=lambda one: order[one.pk])
    if network is not None:
        networks = [one for one in networks if one.pk == network]
    if state:
        for one in networks:
            one.units = [row for row in one.units if _in_strip(row.state) == state]
            one.is_open = True
        networks = [one for one in networks if one.units]
    visible = {row.unit.pk for one in networks for row in one.units}
    chase = sorted(
        (row for row in every if row.unit.pk in visible and set(row.states) & set(OWING)), key=_risk
    )
    figures = Return.objects.filter(round=round_).aggregate(
        certified=Count("pk", filter=Q(state=S.CERTIFIED)), stale=Count("pk", filter=Q(is_stale=True))
    )
    findings = Finding.objects.filter(round=round_, state__in=UNSETTLED).count()
    return Board(
        round_, sheets, networks, every, chase, reminders, findings, figures["certified"], figures["stale"]
    )


def _risk(row: UnitRow) -> tuple[int, int, int]:
    """Who is most likely to be late first: nothing begun, then returned longest, then the least handed in."""
    rank = {S.NOT_STARTED: 0, S.RETURNED: 1}.get(ReturnState(row.state), 2)
    days = (
        (timezone.localdate() - timezone.localdate(row.returned_at)).days
        if row.returned_at and rank == 1
        else 0
    )
    return rank, -days, row.handed_in
