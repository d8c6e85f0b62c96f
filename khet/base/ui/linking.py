"""Django's ``url`` tag, with one difference: what a page writes many times over is worked out once.

Fifty rows link to fifty records that differ in a number; finding the view's pattern anew for each was a
fifteenth of the page's own time. Named in the settings among the libraries every template has.
"""

from __future__ import annotations

from typing import Any

from django.template import Library
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode, url
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from khet.base.ui.addresses import fixed, numbered

register = Library()


class Address(URLNode):
    """``{% url "letters:letter" letter.pk %}``: positional arguments, the last a number; all else as Django does it."""

    def __init__(self, view_name: Any, *rest: Any) -> None:
        super().__init__(view_name, *rest)
        self.is_named = (
            isinstance(view_name.var, str) and not view_name.filters
        )  # "letters:letter", as nearly all are

    def render(self, context: Context) -> str:
        name = self.view_name.var if self.is_named else self.view_name.resolve(context)
        arguments = [argument.resolve(context) for argument in self.args]
        if self.kwargs or not _is_plain(arguments):
            return super().render(context)
        try:
            found = numbered(name, *arguments) if arguments else fixed(name)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


def _is_plain(arguments: list[Any]) -> bool:
    """Words and numbers, the last of them a number."""
    return all(type(one) in (str, int) for one in arguments) and (
        not arguments or (type(arguments[-1]) is int and arguments[-1] >= 0)
    )


@register.tag("url")
def address(parser: Parser, token: Token) -> Any:
    """As Django's own; see ``Address``."""
    node = url(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)
