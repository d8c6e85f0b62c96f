"""The photograph of an official: one, upright, portrait, drawn anew."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from khet.base.lib.errors import NotFound, Refusal
from khet.base.org.api import Actor, entry, verb
from khet.kits.files.api import Attachment, attachments, remove, store
from khet.modules.staff.models import Official
from khet.modules.staff.rules import EDIT_SCHOOL

SIZE = (600, 800)
PHOTO = "photo"


@verb("staff.set_photo", gettext_lazy("ใส่รูปบุคลากร"), capability=EDIT_SCHOOL, on="official")
def set_photo(*, actor: Actor, official: Official, upload: Any) -> Attachment:
    """Keep a portrait in place of the one before: cut to three by four, drawn anew as JPEG, so without EXIF and GPS."""
    upload.seek(0)
    try:
        with Image.open(upload, formats=["JPEG", "PNG", "WEBP"]) as picture:
            if picture.width * picture.height > getattr(settings, "KHET_PIXEL_LIMIT", 100_000_000):
                raise Refusal(_("ภาพนี้มีจุดมากเกินไป ย่อภาพก่อน"), code="staff.photo_large", field="photo")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            drawn = ImageOps.fit(upright, SIZE, centering=(0.5, 0.35))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError):
        raise Refusal(_("อ่านภาพนี้ไม่ได้ ใช้ภาพ JPEG หรือ PNG"), code="staff.photo_form", field="photo") from None
    buffer = io.BytesIO()
    drawn.save(buffer, "JPEG", quality=86, optimize=True)
    entry().on(official, official.person, official.unit)
    for before in attachments(official, kind=PHOTO):
        remove(actor=actor, attachment=before)
    return store(actor=actor, upload=buffer.getvalue(), owner=official, name=_("รูปถ่าย") + ".jpg", kind=PHOTO)


@verb("staff.remove_photo", gettext_lazy("นำรูปบุคลากรออก"), capability=EDIT_SCHOOL, on="official")
def remove_photo(*, actor: Actor, official: Official) -> None:
    found = attachments(official, kind=PHOTO).first()
    if found is None:
        raise NotFound(_("ไม่มีรูปให้นำออก"), code="staff.no_photo")
    entry().on(official, official.person, official.unit)
    remove(actor=actor, attachment=found)


def photo_of(official: Official) -> Attachment | None:
    return attachments(official, kind=PHOTO).first()
