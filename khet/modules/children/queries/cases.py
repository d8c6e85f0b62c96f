"""Cases of tracing: with their people, and as a board by urgency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import models
from django.db.models import CharField, QuerySet, Value, When
from django.utils.translation import gettext as _

from khet.base.org.api import today
from khet.modules.children.choices import TRACE_STATES
from khet.modules.children.models import Case

COLUMN_ROWS = 40


def with_subjects(queryset: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """Cases with child, former pupil and responsible school; ``phase`` is open or closed."""
    rows = Case.objects.all() if queryset is None else queryset
    phase = models.Case(
        When(closed_at__isnull=True, then=Value("open")), default=Value("closed"), output_field=CharField()
    )
    return rows.select_related("child__school", "pupil__school", "school__unit").annotate(phase=phase)


def open_cases(queryset: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """Cases nobody has closed."""
    return with_subjects(queryset).filter(closed_at__isnull=True)


@dataclass
class Lane:
    """Cases whose next step falls due together: the first ``COLUMN_ROWS``, and how many there are."""

    code: str
    title: str
    tone: str
    cases: list[Case] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.cases)


@dataclass
class Board:
    """The tracing board: lanes of open cases, counts by state, by school and by reason."""

    lanes: list[Lane]
    states: list[tuple[str, str, int]]
    schools: list[tuple[int | None, str, int, int]]
    open: int
    late: int
    never: int
    closed: int


def board_of(cases: QuerySet[Case], chosen: QuerySet[Case], year: int) -> Board:
    """``cases`` are all that the reader sees, ``chosen`` those of the filter. Three queries."""
    now = today()
    lanes = {
        "late": Lane("late", _("เลยกำหนด"), "late"),
        "week": Lane("week", _("ภายใน 7 วัน"), "half"),
        "later": Lane("later", _("หลังจากนั้น"), "quarter"),
        "no_step": Lane("no_step", _("ยังไม่ได้กำหนดขั้นต่อไป"), "empty"),
    }
    for case in open_cases(chosen).order_by("due_on", "sort_name", "pk"):
        if case.due_on is None:
            lane = lanes["no_step"]
        elif case.due_on < now:
            lane = lanes["late"]
        else:
            lane = lanes["week" if case.due_on <= now + timedelta(days=7) else "later"]
        lane.count += 1
        if len(lane.cases) < COLUMN_ROWS:
            lane.cases.append(case)
    facts = list(
        cases.filter(closed_at__isnull=True).values_list(
            "state", "school_id", "school__name", "due_on", "visited_on"
        )
    )
    by_state = Counter(fact[0] for fact in facts)
    return Board(
        lanes=list(lanes.values()),
        states=[(code, words, by_state[code]) for code, words in _states(by_state)],
        schools=_schools(facts, now),
        open=len(facts),
        late=sum(1 for fact in facts if fact[3] and fact[3] < now),
        never=sum(1 for fact in facts if fact[4] is None),
        closed=cases.filter(closed_at__isnull=False, school_year=year).count(),
    )


def _states(counted: Iterable[str]) -> list[tuple[str, str]]:
    known = list(TRACE_STATES.items())
    return known + [(code, TRACE_STATES.label(code)) for code in counted if code and code not in TRACE_STATES]


def _schools(facts: list[tuple], now) -> list[tuple[int | None, str, int, int]]:
    """(school, name, open cases, late ones), the most first."""
    count: Counter[tuple[int | None, str]] = Counter()
    late: Counter[tuple[int | None, str]] = Counter()
    for _state, pk, name, due, _visited in facts:
        count[pk, name or ""] += 1
        late[pk, name or ""] += bool(due and due < now)
    return [(pk, name, n, late[pk, name]) for (pk, name), n in count.most_common()]
