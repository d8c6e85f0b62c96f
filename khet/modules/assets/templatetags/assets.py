"""Amounts of money in tables."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def money(value: Decimal | None) -> str:
    """21,990.00; nothing is –."""
    return "–" if value is None else f"{value:,.2f}"
