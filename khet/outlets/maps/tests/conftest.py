"""An office with schools of three districts, with and without outlines."""

from __future__ import annotations

import pytest

from khet.modules.schools.actions import import_schools, keep_outlines
from khet.modules.schools.seeds import DISTRICTS, outlines, spot_in
from khet.modules.schools.tests.conftest import build_area
from tests.built_once import built_once


def row(number: int, district: int, place: int = 0, **given):
    """The facts of one invented school standing in its tambon."""
    code, name, _seat, _networks, tambons, postcode = DISTRICTS[district]
    longitude, latitude = spot_in(code, place, number * 0.27 % 1, (number * 37 % 100) / 100)
    return {
        "smis8": f"9902{number:04d}", "name": f"บ้านทดสอบ{number}", "area_code": "9902", "levels": "kp", "tambon": tambons[place],
        "tambon_code": f"{code}{place + 1:02}", "amphoe": name, "amphoe_code": code, "province": "ศรีธารา", "postcode": postcode,
        "pupils": 40 + number * 13 % 700, "latitude": round(latitude, 5), "longitude": round(longitude, 5),
        "position_source": "จุดกลางตำบล",
    } | given  # fmt: skip


built, area = built_once(build_area)


@pytest.fixture
def schools(area):
    """Twelve schools, two of them extended, in all six districts; no outlines yet."""
    rows = [row(200 + n, n % 6, n // 6, **({"levels": "kl"} if n in (2, 7) else {})) for n in range(12)]
    return import_schools(actor=area.planner, new=rows, changed=[], source="ทดสอบ")


@pytest.fixture
def drawn(area, schools):
    """The same with the outlines of the six districts and their tambons."""
    keep_outlines(actor=area.planner, geojson=outlines())
    return area
