"""Every text colour on every ground it stands on, every line that carries meaning: computed, in both themes."""

from __future__ import annotations

import pytest

from khet.base.ui.tokens import contrast, themes

GROUNDS = ["ground", "surface", "sunken", "hover", "selected"]
TEXTS = ["ink", "ink-2", "ink-3", "accent", "alert", "wait", "done", "mentor"]
TINTS = [("accent", "accent-tint"), ("alert", "alert-tint"), ("wait", "wait-tint"), ("done", "done-tint"), ("mentor", "mentor-tint")]  # fmt: skip
NOTES = ["accent-tint", "alert-tint", "wait-tint", "done-tint"]
ON = [
    ("on-accent", "accent"), ("on-accent", "accent-hover"), ("on-alert", "alert"), ("on-bar", "bar"), ("on-bar", "bar-field"),
    ("on-bar-2", "bar"), ("on-bar-2", "bar-field"), ("on-gold", "gold"), ("on-toast", "toast"), ("toast-link", "toast"),
    ("on-secret", "secret"), ("paper-ink", "paper"), ("stamp", "paper"),
]  # fmt: skip
LINES = ["line-field", "accent", "alert", "wait-fill", "done-fill", "mentor", "chart-soft", *(f"chart-{n}" for n in range(1, 7))]  # fmt: skip

both = pytest.mark.parametrize("theme", ["light", "dark"])


@both
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_stands_on_every_ground(theme, text, ground):
    colours = themes()[theme]
    assert contrast(colours[text], colours[ground]) >= 4.9


@both
@pytest.mark.parametrize(
    ("text", "ground"), [*TINTS, *((t, n) for n in NOTES for t in ("ink", "ink-2")), *ON]
)
def test_text_stands_on_its_own_ground(theme, text, ground):
    colours = themes()[theme]
    assert contrast(colours[text], colours[ground]) >= 4.9


@both
@pytest.mark.parametrize("ground", ["ground", "surface"])
@pytest.mark.parametrize("line", LINES)
def test_lines_and_shapes_are_seen(theme, line, ground):
    colours = themes()[theme]
    assert contrast(colours[line], colours[ground]) >= 3


@both
def test_focus_on_the_bar_is_seen(theme):
    colours = themes()[theme]
    assert contrast(colours["gold"], colours["bar"]) >= 3
    assert contrast(colours["gold"], colours["bar-field"]) >= 3


def test_the_dark_theme_is_the_same_by_choice_and_by_device():
    assert themes()["dark"] == themes()["device-dark"]
    colours = set(themes()["light"])
    assert colours == set(themes()["dark"]), "a colour without its dark (or light) value"


def test_the_ratio_is_computed_right():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)
