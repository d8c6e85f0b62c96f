"""The words of a choice are those Django would say, and are found the cheap way."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import override

from khet.base.lib.choices import choice_words
from khet.base.org.choices import UnitKind
from khet.base.org.models import Unit


def test_every_model_asks_the_cheap_way():
    """A class takes hold of the method as it is made: one made too early would keep Django's own."""
    assert Unit.get_kind_display._partialmethod.func is choice_words is Model._get_FIELD_display


def test_words_in_the_readers_language_and_an_unknown_value_as_it_is():
    unit = Unit(kind=UnitKind.SCHOOL)
    assert unit.get_kind_display() == str(UnitKind.SCHOOL.label)
    with override("en"):
        assert unit.get_kind_display() == str(UnitKind.SCHOOL.label)
    assert Unit(kind="elsewhere").get_kind_display() == "elsewhere"
