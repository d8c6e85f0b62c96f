"""Writing shapes for other programs."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from khet.base.lib.geodata.layers import FORMATS, FRAMES, Layer
from khet.base.lib.geodata.running import ask
from khet.base.lib.sheets import inert

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_TYPES = {
    "zip": "application/zip",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
    "csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True)
class Written:
    """A file to hand out. ``steps`` says how positions came into the frame; ``lost`` counts letters that the encoding lacks."""

    content: bytes
    name: str
    kind: str
    steps: str
    lost: int


def write_shapes(
    layers: Sequence[Layer], *, name: str, format: str = "shp", frame: int = 4326, thai_encoding: bool = False, words: str = ""
) -> Written:  # fmt: skip
    """The layers as one file: a single GeoJSON, KML, CSV or GeoPackage as it is, else a zip with a note of meanings.

    ``thai_encoding`` writes the text of a shapefile as TIS-620 (Windows 874) for ArcView, with its .cpg and the mark in the
    .dbf; otherwise UTF-8 with .cpg. GeoJSON and KML stay in degrees, as their rules say. ``words`` is put into the note.
    """
    chosen = FORMATS[format]
    target = 4326 if chosen.degrees_only else frame
    with tempfile.TemporaryDirectory(prefix="khet-shapes-") as folder:
        answer = ask(
            {
                "do": "write",
                "folder": folder,
                "format": format,
                "frame": target,
                "encoding": "CP874" if thai_encoding and format == "shp" else "UTF-8",
                "name": name,
                "layers": [
                    asdict(layer)
                    | {"rows": [[shape, [_plain(v, format) for v in values]] for shape, values in layer.rows]}
                    for layer in layers
                ],
            }
        )
        files = {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
    if len(files) == 1 and format != "shp":
        (only, content), *_rest = files.items()
        return Written(content, only, _TYPES[chosen.suffix], answer["steps"], answer["lost"])
    files["FIELDS.txt"] = _note(layers, answer, target, thai_encoding and format == "shp", words).encode(
        "utf-8-sig"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            # A fixed day: two exports of the same rows are the same bytes.
            archive.writestr(zipfile.ZipInfo(file, _ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return Written(out.getvalue(), f"{name}.zip", _TYPES["zip"], answer["steps"], answer["lost"])


def _plain(value: object, format: str) -> object:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return value
    text = str(value)
    return inert(text) if format == "csv" else text


def _note(layers: Sequence[Layer], answer: dict[str, object], frame: int, thai: bool, words: str) -> str:
    """What the short names mean, for whoever opens the zip a year later."""
    lines = [words] if words else []
    lines += [
        _("ระบบพิกัด: %(frame)s") % {"frame": FRAMES[frame].label},
        _("การแปลงพิกัด: %(steps)s") % {"steps": answer["steps"] or _("ไม่ได้แปลง")},
        _("รหัสตัวอักษร: %(encoding)s") % {"encoding": "TIS-620 (Windows-874)" if thai else "UTF-8"},
    ]
    if answer["lost"]:
        lines.append(_("อักขระที่ TIS-620 ไม่มี %(n)s ตัว เขียนเป็น ?") % {"n": answer["lost"]})
    for layer in layers:
        lines += ["", f"{layer.name}: {layer.title}"]
        lines += [f"  {field.name:<10}  {field.meaning}" for field in layer.fields]
    return "\r\n".join(lines) + "\r\n"
