"""Photographs of buildings and articles: upright, smaller, without the place where they were taken."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from khet.base.lib.errors import NotFound, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, entry, verb
from khet.kits.files.api import Attachment, attachments, remove, store
from khet.modules.assets.rules import EDIT

LONG_SIDE = 1600
MOST = 12
PHOTO = "photo"


def redrawn(upload: Any) -> bytes:
    """A photograph drawn anew as JPEG: no EXIF, so no GPS. Raises ``Refusal`` for what is no picture."""
    upload.seek(0)
    try:
        with Image.open(upload, formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > getattr(settings, "KHET_PIXEL_LIMIT", 100_000_000):
                raise Refusal(_("ภาพนี้มีจุดมากเกินไป ย่อภาพก่อน"), code="assets.photo_large", field="photo")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((LONG_SIDE, LONG_SIDE))
            drawn = Image.new("RGB", upright.size)
            drawn.paste(upright)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError):
        raise Refusal(_("อ่านภาพนี้ไม่ได้ ใช้ภาพ JPEG หรือ PNG"), code="assets.photo_form", field="photo") from None
    buffer = io.BytesIO()
    drawn.save(buffer, "JPEG", quality=82, optimize=True)
    return buffer.getvalue()


@verb("assets.add_photo", gettext_lazy("เพิ่มภาพ"), capability=EDIT, on="record")
def add_photo(*, actor: Actor, record: Model, upload: Any, caption: str) -> Attachment:
    """Keep a photograph of a building or an article."""
    caption = normalise(caption)[:120]
    if not caption:
        raise Refusal(_("เขียนคำบรรยายภาพ เช่น ด้านหน้าอาคาร"), code="assets.caption", field="caption")
    if photos(record).count() >= MOST:
        raise Refusal(
            _("หนึ่งรายการมีภาพได้ %(most)d ภาพ นำภาพเก่าออกก่อน") % {"most": MOST},
            code="assets.photos",
            field="photo",
        )
    entry().on(record)
    return store(actor=actor, upload=redrawn(upload), owner=record, name=f"{caption}.jpg", kind=PHOTO)


@verb("assets.remove_photo", gettext_lazy("นำภาพออก"), capability=EDIT, on="record")
def remove_photo(*, actor: Actor, record: Model, photo: str) -> None:
    """Take a photograph, named by its public id, off the record."""
    found = photos(record).filter(public_id=photo).first()
    if found is None:
        raise NotFound(_("ไม่พบภาพนี้ อาจมีผู้นำออกแล้ว"), code="assets.no_photo")
    entry().on(record)
    remove(actor=actor, attachment=found)


def photos(record: Model) -> Any:
    return attachments(record, kind=PHOTO)
