"""The province's database: on the page of all places."""

from django.utils.translation import gettext_lazy as _

from khet.base.ui.menu import Item, menu
from khet.outlets.province.rules import VIEW

menu.add(
    "province",
    Item(
        code="province",
        label=_("ฐานข้อมูลจังหวัด"),
        icon="database",
        url="province:home",
        capability=VIEW,
        order=130,
        rail=False,
        prefix="/province/",
        group=_("ข้อมูลสารสนเทศ"),
        hint=_("ส่งข้อมูลของรอบที่ปิดแล้วให้จังหวัดตามรูปแบบที่กำหนด กดครั้งเดียว ทำซ้ำได้เหมือนเดิม"),
    ),
)
