"""``{% load letters %}``: how a letter is named and drawn, with secret words kept back."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from khet.base.ui import shapes
from khet.modules.letters.choices import LETTER_SHAPES, RECEIPT_SHAPES, LetterState, ReceiptState
from khet.modules.letters.models import Letter, Receipt
from khet.modules.letters.rules import may_read

register = template.Library()


@register.simple_tag(takes_context=True)
def letter_title(context: Context, letter: Letter) -> str:
    """The subject, or the secret number in its place for whoever may not read it now."""
    request = context.get("request")
    actor = getattr(request, "actor", None)
    return letter.subject if actor is not None and may_read(actor, letter) else letter.open_title


@register.filter
def receipt_shape(receipt: Receipt) -> str:
    return RECEIPT_SHAPES[receipt.state]


@register.filter
def receipt_words(receipt: Receipt) -> str:
    return str(ReceiptState(receipt.state).label)


@register.simple_tag
def letter_state(letter: Letter) -> SafeString:
    """Shape and word of where a letter stands."""
    shape = LETTER_SHAPES[letter.state]
    return format_html(
        '<span class="state state-{}">{}<span>{}</span></span>',
        shape,
        shapes.shape(shape),
        LetterState(letter.state).label,
    )


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    return mapping.get(key)
