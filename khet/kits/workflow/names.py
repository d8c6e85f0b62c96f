"""How a receiver is spoken of on a button or a row: รอง ผอ.พรรณี, ผอ.สพป., ปิยะนุช ทองสลวย, กลุ่มนโยบายและแผน."""

from __future__ import annotations

from khet.base.org.api import Person, Post, Unit, holder
from khet.base.org.choices import PostKind

BY_TITLE = frozenset({PostKind.DIRECTOR, PostKind.PRINCIPAL, PostKind.HEAD})
_UNKNOWN = object()


def spoken_name(place: Post | Unit | None, person: Person | object | None = _UNKNOWN) -> str:
    """Pass ``person`` when the holder is known already (None: nobody); otherwise it is looked up."""
    if place is None:
        return ""
    if isinstance(place, Unit):
        return place.short_name or place.name
    if place.kind in BY_TITLE:
        return place.short_title
    who = holder(place) if person is _UNKNOWN else person
    if who is None:
        return place.short_title
    if place.kind == PostKind.DEPUTY:
        title = place.short_title if place.short_title.startswith("รอง ผอ.") else "รอง ผอ."
        return f"{title.split('.')[0]}.{who.first_name}"
    return who.name
