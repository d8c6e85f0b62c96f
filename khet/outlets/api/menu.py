"""My data, tokens and open data: on the page of all places."""

from django.utils.translation import gettext_lazy as _

from khet.base.ui.menu import Item, menu
from khet.outlets.api.rules import PUBLISH, TOKEN

menu.add(
    "my_data",
    Item(
        code="my_data",
        label=_("ข้อมูลของฉันและวิธีใช้"),
        icon="download",
        url="api:home",
        order=131,
        rail=False,
        prefix="/api/",
        group=_("ข้อมูลสารสนเทศ"),
        hint=_("ตามบทบาทของคุณ: ดาวน์โหลดอะไรได้ ต่อโปรแกรมของโรงเรียนอย่างไร"),
    ),
)
menu.add(
    "tokens",
    Item(
        code="tokens",
        label=_("โทเคนของโปรแกรม"),
        icon="key-round",
        url="api:tokens",
        capability=TOKEN,
        order=132,
        rail=False,
        group=_("ข้อมูลสารสนเทศ"),
        hint=_("ให้โปรแกรมของโรงเรียนอ่านหนังสือ นักเรียน และสถิติของตน"),
    ),
)
menu.add(
    "open_data",
    Item(
        code="open_data",
        label=_("ชุดข้อมูลเปิด"),
        icon="globe",
        url="open:manage",
        capability=PUBLISH,
        order=133,
        rail=False,
        prefix="/open/",
        group=_("ข้อมูลสารสนเทศ"),
        hint=_("เลือกสถิติที่เปิดเผยต่อสาธารณะ"),
    ),
)
