"""Where the pages about personal data stand in the menu."""

from django.utils.translation import gettext_lazy as _

from khet.base.ui.menu import Item, menu

menu.add(
    "privacy.readings",
    Item(
        code="privacy.readings",
        label=_("ใครอ่านข้อมูลใคร"),
        icon="eye",
        url="privacy:readings",
        capability="privacy.readings",
        order=905,
        rail=False,
    ),
)
menu.add(
    "privacy.mine",
    Item(
        code="privacy.mine",
        label=_("ใครอ่านข้อมูลของฉัน"),
        icon="scan-eye",
        url="privacy:mine",
        order=890,
        rail=False,
        phone=False,
    ),
)
menu.add(
    "privacy.keeping",
    Item(
        code="privacy.keeping",
        label=_("ระยะเวลาเก็บข้อมูล"),
        icon="hourglass",
        url="privacy:keeping",
        capability="privacy.keeping",
        order=906,
        rail=False,
        phone=False,
    ),
)
