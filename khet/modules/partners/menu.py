"""Partners on the page of all places."""

from django.utils.translation import gettext_lazy as _

from khet.base.ui.menu import Item, menu
from khet.modules.partners.rules import VIEW

menu.add(
    "partners",
    Item(
        code="partners",
        label=_("ภาคีเครือข่าย"),
        icon="heart-handshake",
        url="register:list",
        args=["partners"],
        capability=VIEW,
        order=68,
        rail=False,
        group=_("โรงเรียน"),
        hint=_("องค์กรที่ช่วยโรงเรียน ช่วยด้านใด ใครประสาน หน่วยงานใดดูแล"),
    ),
)
