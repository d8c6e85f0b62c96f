"""The paper of a letter: scans kept, pictures made into pages, the receive stamp, the official form."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from PIL import Image, ImageOps, UnidentifiedImageError

from khet.base.lib import pdf
from khet.base.lib.errors import Refusal
from khet.base.lib.thai import thai_datetime
from khet.base.org.api import Actor, Profile, Unit, head_post, holder
from khet.base.org.names import teach
from khet.kits.files.api import Attachment, FileKind, attachments, read_bytes, remove, store
from khet.modules.letters.choices import LetterKind, RegisterKind, Secrecy, Speed
from khet.modules.letters.models import Bureau, Entry, Letter, Signature
from khet.modules.letters.wording import clean_body

PAPER, ENCLOSURE, SCAN = "paper", "enclosure", "scan"
_PIXELS = 50_000_000
_A4_AT_200_DPI = (1654, 2339)


def _head(upload: Any) -> bytes:
    upload.seek(0)
    head = upload.read(8)
    upload.seek(0)
    return head


def is_picture(upload: Any) -> bool:
    """By its first bytes, never by its name: a JPEG or a PNG."""
    head = _head(upload)
    return head.startswith(b"\xff\xd8\xff") or head == b"\x89PNG\r\n\x1a\n"


def pages_from_pictures(uploads: Iterable[Any]) -> bytes:
    """One PDF, a page for each picture, upright, at most A4 at 200 dpi; no camera data is carried over."""
    pages: list[Image.Image] = []
    for upload in uploads:
        upload.seek(0)
        try:
            with Image.open(upload) as picture:
                if picture.width * picture.height > _PIXELS:
                    raise Refusal(
                        _("ภาพใหญ่เกิน 50 ล้านจุด ถ่ายหรือสแกนใหม่ที่ 200–300 dpi แล้วส่งอีกครั้ง"),
                        code="letters.picture_too_big",
                    )
                page = ImageOps.exif_transpose(picture).convert("RGB")
                page.thumbnail(_A4_AT_200_DPI if page.height >= page.width else _A4_AT_200_DPI[::-1])
                pages.append(page)
        except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as why:
            raise Refusal(
                _("เปิดภาพนี้ไม่ได้ แฟ้มอาจเสียหาย ถ่ายหรือสแกนใหม่แล้วส่งอีกครั้ง"), code="letters.picture_broken"
            ) from why
        upload.seek(0)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200, quality=82)
    return out.getvalue()


def keep(
    *, actor: Actor, letter: Letter, paper: Iterable[Any] = (), enclosures: Iterable[Any] = ()
) -> Attachment | None:
    """Inside a verb: hang the letter's own paper and its enclosures on it; pictures of pages become one PDF.

    Returns the attachment of the paper, if there is one.
    """
    paper = [upload for upload in paper if upload]
    held: Attachment | None = None
    pictures = [upload for upload in paper if is_picture(upload)]
    if pictures:
        name = f"{letter.number_text or letter.subject[:80] or letter.pk}.pdf"
        held = store(actor=actor, upload=pages_from_pictures(pictures), owner=letter, name=name, kind=PAPER)
        for picture in pictures:
            store(actor=actor, upload=picture, owner=letter, kind=SCAN)
    for upload in paper:
        if upload in pictures:
            continue
        found = store(actor=actor, upload=upload, owner=letter, kind=ENCLOSURE if held else PAPER)
        held = held or found
    for upload in enclosures:
        if upload:
            store(actor=actor, upload=upload, owner=letter, kind=ENCLOSURE)
    return held


def keep_picture(*, actor: Actor, owner: models.Model, upload: Any, kind: str) -> Attachment:
    """Inside a verb: the emblem of an office, a signature; replaces the one before."""
    if not is_picture(upload):
        raise Refusal(_("ใช้ภาพ PNG หรือ JPEG"), code="letters.not_a_picture", field=kind)
    for old in attachments(owner, kind):
        remove(actor=actor, attachment=old)
    return store(actor=actor, upload=upload, owner=owner, kind=kind)


def stamp(*, actor: Actor, row: Entry, unit: Unit) -> Attachment | None:
    """Inside a verb: the receive stamp (แบบที่ 12) on page one, as a derived version beside the untouched scan."""
    original = next(iter(attachments(row.letter, PAPER)), None)
    if original is None or original.file.kind != FileKind.PDF or not original.file.is_open:
        return None
    bureau = Bureau.objects.filter(unit=unit).first()
    text = pdf.StampText(
        office=(bureau.stamp_name if bureau else "") or unit.short_name,
        number=str(row.number),
        received=row.taken_at,
        thai_digits=Profile.load().thai_digits_on_paper,
    )
    stamped = pdf.stamp_first_page(read_bytes(original), text)
    return store(
        actor=actor,
        upload=stamped,
        owner=row.letter,
        name=original.name,
        kind=PAPER,
        version_of=original,
    )


def _picture(owner: models.Model | None, kind: str) -> bytes | None:
    held = next(iter(attachments(owner, kind)), None) if owner is not None else None
    return read_bytes(held) if held is not None and held.file.is_open else None


def _signature(letter: Letter) -> pdf.Signature | None:
    """The signer's name and authority; before signing, whoever holds the signing post, without a signature."""
    if letter.signed_at and letter.signer:
        lines = list(letter.signer_lines)
        acting = " ".join(lines[-2:]) if len(lines) > 1 else ""
        position = lines[0] if len(lines) in (1, 3) else ""
        image = _picture(Signature.objects.filter(person=letter.signer).first(), "signature")
        return pdf.Signature(
            name=letter.signer.full_name,
            position=position,
            acting=acting,
            image=image,
            electronic=""
            if image
            else str(_("ลงนามในระบบ %(when)s") % {"when": thai_datetime(letter.signed_at)}),
        )
    post = letter.signer_post or head_post(letter.issuer or letter.unit)
    if post is None:
        return None
    person = holder(post)
    return pdf.Signature(name=person.full_name if person else "", position=post.title)


