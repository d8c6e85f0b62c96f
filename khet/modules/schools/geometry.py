"""A point and an outline: is it inside, and if not how far away. Pure functions on degrees (WGS 84).

The outlines are some hundred points each and a school asks about one of them, so the plain even-odd rule does; a
geometry library would bring a compiled dependency for forty lines (decision 37).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Ring = Sequence[Sequence[float]]
METRES_PER_DEGREE = 111_320.0


def is_inside(longitude: float, latitude: float, rings: Sequence[Ring]) -> bool:
    """Even-odd over every ring, so that a hole is outside and a further island inside."""
    inside = False
    for ring in rings:
        x1, y1 = ring[-1][0], ring[-1][1]
        for point in ring:
            x2, y2 = point[0], point[1]
            if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (
                y2 - y1
            ) + x1:
                inside = not inside
            x1, y1 = x2, y2
    return inside


def metres_outside(longitude: float, latitude: float, rings: Sequence[Ring]) -> int:
    """0 inside or on the line; else the shortest way to the outline in metres, true to a few in a thousand."""
    if not rings or is_inside(longitude, latitude, rings):
        return 0
    squeeze = math.cos(math.radians(latitude))
    nearest = math.inf
    for ring in rings:
        ax, ay = (ring[-1][0] - longitude) * squeeze, ring[-1][1] - latitude
        for point in ring:
            bx, by = (point[0] - longitude) * squeeze, point[1] - latitude
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            along = 0.0 if not length else min(1.0, max(0.0, -(ax * dx + ay * dy) / length))
            nearest = min(nearest, math.hypot(ax + along * dx, ay + along * dy))
            ax, ay = bx, by
    return round(nearest * METRES_PER_DEGREE)
