"""Template tags and filters available in every template, without ``load``.

``README.md`` beside the app lists each with its markup; ``/gallery/`` shows them alive.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import lucide
from django import template
from django.forms import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import conditional_escape, escape, format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext as in_language

from khet.base.ui import dates, shapes
from khet.base.ui.fields import field_context

register = template.Library()


# --- the frame -------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def part(context: Context, name: str) -> SafeString:
    """What the page put into block ``name``; empty when it did not.

    Unlike a block this may be asked before deciding whether to draw the box around it, and twice.
    """
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks is not None else None
    return mark_safe(block.render(context).strip()) if block is not None else mark_safe("")  # noqa: S308 - a rendered template


@register.filter
def plain(markup: Any) -> str:
    """Markup as one line of text, for titles."""
    return mark_safe(" ".join(strip_tags(normalize_newlines(str(markup))).split()))  # noqa: S308 - tags are stripped, text stays escaped


@register.simple_tag
def mark(size: int = 32) -> SafeString:
    """The mark of khet."""
    return shapes.mark(size)


# --- icons, buttons, words -------------------------------------------------------------------------------


def icon_svg(name: str, size: int = 20, label: Any = "") -> SafeString:
    """A lucide icon; with ``label`` it has a name, without it stands beside its word."""
    return _drawn_icon(str(name) + "", int(size), str(label))


@lru_cache(maxsize=1024)
def _drawn_icon(name: str, size: int, label: str) -> SafeString:
    facts: dict[str, object] = {"stroke_width": 1.75, "class": f"icon icon-{name}"}
    if label:
        facts |= {"role": "img", "aria_label": str(label)}
    else:
        facts |= {"aria_hidden": "true"}
    return mark_safe(lucide._render_icon(name, size, **facts))  # noqa: S308 - escapes its arguments


@register.simple_tag
def icon(name: str, size: int = 20, label: Any = "") -> SafeString:
    """``{% icon "mail" %}``: beside a word. ``label=`` when the icon stands alone."""
    return icon_svg(name, size, label)


def attributes(given: dict[str, Any]) -> SafeString:
    """Keyword arguments as HTML attributes: ``hx_post="…"`` → ``hx-post``, True → bare, None/False/"" → none."""
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html(" {}", name.rstrip("_").replace("_", "-"))
                if value is True
                else format_html(' {}="{}"', name.rstrip("_").replace("_", "-"), value),
            )
            for name, value in given.items()
            if value is not None and value is not False and value != ""
        ),
    )


@register.simple_block_tag
def button(
    content: str,
    kind: str = "secondary",
    icon: str = "",
    href: str | None = None,
    size: str = "",
    type: str = "submit",
    after: str = "",
    label: Any = "",
    disabled: bool = False,
    wide: bool = False,
    **given: Any,
) -> SafeString:
    """A button that submits, or with ``href`` a link that looks like one.

    ``kind``: primary, secondary, quiet, warn. ``size``: small, large. ``icon`` before the word, ``after``
    behind it. ``label``: the accessible name of a button that shows only an icon. Other arguments become
    attributes (``hx_post``, ``form``, ``formaction``, ``data_key`` …).
    """
    if kind not in {"primary", "secondary", "quiet", "warn"}:
        raise template.TemplateSyntaxError(f"button has no kind {kind!r}")
    words = content.strip()
    classes = f"button button-{kind}" + (f" button-{size}" if size else "")
    classes += "" if words else " button-icon"
    classes += " button-wide" if wide else ""
    inside = format_html(
        "{}{}{}",
        icon_svg(icon) if icon else "",
        format_html("<span>{}</span>", mark_safe(words)) if words else "",  # noqa: S308 - rendered template
        icon_svg(after) if after else "",
    )
    given |= {"aria_label": label, "title": label if not words else given.get("title")}
    if href is not None:
        if disabled:
            return format_html(
                '<a class="{}" aria-disabled="true" role="link"{}>{}</a>', classes, attributes(given), inside
            )
        return format_html('<a class="{}" href="{}"{}>{}</a>', classes, href, attributes(given), inside)
    given |= {"disabled": disabled}
    return format_html('<button class="{}" type="{}"{}>{}</button>', classes, type, attributes(given), inside)


@register.simple_tag
def tag(text: Any, kind: str = "plain", icon: str = "") -> SafeString:
    """A small label: plain, neutral, host (เจ้าภาพหลัก), support (ร่วม), mentor, alert, wait, done."""
    return format_html('<span class="tag tag-{}">{}{}</span>', kind, icon_svg(icon, 16) if icon else "", text)


# The number that sorts them, as stored, and the code by which a page may name them.
_SPEEDS = ("", "ด่วน", "ด่วนมาก", "ด่วนที่สุด")
URGENCIES = dict(zip(("0", "1", "2", "3"), _SPEEDS, strict=True)) | dict(zip(("normal", "urgent", "very_urgent", "most_urgent"), _SPEEDS, strict=True))  # fmt: skip
URGENCY_CLASS = {"ด่วน": "urgent", "ด่วนมาก": "very-urgent", "ด่วนที่สุด": "most-urgent"}
SECRECIES = {
    "0": "", "1": "ลับ", "2": "ลับมาก", "3": "ลับที่สุด", "open": "", "normal": "",
    "restricted": "ปกปิด", "secret": "ลับ", "confidential": "ลับ", "very_secret": "ลับมาก", "most_secret": "ลับที่สุด",
}  # fmt: skip


def _code(value: Any) -> str:
    """What is stored for a choice: of a member its value, of anything else itself."""
    return "" if value is None else str(getattr(value, "value", value))


@register.simple_tag
def urgency(value: Any) -> SafeString:
    """The speed of a letter; nothing for normal. Takes the choice or what is stored for it; other words stand as they are."""
    code = _code(value)
    words = URGENCIES.get(code, code)
    if not words:
        return mark_safe("")
    return format_html(
        '<span class="tag tag-{}">{}</span>', URGENCY_CLASS.get(words, "plain"), in_language(words)
    )


@register.simple_tag
def secrecy(value: Any) -> SafeString:
    """The secrecy of a letter with its lock; nothing for an open one. Takes what ``urgency`` takes."""
    code = _code(value)
    words = SECRECIES.get(code, code)
    if not words:
        return mark_safe("")
    return format_html('<span class="tag tag-secret">{}{}</span>', icon_svg("lock", 16), in_language(words))


@register.simple_tag
def avatar(person: Any, size: str = "") -> SafeString:
    """The round badge with a person's initials."""
    initials = getattr(person, "initials", None) or str(person)[:2]
    return format_html(
        '<span class="avatar{}" aria-hidden="true">{}</span>', f" avatar-{size}" if size else "", initials
    )


