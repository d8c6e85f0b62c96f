"""What the commands of the year offer is what their sources can make."""

from __future__ import annotations

from khet.base.lib.geodata import FORMATS, FRAMES
from khet.outlets.books.choices import Kind
from khet.site import year


def test_the_commands_offer_what_can_be_made() -> None:
    assert set(year.BOOKS) == set(Kind.values)
    assert set(year.SHAPES) == set(FORMATS)
    assert set(year.FRAMES) == {str(frame) for frame in FRAMES}
