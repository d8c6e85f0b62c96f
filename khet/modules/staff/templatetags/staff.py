"""Cells of rows on a person's record."""

from __future__ import annotations

from typing import Any

from django import template

from khet.modules.staff.parts import Part

register = template.Library()


@register.filter
def part_cells(row: Any, part: Part) -> list[Any]:
    """The cells of one row as its kind says them; what is empty shows as a dash."""
    return [say(row) or "–" for _label, say in part.columns]


@register.filter
def baht(value: Any) -> str:
    """Baht with thousands apart; satang only where there are any."""
    return "" if value is None else f"{value:,.2f}".removesuffix(".00")
