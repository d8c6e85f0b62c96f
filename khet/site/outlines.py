"""``khet import outlines FILE``: outlines from a file of shapes; without ``--confirm`` it is only read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor
from khet.modules.schools.api import keep_outlines, parse_outlines, read_outlines


@dataclass(frozen=True)
class Taken:
    """What a file holds, and whether it was kept."""

    outlines: int
    levels: list[str]
    points: int
    kept: bool

    @property
    def sentence(self) -> str:
        words = f"แนวเขต {self.outlines} รูป {self.points} จุด ระดับ {', '.join(self.levels)}"
        return f"{words} ใส่แล้ว" if self.kept else f"{words} อ่านได้ครบ ใส่ --confirm เพื่อนำเข้า"

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def take(*, actor: Actor, path: Path, confirm: bool) -> Taken:
    """Read a file, and keep it when confirmed. A refusal names what is wrong with it."""
    if not path.is_file():
        raise Refusal(f"ไม่พบไฟล์ {path}", code="schools.no_file")
    geojson = parse_outlines(path.read_bytes(), path.name).geojson
    found = read_outlines(geojson)
    if confirm:
        keep_outlines(actor=actor, geojson=geojson)
    return Taken(
        len(found),
        sorted({str(outline.get_level_display()) for outline in found}),
        sum(len(ring) for outline in found for ring in [*outline.rings, *outline.holes]),
        confirm,
    )
