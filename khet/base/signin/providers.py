"""Sign-in through LINE Login and ThaID: which are switched on."""

from __future__ import annotations


def switched_on() -> list:
    return []
