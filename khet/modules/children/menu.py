"""The place of the children of the service area: on the page of all places."""

from django.utils.translation import gettext_lazy as _

from khet.base.ui.menu import Item, menu
from khet.modules.children.rules import VIEW

menu.add(
    "children",
    Item(
        code="children",
        label=_("เด็กในเขตบริการ"),
        icon="baby",
        url="children:home",
        capability=VIEW,
        order=56,
        rail=False,
        prefix="/children/",
        group=_("โรงเรียน"),
        hint=_("เด็กทุกคนในเขตบริการเรียนที่ใด ใครไม่ได้เรียน ติดตามถึงไหน (การศึกษาเพื่อปวงชน)"),
    ),
)
