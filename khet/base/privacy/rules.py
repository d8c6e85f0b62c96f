"""Who may look into the record of reading."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Rule, capability, rule
from khet.base.privacy.models import KeptFor, Reading

READINGS_VIEW = capability(
    "privacy.readings", _("ตรวจว่าใครอ่านข้อมูลส่วนบุคคลของใคร"),
    roles=["auditor", "director", "principal"], others_data=True,
)  # fmt: skip

COPY = capability(
    "privacy.copy", _("ทำสำเนาข้อมูลส่วนบุคคลให้เจ้าของข้อมูล"), roles=["principal", "personnel"], others_data=True
)
KEEPING = capability(
    "privacy.keeping",
    _("กำหนดระยะเวลาเก็บข้อมูลส่วนบุคคล และลบเมื่อครบ"),
    roles=["director", "auditor"],
    others_data=True,
)

# A principal sees who read about the pupils and people of the school, whoever the reader is.
rule(Rule(Reading, view=READINGS_VIEW, unit="subject_unit_id"))
rule(Rule(KeptFor, view=KEEPING, unit=None))
