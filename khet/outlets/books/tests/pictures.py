"""Emblems of an office that does not exist, in every kind."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120"><circle cx="60" cy="60" r="56" fill="#7a5100"/>'
    b'<circle cx="60" cy="60" r="48" fill="#fdf4db"/><path d="M60 20 74 52h32L80 72l10 32-30-20-30 20 10-32-26-20h32z" fill="#b02a16"/></svg>'
)


def picture(
    kind: str = "PNG", size: tuple[int, int] = (600, 600), ink: str = "#226244", **more: object
) -> bytes:
    """A disc of ``ink``; PNG on nothing, JPEG on white."""
    mode, ground = ("RGBA", (255, 255, 255, 0)) if kind == "PNG" else ("RGB", "white")
    made = Image.new(mode, size, ground)
    ImageDraw.Draw(made).ellipse((4, 4, size[0] - 4, size[1] - 4), fill=ink)
    out = io.BytesIO()
    made.save(out, kind, **more)
    return out.getvalue()
