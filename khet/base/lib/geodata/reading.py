"""Reading shapes that somebody uploaded."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from khet.base.lib.geodata.running import ask, refusal

MOST_BYTES = 40 * 1024 * 1024


@dataclass(frozen=True)
class Shapes:
    """A GeoJSON FeatureCollection in degrees (WGS 84), and how it was understood.

    ``frame`` is the frame of the file, ``steps`` the transformation used, ``encoding`` that of its texts; ``metres`` is the
    tolerance in metres by which borders were made simpler (0: as they came).
    """

    geojson: dict[str, Any]
    kind: str
    frame: str
    frame_told: bool
    steps: str
    encoding: str
    metres: float

    @property
    def sentences(self) -> list[str]:
        """What was done to the file, for whoever brought it."""
        said = []
        if self.steps:
            said.append(_("แปลงพิกัดจาก %(frame)s ด้วย %(steps)s") % {"frame": self.frame, "steps": self.steps})
        if self.kind == "shp":
            encoding = "TIS-620" if self.encoding == "CP874" else self.encoding
            said.append(_("อ่านอักษรเป็น %(encoding)s") % {"encoding": encoding})
        if self.metres:
            said.append(_("ลดรายละเอียดของแนวเขตเหลือความละเอียด %(m)d เมตร") % {"m": self.metres})
        return said


def read_shapes(
    source: str | os.PathLike[str] | bytes | BinaryIO, name: str, *, frame: int | None = None, most_points: int = 55_000, surface: bool = False
) -> Shapes:  # fmt: skip
    """Read an upload called ``name``: zipped shapefile, GeoPackage, GeoJSON, KML or KMZ.

    ``frame`` (EPSG) is believed where the file does not tell its own; without either, degrees within Thailand are. Text of a
    shapefile is read as its .cpg, its .dbf and the text itself say, TIS-620 included. More corners than ``most_points``
    are thinned, neighbours together so that no gap opens. With ``surface`` all polygons are joined into one MultiPolygon without
    facts, and points, lines and what lies outside the country are refused. Raises ``Refusal`` (``geodata.*``).
    """
    with tempfile.TemporaryDirectory(prefix="khet-shapes-") as folder:
        # The child knows the file by its own first bytes; the name is ours, so that no library reads meaning into it.
        path = Path(folder) / "upload"
        size = 0
        with path.open("wb") as copy:
            for block in _blocks(source):
                size += len(block)
                if size > MOST_BYTES:
                    raise refusal("large", {})
                copy.write(block)
        asked = {"do": "read", "path": str(path), "name": name, "frame": frame, "most_points": most_points}
        answer = ask(asked | {"surface": surface})
    return Shapes(**answer)


def _blocks(source: str | os.PathLike[str] | bytes | BinaryIO) -> Any:
    if isinstance(source, bytes | bytearray | memoryview):
        yield bytes(source)
    elif isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as file:
            while block := file.read(1 << 20):
                yield block
    else:
        source.seek(0)
        while block := source.read(1 << 20):
            yield block
