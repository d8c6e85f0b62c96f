"""The office in the menu."""

from django.utils.translation import gettext_lazy as _

from khet.base.org.rules import ORG_VIEW
from khet.base.ui.menu import Item, menu

menu.add(
    "office",
    Item(
        code="office", label=_("สำนักงาน"), icon="building-2", url="office:tree", capability=ORG_VIEW, order=80
    ),
)
