"""The official papers. Each function takes its dataclass and gives the bytes of a PDF/A-2b file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from khet.base.lib.pdf.compiling import compile_paper, picture_kind
from khet.base.lib.pdf.markup import blocks_of, paper_text, pieces
from khet.base.lib.pdf.papers import (
    Enclosure,
    LetterPaper,
    ListPaper,
    MemoPaper,
    OrderPaper,
    OrderRow,
    RegisterRow,
    RoutingSlip,
    Signature,
    StampedPaper,
)
from khet.base.lib.thai import normalise, thai_date, thai_date_long, thai_datetime, to_thai_digits

# The phrase stands on a line of its own, the post acted for under it.
_ACTING = re.compile(r"^(ปฏิบัติราชการแทน|รักษาราชการแทน|รักษาการในตำแหน่ง|ทำการแทน)\s+")


class _Setting:
    """Turns the dataclass's text into what the templates take; collects pictures."""

    def __init__(self, thai_digits: bool) -> None:
        self.thai = thai_digits
        self.pictures: dict[str, bytes] = {}

    def text(self, value: str | None) -> str:
        return paper_text(value or "", self.thai)

    def runs(self, value: str) -> list[dict[str, Any]]:
        return pieces(self.text(value))

    def cell(self, value: str) -> str | list[dict[str, Any]]:
        """Plain text where nothing must be held together: thousands of cells are set."""
        found = self.runs(value)
        return found[0]["t"] if len(found) == 1 and len(found[0]) == 1 else found or ""

    def number(self, value: str | None, blank: str = "") -> str:
        """Official numbers are spaced on paper: ศธ ๐๔๐๐๖/ว ๓๔๑๒. A letter code keeps its digits in Thai too."""
        if value is None:
            return blank
        text = normalise(value).replace("/ว", "/ว\u00a0").replace("\u00a0 ", "\u00a0").replace(" ", "\u00a0")
        return to_thai_digits(text) if self.thai else text

    def date(self, value: dt.date | None, *, era: bool = False) -> str:
        if value is None:
            return ""
        text = thai_date_long(value)
        if era:
            day, month, year = text.split(" ")
            text = f"{day} {month} พ.ศ. {year}"
        return self.text(text)

    def picture(self, name: str, data: bytes | None) -> str | None:
        if data is None:
            return None
        file = f"{name}.{picture_kind(data)}"
        self.pictures[file] = data
        return f"/{file}"

    def signature(self, who: Signature | None) -> dict[str, Any] | None:
        if who is None:
            return None
        lines = [
            line
            for part in (who.position, _ACTING.sub("\\1\n", who.acting))
            for line in part.split("\n")
            if line.strip()
        ]
        return {
            "name": self.text(who.name),
            "lines": [self.text(line) for line in lines],
            "electronic": self.text(who.electronic),
            "image": self.picture("signature", who.image),
        }

    def enclosures(self, given: Sequence[Enclosure]) -> list[dict[str, Any]]:
        return [{"title": self.runs(one.title), "count": self.text(one.count)} for one in given]

    def common(
        self, paper: LetterPaper | StampedPaper | MemoPaper | OrderPaper, title: str
    ) -> dict[str, Any]:
        return {
            "thai": self.thai,
            "title": normalise(title),
            "speed": normalise(getattr(paper, "speed", "")),
            "secrecy": normalise(paper.secrecy),
            "draft": paper.draft,
            "garuda": self.picture("garuda", paper.garuda),
            "body": blocks_of(paper.body, self.thai),
        }


def external_letter(paper: LetterPaper) -> bytes:
    """หนังสือภายนอก; a circular has ว in its number."""
    on = _Setting(paper.thai_digits)
    return compile_paper(
        "letter",
        {
            **on.common(paper, paper.subject),
            "number": on.number(paper.number),
            "address": [on.text(line) for line in paper.address],
            "date": on.date(paper.date),
            "subject": on.runs(paper.subject),
            "to": on.runs(paper.to),
            "references": [on.runs(one) for one in paper.references],
            "enclosures": on.enclosures(paper.enclosures),
            "closing": normalise(paper.closing),
            "signature": on.signature(paper.signature),
            "owner": [on.runs(line) for line in paper.owner],
            "copies": [on.runs(line) for line in paper.copies_to],
        },
        pictures=on.pictures,
        fitting=True,
    )


