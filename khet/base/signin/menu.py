"""Where the door's pages for officers stand in the menu."""

from django.utils.translation import gettext_lazy as _

from khet.base.ui.menu import Item, menu

menu.add(
    "signin.accounts",
    Item(
        code="signin.accounts",
        label=_("บัญชีผู้ใช้"),
        icon="users",
        url="signin:accounts",
        capability="org.manage",
        order=900,
        rail=False,
    ),
)
menu.add(
    "signin.trail",
    Item(
        code="signin.trail",
        label=_("ประวัติการเข้าใช้"),
        icon="shield-check",
        url="signin:trail",
        capability="trail.view",
        order=910,
        rail=False,
    ),
)
