"""The drawn language of states: shapes, the small route, the mark. Pictures, never typed characters.

Colour comes from a class on the ``svg``; the drawing uses ``currentColor`` and, where something is cut out
of a filled shape, the class ``cut``, so that both themes and black-and-white print read the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_RING = '<circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="2"/>'
_TICK = '<path class="cut" d="M6.6 10.3l2.3 2.3 4.5-4.8" fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>'

SHAPES: dict[str, str] = {
    "empty": _RING,
    "quarter": _RING + '<path d="M10 10V5a5 5 0 0 1 5 5z" fill="currentColor"/>',
    "half": _RING + '<path d="M10 4.6a5.4 5.4 0 0 1 0 10.8z" fill="currentColor"/>',
    "full": '<circle cx="10" cy="10" r="8" fill="currentColor"/>',
    "holder": _RING + '<circle cx="10" cy="10" r="3" fill="currentColor"/>',
    "done": '<circle cx="10" cy="10" r="8" fill="currentColor"/>' + _TICK,
    "closed": '<rect x="2.5" y="2.5" width="15" height="15" rx="2.5" fill="currentColor"/>' + _TICK,
    "returned": '<path d="M10 1.6l8.4 8.4-8.4 8.4L1.6 10z" fill="currentColor"/>'
    '<path class="cut" d="M11.4 6.8L8.2 10l3.2 3.2" fill="none" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"/>',
    "late": '<path d="M10 2.2l8.3 15H1.7z" fill="currentColor" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round"/>'
    '<path class="cut" d="M10 7.6v4.4" stroke-width="1.9" stroke-linecap="round"/><circle class="cut-fill" cx="10" cy="14.7" r="1.15"/>',
    "opinion": '<circle cx="10" cy="10" r="7.2" fill="none" stroke="currentColor" stroke-width="1.9" stroke-dasharray="3 2.03"/>'
    '<circle cx="10" cy="10" r="2.7" fill="currentColor"/>',
    "draft": '<circle cx="10" cy="10" r="7.2" fill="none" stroke="currentColor" stroke-width="1.9" stroke-dasharray="3 2.03"/>',
    "void": _RING + '<path d="M5.2 14.8l9.6-9.6" stroke="currentColor" stroke-width="2"/>',
    "none": '<path d="M4.5 10h11" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>',
}

MARK = (
    '<path d="M16 3.2l8.9 4.3 2.2 9.6-6.2 7.7H11.1l-6.2-7.7 2.2-9.6z" fill="none" stroke="currentColor" '
    'stroke-width="2.6" stroke-linejoin="round"/>'
    '<path class="mark-roads" d="M16 14L7 8.4M16 14l11 2.8M16 14l-4.6 10.6" fill="none" stroke-width="1.6"/>'
    '<circle class="mark-heart" cx="16" cy="14" r="4.1"/>'
)


def shape(kind: str, label: Any = "", size: int = 18) -> SafeString:
    """The picture of a state. With ``label`` it has a name of its own; without, it stands beside its word."""
    if kind not in SHAPES:
        raise LookupError(f"no shape {kind!r}; known: {', '.join(SHAPES)}")
    return _drawn(kind, str(label) if label else "", size)


@lru_cache(maxsize=4096)
def _drawn(kind: str, label: str, size: int) -> SafeString:
    """A board shows the same hundred shapes again at every look."""
    drawing = mark_safe(SHAPES[kind])  # noqa: S308 - fixed drawings above
    if label:
        return format_html(
            '<svg class="shape shape-{}" width="{}" height="{}" viewBox="0 0 20 20" role="img" aria-label="{}">'
            "<title>{}</title>{}</svg>",
            kind, size, size, label, label, drawing,
        )  # fmt: skip
    return format_html(
        '<svg class="shape shape-{}" width="{}" height="{}" viewBox="0 0 20 20" aria-hidden="true">{}</svg>',
        kind, size, size, drawing,
    )  # fmt: skip


def mark(size: int = 32) -> SafeString:
    """The mark of khet: an area, its roads, the office at their meeting."""
    return format_html(
        '<svg class="mark" width="{}" height="{}" viewBox="0 0 32 28" aria-hidden="true">{}</svg>',
        size, size, mark_safe(MARK),  # noqa: S308 - fixed drawing above
    )  # fmt: skip


def route(
    steps: Sequence[Any] | int, holder: int | None = None, *, late: bool = False, label: Any = ""
) -> SafeString:
    """The small route: a dot per step, a ring at the holder, open dots for what is to come.

    ``steps``: their number, or a sequence whose length counts. ``holder``: index of the step that holds the
    matter, None when it has reached the end. ``late`` reddens the ring. ``label`` is the text alternative;
    without one it counts the steps in words.
    """
    count = steps if isinstance(steps, int) else len(steps)
    passed = count if holder is None else holder
    if not label:
        if holder is None:
            label = ngettext("ถึงปลายทาง %(count)s ขั้น", "ถึงปลายทาง %(count)s ขั้น", count) % {"count": count}
        else:
            label = _("อยู่ขั้นที่ %(step)s จาก %(count)s") % {"step": holder + 1, "count": count}
    pitch, edge, middle = 13, 8, 8
    width = edge * 2 + pitch * max(count - 1, 0)
    parts = []
    if count > 1:
        end = edge + pitch * (count - 1)
        turn = edge + pitch * min(passed, count - 1)
        parts.append(f'<path class="route-past" d="M{edge} {middle}H{turn}"/>')
        if turn < end:
            parts.append(f'<path class="route-ahead" d="M{turn} {middle}H{end}"/>')
    for index in range(count):
        x = edge + pitch * index
        if index == holder:
            parts.append(f'<circle class="route-ring" cx="{x}" cy="{middle}" r="5.2"/>')
            parts.append(f'<circle class="route-heart" cx="{x}" cy="{middle}" r="2"/>')
        elif index < passed:
            parts.append(f'<circle class="route-dot" cx="{x}" cy="{middle}" r="3"/>')
        else:
            parts.append(f'<circle class="route-open" cx="{x}" cy="{middle}" r="2.7"/>')
    return format_html(
        '<svg class="route{}" width="{}" height="16" viewBox="0 0 {} 16" role="img" aria-label="{}">{}</svg>',
        " is-late" if late else "", width, width, label,
        mark_safe("".join(parts)),  # noqa: S308 - built of numbers
    )  # fmt: skip


def _name(label: Any) -> SafeString:
    """A picture with words is read as them; one that repeats the figures beside it is passed over."""
    return format_html(' role="img" aria-label="{}"', label) if label else mark_safe(' aria-hidden="true"')


def bars(parts: Sequence[tuple[str, float]], most: float, *, width: int = 84, label: Any = "") -> SafeString:
    """A short bar of ``(kind, amount)`` parts on a scale where ``most`` fills ``width`` pixels.

    Kinds: soft, alert, done, accent, wait. Drawn as a picture because a width may not be written as a style.
    """
    x = 0.0
    drawn = []
    room = width - 2 * (len(parts) - 1)
    for kind, amount in parts:
        if amount <= 0:
            continue
        span = max(room * amount / most, 2) if most else 0
        drawn.append(f'<rect class="bar-{kind}" x="{x:.1f}" width="{span:.1f}" height="12" rx="1.5"/>')
        x += span + 2
    return format_html(
        '<svg class="bars" width="{}" height="12" viewBox="0 0 {} 12"{}>{}</svg>',
        width, width, _name(label),
        mark_safe("".join(drawn)),  # noqa: S308 - built of numbers and the kinds above
    )  # fmt: skip


def stacked(parts: Sequence[tuple[str, float]], total: float, *, label: Any = "") -> SafeString:
    """A wide bar: parts of a whole, the rest as an empty track."""
    x = 0.0
    drawn = ['<rect class="bar-track" width="100" height="8"/>']
    for kind, amount in parts:
        span = 100 * amount / total if total else 0
        if span > 0:
            drawn.append(
                f'<rect class="bar-{kind}" x="{x:.2f}" width="{max(span - 0.6, 0.4):.2f}" height="8"/>'
            )
        x += span
    return format_html(
        '<svg class="bars bars-wide" viewBox="0 0 100 8" preserveAspectRatio="none"{}>{}</svg>',
        _name(label),
        mark_safe("".join(drawn)),  # noqa: S308 - built of numbers and the kinds above
    )
