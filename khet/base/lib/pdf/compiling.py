"""The page setter: Typst with our faces, our templates, and data that never becomes markup."""

from __future__ import annotations

import datetime as dt
import functools
import json
import logging
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.lib.limited import ChildStopped, Standing
from khet.base.lib.setter.setting import Order, fonts_in, paper

log = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parent / "typst"
# Preferred faces an office may drop into DATA/fonts; they are not ours to ship.
OFFICE_FACES = ("TH SarabunPSK", "TH Sarabun New", "TH SarabunIT๙", "TH Sarabun IT9")
# Sarabun's letters are larger on their body: 16 pt of TH SarabunPSK is read as 11.4 pt of it.
SARABUN_SCALE = 0.71
# By the clock, for one paper: a large book takes some four seconds of a quiet machine.
SETTER_SECONDS = 300.0


def face_folders() -> list[str]:
    """Our typeface, and the folder an office may drop its own into."""
    spec = find_spec("fontpkg_sarabun")
    if spec is None or spec.origin is None:
        raise RuntimeError("the typeface is missing: install fontpkg-sarabun")
    own = Path(getattr(settings, "DATA", Path("var"))) / "fonts"
    return [str(Path(spec.origin).parent / "files"), *([str(own.resolve())] if own.is_dir() else [])]


@functools.cache
def faces() -> tuple[typst.Fonts, str, float]:
    """All faces, the family papers are set in and its scale; looked up once per process."""
    fonts = fonts_in(face_folders())
    known = set(fonts.families())
    chosen = next((family for family in OFFICE_FACES if family in known), None)
    return fonts, chosen or "Sarabun", 1.0 if chosen else SARABUN_SCALE


@functools.cache
def _source(template: str) -> str:
    return "\n".join(
        (TEMPLATES / name).read_text(encoding="utf-8") for name in ("common.typ", f"{template}.typ")
    )


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
    setter: Setter | None = None,
) -> bytes:
    """Set one paper and give its PDF (PDF/A-2b unless not ``archival``), ``tagged`` for screen readers: of a book of hundreds of
    tables the tags are four fifths of the file.

    ``fitting`` sets it closer when that saves a page, so that no page holds just a telephone number.
    ``pictures`` are put into the setter's own folder under the given names; the folder is all it can read. ``setter``: set it there,
    not inside this process.
    """
    _fonts, family, scale = faces()
    given = json.dumps({"face": {"family": family, "scale": scale}, **data}, ensure_ascii=False)
    stamp = int((made or dt.datetime.now(dt.UTC)).timestamp())
    with tempfile.TemporaryDirectory(prefix="khet-paper-") as root:
        for name, content in (pictures or {}).items():
            (Path(root) / name).write_bytes(content)
        order = Order(
            source=_source(template), data=given, root=root, stamp=stamp, archival=archival, tagged=tagged, fitting=fitting
        )  # fmt: skip
        return setter.paper(order) if setter is not None else paper(order, faces()[0])


class Setter:
    """A page setter in a process of its own, for books: their hundreds of megabytes return to the machine when it is left.

    One paper after the other; the process and its faces are begun once. What it can take of the machine is limited.
    """

    def __init__(self) -> None:
        self._child = Standing("khet.base.lib.setter", [json.dumps(face_folders())], seconds=SETTER_SECONDS)

    def __enter__(self) -> Setter:
        return self

    def __exit__(self, *why: object) -> None:
        self._child.__exit__(*why)

    def paper(self, order: Order) -> bytes:
        """Raises ``Refusal`` (``pdf.setter_*``) when the process was stopped, ``RuntimeError`` when the template is at fault."""
        with tempfile.NamedTemporaryFile("w", prefix="khet-order-", suffix=".json", encoding="utf-8") as file:
            json.dump(asdict(order), file, ensure_ascii=False)
            file.flush()
            try:
                return self._child.ask(file.name.encode())
            except ChildStopped as why:
                log.warning("the page setter stopped: %s", why)
                if why.reason == "crash" and "TypstError" in why.detail:
                    raise RuntimeError(f"the page setter refused its source: {why.detail}") from why
                raise _stopped(why.reason) from why


def _stopped(reason: str) -> Refusal:
    sentences = {
        "memory": _("จัดหน้าไม่เสร็จเพราะหน่วยความจำของเครื่องไม่พอ ปิดงานอื่นแล้วสั่งทำอีกครั้ง หรือเลือกบทให้น้อยลง"),
        "time": _("การจัดหน้าถูกหยุดก่อนเสร็จ เพราะใช้เวลาหรือหน่วยความจำเกินกำหนด สั่งทำอีกครั้ง"),
        "crash": _("การจัดหน้าหยุดกลางคัน สั่งทำอีกครั้ง ถ้ายังไม่ได้ให้แจ้งผู้ดูแลระบบ"),
    }
    return Refusal(sentences[reason], code=f"pdf.setter_{reason}")
