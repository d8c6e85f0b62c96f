"""Django's ``i18n`` tags, with one difference: a sentence that stands whole in a template is translated once per language.

A page of fifty rows asks for some five hundred sentences, nearly all of them constant; looking each of them up, laid
inside a lazy string, was a seventh of the page's own time. Named in the settings as the library ``i18n``.
"""

from __future__ import annotations

from django.template import Library
from django.template.base import FilterExpression, Node, Parser, Token, Variable
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class Constant(Node):
    """``{% translate "…" %}`` without variables: what the tag said before in this language."""

    child_nodelists = ()

    def __init__(self, said_by: i18n.TranslateNode) -> None:
        self.said_by = said_by
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        found = self.said.get(language)
        if found is None:
            found = self.said[language] = self.said_by.render(context)
        return found


@register.tag("trans")
@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """As Django's own; constant sentences keep their translations."""
    node = i18n.do_translate(parser, token)
    return Constant(node) if _is_constant(node) else node


def _is_constant(node: i18n.TranslateNode) -> bool:
    expression: FilterExpression = node.filter_expression
    return (
        not node.asvar
        and not node.noop
        and not expression.filters
        and isinstance(expression.var, Variable)
        and expression.var.literal is not None
        and (node.message_context is None or _is_literal(node.message_context))
    )


def _is_literal(expression: FilterExpression) -> bool:
    return not expression.is_var and not expression.filters
