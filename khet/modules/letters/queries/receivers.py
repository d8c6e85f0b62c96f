"""Who a letter goes to: from what was chosen to the units that receive."""

from __future__ import annotations

from collections.abc import Iterable

from khet.base.org.api import Grouping, own_units
from khet.base.org.choices import UnitKind

#: Units that receive for themselves; the others stand for their members.
RECEIVING = (UnitKind.OFFICE, UnitKind.SCHOOL, UnitKind.GROUP)


def resolve(chosen: Iterable[int]) -> set[int]:
    """Unit ids that receive today: networks, teams and committees are replaced by their members."""
    kinds = dict(own_units().filter(pk__in=list(chosen)).values_list("pk", "kind"))
    direct = {pk for pk, kind in kinds.items() if kind in RECEIVING}
    through = [pk for pk, kind in kinds.items() if kind not in RECEIVING]
    if through:
        direct |= set(
            Grouping.objects.on()
            .filter(group_id__in=through, member__kind__in=RECEIVING)
            .values_list("member_id", flat=True)
        )
    return direct
