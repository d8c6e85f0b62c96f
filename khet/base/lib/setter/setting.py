"""One paper: faces, the source of a template and its data in, mended PDF out."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import typst

from khet.base.lib.setter.copying import with_clean_text


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is set: the ``source`` with ``data`` (JSON) beside it. ``root`` is the folder of its pictures, all that it can read;
    ``stamp`` the file's own moment in seconds; ``fitting``: set closer when that saves a page."""

    source: str
    data: str
    root: str
    stamp: int
    archival: bool = True
    tagged: bool = True
    fitting: bool = False


def fonts_in(folders: Sequence[str]) -> typst.Fonts:
    """The faces of some folders and no other."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))


def paper(order: Order, fonts: typst.Fonts) -> bytes:
    """The PDF (PDF/A-2b where ``archival``); the same order gives the same bytes. Raises ``typst.TypstError``."""
    source = order.source.encode()
    compiler = typst.Compiler(source, root=Path(order.root), font_paths=fonts, ignore_system_fonts=True)

    def set_at(tight: int) -> bytes:
        made_of = compiler.compile(
            source,
            format="pdf",
            sys_inputs={"data": order.data, "tight": str(tight)},
            pdf_standards="a-2b" if order.archival else [],
            timestamp=order.stamp,
            pdf_tags=order.archival and order.tagged,
        )
        if not isinstance(made_of, bytes):
            raise RuntimeError("the page setter gave no single document")
        return made_of

    return with_clean_text(chosen(set_at, order.fitting))


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
