"""Two schools with pupils and people, a key for the first one's program."""

from __future__ import annotations

from typing import Any

import pytest

from khet.base.org.api import Actor
from khet.modules.students.tests.conftest import Area, build_area
from khet.outlets.api.actions import make_token
from khet.outlets.api.choices import TokenScope
from tests.built_once import built_once

ALL = [TokenScope.LETTERS, TokenScope.REGISTER, TokenScope.PUPILS, TokenScope.FIGURES]


built, area = built_once(build_area)


def fresh(area: Area, word: str) -> Actor:
    actor = area.actor(word)
    actor.fresh_sign_in = True
    return actor


@pytest.fixture
def clerk_word(area) -> str:
    """Whoever registers letters at the first school."""
    return next(
        word
        for word in area.accounts
        if area.actor(word).has("letters.receive") and area.actor(word).unit == area.school.unit
    )


@pytest.fixture
def made(area, clerk_word) -> Any:
    """(token, key) with every scope a school may lend."""
    return make_token(
        actor=fresh(area, clerk_word), unit=area.school.unit, name="โปรแกรมโรงเรียน", scopes=ALL, days=90
    )


@pytest.fixture
def ask(client, made):
    """Ask the API with the key; no session."""

    def run(path: str, method: str = "get", key: str = made[1]) -> Any:
        return getattr(client, method)(f"/api/v1/{path}", headers={"authorization": f"Bearer {key}"})

    return run
