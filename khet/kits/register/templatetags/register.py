"""``{% load register %}``: the words of a register's cell."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from khet.base.ui.dates import thousands
from khet.base.ui.templatetags.khet import icon_svg
from khet.kits.register.bases.records import Cell

register = template.Library()


@register.simple_tag
def cell_words(cell: Cell, column: Any = None) -> SafeString:
    """A cell with its link, tone and icon. Written here because a list asks for it hundreds of times: an include costs more."""
    if cell.href and cell.tone == "masked":
        return format_html(
            '<a class="cell cell-masked" href="{}" hx-boost="false">{}<span>{}</span><span class="quiet-words"> {}</span></a>',
            cell.href, icon_svg("lock", 18), cell.text, _("เปิดดูโดยบอกเหตุผล"),
        )  # fmt: skip
    if cell.href:
        return format_html('<a href="{}" hx-boost="false">{}</a>', cell.href, cell.text)
    if cell.tone or cell.icon:
        return format_html(
            '<span class="cell cell-{}">{}<span>{}</span></span>',
            cell.tone or "plain", icon_svg(cell.icon, 18) if cell.icon else "", cell.text,
        )  # fmt: skip
    if column is not None and column.is_number and cell.text != "–":
        return conditional_escape(thousands(cell.text))
    return conditional_escape(cell.text)
