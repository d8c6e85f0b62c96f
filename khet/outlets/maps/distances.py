"""How far schools lie apart, in a straight line, and which small ones have another near enough to be taught there.

A small school has at most 120 pupils (the ministry's measure), near is within six kilometres by default: both may be changed on the page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from khet.modules.schools.api import School

SMALL_PUPILS = 120
NEAR_KM = 6.0
# The ellipsoid of WGS 84.
_A, _E2 = 6_378_137.0, 0.00669437999014


def kilometres(x1: float, y1: float, x2: float, y2: float) -> float:
    """The straight way between two places in degrees: true to a metre in fifty kilometres (radii of the ellipsoid at the middle
    latitude)."""
    middle = math.radians((y1 + y2) / 2)
    bend = 1 - _E2 * math.sin(middle) ** 2
    across = math.radians(x2 - x1) * _A / math.sqrt(bend) * math.cos(middle)
    along = math.radians(y2 - y1) * _A * (1 - _E2) / bend**1.5
    return math.hypot(across, along) / 1000


@dataclass(frozen=True)
class Near:
    """Another school and how far it is; ``sure`` when both positions are confirmed."""

    school: School
    km: float
    sure: bool


@dataclass(frozen=True)
class Candidate:
    """A small school with the others within reach, the nearest first; ``nearest`` also beyond it."""

    school: School
    near: list[Near] = field(default_factory=list)
    nearest: Near | None = None

    @property
    def more(self) -> int:
        """How many beyond the five that a page names."""
        return max(len(self.near) - 5, 0)


def placed(schools: Sequence[School]) -> list[School]:
    return [school for school in schools if school.latitude is not None and school.longitude is not None]


def neighbours(school: School, schools: Sequence[School]) -> list[Near]:
    """Every other placed school, the nearest first; of equals by code."""
    if school.latitude is None or school.longitude is None:
        return []
    x, y = float(school.longitude), float(school.latitude)
    found = [
        Near(
            other,
            kilometres(x, y, float(other.longitude), float(other.latitude)),
            school.position_confirmed and other.position_confirmed,
        )
        for other in placed(schools)
        if other.pk != school.pk
    ]
    return sorted(found, key=lambda near: (near.km, near.school.smis8, near.school.pk))


def candidates(
    schools: Sequence[School], *, pupils: int = SMALL_PUPILS, km: float = NEAR_KM
) -> list[Candidate]:
    """Small schools, those with the fewest pupils first. A school whose number of pupils is not told is not called small."""
    small = [school for school in placed(schools) if school.pupils is not None and school.pupils <= pupils]
    found = []
    for school in sorted(small, key=lambda one: (one.pupils, one.smis8, one.pk)):
        around = neighbours(school, schools)
        found.append(
            Candidate(school, [near for near in around if near.km <= km], around[0] if around else None)
        )
    return found
