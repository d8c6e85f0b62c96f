"""The place of the map: on the page of all places."""

from django.utils.translation import gettext_lazy as _

from khet.base.ui.menu import Item, menu
from khet.outlets.maps.rules import VIEW

menu.add(
    "maps",
    Item(
        code="maps",
        label=_("แผนที่"),
        icon="map",
        url="maps:home",
        capability=VIEW,
        order=82,
        rail=False,
        prefix="/maps/",
        group=_("โรงเรียน"),
        hint=_("โรงเรียน อำเภอ ตำบล เขตบริการ ระยะทาง พิมพ์ ส่งออกไฟล์แผนที่"),
    ),
)
