"""A drawing of the demo office for proof of existence: half of the schools visited, nearly everybody there."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from khet.base.org.world import World, at
from khet.kits.rounds.api import open_rounds_with
from khet.modules.students.actions import draw_lots
from khet.modules.students.actions.visits import SHEET
from khet.modules.students.models import Visit

DRAWN = datetime(2026, 11, 18, 10, 5, tzinfo=ZoneInfo("Asia/Bangkok"))
SEED = "00112233445566778899aabbccddeeff"  # of the demo office alone, so that it draws the same pupils every time
CHECKER = "นางสาวปิยะนุช ทองสลวย"


def after_all(world: World) -> None:
    """Two per cent of 24 schools; the rounds of the office are there by now."""
    rounds = open_rounds_with(SHEET)
    if not rounds:
        return
    with at(DRAWN), patch("secrets.token_hex", return_value=SEED):
        lots = draw_lots(
            actor=world.as_holder("planner") if "planner" in world.posts else world.actor, round=rounds[0].pk, share=2, least=4, schools=24
        )  # fmt: skip
    schools = list(dict.fromkeys(Visit.objects.filter(draw=lots).values_list("school", flat=True)))[:13]
    visited = Visit.objects.filter(draw=lots, school__in=schools)
    day = DRAWN + timedelta(days=3)
    visited.update(result="seen", checked_at=day, checker=CHECKER)
    rows = list(visited.values_list("pk", flat=True))
    for pk, reason in zip(rows[3::17], ("sick", "leave", "activity", "truant"), strict=False):
        Visit.objects.filter(pk=pk).update(result="absent", absent_for=reason)
    Visit.objects.filter(pk__in=rows[8::40][:2]).update(
        result="not_found", words="เพื่อนร่วมชั้นไม่รู้จัก ไม่มีในบัญชีเรียกชื่อ"
    )
    Visit.objects.filter(school=schools[-1], draw=lots).filter(place__gt=2).update(result="", absent_for="", words="", checker="", checked_at=None)  # fmt: skip
