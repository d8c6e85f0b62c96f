"""Who answers for which sheet or rule; a change moves the findings that are open."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Forbidden, Refusal
from khet.base.org.api import Actor, Post, Unit, demand, entry, verb
from khet.kits.rounds.actions.checking import DUTY
from khet.kits.rounds.bases import checks, sheets
from khet.kits.rounds.models import Duty, Form
from khet.kits.rounds.rules import DUTIES


@verb("rounds.assign_duty", _("กำหนดผู้รับผิดชอบผลตรวจข้อมูล"), capability="")
def assign_duty(*, actor: Actor, code: str, unit: Unit | None, post: Post, order_reference: str = "") -> Duty:
    """A post answers for a sheet or a rule, in one unit or (for the area) wherever no narrower row stands."""
    _may(actor, unit)
    if code not in sheets and code not in checks and not Form.objects.filter(code=code).exists():
        raise Refusal(_t("ไม่มีชุดข้อมูลหรือกฎนี้"), code="rounds.no_sheet", field="code")
    if unit is not None and post.unit_id != unit.pk:
        raise Refusal(_t("เลือกตำแหน่งในหน่วยงานนั้น"), code="rounds.post", field="post")
    duty, _made = Duty.objects.update_or_create(
        code=code, unit=unit, defaults={"post": post, "order_reference": order_reference.strip()[:120]}
    )
    entry().on(duty)
    entry().tell(code=code, unit=unit.pk if unit else None, post=post.pk, moved=_move(code, unit))
    return duty


@verb("rounds.drop_duty", _("ยกเลิกผู้รับผิดชอบผลตรวจข้อมูล"), capability="")
def drop_duty(*, actor: Actor, duty: Duty) -> None:
    """Back to the wider row, or to the clerk."""
    _may(actor, duty.unit)
    entry().on(duty)
    code, unit = duty.code, duty.unit
    duty.delete()
    entry().tell(moved=_move(code, unit))


def _may(actor: Actor, unit: Unit | None) -> None:
    if unit is not None:
        demand(actor, DUTIES, unit)
    elif not actor.is_system and not actor.scope(DUTIES).everywhere:
        raise Forbidden(
            _t("กำหนดสำหรับทุกโรงเรียนได้เฉพาะผู้ดูแลทั้งเขต เลือกโรงเรียนของคุณ"), code="rounds.duty_unit", field="unit"
        )


def _move(code: str, unit: Unit | None) -> int:
    """Open findings follow the duty, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE rounds_finding g SET post_id = {DUTY % {'f': 'g'}} FROM rounds_round r"
            " WHERE r.id = g.round_id AND r.state = 'open' AND g.state IN ('open', 'reopened', 'explained')"
            " AND %s IN (g.code, g.sheet) AND (%s::bigint IS NULL OR g.unit_id = %s)",
            [code, unit.pk if unit else None, unit.pk if unit else None],
        )
        return cursor.rowcount
