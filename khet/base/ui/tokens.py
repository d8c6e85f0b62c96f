"""The colours of tokens.css, read from the file itself: for the gallery and for the contrast tests."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "static" / "ui" / "css" / "tokens.css"
_VALUE = re.compile(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})\s*;")


@cache
def themes() -> dict[str, dict[str, str]]:
    """``{"light": {name: "#RRGGBB"}, "dark": {…}, "device-dark": {…}}``."""
    text = FILE.read_text()
    light, rest = text.split("@media (prefers-color-scheme: dark)", 1)
    device, chosen = rest.split(':root[data-theme="dark"]', 1)
    return {
        "light": dict(_VALUE.findall(light)),
        "dark": dict(_VALUE.findall(chosen)),
        "device-dark": dict(_VALUE.findall(device)),
    }


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB`` (WCAG 2)."""

    def channel(pair: str) -> float:
        value = int(pair, 16) / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * channel(colour[1:3]) + 0.7152 * channel(colour[3:5]) + 0.0722 * channel(colour[5:7])


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