def stamped_letter(paper: StampedPaper) -> bytes:
    """หนังสือประทับตรา."""
    on = _Setting(paper.thai_digits)
    return compile_paper(
        "stamped",
        {
            **on.common(paper, f"หนังสือประทับตรา {paper.number or ''}"),
            "number": on.number(paper.number),
            "to": on.runs(paper.to),
            "sender": on.text(paper.sender),
            "initials": on.text(paper.initials),
            "date": on.date(paper.date),
            "seal": on.picture("seal", paper.seal),
            "owner": [on.runs(line) for line in paper.owner],
        },
        pictures=on.pictures,
        fitting=True,
    )


def memo(paper: MemoPaper) -> bytes:
    """บันทึกข้อความ."""
    on = _Setting(paper.thai_digits)
    return compile_paper(
        "memo",
        {
            **on.common(paper, paper.subject),
            "sender": on.runs(paper.sender),
            "number": on.number(paper.number),
            "date": on.date(paper.date),
            "subject": on.runs(paper.subject),
            "to": on.runs(paper.to),
            "references": [on.runs(one) for one in paper.references],
            "enclosures": on.enclosures(paper.enclosures),
            "signature": on.signature(paper.signature),
        },
        pictures=on.pictures,
        fitting=True,
    )


def order(paper: OrderPaper) -> bytes:
    """คำสั่ง, ending in สั่ง ณ วันที่."""
    return _ruled(paper, "คำสั่ง", "สั่ง")


def announcement(paper: OrderPaper) -> bytes:
    """ประกาศ, ending in ประกาศ ณ วันที่."""
    return _ruled(paper, "ประกาศ", "ประกาศ")


def _ruled(paper: OrderPaper, kind: str, verb: str) -> bytes:
    on = _Setting(paper.thai_digits)
    dated = on.date(paper.date, era=True)
    return compile_paper(
        "order",
        {
            **on.common(paper, paper.subject),
            "heading": on.text(f"{kind}{paper.office}"),
            "number": on.number(paper.number),
            "subject": on.runs(paper.subject),
            "date": f"{verb} ณ วันที่\u00a0\u00a0{dated}" if dated else f"{verb} ณ วันที่",
            "signature": on.signature(paper.signature),
        },
        pictures=on.pictures,
        fitting=True,
    )


_RECEIVED = (("เลขทะเบียนรับ", 1.25, "center"), ("ที่", 1.9, "left"), ("ลงวันที่", 1.6, "left"), ("จาก", 2.6, "left"), ("ถึง", 2.1, "left"), ("เรื่อง", 4.5, "left"), ("การปฏิบัติ", 2.3, "left"), ("หมายเหตุ", 1.4, "left"))  # fmt: skip
_SENT = (("เลขทะเบียนส่ง", 1.25, "center"), *_RECEIVED[1:])
_ORDERS = (("เลขที่คำสั่ง", 1.2, "center"), ("ลงวันที่", 1.5, "left"), ("เรื่อง", 6.5, "left"), ("ผู้ลงนาม", 2.5, "left"), ("เจ้าของเรื่อง", 2.2, "left"), ("หมายเหตุ", 1.6, "left"))  # fmt: skip


def register_sheet(
    rows: Iterable[RegisterRow],
    *,
    kind: str,
    office: str,
    period: str = "",
    printed: str = "",
    thai_digits: bool = True,
) -> bytes:
    """ทะเบียนหนังสือรับ (``kind="received"``, แบบที่ 13) or ส่ง (``"sent"``, แบบที่ 14) on A4 landscape.

    ``period`` says what is on it ("ประจำปี พ.ศ. 2569", "วันที่ 23 พฤศจิกายน 2569"); ``printed`` stands in the foot.
    """
    on = _Setting(thai_digits)
    received = kind == "received"
    if not received and kind != "sent":
        raise ValueError("kind is received or sent")
    return _sheet(
        on,
        title="ทะเบียนหนังสือรับ" if received else "ทะเบียนหนังสือส่ง",
        form="แบบที่ 13" if received else "แบบที่ 14",
        office=office,
        filtered=period,
        printed=printed,
        columns=_RECEIVED if received else _SENT,
        rows=(
            (
                [
                    row.register_number,
                    row.number,
                    thai_date(row.dated) if row.dated else "",
                    row.sender,
                    row.to,
                    row.subject,
                    row.action,
                    row.remark,
                ],
                row.struck,
            )
            for row in rows
        ),
    )


