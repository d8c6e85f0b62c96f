"""Papers people bring along: a letter of the ministry as a scan, a school's answer."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from khet.base.lib import pdf


@cache
def ministry(number: str, subject: str) -> bytes:
    return pdf.external_letter(
        pdf.LetterPaper(
            number=number,
            address=["สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน", "กระทรวงศึกษาธิการ กทม. 10300"],
            date=date(2026, 11, 20),
            subject=subject,
            to="ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
            body="<p>ด้วยสำนักงานคณะกรรมการการศึกษาขั้นพื้นฐานขอให้สถานศึกษาจัดเก็บข้อมูลนักเรียนรายบุคคล</p>",
        )
    )


def upload(name: str, content: bytes) -> dict[str, Any]:
    """A file as a person chooses it on a page."""
    return {"name": name, "mimeType": "application/pdf", "buffer": content}