@register.simple_tag
def person(who: Any, note: Any = "") -> SafeString:
    """A person with badge, name and a line under it (post, phone)."""
    name = getattr(who, "name", None) or str(who)
    under = format_html('<span class="person-note">{}</span>', note) if note else ""
    return format_html(
        '<span class="person">{}<span><span class="person-name">{}</span>{}</span></span>',
        avatar(who),
        name,
        under,
    )


@register.simple_tag
def key(words: str) -> SafeString:
    """A key cap: ``{% key "Ctrl Enter" %}``."""
    return format_html("<kbd>{}</kbd>", words)


# --- state -----------------------------------------------------------------------------------------------


@register.simple_tag
def shape(kind: str, label: Any = "", size: int = 18) -> SafeString:
    """``{% shape "half" label=_("เปิดอ่าน") %}``: the picture of a state, alone."""
    return shapes.shape(str(kind), label, size)


@register.simple_tag
def state(kind: str, words: Any) -> SafeString:
    """The picture of a state with its word."""
    return format_html(
        '<span class="state state-{}">{}<span>{}</span></span>', kind, shapes.shape(str(kind)), words
    )


@register.simple_tag
def route(steps: Any, holder: int | None = None, late: bool = False, label: Any = "") -> SafeString:
    """The small route: ``{% route 6 3 late=True label=_("อยู่ที่หัวหน้ากลุ่ม") %}``."""
    return shapes.route(steps, holder, late=late, label=label)


BAR_KINDS = ("soft", "alert", "done", "accent", "wait")


def _bar_parts(given: dict[str, Any]) -> list[tuple[str, float]]:
    unknown = set(given) - set(BAR_KINDS)
    if unknown:
        raise template.TemplateSyntaxError(f"no bar of kind {', '.join(sorted(unknown))}")
    return [(kind, float(amount or 0)) for kind, amount in given.items()]


@register.simple_tag
def bars(most: Any, label: Any = "", width: int = 84, **given: Any) -> SafeString:
    """``{% bars 61 soft=41 alert=2 label=_("ค้าง 41 เลย 2") %}``: a short bar, ``most`` being the full width."""
    return shapes.bars(_bar_parts(given), float(most or 0), width=width, label=label)


@register.simple_tag
def stacked(total: Any, label: Any = "", **given: Any) -> SafeString:
    """``{% stacked 114 done=71 accent=14 wait=20 label=… %}``: parts of a whole."""
    return shapes.stacked(_bar_parts(given), float(total or 0), label=label)


