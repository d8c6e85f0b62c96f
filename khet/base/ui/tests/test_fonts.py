"""The web fonts are cut from the package: small, whole for Thai, marks placed by the font's own rules."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from khet.base.ui.fonts import WEIGHTS, FontFinder

THAI = [0x0E01, 0x0E0E, 0x0E1B, 0x0E34, 0x0E38, 0x0E48, 0x0E49, 0x0E33, 0x0E3F, 0x0E50, 0x0E59]


@pytest.mark.parametrize("name", WEIGHTS)
def test_each_weight_is_small_and_whole(name):
    path = finders.find(f"ui/fonts/{name}")
    assert path
    with open(path, "rb") as file:
        assert len(file.read()) < 25_000
    with TTFont(path) as font:
        assert font.flavor == "woff2"
        letters = font.getBestCmap()
        assert not [hex(code) for code in THAI if code not in letters]
        features = {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
        assert {"mark", "mkmk"} <= features


def test_the_finder_gives_nothing_else():
    finder = FontFinder()
    assert finder.find("ui/fonts/../../secret_key") == []
    assert finder.find("ui/fonts/sarabun-900.woff2") == []
    assert sorted(name for name, _storage in finder.list([])) == sorted(
        f"ui/fonts/{name}" for name in WEIGHTS
    )
