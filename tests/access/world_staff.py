"""Staff of the invented area: a colleague in each place with a position, a photograph, service rows, a copy, a wish."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from khet.base.org.api import Actor
from khet.modules.staff.actions import (
    add_official,
    add_part,
    add_position,
    add_service_row,
    ask_correction,
    certify_copy,
    set_photo,
)
from khet.modules.staff.models import Education, Incumbency

if TYPE_CHECKING:
    from tests.access.world import World

LETTER = {"own": "A", "foreign": "B", "office": "O"}


def add_staff(world: World) -> None:
    """Names and positions are open inside a unit and to the office; the words of orders carry the canaries."""
    from tests.access.world import a_picture

    personnel, system = world.actor("personnel"), Actor.system()
    for where, letter in LETTER.items():
        unit = world.units[where]
        official = add_official(
            actor=personnel, prefix="นาง", first_name=f"known{letter}colleague", last_name="ทดสอบ", unit=unit, title="ครู",
            kind="teacher", salary=31_340, position_number=f"7{ord(letter)}1", born_on=date(1980, 3, 1), major=world.canary(where, "staff"),
        )  # fmt: skip
        Incumbency.objects.filter(official=official).update(since=date(2019, 10, 1))
        set_photo(actor=personnel, official=official, upload=a_picture())
        part = add_part(
            actor=personnel,
            official=official,
            model=Education,
            level="bachelor",
            degree=world.canary(where, "staff"),
        )
        row = add_service_row(
            actor=personnel, official=official, movement="raised", effective_on=date(2026, 4, 1), order_number="1/2569",
            words=world.canary(where, "served"), salary=32_000,
        )  # fmt: skip
        copy = certify_copy(actor=personnel, official=official, purpose=world.canary(where, "served"))
        wish = ask_correction(
            actor=Actor.of(official.person), official=official, about="service", row=row, words=f"{world.canary(where, 'served')} ที่ถูกต้อง"
        )  # fmt: skip
        vacant = add_position(
            actor=system,
            number=f"8{ord(letter)}1",
            title="ครู",
            kind="teacher",
            unit=unit,
            since=date(2020, 1, 1),
        )
        world.put("official", where, official.pk)
        world.put("position", where, vacant.pk)
        world.put("official_part", where, {"pk": official.pk, "row": part.pk})
        world.put("service_row", where, {"pk": official.pk, "row": row.pk})
        world.put("service_copy", where, {"pk": official.pk, "copy": copy.pk})
        world.put("wish", where, wish.pk)
    world.put("copy_code", "office", copy.public_id)
    # Somebody who signs in and has a record of their own.
    add_official(
        actor=personnel,
        person=world.people["teacher"],
        unit=world.units["own"],
        title="ครู",
        kind="teacher",
        salary=30_000,
    )
