"""``khet import outlines FILE`` reads first and keeps when told."""

from __future__ import annotations

import json

import pytest

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor
from khet.modules.schools.models import Outline
from khet.site.outlines import take

SQUARE = [[100.0, 7.0], [100.1, 7.0], [100.1, 7.1], [100.0, 7.1], [100.0, 7.0]]
TAMBON = {
    "type": "Feature",
    "properties": {"code": "990302", "name_th": "ไร่ธาร"},
    "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
}


@pytest.mark.django_db
def test_the_command_reads_first_and_keeps_when_told(tmp_path):
    path = tmp_path / "tambons.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [TAMBON]}), encoding="utf-8")
    told = take(actor=Actor.system(), path=path, confirm=False)
    assert (told.outlines, told.points, told.levels, told.kept) == (1, 5, ["ตำบล"], False)
    assert not Outline.objects.exists()
    assert "ใส่แล้ว" in take(actor=Actor.system(), path=path, confirm=True).sentence
    assert Outline.objects.get().name == "ไร่ธาร"
    with pytest.raises(Refusal):
        take(actor=Actor.system(), path=tmp_path / "none", confirm=True)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(Refusal):
        take(actor=Actor.system(), path=path, confirm=False)
