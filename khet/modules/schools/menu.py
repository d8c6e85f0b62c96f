"""The place of the registers in the menu."""

from django.utils.translation import gettext_lazy as _

from khet.base.ui.menu import Item, menu
from khet.modules.schools.rules import VIEW

menu.add(
    "register",
    Item(
        code="register",
        label=_("ทะเบียน"),
        icon="database",
        url="register:home",
        capability=VIEW,
        order=40,
        key="t",
    ),
)
