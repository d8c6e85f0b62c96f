"""Addresses that a page writes many times over: worked out once, then put together."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse

_MARK = 9_090_909_090_909  # a number that no address holds of itself


def fixed(name: str, *arguments: str) -> str:
    """The address of a named view, remembered. Raises ``NoReverseMatch`` while no app owns the name."""
    return _reversed(settings.ROOT_URLCONF, get_script_prefix(), name, arguments)


def numbered(name: str, *arguments: str | int) -> str:
    """The address of a view whose last argument is a number: ``numbered("register:detail", "schools", 7)``.

    A list of fifty rows asks for fifty that differ in the number alone.
    """
    before, after = _around(settings.ROOT_URLCONF, get_script_prefix(), name, arguments[:-1])
    return f"{before}{int(arguments[-1])}{after}"


@lru_cache(maxsize=512)
def _reversed(urlconf: str, prefix: str, name: str, arguments: tuple[str, ...]) -> str:
    return reverse(name, args=arguments)


@lru_cache(maxsize=512)
def _around(urlconf: str, prefix: str, name: str, arguments: tuple[str | int, ...]) -> tuple[str, str]:
    before, _mark, after = reverse(name, args=(*arguments, _MARK)).rpartition(str(_MARK))
    return before, after
