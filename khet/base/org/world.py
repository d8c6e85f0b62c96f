"""The world that seeds build together: one random source, one actor, and what exists so far.

``khet seed`` makes one ``World`` and hands it to every app's ``seeds.py`` in the order of the arrows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unittest.mock import patch

from khet.base.org.actors import Actor
from khet.base.org.models import Post, Unit


@dataclass
class World:
    """``size`` is demo, year or full. ``posts`` are found by words: ``director``, ``head:policy``, ``clerk:<unit id>``."""

    size: str
    rng: random.Random = field(default_factory=lambda: random.Random(9902))  # noqa: S311 – the same world every time
    actor: Actor = field(default_factory=Actor.system)
    office: Unit | None = None
    groups: dict[str, Unit] = field(default_factory=dict)
    networks: dict[str, Unit] = field(default_factory=dict)
    teams: dict[str, Unit] = field(default_factory=dict)
    schools: list[Unit] = field(default_factory=list)
    posts: dict[str, Post] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    _actors: dict[int, Actor] = field(default_factory=dict)

    def as_holder(self, post: Post | str) -> Actor:
        """Whoever holds a post today, with a fresh sign-in, to act in the story; loaded once."""
        found = self.posts[post] if isinstance(post, str) else post
        if found.pk not in self._actors:
            person = found.holdings.on().select_related("person").get().person
            actor = Actor.of(person, account=getattr(person, "account", None))
            actor.fresh_sign_in = True
            self._actors[found.pk] = actor
        return self._actors[found.pk]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Tell the story as of a past moment: inside, ``timezone.now()`` is that moment. For seeds and tests only."""
    with patch("django.utils.timezone.now", return_value=moment):
        yield
