"""``{% load register %}``: what a list writes hundreds of times: its cells, its rows, the values of its facets.

Written here and not in the template, because a template asks its questions anew for every cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from khet.base.ui.addresses import numbered
from khet.base.ui.dates import thousands
from khet.base.ui.templatetags.khet import icon_svg
from khet.kits.register.bases.records import Cell

if TYPE_CHECKING:
    from khet.kits.register.bases.records import Record
    from khet.kits.register.queries.lists import FacetLinks, RowCells

register = template.Library()


@register.simple_tag
def cell_words(cell: Cell, column: Any = None) -> SafeString:
    """A cell with its link, tone and icon."""
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


@register.simple_tag
def list_rows(record: Record, rows: Sequence[RowCells], ticked: bool = False) -> SafeString:
    """The body of a list: each row led by the link to its record, with a box to tick where it can be selected."""
    if not rows:
        return mark_safe("")
    choose = _("เลือก %(what)s")
    heads = [
        format_html(
            '<td{} data-label="{}">',
            mark_safe(' class="number"') if column.is_number else "",
            column.label,
        )
        for column, _cell in rows[0].cells
    ]
    parts: list[str] = []
    for row in rows:
        pk, (_first, lead) = row.record.pk, row.cells[0]
        parts.append("<tr>")
        if ticked:
            parts.append(
                f'<td class="table-check"><input type="checkbox" name="pk" value="{pk}" data-row'
                f' aria-label="{conditional_escape(choose % {"what": lead.text})}"></td>'
            )
        parts.append(
            f'<th scope="row"><a href="{numbered("register:detail", record.code, pk)}" hx-boost="false">'
            f"{conditional_escape(lead.text)}</a></th>"
        )
        for head, (column, cell) in zip(heads[1:], row.cells[1:], strict=True):
            parts += (head, cell_words(cell, column), "</td>")
        parts.append("</tr>")
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


@register.simple_tag
def facet_rows(links: FacetLinks) -> SafeString:
    """The values of a facet as links with their counts."""
    code, current = conditional_escape(links.facet.code), ' aria-current="true"'
    return mark_safe(  # noqa: S308 - escaped part by part
        "".join(
            f'<li><a id="f-{code}-{place}" class="facet-row" href="?{conditional_escape(choice.query)}"'
            f"{current if choice.chosen else ''}>"
            f"<span>{conditional_escape(choice.label)}</span><span>{thousands(choice.count)}</span></a></li>"
            for place, choice in enumerate(links.choices, 1)
        )
    )
