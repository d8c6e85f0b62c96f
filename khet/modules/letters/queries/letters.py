"""Lists of letters: what came in, what is being written, what is out."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from khet.base.org.api import Actor, Unit, own_units, visible
from khet.base.org.choices import UnitKind
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
    """A receiver's letters: ``waiting`` to be registered, ``registered``, ``unanswered``, or all of them."""
    rows = Receipt.objects.filter(unit=unit).select_related("letter__issuer", "entry", "via")
    if tab == "waiting":
        return rows.filter(
            registered_at__isnull=True, returned_at__isnull=True, recalled_at__isnull=True
        ).order_by("sent_at", "pk")
    if tab == "unanswered":
        return rows.filter(
            letter__answer_by__isnull=False,
            answered_at__isnull=True,
            returned_at__isnull=True,
            recalled_at__isnull=True,
            excused_at__isnull=True,
        ).order_by("letter__answer_by", "pk")
    return rows.order_by("-sent_at", "-pk")


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


def sent(actor: Actor) -> QuerySet[Letter]:
    """Letters the actor's units have sent, newest first, with how far their receivers are."""
    units = sorted(set(registers_units(actor)) | set(my_units(actor)))
    return (
        Letter.objects.filter(
            Q(unit_id__in=units) | Q(issuer_id__in=units),
            origin=Origin.HERE,
            state__in=[LetterState.SENT, LetterState.CLOSED],
        )
        .select_related("unit", "issuer")
        .order_by("-sent_at", "-pk")
    )


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
