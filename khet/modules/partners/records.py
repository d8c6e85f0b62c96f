"""Partners as a register."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, office, today
from khet.kits.register.bases import Facet, ModelImport, Record, Section, View, register
from khet.modules.partners.actions import PARTNERS
from khet.modules.partners.models import Partner
from khet.modules.partners.rules import CONTACT, EDIT, EXPORT

HELPS = {True: _("ร่วมงานอยู่"), False: _("สิ้นสุดแล้ว")}


class Partners(Record[Partner]):
    code, model, icon, verbs = "partners", Partner, "heart-handshake", PARTNERS
    edit, exporting, mask, shared = EDIT, EXPORT, CONTACT, True
    columns = ["name", "kind", "support", "network", "unit", "contact", "phone", "tambon", "since", "until", "note"]  # fmt: skip
    facets = [Facet("helps", _("สถานะ"), "helps", HELPS), "kind", "support", "network", "tambon"]
    views = [View("all", _("ทั้งหมด")), View("helping", _("ร่วมงานอยู่"), {"helps": ["true"]})]
    sections = [
        Section("what", _("องค์กร"), ["name", "kind", "support", "tambon", "network"]),
        Section("who", _("ผู้ประสานงานและผู้ดูแล"), ["contact", "phone", "unit", "since", "until", "note"]),
    ]
    imports = ModelImport(
        PARTNERS, key="name", group="kind",
        aliases={"name": ["ชื่อ", "หน่วยงาน", "องค์กร"], "phone": ["เบอร์โทร", "โทร"], "contact": ["ผู้ติดต่อ"], "network": ["เครือข่าย"]},
    )  # fmt: skip

    def queryset(self, actor: Actor) -> QuerySet[Partner]:
        return super().queryset(actor).annotate(helps=Q(until__isnull=True) | Q(until__gte=today()))

    def example(self, number: int) -> dict[str, Any]:
        return {"name": f"มูลนิธิตัวอย่าง {number}", "kind": "foundation", "support": "funds", "unit": office(), "contact": "สมมุติ ตัวอย่าง"}  # fmt: skip


register(Partners())
