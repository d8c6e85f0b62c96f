"""The page setter: Typst with our faces, our templates, and data that never becomes markup."""

from __future__ import annotations

import datetime as dt
import functools
import io
import json
import tempfile
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pikepdf
import typst
from django.conf import settings

from khet.base.lib.errors import Refusal
from khet.base.lib.pdf.copying import with_clean_text

TEMPLATES = Path(__file__).parent / "typst"
# Preferred faces an office may drop into DATA/fonts; they are not ours to ship.
OFFICE_FACES = ("TH SarabunPSK", "TH Sarabun New", "TH SarabunIT๙", "TH Sarabun IT9")
# Sarabun's letters are larger on their body: 16 pt of TH SarabunPSK is read as 11.4 pt of it.
SARABUN_SCALE = 0.71


@functools.cache
def faces() -> tuple[typst.Fonts, str, float]:
    """All faces, the family papers are set in and its scale; looked up once per process."""
    spec = find_spec("fontpkg_sarabun")
    if spec is None or spec.origin is None:
        raise RuntimeError("the typeface is missing: install fontpkg-sarabun")
    folders = [str(Path(spec.origin).parent / "files")]
    own = Path(getattr(settings, "DATA", Path("var"))) / "fonts"
    if own.is_dir():
        folders.append(str(own))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    known = set(fonts.families())
    chosen = next((family for family in OFFICE_FACES if family in known), None)
    return fonts, chosen or "Sarabun", 1.0 if chosen else SARABUN_SCALE


@functools.cache
def _source(template: str) -> bytes:
    return b"\n".join((TEMPLATES / name).read_bytes() for name in ("common.typ", f"{template}.typ"))


_SIGNS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"<svg": "svg", b"<?xml": "svg"}


def picture_kind(data: bytes) -> str:
    """png, jpg or svg by the first bytes; raises ``Refusal`` ``pdf.picture``."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    for sign, kind in _SIGNS.items():
        if start.startswith(sign):
            return kind
    raise Refusal("รูปนี้ใช้บนกระดาษไม่ได้ ใช้ไฟล์ PNG, JPEG หรือ SVG", code="pdf.picture")


def compile_paper(
    template: str,
    data: Mapping[str, Any],
    *,
    pictures: Mapping[str, bytes] | None = None,
    archival: bool = True,
    fitting: bool = False,
    made: dt.datetime | None = None,
    tagged: bool = True,
) -> bytes:
    """Set one paper and give its PDF (PDF/A-2b unless not ``archival``), ``tagged`` for screen readers: of a book of hundreds of
    tables the tags are four fifths of the file.

    ``fitting`` sets it closer when that saves a page, so that no page holds just a telephone number.
    ``pictures`` are put into the setter's own folder under the given names; the folder is all it can read.
    """
    fonts, family, scale = faces()
    given = json.dumps({"face": {"family": family, "scale": scale}, **data}, ensure_ascii=False)
    stamp = int((made or dt.datetime.now(dt.UTC)).timestamp())
    with tempfile.TemporaryDirectory(prefix="khet-paper-") as root:
        for name, content in (pictures or {}).items():
            (Path(root) / name).write_bytes(content)
        compiler = typst.Compiler(_source(template), root=root, font_paths=fonts, ignore_system_fonts=True)

        def set_at(tight: int) -> bytes:
            made_of = compiler.compile(
                _source(template),
                format="pdf",
                sys_inputs={"data": given, "tight": str(tight)},
                pdf_standards="a-2b" if archival else [],
                timestamp=stamp,
                pdf_tags=archival and tagged,
            )
            if not isinstance(made_of, bytes):
                raise RuntimeError("the page setter gave no single document")
            return made_of

        return with_clean_text(chosen(set_at, fitting))


def chosen(set_at: Callable[[int], bytes], fitting: bool) -> bytes:
    """The loosest setting that needs the fewest pages."""
    usual = set_at(0)
    if not fitting or (pages := _pages(usual)) == 1:
        return usual
    closest = set_at(2)
    fewest = _pages(closest)
    if fewest == pages:
        return usual
    between = set_at(1)
    return between if _pages(between) == fewest else closest


def _pages(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as opened:
        return len(opened.pages)