def order_register(
    rows: Iterable[OrderRow], *, office: str, period: str = "", printed: str = "", thai_digits: bool = True
) -> bytes:
    """ทะเบียนคำสั่ง on A4 landscape."""
    on = _Setting(thai_digits)
    return _sheet(
        on,
        title="ทะเบียนคำสั่ง",
        office=office,
        filtered=period,
        printed=printed,
        columns=_ORDERS,
        rows=(
            (
                [
                    row.number,
                    thai_date(row.dated) if row.dated else "",
                    row.subject,
                    row.signer,
                    row.owner,
                    row.remark,
                ],
                row.struck,
            )
            for row in rows
        ),
    )


def list_print(paper: ListPaper) -> bytes:
    """Any register as it was filtered on the screen."""
    on = _Setting(paper.thai_digits)
    return _sheet(
        on,
        title=paper.title,
        office=paper.office,
        filtered=paper.filtered,
        printed=paper.printed,
        landscape=paper.landscape,
        columns=[(column.label, column.share, column.align) for column in paper.columns],
        rows=((list(row), False) for row in paper.rows),
        size=paper.size,
        intro=paper.intro,
        empty=paper.empty,
        signatures=paper.signatures,
    )


def _sheet(
    on: _Setting,
    *,
    title: str,
    office: str,
    columns: Sequence[tuple[str, float, str]],
    rows: Iterable[tuple[list[str], bool]],
    form: str = "",
    filtered: str = "",
    printed: str = "",
    landscape: bool = True,
    size: int = 0,
    intro: Sequence[str] = (),
    empty: str = "ไม่มีรายการ",
    signatures: Sequence[str] = (),
) -> bytes:
    width = len(columns)
    return compile_paper(
        "sheet",
        {
            "thai": on.thai,
            "size": size or (13 if form else 14),
            "intro": [on.runs(line) for line in intro],
            "empty": on.text(empty),
            "signatures": [on.text(name) for name in signatures],
            "title": on.text(title),
            "form": on.text(form),
            "office": on.text(office),
            "filtered": on.text(filtered),
            "printed": on.text(printed),
            "landscape": landscape,
            "speed": "",
            "columns": [
                {"label": on.text(label), "share": share, "align": align} for label, share, align in columns
            ],
            "rows": [
                {
                    "c": [on.cell(cell) for cell in (cells + [""] * width)[:width]],
                    **({"s": True} if struck else {}),
                }
                for cells, struck in rows
            ],
        },
    )


def routing_slip(paper: RoutingSlip) -> bytes:
    """The letter's way through the office, for printing beside it."""
    on = _Setting(paper.thai_digits)
    return compile_paper(
        "slip",
        {
            "thai": on.thai,
            "speed": "",
            "title": normalise(f"เส้นทางหนังสือ {paper.subject}"),
            "office": on.text(paper.office),
            "subject": on.runs(paper.subject),
            "facts": [[on.text(label), on.text(value)] for label, value in paper.facts],
            "printed": on.text(paper.printed),
            "steps": [
                {
                    "who": on.text(step.who),
                    "post": on.text(step.post),
                    "acting": on.text(step.acting),
                    "act": on.text(step.act),
                    "note": [on.runs(line) for line in normalise(step.note).split("\n")]
                    if step.note.strip()
                    else None,
                    "at": on.text(thai_datetime(step.at)) if step.at else "",
                    "held": on.text(step.held),
                    "mark": step.mark,
                }
                for step in paper.steps
            ],
        },
    )
