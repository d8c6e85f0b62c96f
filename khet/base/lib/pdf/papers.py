"""What a paper says. Plain data: the caller fills it from its records, the layout is decided here.

Text is given in Arabic digits; ``thai_digits`` turns it when the paper is set. Images are the bytes of a PNG, JPEG
or SVG file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who signs. ``name`` goes into brackets; ``position`` may have several lines; ``acting`` is the phrase
    between them ("ปฏิบัติราชการแทน ผู้อำนวยการ…"), set under the signer's own position.

    Either ``image`` (a drawn signature) or ``electronic`` ("ลงนามแล้วโดยระบบ 23 พ.ย. 2569 16.30 น. รหัสตรวจสอบ 7K2F") or
    neither, which leaves four blank lines for a pen.
    """

    name: str
    position: str = ""
    acting: str = ""
    image: bytes | None = None
    electronic: str = ""


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """One line of สิ่งที่ส่งมาด้วย: what, and how many ("จำนวน 1 ฉบับ")."""

    title: str
    count: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterPaper:
    """หนังสือภายนอก, also a circular (``number`` then holds ว) and, with ``to`` and no closing, a stamped letter.

    ``number`` is complete: "ศธ 04006/ว3412"; ``None`` leaves the place open in a draft. ``address`` are the lines at
    the right: office, road, province and post code. ``body`` is clean HTML of the letter editor: p, b/strong, u,
    ul/ol/li, table, br, a, h2–h4; anything else is set as its text.
    """

    number: str | None
    address: Sequence[str]
    date: dt.date | None
    subject: str
    to: str
    body: str
    signature: Signature | None = None
    references: Sequence[str] = ()
    enclosures: Sequence[Enclosure] = ()
    closing: str = "ขอแสดงความนับถือ"
    owner: Sequence[str] = ()
    copies_to: Sequence[str] = ()
    speed: str = ""
    secrecy: str = ""
    garuda: bytes | None = None
    thai_digits: bool = True
    draft: bool = False


@dataclass(frozen=True, kw_only=True)
class StampedPaper:
    """หนังสือประทับตรา: no เรื่อง and no closing; the department's name, a red seal with initials, the date."""

    number: str | None
    to: str
    body: str
    sender: str
    date: dt.date | None
    owner: Sequence[str] = ()
    initials: str = ""
    seal: bytes | None = None
    speed: str = ""
    secrecy: str = ""
    garuda: bytes | None = None
    thai_digits: bool = True
    draft: bool = False


@dataclass(frozen=True, kw_only=True)
class MemoPaper:
    """บันทึกข้อความ (หนังสือภายใน). ``sender`` is ส่วนราชการ with telephone."""

    sender: str
    number: str | None
    date: dt.date | None
    subject: str
    to: str
    body: str
    signature: Signature | None = None
    references: Sequence[str] = ()
    enclosures: Sequence[Enclosure] = ()
    speed: str = ""
    secrecy: str = ""
    garuda: bytes | None = None
    thai_digits: bool = True
    draft: bool = False


@dataclass(frozen=True, kw_only=True)
class OrderPaper:
    """คำสั่ง or ประกาศ of an office. ``number`` is "12/2569"; an announcement may have none."""

    office: str
    number: str | None
    subject: str
    body: str
    date: dt.date | None
    signature: Signature | None = None
    secrecy: str = ""
    garuda: bytes | None = None
    thai_digits: bool = True
    draft: bool = False


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """One line of แบบที่ 13 (received) or 14 (sent). ``struck`` marks a cancelled number: the row stays, ruled through."""

    register_number: str
    number: str = ""
    dated: dt.date | None = None
    sender: str = ""
    to: str = ""
    subject: str = ""
    action: str = ""
    remark: str = ""
    struck: bool = False


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """One line of the register of orders."""

    number: str
    dated: dt.date | None = None
    subject: str = ""
    signer: str = ""
    owner: str = ""
    remark: str = ""
    struck: bool = False


@dataclass(frozen=True, kw_only=True)
class SlipStep:
    """One endorsement of a routing slip. ``mark`` is done, now, returned, opinion or waiting."""

    who: str
    post: str = ""
    acting: str = ""
    act: str = ""
    note: str = ""
    at: dt.datetime | None = None
    held: str = ""
    mark: str = "done"


@dataclass(frozen=True, kw_only=True)
class RoutingSlip:
    """ใบแสดงเส้นทางหนังสือ: the letter's facts and all endorsements in order."""

    office: str
    subject: str
    facts: Sequence[tuple[str, str]]
    steps: Sequence[SlipStep]
    printed: str = ""
    thai_digits: bool = False


@dataclass(frozen=True, kw_only=True)
class ListColumn:
    """A column of a printed list: its head, its share of the width, ``left``/``right``/``center``."""

    label: str
    share: float = 1.0
    align: str = "left"


@dataclass(frozen=True, kw_only=True)
class ListPaper:
    """A register printed from the screen: title, the filter in words, rows of text.

    ``size`` is that of the letters (of TH SarabunPSK, in points; a table of many columns needs 10). ``intro`` are lines over the
    table, ``empty`` what stands there without rows, ``signatures`` names under lines to sign.
    """

    office: str
    title: str
    columns: Sequence[ListColumn]
    rows: Sequence[Sequence[str]]
    filtered: str = ""
    printed: str = ""
    landscape: bool = True
    thai_digits: bool = False
    size: int = 14
    intro: Sequence[str] = ()
    empty: str = "ไม่มีรายการ"
    signatures: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class StampText:
    """The receive stamp, แบบที่ 12: office, เลขรับ, วันที่, เวลา. ``received`` is an aware moment (shown in Bangkok)."""

    office: str
    number: str
    received: dt.datetime
    thai_digits: bool = True


@dataclass(frozen=True, kw_only=True)
class PageWord:
    """A word on a page, for selectable text over the picture: places are shares (0–1) of the page as shown,
    from its top left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an inspection of a PDF met. ``stop`` findings keep the file from being shown or sent on."""

    code: str
    sentence: str
    stop: bool = False


@dataclass(frozen=True, kw_only=True)
class Inspection:
    pages: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def safe(self) -> bool:
        return not any(finding.stop for finding in self.findings)
