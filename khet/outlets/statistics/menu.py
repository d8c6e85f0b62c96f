"""The place of statistics in the rail."""

from django.utils.translation import gettext_lazy as _

from khet.base.ui.menu import Item, menu
from khet.outlets.statistics.rules import VIEW

menu.add(
    "statistics",
    Item(
        code="statistics",
        label=_("สถิติ"),
        icon="chart-column",
        url="statistics:home",
        capability=VIEW,
        order=80,
        key="s",
        prefix="/statistics/",
        hint=_("ตัวเลขทุกรอบ แนวโน้ม แผนภูมิ ดาวน์โหลด"),
    ),
)