# --- boxes -----------------------------------------------------------------------------------------------


@register.simple_block_tag
def panel(
    content: str,
    title: Any = "",
    count: Any = None,
    facts: Any = "",
    link: str = "",
    href: str = "",
    above: bool = False,
    flush: bool = False,
    icon: str = "",
    kind: str = "",
    id: str = "",
    level: int = 2,
) -> SafeString:
    """A box with a heading. ``above``: the heading stands over the box (desk). ``flush``: the content
    reaches the edges (tables, rows). ``link``/``href``: one link at the right of the heading. ``facts``: a
    note after it. ``kind="late"`` reddens the heading with its triangle.
    """
    return mark_safe(  # noqa: S308 - a rendered template
        render_to_string(
            "ui/parts/panel.html",
            {
                "content": content, "title": title, "count": count, "facts": facts, "link": link, "href": href,
                "above": above, "flush": flush, "icon": icon, "kind": kind, "id": id, "level": level,
            },
        )
    )  # fmt: skip


NOTE_ICONS = {"info": "info", "soon": "clock", "fault": "triangle-alert", "done": "circle-check"}


@register.simple_block_tag
def note(content: str, kind: str = "info", id: str = "") -> SafeString:
    """A sentence in the page: info, soon, fault (says the next step), done."""
    if kind not in NOTE_ICONS:
        raise template.TemplateSyntaxError(f"note has no kind {kind!r}")
    return format_html(
        '<div class="note note-{}"{}{}>{}<div class="note-words">{}</div></div>',
        kind,
        mark_safe(' role="alert"') if kind == "fault" else "",
        attributes({"id": id}),
        icon_svg(NOTE_ICONS[kind]),
        mark_safe(content.strip()),  # noqa: S308 - rendered template
    )


@register.simple_block_tag
def empty(content: str, title: Any = "", href: str = "", link: Any = "", steps: int = 5) -> SafeString:
    """What an empty list says: the finished route, what is so, why, and where to go."""
    return mark_safe(  # noqa: S308 - a rendered template
        render_to_string(
            "ui/parts/empty.html",
            {"content": content.strip(), "title": title, "href": href, "link": link, "steps": steps},
        )
    )


@register.simple_block_tag
def fact(content: str, name: Any) -> SafeString:
    """A pair of name and value inside ``<dl class="facts">``."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", name, mark_safe(content.strip() or "–"))  # noqa: S308


@register.simple_tag
def figure(
    value: Any,
    label: Any,
    shape: str = "",
    icon: str = "",
    share: Any = "",
    note: Any = "",
    href: str = "",
    kind: str = "",
    current: bool = False,
) -> SafeString:
    """One figure of a strip (inside ``<div class="figures">``); a link when it filters."""
    picture = shapes.shape(shape) if shape else (icon_svg(icon) if icon else "")
    words = format_html(
        '<span class="figure-label">{}{}</span><span class="figure-value">{}{}</span>{}',
        picture,
        label,
        dates.thousands(value) if isinstance(value, int) else value,
        format_html(" <small>{}</small>", share) if share != "" else "",
        format_html('<span class="figure-note">{}</span>', note) if note else "",
    )
    classes = "figure" + (f" figure-{kind}" if kind else "")
    if href:
        return format_html(
            '<a class="{}" href="{}"{}>{}</a>', classes, href, attributes({"aria_current": "true" if current else ""}), words
        )  # fmt: skip
    return format_html('<div class="{}">{}</div>', classes, words)


@register.simple_tag
def progress(done: int, total: int, label: Any = "", left: Any = "") -> SafeString:
    """A real count with its bar."""
    words = label or _("%(done)s จาก %(total)s") % {
        "done": dates.thousands(done),
        "total": dates.thousands(total),
    }
    return format_html(
        '<div class="progress"><div class="progress-words"><span>{}</span><span>{}</span></div>'
        '<progress max="{}" value="{}" aria-label="{}"></progress></div>',
        words, left, total or 1, done, words,
    )  # fmt: skip


# --- forms -----------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField, label: Any = None, hint: Any = None, **given: Any) -> SafeString:
    """A form field whole: label, hint, box, error. Other arguments become attributes of the box."""
    return mark_safe(  # noqa: S308 - a rendered template
        render_to_string("ui/parts/field.html", field_context(bound, label=label, hint=hint, given=given))
    )


@register.simple_tag
def form_errors(form: Any) -> SafeString:
    """The list of what stands in the way, on top of a form, each linking to its field."""
    if form is None or not getattr(form, "errors", None):
        return mark_safe("")
    rows = []
    for name, errors in form.errors.items():
        bound = form[name] if name in form.fields else None
        rows.extend({"id": bound.id_for_label if bound else "", "label": bound.label if bound else "", "words": words} for words in errors)  # fmt: skip
    return mark_safe(render_to_string("ui/parts/form_errors.html", {"rows": rows}))  # noqa: S308


@register.simple_tag
def ticked(name: str, values: Iterable[Any]) -> SafeString:
    """Fields that send what is chosen but not shown: a list's further rows, until the reader unfolds them."""
    return format_html_join(
        "", '<input type="hidden" name="{}" value="{}" data-ticked>', ((name, value) for value in values)
    )


