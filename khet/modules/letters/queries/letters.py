"""Lists of letters: what came in, what is being written, what is out."""

from __future__ import annotations

from django.db import connection
from django.db.models import Count, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from khet.base.org.api import Actor, Unit, own_units, visible
from khet.base.org.choices import UnitKind
from khet.base.ui.keyset import Keyset, KeysetPage
from khet.modules.letters.choices import LetterState, Origin
from khet.modules.letters.models import AddresseeGroup, Letter, Receipt
from khet.modules.letters.rules import DRAFT, RECEIVE, registers_units


def receiving_units(actor: Actor) -> QuerySet[Unit]:
    """Units for which the actor registers what comes in."""
    scope = actor.scope(RECEIVE)
    if not scope:
        return Unit.objects.none()
    return Unit.objects.filter(pk__in=scope.unit_ids(), bureau__isnull=False).order_by("position", "pk")


def waiting(units: list[int]) -> QuerySet[Receipt]:
    """Receipts not registered yet, oldest first; the partial index holds exactly these."""
    return Receipt.objects.filter(
        unit_id__in=units, registered_at__isnull=True, returned_at__isnull=True, recalled_at__isnull=True
    ).order_by("sent_at", "pk")


def waiting_count(actor: Actor) -> int | QuerySet[Receipt]:
    """The badge of the menu: the letters that wait to be registered by the actor, to be counted with the others."""
    scope = actor.scope(RECEIVE)
    if not scope or scope.everywhere:
        return 0
    return waiting(sorted(scope.units))


def inbox(unit: Unit, tab: str) -> QuerySet[Receipt]:
    """A receiver's letters: ``waiting`` to be registered, ``unanswered``, or all of them; ``BY_TAB`` is their order."""
    rows = Receipt.objects.filter(unit=unit).select_related("letter", "entry").defer(*OF_THE_LETTER)
    if tab == "waiting":
        return rows.filter(registered_at__isnull=True, returned_at__isnull=True, recalled_at__isnull=True)
    if tab == "unanswered":
        return rows.filter(
            answer_by__isnull=False,
            answered_at__isnull=True,
            returned_at__isnull=True,
            recalled_at__isnull=True,
            excused_at__isnull=True,
        )
    return rows


def my_units(actor: Actor) -> list[int]:
    """Units for which the actor drafts, own ones only: the area's heads do not leaf through schools' drafts."""
    own = {c.unit.pk for c in actor.capacities}
    scope = actor.scope(DRAFT)
    return sorted(own | set(scope.units)) if scope else []


def drafts(actor: Actor) -> QuerySet[Letter]:
    """Letters being written in the actor's units, newest work first."""
    return (
        visible(actor, Letter.objects.filter(origin=Origin.HERE, unit_id__in=my_units(actor)))
        .filter(state__in=[LetterState.DRAFT, LetterState.RETURNED, LetterState.IN_ROUTE, LetterState.SIGNED])
        .select_related("unit", "issuer", "drafter_post")
        .order_by("-updated_at")
    )


#: What a row of a list leaves out of the letter it shows.
OF_THE_LETTER = tuple(f"letter__{name}" for name in Letter.LONG)

#: The newest sent first.
BY_SENT = Keyset(["-sent_at", "-pk"])
#: A receiver's tabs: the oldest waiting first, the next due first, the newest sent first.
BY_TAB = {
    "waiting": Keyset(["sent_at", "pk"]),
    "unanswered": Keyset(["answer_by", "pk"]),
    "all": BY_SENT,
}

# Each unit brings its own newest, as owner and as issuer: two short walks through an index for each, however
# many letters there are. One condition over all units would read every letter ever sent.
_SENT = """
SELECT DISTINCT found.sent_at, found.id
  FROM unnest(%(units)s::bigint[]) AS house (id)
 CROSS JOIN LATERAL (
       (SELECT id, sent_at FROM letters_letter
         WHERE unit_id = house.id AND origin = 'here' AND state IN ('sent', 'closed') {beyond}
         ORDER BY sent_at {way}, id {way} LIMIT %(most)s)
        UNION ALL
       (SELECT id, sent_at FROM letters_letter
         WHERE issuer_id = house.id AND origin = 'here' AND state IN ('sent', 'closed') {beyond}
         ORDER BY sent_at {way}, id {way} LIMIT %(most)s)
       ) AS found
 ORDER BY found.sent_at {way}, found.id {way} LIMIT %(most)s
"""


def sent(actor: Actor, place: str = "", size: int = 50) -> KeysetPage[Letter]:
    """A page of the letters the actor's units have sent, newest first. Two queries."""
    wanted = BY_SENT.read(Letter, place)
    before, values = wanted or (False, None)
    beyond = f"AND (sent_at, id) {'>' if before else '<'} (%(at)s, %(pk)s)" if values else ""
    facts = {"units": sorted(set(registers_units(actor)) | set(my_units(actor))), "most": size + 1}
    if values:
        facts["at"], facts["pk"] = values
    with connection.cursor() as cursor:
        cursor.execute(_SENT.format(way="ASC" if before else "DESC", beyond=beyond), facts)
        ids = [pk for _at, pk in cursor.fetchall()]
    found = Letter.objects.defer(*Letter.LONG).in_bulk(ids)
    return BY_SENT.cut([found[pk] for pk in ids if pk in found], before, values, size)


def progress(letters: list[Letter]) -> dict[int, dict[str, int]]:
    """letter id → sent to, opened, registered, answered: one grouped query for a page of letters."""
    rows = (
        Receipt.objects.filter(letter__in=letters, via__isnull=True, recalled_at__isnull=True)
        .values("letter_id")
        .annotate(
            total=Count("pk"),
            opened=Count("opened_at"),
            registered=Count("registered_at"),
            answered=Count("answered_at"),
        )
        .order_by()
    )
    return {row["letter_id"]: row for row in rows}


def addressees(actor: Actor, unit: Unit) -> list[tuple[str, list[tuple[int, str]]]]:
    """Whom a letter of this unit may go to, grouped for choosing: office, networks, groups, schools."""
    units = (
        own_units()
        .filter(kind__in=[UnitKind.OFFICE, UnitKind.SCHOOL, UnitKind.NETWORK, UnitKind.GROUP])
        .exclude(pk=unit.pk)
        .order_by("position", "name", "pk")
        .values_list("pk", "kind", "short_name")
    )
    heads = [
        (UnitKind.OFFICE, _("สำนักงานเขต")),
        (UnitKind.NETWORK, pgettext("many", "เครือข่าย")),
        (UnitKind.GROUP, _("กลุ่มในสำนักงาน")),
        (UnitKind.SCHOOL, pgettext("many", "โรงเรียน")),
    ]
    inside = unit.kind != UnitKind.SCHOOL
    found = []
    for kind, head in heads:
        if kind == UnitKind.GROUP and not inside:
            continue
        rows = [(pk, name) for pk, of, name in units if of == kind]
        if rows:
            found.append((head, rows))
    return found


def saved_groups(actor: Actor) -> QuerySet[AddresseeGroup]:
    """Lists of receivers saved in the actor's units."""
    return AddresseeGroup.objects.filter(unit_id__in=my_units(actor))


def corrections(letter: Letter | OuterRef) -> QuerySet[Letter]:
    """Letters that correct this one and have been sent."""
    return Letter.objects.filter(corrects=letter, state=LetterState.SENT).order_by("pk")
