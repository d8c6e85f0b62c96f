"""Reading pupils on several rolls: the list with its counts, and one case as each side may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from khet.base.org.api import Actor, today, visible
from khet.kits.files.api import Attachment, attachments_of
from khet.modules.schools.api import School
from khet.modules.students.choices import PRESENT, DoubleState
from khet.modules.students.models import Claim, Double, DoubleRoll, Enrolment
from khet.modules.students.models.doubles import WAITING
from khet.modules.students.rules import CLAIM, SETTLE


def doubles(actor: Actor) -> QuerySet[Double]:
    """Cases that the actor may see, with what a row shows."""
    rows = Double.objects.select_related("pupil", "keeper").prefetch_related("rolls__school")
    return visible(actor, rows)


def latest_claims(rows: Iterable[Double]) -> dict[int, dict[int, Claim]]:
    """Case → school → its newest claim, in one query."""
    found: dict[int, dict[int, Claim]] = {}
    for one in Claim.objects.filter(double__in=[row.pk for row in rows]).order_by("pk"):
        found.setdefault(one.double_id, {})[one.school_id] = one
    return found


def silent(actor: Actor) -> Q:
    """Cases in which a school of the actor has not said anything yet."""
    scope = actor.scope(CLAIM)
    if not scope or scope.everywhere:
        return Q(pk__in=[])
    said = Claim.objects.filter(double=OuterRef("double"), school=OuterRef("school"))
    present = Enrolment.objects.filter(
        pupil=OuterRef("double__pupil"),
        school=OuterRef("school"),
        school_year=OuterRef("double__school_year"),
        term=OuterRef("double__term"),
        state__in=PRESENT,
    )
    mine = DoubleRoll.objects.filter(scope.q("school__unit_id"), ~Exists(said), Exists(present))
    return Q(state=DoubleState.OPEN, pk__in=mine.order_by().values("double"))


def to_decide() -> Q:
    """Cases that the area may decide: contradicting claims, or the days have passed."""
    return Q(state=DoubleState.DISPUTED) | Q(state=DoubleState.OPEN, due_on__lt=today())


def waiting_doubles(actor: Actor) -> QuerySet[Double]:
    """Cases that wait for the actor: a school's own word, or the area's decision."""
    condition = silent(actor)
    if actor.has(SETTLE) and not actor.is_system:
        condition |= to_decide()
    return doubles(actor).filter(condition).order_by("due_on", "pk")


def doubles_due(actor: Actor) -> tuple[int, date | None]:
    """How many cases wait for the actor, and by which day the first: one query, none for whoever has no part in them."""
    if not (actor.has(CLAIM) or actor.has(SETTLE)) or actor.is_system:
        return 0, None
    found = waiting_doubles(actor).order_by().aggregate(n=Count("pk"), first=Min("due_on"))
    return found["n"], found["first"]


#: Views of the list: code → condition.
def views(actor: Actor) -> dict[str, Q]:
    return {
        "mine": Q(pk__in=waiting_doubles(actor).order_by().values("pk")),
        "waiting": Q(state__in=WAITING),
        "late": Q(state=DoubleState.OPEN, due_on__lt=today()),
        "disputed": Q(state=DoubleState.DISPUTED),
        "settled": Q(state__in=[DoubleState.AGREED, DoubleState.DECIDED]),
        "gone": Q(state=DoubleState.GONE),
    }


def counts(rows: QuerySet[Double], conditions: dict[str, Q]) -> dict[str, int]:
    """How many cases each view holds, in one query."""
    return rows.order_by().aggregate(**{code: Count("pk", filter=condition) for code, condition in conditions.items()})  # fmt: skip


@dataclass
class Side:
    """One school of a case: the class and the day of entry there, and what it says. Nothing else of the pupil."""

    school: School
    enrolment: Enrolment | None
    claim: Claim | None = None
    earlier: list[Claim] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    left_on: date | None = None
    may_claim: bool = False
    is_keeper: bool = False

    @property
    def is_present(self) -> bool:
        """The pupil is still on this roll, so that it has to be settled here."""
        return self.enrolment is not None and self.enrolment.state in PRESENT


def sides(actor: Actor, double: Double) -> list[Side]:
    """Every school of a case, one's own first, then by the day of entry. Five queries, however many schools."""
    rolls = list(double.rolls.select_related("school__unit"))
    enrolments = {
        row.school_id: row
        for row in Enrolment.objects.filter(
            pupil=double.pupil_id, school_year=double.school_year, term=double.term, school__in=[roll.school_id for roll in rolls]
        ).only("pk", "school", "pupil", "grade", "room", "entered_on", "left_on", "state")
    }  # fmt: skip
    claims: dict[int, list[Claim]] = {}
    for one in Claim.objects.filter(double=double).order_by("pk"):
        claims.setdefault(one.school_id, []).append(one)
    files = attachments_of(Claim, [one.pk for held in claims.values() for one in held])
    scope = actor.scope(CLAIM)
    found = []
    for roll in rolls:
        school = roll.school
        said = claims.get(school.pk, [])
        found.append(
            Side(
                school=school,
                enrolment=enrolments.get(school.pk),
                claim=said[-1] if said else None,
                earlier=said[:-1],
                left_on=roll.left_on,
                files=[held for one in said for held in files.get(one.pk, [])],
                may_claim=double.is_waiting and not actor.is_system and scope.covers(school.unit),
                is_keeper=double.keeper_id == school.pk,
            )
        )
    return sorted(found, key=lambda side: (not side.may_claim, str(_entered(side))))


def _entered(side: Side) -> Any:
    return side.enrolment.entered_on if side.enrolment and side.enrolment.entered_on else ""