# --- lists -----------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def address(context: Context, **changes: Any) -> str:
    """The address of this page with some query parameters set, or removed with None."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None
    if query is None:
        return "?"
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, (list, tuple)):
            query.setlist(name, [str(v) for v in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else request.path


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: Context, page: Any, name: str = "page", unit: Any = "") -> dict[str, Any]:
    """แถว 51–100 จาก 6,318 with before and after. ``page`` is a Django ``Page``.

    A keyset page works too: anything with ``has_previous()``, ``has_next()``, ``previous_page_number()``,
    ``next_page_number()`` and, where known, ``start_index()``, ``end_index()``, ``paginator.count``.
    """
    paginator = getattr(page, "paginator", None)
    return {
        "page": page,
        "count": getattr(paginator, "count", None),
        "start": page.start_index() if hasattr(page, "start_index") else None,
        "end": page.end_index() if hasattr(page, "end_index") else None,
        "before": address(context, **{name: page.previous_page_number()}) if page.has_previous() else "",
        "after": address(context, **{name: page.next_page_number()}) if page.has_next() else "",
        "unit": unit or _("แถว"),
    }


# --- filters ---------------------------------------------------------------------------------------------


def _when(value: date | datetime | None, words: str) -> SafeString | str:
    """A date in its ``time`` element, so that machines and screen readers know it for one."""
    if value is None or value == "":
        return "–"
    return mark_safe(f'<time datetime="{value.isoformat()}">{words}</time>')  # noqa: S308 - numbers and names of months


@register.filter
def thai_date(value: date | datetime | None) -> str:
    """23 พ.ย. 2569."""
    return _when(value, dates.short(value)) if value else "–"


@register.filter
def thai_date_long(value: date | datetime | None) -> str:
    """วันจันทร์ที่ 23 พฤศจิกายน 2569."""
    return _when(value, dates.long(value)) if value else "–"


@register.filter
def thai_day(value: date | datetime | None) -> str:
    """23 พ.ย."""
    return _when(value, dates.short(value, year=False)) if value else "–"


@register.filter
def thai_weekday(value: date | datetime | None) -> str:
    """พฤ. 26 พ.ย."""
    return _when(value, dates.weekday_day(value)) if value else "–"


@register.filter
def thai_time(value: datetime | None) -> str:
    """16.30 น."""
    return _when(value, dates.clock(value)) if value else "–"


@register.filter
def thai_datetime(value: datetime | None) -> str:
    """23 พ.ย. 2569 16.30 น."""
    return _when(value, dates.moment(value)) if value else "–"


@register.filter
def thousands(value: Any) -> str:
    """16,938; nothing is –."""
    return dates.thousands(value)


@register.filter
def time_left(due: date | datetime | None) -> SafeString | str:
    """A deadline in words with its tone: เลย 2 วัน (red), วันนี้ 12.00 น. (amber), พ. 25 พ.ย."""
    left = dates.time_left(due)
    if left is None:
        return ""
    return mark_safe(  # noqa: S308 - numbers and our own words
        f'<time class="left left-{left.tone}" datetime="{due.isoformat()}">{escape(left.word)}</time>'
    )


@register.filter
def time_left_detail(due: date | datetime | None) -> str:
    """The finer word of a deadline: กำหนด 19 พ.ย. · เหลือ 2 ชม. 18 นาที · อีก 2 วันทำการ."""
    left = dates.time_left(due)
    return left.detail if left else ""


@register.filter
def held_for(span: Any) -> str:
    """23 นาที · 4 ชม. · 2 วัน, from a timedelta."""
    return dates.duration(span) if span is not None else "–"


@register.filter
def attribute(value: Any) -> str:
    """Escaped text for an attribute, whatever it was."""
    return conditional_escape(strip_tags(str(value)))
