"""What follows from a fresh extract of the civil register: whom it no longer has is marked, never removed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from khet.base.org.api import Actor, entry, verb
from khet.modules.children.actions.matching import stand
from khet.modules.children.choices import Registered
from khet.modules.children.models import Child
from khet.modules.children.queries.children import now_year
from khet.modules.children.queries.extracts import absent_from, returned_in
from khet.modules.children.rules import IMPORT


def reach(actor: Actor) -> list[int] | None:
    """The units whose children the actor may mark; None: all."""
    scope = actor.scope(IMPORT)
    return None if scope.everywhere else list(scope.unit_ids().values_list("pk", flat=True))


@verb("children.settle_extract", gettext_lazy("ทำเครื่องหมายเด็กที่ไม่พบใน ทร.14"), capability=IMPORT)
def settle_extract(*, actor: Actor, batch: int) -> tuple[int, int]:
    """Mark the children whom the file of this batch should have had and has not, and take the mark from those it has again.

    Returns (marked, found again). A marked child stays on every list until a person says that it moved or died.
    """
    units = reach(actor)
    missing, back = absent_from(batch, units), returned_in(batch)
    Child.objects.filter(pk__in=missing).update(registered=Registered.MISSING)
    Child.objects.filter(pk__in=back).update(registered=Registered.HERE)
    entry().tell(batch=batch, marked=len(missing), returned=len(back))
    if missing or back:
        stand(now_year(), [*missing, *back])
    return len(missing), len(back)
