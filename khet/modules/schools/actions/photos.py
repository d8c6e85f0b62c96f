"""Photographs of a school: upright, without the place where they were taken."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from khet.base.lib.errors import NotFound, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, entry, verb
from khet.kits.files.api import Attachment, attachments, remove, store
from khet.modules.schools.models import School
from khet.modules.schools.rules import EDIT_OWN

LONG_SIDE = 2000
MOST = 12
PHOTO = "photo"


def drawn_anew(upload: Any, *, field: str = "photo") -> bytes:
    """A photograph as a new JPEG: turned upright, at most 2,000 px, no EXIF, so no place either.

    Raises ``Refusal`` on ``field`` when it is no picture, or too large a one.
    """
    upload.seek(0)
    try:
        with Image.open(upload, formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > getattr(settings, "KHET_PIXEL_LIMIT", 100_000_000):
                raise Refusal(_("ภาพนี้มีจุดมากเกินไป ย่อภาพก่อน"), code="schools.photo_large", field=field)
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            upright.thumbnail((LONG_SIDE, LONG_SIDE))
            drawn = Image.new("RGB", upright.size)
            drawn.paste(upright)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError):
        raise Refusal(_("อ่านภาพนี้ไม่ได้ ใช้ภาพ JPEG หรือ PNG"), code="schools.photo_form", field=field) from None
    buffer = io.BytesIO()
    drawn.save(buffer, "JPEG", quality=84, optimize=True)
    return buffer.getvalue()


@verb("schools.add_photo", gettext_lazy("เพิ่มภาพโรงเรียน"), capability=EDIT_OWN, on="school")
def add_photo(*, actor: Actor, school: School, upload: Any, caption: str) -> Attachment:
    """Keep a photograph drawn anew as JPEG: turned upright, at most 2,000 px, no EXIF, so no GPS either."""
    caption = normalise(caption)[:120]
    if not caption:
        raise Refusal(
            _("เขียนคำบรรยายภาพ เช่น อาคารเรียน 1 จากประตูโรงเรียน"), code="schools.caption", field="caption"
        )
    if photos(school).count() >= MOST:
        raise Refusal(
            _("โรงเรียนหนึ่งมีภาพได้ %(most)d ภาพ นำภาพเก่าออกก่อน") % {"most": MOST},
            code="schools.photos",
            field="photo",
        )
    drawn = drawn_anew(upload)
    entry().on(school, school.unit)
    return store(actor=actor, upload=drawn, owner=school, name=f"{caption}.jpg", kind=PHOTO)


@verb("schools.remove_photo", gettext_lazy("นำภาพโรงเรียนออก"), capability=EDIT_OWN, on="school")
def remove_photo(*, actor: Actor, school: School, photo: str) -> None:
    """Take a photograph, named by its public id, off the school."""
    found = photos(school).filter(public_id=photo).first()
    if found is None:
        raise NotFound(_("ไม่พบภาพนี้ อาจมีผู้นำออกแล้ว"), code="schools.no_photo")
    entry().on(school, school.unit)
    remove(actor=actor, attachment=found)


def photos(school: School) -> Any:
    return attachments(school, kind=PHOTO)
