"""The sender's board: every receiver of one letter by network, who is late, and what the reminders brought."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from khet.base.org.api import Grouping, Holding, Unit
from khet.base.org.choices import PostKind, UnitKind
from khet.modules.letters.choices import ReceiptState
from khet.modules.letters.models import Letter, Receipt, Reminder


@dataclass
class Cell:
    """One receiver on the board."""

    receipt: Receipt
    phone: str = ""
    contact: str = ""

    @property
    def unit(self) -> Unit:
        return self.receipt.unit

    @property
    def state(self) -> str:
        return self.receipt.state


@dataclass
class Row:
    """One network (or kind of unit) and its receivers."""

    name: str
    cells: list[Cell] = field(default_factory=list)
    needs_answer: bool = False

    @property
    def done(self) -> int:
        return sum(
            1
            for cell in self.cells
            if (cell.receipt.answered_at if self.needs_answer else cell.receipt.registered_at)
        )

    @property
    def total(self) -> int:
        return len(self.cells)


@dataclass
class Board:
    """All that the page shows; counted from one read of the receipts."""

    letter: Letter
    rows: list[Row]
    cells: list[Cell]
    reminders: list[Reminder]
    brought: int = 0

    def count(self, *states: str) -> int:
        return sum(1 for cell in self.cells if cell.state in states)

    @property
    def total(self) -> int:
        return len([cell for cell in self.cells if cell.state != ReceiptState.RECALLED])

    @property
    def opened(self) -> int:
        return sum(1 for cell in self.cells if cell.receipt.opened_at)

    @property
    def registered(self) -> int:
        return sum(1 for cell in self.cells if cell.receipt.registered_at)

    @property
    def answered(self) -> int:
        return sum(1 for cell in self.cells if cell.receipt.answered_at)

    @property
    def unopened(self) -> int:
        return self.count(ReceiptState.UNOPENED)

    @property
    def needs_answer(self) -> bool:
        return self.letter.answer_by is not None

    @property
    def median_to_register(self) -> timedelta | None:
        """Half of the receivers registered within this time."""
        spans = [
            (cell.receipt.registered_at - cell.receipt.sent_at).total_seconds()
            for cell in self.cells
            if cell.receipt.registered_at
        ]
        return timedelta(seconds=median(spans)) if spans else None

    @property
    def chase(self) -> list[Cell]:
        """Who still owes: unopened first, then unregistered, then unanswered; the excused at their place."""
        if self.needs_answer:
            wanted = (ReceiptState.UNOPENED, ReceiptState.OPENED, ReceiptState.REGISTERED)
        else:
            wanted = (ReceiptState.UNOPENED, ReceiptState.OPENED)
        order = {state: place for place, state in enumerate(wanted)}
        owing = [cell for cell in self.cells if cell.state in order]
        return sorted(owing, key=lambda cell: (order[cell.state], cell.receipt.sent_at, cell.unit.position))

    @property
    def chosen(self) -> list[Cell]:
        """Those a reminder goes to by default: all who owe and are not excused."""
        return [cell for cell in self.chase if not cell.receipt.excused_at]

    @property
    def next_reminder(self) -> int:
        return len(self.reminders) + 1

    @property
    def days_out(self) -> int:
        since: datetime | None = self.letter.sent_at
        return (timezone.localdate() - timezone.localdate(since)).days if since else 0


def share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else ""


def board(letter: Letter) -> Board:
    """Six queries, whatever the number of receivers."""
    receipts = list(
        Receipt.objects.filter(letter=letter, via__isnull=True)
        .select_related("unit", "entry", "answer")
        .defer(*(f"answer__{name}" for name in Letter.LONG))
        .order_by("unit__position", "unit__short_name", "pk")
    )
    units = [receipt.unit_id for receipt in receipts]
    contacts = contacts_of(units)
    networks: dict[int, Unit] = {}
    for grouping in (
        Grouping.objects.on()
        .filter(member__in=units, group__kind=UnitKind.NETWORK)
        .select_related("group")
        .only("member_id", "group__short_name", "group__position")
        .order_by("group__position")
    ):
        networks.setdefault(grouping.member_id, grouping.group)
    rows: dict[str, Row] = {}
    places: dict[str, tuple[int, int]] = {}
    cells = []
    for receipt in receipts:
        who, phone = contacts.get(receipt.unit_id, ("", ""))
        cell = Cell(receipt, phone, who)
        cells.append(cell)
        network = networks.get(receipt.unit_id)
        name = network.short_name if network else str(UnitKind(receipt.unit.kind).label)
        row = rows.setdefault(name, Row(name, needs_answer=letter.answer_by is not None))
        places.setdefault(name, (0, network.position) if network else (1, 0))
        row.cells.append(cell)
    reminders = list(Reminder.objects.filter(letter=letter).order_by("number"))
    found = Board(letter, sorted(rows.values(), key=lambda row: places[row.name]), cells, reminders)
    if reminders:
        found.brought = brought(reminders[-1], cells, found.needs_answer)
    return found


def brought(reminder: Reminder, cells: list[Cell], needs_answer: bool) -> int:
    """How many of those reminded have since done what was asked."""
    asked = set(reminder.units)
    count = 0
    for cell in cells:
        moment = cell.receipt.answered_at if needs_answer else cell.receipt.registered_at
        if cell.unit.pk in asked and moment and moment >= reminder.sent_at:
            count += 1
    return count


def contacts_of(units: list[int], day: date | None = None) -> dict[int, tuple[str, str]]:
    """unit → (name and post to call, telephone): the clerk, else the head. One query."""
    order = {
        PostKind.CLERK: 0,
        PostKind.OFFICER: 1,
        PostKind.HEAD: 2,
        PostKind.PRINCIPAL: 2,
        PostKind.DIRECTOR: 3,
    }
    found: dict[int, tuple[int, str, str]] = {}
    for unit, kind, name, surname, phone in (
        Holding.objects.on(day)
        .filter(post__unit__in=units, post__kind__in=list(order))
        .values_list(
            "post__unit_id", "post__kind", "person__first_name", "person__last_name", "person__phone"
        )
    ):
        label = {PostKind.CLERK: _("ธุรการ"), PostKind.PRINCIPAL: pgettext("school", "ผอ.")}.get(
            PostKind(kind), ""
        )
        row = (order[PostKind(kind)], f"{name} ({label})" if label else f"{name} {surname}", phone)
        if unit not in found or row[0] < found[unit][0]:
            found[unit] = row
    return {unit: (who, phone) for unit, (_order, who, phone) in found.items()}
