"""How one browser shows khet: light or dark, text size. Kept in cookies, so that it holds before sign-in too."""

from __future__ import annotations

from django.http import HttpRequest

THEME_COOKIE = "khet_theme"
THEMES = ("auto", "light", "dark")
TEXT_COOKIE = "khet_text"
TEXT_SIZES = ("normal", "large")


def theme(request: HttpRequest) -> str:
    """``light``, ``dark``, or ``auto`` to follow the device."""
    chosen = request.COOKIES.get(THEME_COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def text_size(request: HttpRequest) -> str:
    """``normal`` or ``large`` (a fifth larger)."""
    chosen = request.COOKIES.get(TEXT_COOKIE, "normal")
    return chosen if chosen in TEXT_SIZES else "normal"
