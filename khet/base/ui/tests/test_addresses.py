"""Addresses put together say what ``reverse`` says."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from khet.base.ui.addresses import fixed, numbered


@pytest.mark.parametrize("number", [0, 7, 10, 100_000])
@pytest.mark.parametrize(("name", "before"), [("register:detail", ["schools"]), ("rounds:form", [])])
def test_a_number_stands_where_reverse_puts_it(name, before, number):
    assert numbered(name, *before, number) == reverse(name, args=[*before, number])


def test_a_nought_of_the_address_itself_is_left_alone():
    assert numbered("register:detail", "form10", 5) == reverse("register:detail", args=["form10", 5])


def test_what_is_no_number_is_no_address():
    with pytest.raises(ValueError):
        numbered("register:detail", "schools", "../1")


def test_an_address_without_a_number():
    assert fixed("register:list", "schools") == reverse("register:list", args=["schools"])
    with pytest.raises(NoReverseMatch):
        fixed("nothing:such")


def test_in_a_folder_of_another_server_it_begins_there():
    """What is remembered is not carried from one place to the other."""
    plain = numbered("register:detail", "schools", 3)
    set_script_prefix("/khet/")
    try:
        assert numbered("register:detail", "schools", 3) == f"/khet{plain}"
        assert fixed("register:list", "schools").startswith("/khet/")
    finally:
        set_script_prefix("/")
    assert numbered("register:detail", "schools", 3) == plain
