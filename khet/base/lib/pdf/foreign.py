"""PDFs and pictures from outside: looked at, drawn, read and stamped in a limited child process.

The bytes given are never changed: a stamped copy is a new file, the original keeps its fingerprint.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.lib.limited import ChildStopped, as_path, run
from khet.base.lib.pdf.compiling import compile_paper
from khet.base.lib.pdf.papers import Finding, Inspection, PageWord, StampText
from khet.base.lib.thai import normalise, thai_date, thai_time, to_thai_digits

Source = str | os.PathLike[str] | bytes | BinaryIO
SECONDS = 60.0
WIDEST = 4_000

log = logging.getLogger(__name__)


def _ask(task: str, **request: Any) -> bytes:
    try:
        answer = run("khet.base.lib.pdf_child", [task, json.dumps(request)], seconds=SECONDS)
    except ChildStopped as why:
        log.warning("a file stopped the %s child: %s", task, why)
        raise _refusal("big" if why.reason in ("memory", "time") else "broken") from why
    if answer[:1] != b"+":
        raise _refusal(json.loads(answer[1:])["code"])
    return answer[1:]


def _refusal(code: str) -> Refusal:
    sentences = {
        "encrypted": _("ไฟล์ PDF ตั้งรหัสผ่านไว้ เปิดด้วยรหัสแล้วพิมพ์เป็น PDF ใหม่ที่ไม่มีรหัส"),
        "broken": _("อ่านไฟล์ PDF นี้ไม่ได้ เปิดแล้วพิมพ์เป็น PDF ใหม่ หรือสแกนใหม่"),
        "no_pages": _("ไฟล์ PDF นี้ไม่มีหน้ากระดาษ ตรวจแล้วส่งไฟล์ใหม่"),
        "page": _("ไฟล์นี้ไม่มีหน้าที่ขอ"),
        "big": _("ไฟล์นี้ใหญ่หรือซับซ้อนเกินไป สแกนใหม่แบบขาวดำ 300 dpi หรือแยกเป็นหลายไฟล์"),
        "picture": _("อ่านรูปนี้ไม่ได้ ใช้ไฟล์ JPEG หรือ PNG"),
    }
    return Refusal(sentences[code], code=f"pdf.{code}")


def page_count(pdf: Source) -> int:
    """How many pages; raises ``Refusal`` (``pdf.*``)."""
    with as_path(pdf) as path:
        return int(_ask("count", path=str(path)))


def page_image(pdf: Source, page: int = 0, width: int = 1_200) -> bytes:
    """Page ``page`` (from 0) as PNG, ``width`` pixels wide (at most 4,000, fewer for endless pages)."""
    with as_path(pdf) as path:
        return _ask("image", path=str(path), page=page, width=max(16, min(width, WIDEST)))


def drawing_image(svg: Source, width: int = 480) -> bytes:
    """An SVG as PNG on white, at most ``width`` pixels wide or high, drawn by the setter that puts it on paper. Raises ``Refusal``."""
    with as_path(svg) as path:
        return _ask("drawing", path=str(path.resolve()), width=max(16, min(width, WIDEST)))


def page_text(pdf: Source, page: int | None = None) -> str:
    """The text of a page (from 0), or of all with a form feed between; normalised, empty for a scan."""
    with as_path(pdf) as path:
        said = json.loads(_ask("text", path=str(path), page=page))
    return "\f".join(normalise(one) for one in said)


def page_words(pdf: Source, page: int = 0) -> list[PageWord]:
    """Runs of text and their places on the page as shown, for a selectable layer over its picture."""
    with as_path(pdf) as path:
        found = json.loads(_ask("words", path=str(path), page=page))
    return [PageWord(text=text, x0=x0, y0=y0, x1=x1, y1=y1) for text, x0, y0, x1, y1 in found]


def inspect_pdf(pdf: Source) -> Inspection:
    """What the file holds besides paper. Never raises for a bad file: that is a finding too."""
    sentences = {
        "not_pdf": (True, _("ไฟล์นี้ไม่ใช่ PDF")),
        "polyglot": (True, _("ไฟล์นี้เป็นสองชนิดในไฟล์เดียว อาจใช้หลอกระบบ ให้เปิดแล้วพิมพ์เป็น PDF ใหม่")),
        "encrypted": (True, _("ไฟล์ตั้งรหัสผ่านไว้ เปิดดูไม่ได้")),
        "restricted": (False, _("ไฟล์กำหนดสิทธิ์ห้ามแก้หรือห้ามพิมพ์ไว้")),
        "broken": (True, _("โครงสร้างของไฟล์เสีย อ่านไม่ได้")),
        "no_pages": (True, _("ไฟล์ไม่มีหน้ากระดาษ")),
        "many_pages": (False, _("ไฟล์มีหลายพันหน้า การแสดงจะช้า")),
        "objects": (True, _("ไฟล์มีชิ้นส่วนมากผิดปกติ ไม่เปิดเพื่อความปลอดภัย")),
        "javascript": (True, _("ไฟล์มีโปรแกรม (JavaScript) ฝังอยู่")),
        "open_action": (True, _("ไฟล์สั่งให้ทำงานเองเมื่อเปิด")),
        "actions": (False, _("ไฟล์มีคำสั่งที่ทำงานเองเมื่อเปิดหรือเลื่อนหน้า")),
        "launch": (True, _("ไฟล์สั่งเปิดโปรแกรมในเครื่อง")),
        "media": (True, _("ไฟล์มีสื่อหรือวัตถุสามมิติฝังอยู่")),
        "submit": (True, _("ไฟล์ส่งข้อมูลออกไปที่อื่นได้")),
        "embedded": (True, _("ไฟล์มีไฟล์อื่นซ่อนอยู่ข้างใน")),
        "attachment": (False, _("ไฟล์มีไฟล์แนบอยู่ข้างใน")),
        "xfa": (True, _("ไฟล์เป็นแบบฟอร์ม XFA เปิดแล้วพิมพ์เป็น PDF ใหม่")),
        "big": (True, _("ไฟล์ใหญ่หรือซับซ้อนเกินกว่าจะตรวจได้")),
    }
    with as_path(pdf) as path:
        try:
            said = json.loads(_ask("inspect", path=str(path)))
        except Refusal as why:
            said = {"pages": 0, "found": [why.code.removeprefix("pdf.")]}
    findings = [
        Finding(code=code, sentence=sentences[code][1], stop=sentences[code][0]) for code in said["found"]
    ]
    return Inspection(pages=said["pages"], findings=findings)


def stamp_first_page(pdf: Source, stamp: StampText) -> bytes:
    """A copy with the receive stamp (แบบที่ 12, 5 × 2.5 cm) on page one as it is shown: at the top right,
    or beside it where the sender has written there already.

    Rotated, cropped and oddly sized pages are handled; what was given stays as it was.
    """
    with ExitStack() as stack:
        path = stack.enter_context(as_path(pdf))
        ink = stack.enter_context(as_path(stamp_picture(stamp)))
        return _ask("stamp", path=str(path), stamp_path=str(ink))


def stamp_picture(stamp: StampText) -> bytes:
    """The stamp alone, as a PDF of its own size."""

    def digits(text: str) -> str:
        text = normalise(text).replace(" ", "\u00a0")
        return to_thai_digits(text) if stamp.thai_digits else text

    return compile_paper(
        "stamp",
        {
            "thai": stamp.thai_digits,
            "speed": "",
            "office": digits(stamp.office),
            "number": digits(stamp.number),
            "date": digits(thai_date(stamp.received)),
            "time": digits(thai_time(stamp.received)),
        },
        archival=False,
    )


def pictures_to_pdf(pictures: Sequence[bytes]) -> bytes:
    """Scans (JPEG, PNG, TIFF, WebP) as one A4 page each, turned as the camera says, without its hidden data."""
    with tempfile.TemporaryDirectory(prefix="khet-scan-") as folder:
        paths = []
        for place, picture in enumerate(pictures):
            path = Path(folder) / str(place)
            path.write_bytes(picture)
            paths.append(str(path))
        return _ask("pictures", paths=paths)
