"""Who makes tokens for the programs of a unit, and who opens data to everybody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Rule, capability, rule
from khet.outlets.api.models import Call, Token

TOKEN = capability(
    "api.token",
    _("สร้างและเพิกถอนโทเคนของโปรแกรมในหน่วยงานตน"),
    roles=["principal", "school_clerk", "saraban", "head"],
)
PUBLISH = capability("api.publish", _("เปิดและปิดชุดข้อมูลเปิดต่อสาธารณะ"), roles=["director", "planner"])

rule(Rule(Token, view=TOKEN, unit="unit_id"))
rule(Rule(Call, view=TOKEN, unit="token__unit_id"))
