"""The place of correspondence in the menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from khet.base.ui.counting import Countable
from khet.base.ui.menu import Item, menu
from khet.modules.letters.queries.letters import waiting_count


def badge(request: HttpRequest) -> Countable:
    return waiting_count(request.actor)


menu.add(
    "letters",
    Item(
        code="letters",
        label=_("หนังสือ"),
        icon="mail",
        url="letters:home",
        capability="letters.view",
        badge=badge,
        order=20,
        key="l",
        prefix="/letters/",
        hint=_("รับ ส่ง เวียน ทะเบียน"),
    ),
)
