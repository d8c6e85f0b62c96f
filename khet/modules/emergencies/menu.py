"""The place of emergencies: on the page of all places; on a phone a school comes by its notice."""

from django.utils.translation import gettext_lazy as _

from khet.base.ui.menu import Item, menu
from khet.modules.emergencies.rules import VIEW

menu.add(
    "emergencies",
    Item(
        code="emergencies",
        label=_("เหตุภัย"),
        icon="siren",
        url="emergencies:home",
        capability=VIEW,
        order=64,
        rail=False,
        prefix="/emergencies/",
        group=_("โรงเรียน"),
        hint=_("โรงเรียนประสบภัย เปิดหรือปิด เสียหายและต้องการอะไร"),
    ),
)
