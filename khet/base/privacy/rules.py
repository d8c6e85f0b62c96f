"""Who may look into the record of reading."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Rule, capability, rule
from khet.base.privacy.models import Reading

READINGS_VIEW = capability(
    "privacy.readings", _("ตรวจว่าใครอ่านข้อมูลส่วนบุคคลของใคร"),
    roles=["auditor", "director", "principal"], others_data=True,
)  # fmt: skip

# A principal sees who read about the pupils and people of the school, whoever the reader is.
rule(Rule(Reading, view=READINGS_VIEW, unit="subject_unit_id"))
