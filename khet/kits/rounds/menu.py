"""Rounds in the menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from khet.base.ui.counting import Countable
from khet.base.ui.menu import Item, menu
from khet.kits.rounds.queries.duties import waiting
from khet.kits.rounds.rules import CERTIFY, CONFIRM, VIEW


def badge(request: HttpRequest) -> Countable:
    """How many sheets wait for a school's people; the office's verifier has the board."""
    actor = request.actor
    return waiting(actor) if actor.has(CONFIRM) or actor.has(CERTIFY) else None


menu.add(
    "rounds",
    Item(
        code="rounds",
        label=_("รอบข้อมูล"),
        icon="calendar-check",
        url="rounds:home",
        capability=VIEW,
        badge=badge,
        order=50,
        key="r",
        prefix="/rounds/",
        hint=_("กรอก ยืนยัน รับรอง ตรวจ ปิดรอบ"),
    ),
)
