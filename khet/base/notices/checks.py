"""The night's work is journaled, and when it fails the administrators are told."""

from __future__ import annotations

from django.db import transaction

from khet.base.database.checks import Outcome, listeners
from khet.base.journal.api import Draft, append
from khet.base.notices.actions import tell
from khet.base.notices.rules import WATCH
from khet.base.org.api import Unit

WORDS = {
    ("backup", True): "สำรองข้อมูลและทดลองกู้คืนแล้ว",
    ("backup", False): "สำรองข้อมูลไม่สำเร็จ",
    ("verify", True): "ตรวจข้อมูลและแฟ้มแล้ว",
    ("verify", False): "ตรวจพบข้อบกพร่องในข้อมูลหรือแฟ้ม",
}


def heard(outcome: Outcome) -> None:
    sentence = WORDS[outcome.duty, outcome.ok]
    with transaction.atomic():
        draft = Draft(verb=f"database.{outcome.duty}", sentence=sentence, actor_name="ระบบ")
        draft.tell(ok=outcome.ok, words=outcome.sentence, **outcome.facts)
        if not outcome.ok:
            tell(
                event=f"database.{outcome.duty}:{outcome.stamp}",
                title=sentence,
                body=outcome.sentence,
                units=Unit.objects.all(),
                capability=WATCH,
                urgent=True,
            )
        append([draft])


listeners.add("notices", heard)
