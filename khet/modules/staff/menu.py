"""One's own record, and what owners asked to have corrected; the registers of staff stand among the registers."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from khet.base.ui.counting import Countable
from khet.base.ui.menu import Item, menu
from khet.modules.staff.queries.service import wishes
from khet.modules.staff.rules import RECORD


def waiting(request: HttpRequest) -> Countable:
    return wishes(request.actor, open_only=True)


menu.add(
    "staff.mine",
    Item(
        code="staff.mine",
        label=_("ประวัติของฉัน"),
        icon="id-card",
        url="staff:mine",
        order=880,
        rail=False,
        prefix="/staff/me/",
        group=_("บุคลากร"),
        hint=_("ก.พ.7 การศึกษา ใบอนุญาต วันลาของตนเอง"),
    ),
)
menu.add(
    "staff.wishes",
    Item(
        code="staff.wishes",
        label=_("คำขอแก้ไขทะเบียนประวัติ"),
        icon="message-square-warning",
        url="staff:wishes",
        capability=RECORD,
        badge=waiting,
        order=66,
        rail=False,
        prefix="/staff/corrections/",
        group=_("บุคลากร"),
    ),
)
menu.add(
    "staff.orders",
    Item(
        code="staff.orders",
        label=_("ลงคำสั่งใน ก.พ.7 หลายคน"),
        icon="scroll-text",
        url="staff:order_rows",
        capability=RECORD,
        order=67,
        rail=False,
        prefix="/staff/orders/",
        group=_("บุคลากร"),
    ),
)
