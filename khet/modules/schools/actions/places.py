"""Where a school stands."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor, entry, save, verb
from khet.modules.schools.actions.outlines import measure
from khet.modules.schools.choices import PositionState
from khet.modules.schools.models import School
from khet.modules.schools.rules import EDIT_OWN


@verb("schools.set_position", gettext_lazy("ยืนยันพิกัดโรงเรียน"), capability=EDIT_OWN, on="school")
def set_position(*, actor: Actor, school: School, latitude: Decimal, longitude: Decimal) -> School:
    """A person says where the school stands (WGS 84, degrees); who and when are kept."""
    latitude = Decimal(latitude).quantize(Decimal("0.00001"))
    longitude = Decimal(longitude).quantize(Decimal("0.00001"))
    if not (5 <= latitude <= 21 and 97 <= longitude <= 106):
        raise Refusal(
            _("พิกัดนี้อยู่นอกประเทศไทย ละติจูดอยู่ระหว่าง 5 ถึง 21 ลองจิจูดอยู่ระหว่าง 97 ถึง 106"),
            code="schools.position_outside",
            field="latitude",
        )
    entry().on(school, school.unit)
    save(
        school,
        latitude=latitude,
        longitude=longitude,
        position_state=PositionState.CONFIRMED,
        position_source="ปักหมุดบนแผนที่",
        position_by=actor.name,
        position_at=timezone.now(),
    )
    measure([school.pk])
    return school
