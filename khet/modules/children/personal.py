"""Children of the service area as subjects of personal data, and how long they and their tracing are known by name."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.base.privacy.bases import Retention, SubjectKind, retention, subject_kind
from khet.modules.children.actions import due_to_forget, forget_children

subject_kind(SubjectKind("children.child", _("เด็กในเขตบริการ")))
retention(
    Retention(
        code="children.children",
        title=_("เด็กในเขตบริการที่พ้นเกณฑ์ และเรื่องติดตามที่ปิดแล้ว"),
        basis=_("ใช้จัดให้เด็กทุกคนได้เรียนตาม พ.ร.บ.การศึกษาภาคบังคับ พ.ศ. 2545 พ้นเกณฑ์และปิดเรื่องแล้วไม่มีเหตุต้องรู้ชื่อ"),
        counts_from=_("ปีที่เด็กพ้นเกณฑ์บังคับ หรือวันที่ปิดเรื่อง"),
        counter=pgettext_lazy("counted", "คน"),
        effect=_(
            "ชื่อ เลขประจำตัว บ้าน บิดามารดา หลักฐาน และบันทึกการติดตามถูกลบ เหลือปีเกิด เพศ หมู่บ้าน และการเข้าเรียนรายปีไว้นับจำนวน"
        ),
        years=5,
        least=2,
        due=due_to_forget,
        forget=forget_children,
    )
)
