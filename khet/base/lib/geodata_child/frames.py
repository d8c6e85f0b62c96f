"""From one frame to another, always the same way, and in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup

WGS84 = CRS.from_epsg(4326)
INDIAN75 = CRS.from_epsg(4240)
Move = Callable[[Any], Any]
# West, south, east, north of the country with its seas, in degrees.
THAILAND = (97.0, 5.0, 106.0, 21.0)

# The Royal Thai Survey Department's shift of the centre, in metres. PROJ by itself takes EPSG:1812, whose rotations turn
# the wrong way: it puts Thailand 170 m from where the department, EPSG:1304 and EPSG:1537 agree that it lies (decision 50).
RTSD = (204.4798, 837.8940, 294.7765)
_WORDS = "RTSD Indian 1975 to WGS 84: dX={} dY={} dZ={} m".format(*RTSD)
_SHIFT = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 +step +proj=cart +ellps=evrst30 "
    "+step +proj=helmert +x={} +y={} +z={} +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
).format(*RTSD)


def mover(source: CRS, target: CRS) -> tuple[Move | None, str]:
    """What turns points (x, y) of one frame into another's, and its name; None if both are the same. One way is taken for
    every point, so that a border does not tear."""
    if _same(source, target):
        return None, ""
    if is_indian(source) == is_indian(target):
        move, words = _plain(source, target)
        return move, words
    shift = Transformer.from_pipeline(_SHIFT)
    if is_indian(source):
        before, after, forward = _plain(source, INDIAN75)[0], _plain(WGS84, target)[0], "FORWARD"
    else:
        before, after, forward = _plain(source, WGS84)[0], _plain(INDIAN75, target)[0], "INVERSE"

    def move(points: Any) -> Any:
        x, y = shift.transform(*before(points).T, direction=forward, errcheck=True)
        return after(np.column_stack([x, y]))

    return move, _WORDS if is_indian(source) else f"{_WORDS} (inverse)"


def is_indian(frame: CRS) -> bool:
    """On the datum of 1975, whatever the projection and however the file writes its name."""
    base = frame.geodetic_crs
    return base is not None and (
        base.to_epsg(min_confidence=60) == 4240 or "indian_1975" in base.name.lower().replace(" ", "_")
    )


def _plain(source: CRS, target: CRS) -> tuple[Move, str]:
    if _same(source, target):
        return lambda points: points, ""
    chosen = TransformerGroup(source, target, always_xy=True).transformers[0]
    accuracy = f" (± {chosen.accuracy:g} m)" if chosen.accuracy and chosen.accuracy > 0 else ""

    def move(points: Any) -> Any:
        x, y = chosen.transform(points[:, 0], points[:, 1], errcheck=True)
        return np.column_stack([x, y])

    return move, f"{chosen.description}{accuracy}"


def _same(source: CRS, target: CRS) -> bool:
    return source.to_epsg() == target.to_epsg() is not None or source.equals(target, ignore_axis_order=True)


def in_thailand(bounds: Any) -> bool:
    west, south, east, north = bounds
    return 90 <= west <= east <= 110 and 0 <= south <= north <= 25
