"""How long the rows of files that were brought in are kept: they name people, and serve undoing alone."""

from django.utils.translation import gettext_lazy as _

from khet.base.privacy.bases import Retention, retention
from khet.kits.register.actions import due_to_forget, forget_rows

retention(
    Retention(
        code="register.rows",
        title=_("แถวของแฟ้มที่นำเข้า"),
        basis=_("ใช้ย้อนการนำเข้าและดูว่าค่ามาจากแฟ้มใด ยอดของแต่ละครั้งยังอยู่"),
        counts_from=_("วันที่นำเข้า"),
        counter=_("แถว"),
        effect=_("แถวและแฟ้มต้นฉบับถูกลบ การนำเข้าครั้งนั้นย้อนไม่ได้อีก ยอดสรุปยังอยู่"),
        years=2,
        least=1,
        due=due_to_forget,
        forget=forget_rows,
    )
)