def _owner(letter: Letter, bureau: Bureau) -> list[str]:
    lines = [letter.unit.name]
    for label, value in (
        ("โทร.", bureau.phone),
        ("โทรสาร", bureau.fax),
        ("ไปรษณีย์อิเล็กทรอนิกส์", bureau.email),
    ):
        if value:
            lines.append(f"{label} {value}")
    return lines


def _enclosures(letter: Letter) -> list[pdf.Enclosure]:
    """What stands behind "จำนวน" is the count, the rest the title."""
    found = []
    for line in letter.enclosures:
        title, word, count = line.rpartition("จำนวน")
        found.append(
            pdf.Enclosure(title=title.strip(), count=f"{word}{count}") if title else pdf.Enclosure(title=line)
        )
    return found


@override("th")
def official_paper(letter: Letter, bureau: Bureau, *, draft: bool = False) -> bytes:
    """The letter in the official form of its kind, as PDF/A. The body is cleaned once more on the way."""
    teach()
    common: dict[str, Any] = {
        "number": letter.number_text or None,
        "date": letter.dated_on,
        "body": clean_body(letter.body),
        "secrecy": str(Secrecy(letter.secrecy).label) if letter.is_secret else "",
        "garuda": _picture(bureau, "garuda"),
        "thai_digits": Profile.load().thai_digits_on_paper,
        "draft": draft,
    }
    speed = str(Speed(letter.speed).label) if letter.speed else ""
    if letter.kind in {LetterKind.ORDER, LetterKind.ANNOUNCEMENT}:
        make = pdf.order if letter.kind == LetterKind.ORDER else pdf.announcement
        return make(
            pdf.OrderPaper(
                office=bureau.unit.name, subject=letter.subject, signature=_signature(letter), **common
            )
        )
    if letter.kind == LetterKind.STAMPED:
        return pdf.stamped_letter(
            pdf.StampedPaper(
                to=letter.to_text,
                sender=bureau.unit.name,
                owner=_owner(letter, bureau),
                speed=speed,
                **common,
            )
        )
    if letter.kind == LetterKind.MEMO:
        sender = f"{letter.unit.name} โทร. {bureau.phone}" if bureau.phone else letter.unit.name
        return pdf.memo(
            pdf.MemoPaper(
                sender=sender,
                subject=letter.subject,
                to=letter.to_text,
                references=letter.references,
                enclosures=_enclosures(letter),
                signature=_signature(letter),
                speed=speed,
                **common,
            )
        )
    return pdf.external_letter(
        pdf.LetterPaper(
            address=[bureau.unit.name, *filter(None, (line.strip() for line in bureau.address.splitlines()))],
            subject=letter.subject,
            to=letter.to_text,
            references=letter.references,
            enclosures=_enclosures(letter),
            closing=letter.closing or "ขอแสดงความนับถือ",
            signature=_signature(letter),
            owner=_owner(letter, bureau),
            speed=speed,
            **common,
        )
    )


def draft_paper(letter: Letter, bureau: Bureau) -> bytes:
    """The paper as it would be now, marked as a draft until signed."""
    return official_paper(letter, bureau, draft=letter.signed_at is None)


def freeze(*, actor: Actor, letter: Letter, bureau: Bureau) -> str:
    """Inside a verb: make the official paper and keep it for good; returns its SHA-256."""
    made = official_paper(letter, bureau)
    name = f"{letter.number_text.replace('/', '-')}.pdf"
    return store(actor=actor, upload=made, owner=letter, name=name, kind=PAPER).file.sha256


def page_png(paper: bytes, page: int, width: int = 900) -> bytes:
    """One page of a PDF as a picture; the last page when there are fewer."""
    count = pdf.page_count(paper)
    return pdf.page_image(paper, min(max(page, 1), count) - 1, width)


@override("th")
def register_paper(
    *, unit: Unit, kind: str, year: int, rows: list[pdf.RegisterRow] | list[pdf.OrderRow]
) -> bytes:
    """The official form of a register: แบบที่ 13 for received, แบบที่ 14 for sent; orders have a form of their own."""
    period = f"{RegisterKind(kind).label} ประจำปี พ.ศ. {year}"
    thai_digits = Profile.load().thai_digits_on_paper
    if kind == RegisterKind.ORDER:
        period = f"ประจำปี พ.ศ. {year}"
        return pdf.order_register(rows, office=unit.name, period=period, thai_digits=thai_digits)
    return pdf.register_sheet(
        rows,
        kind="received" if kind == RegisterKind.RECEIVE else "sent",
        office=unit.name,
        period=period,
        thai_digits=thai_digits,
    )
