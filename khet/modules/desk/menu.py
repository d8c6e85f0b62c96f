"""The desk in the menu."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from khet.base.ui.counting import Countable
from khet.base.ui.menu import Item, menu
from khet.modules.desk.queries import waiting_count
from khet.modules.desk.rules import USE


def badge(request: HttpRequest) -> Countable:
    return waiting_count(request.actor)


menu.add(
    "desk",
    Item(
        code="desk",
        label=_("โต๊ะงาน"),
        icon="inbox",
        url="desk:mine",
        capability=USE,
        badge=badge,
        order=10,
        key="d",
    ),
)
menu.add(
    "matters",
    Item(
        code="matters",
        label=_("เรื่องงาน"),
        icon="route",
        url="desk:matters",
        capability=USE,
        order=30,
        key="m",
        phone=False,
    ),
)
