"""Every page asks the database at most fifteen times, and as often with ten times the rows. A list without a row may ask less.

``query_counts.json`` is what was counted; ``KHET_QUERY_COUNTS=write pytest tests/access/test_queries.py`` counts
anew, and the difference is read in the commit.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from khet.base.notices.api import tell
from khet.modules.desk.actions import write_memo
from khet.modules.letters.actions import draft, receive, send_ready
from tests.access.matrix import address, expected, load, places
from tests.access.visit import body_of, enter, undone

FILE = Path(__file__).with_name("query_counts.json")
WRITE = os.environ.get("KHET_QUERY_COUNTS") == "write"
MOST = 15
#: Files made on the spot, the door's own pages (allauth asks for itself), and what is no page.
LEFT_OUT = {"livez", "readyz", "notices:live", "signin:trail_export"}
#: Pages that do an act by being opened, and the papers drawn from everything they hold.
ACTS = {"letters:preview"}


def counted(world, role: str) -> dict[str, int]:
    client, found = enter(world, role), {}
    for name, row in load().items():
        if name in LEFT_OUT | ACTS or row["needs"] == "public":
            continue
        for place in places(row, world):
            if expected(row, "GET", place, role) != 200:
                continue
            url = address(name, row, place, world)
            with undone():
                body_of(client.get(url))  # the first opening may mark something as read
                with CaptureQueriesContext(connection) as queries:
                    body_of(client.get(url))
            own = [q for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
            found[f"{name} {place}".strip()] = len(own)
    return found


def grow(world, numbers: range) -> None:
    """So many more of everything a list shows."""
    day = timezone.localdate()
    for number in numbers:
        for where, word in (("office", "saraban"), ("own", "school_clerk")):
            receive(
                actor=world.actor(word), unit=world.units[where], subject=f"เพิ่ม {number}", from_text="ผู้ส่ง",
                number_text=f"พม {number}", dated_on=day,
            )  # fmt: skip
            draft(actor=world.actor(word), unit=world.units[where], subject=f"ร่าง {number}")
        send_ready(
            actor=world.actor("saraban"), unit=world.units["office"], subject=f"เวียน {number}", to_text="โรงเรียน",
            units=[world.units[w].pk for w in ("own", "foreign", "far")], is_circular=True, answer_by=day,
        )  # fmt: skip
        for word in ("officer", "teacher", "school_clerk", "saraban"):
            write_memo(actor=world.actor(word), subject=f"บันทึก {number}", body="เพิ่ม")
        people = [world.people[word] for word in ("director", "saraban", "school_clerk")]
        tell(event=f"grow:{number}", title="เพิ่ม", url="/desk/", people=people, channels=("app",))


@pytest.mark.timeout(240)
@pytest.mark.parametrize("role", ["director", "saraban", "school_clerk"])
def test_constant_and_few(world, role):
    grow(world, range(2))  # a list with rows asks for what belongs to them
    small = counted(world, role)
    grow(world, range(2, 20))
    large = counted(world, role)
    kept = json.loads(FILE.read_text()) if FILE.exists() else {}
    if WRITE:
        kept[role] = small
        FILE.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n")
    over = {name: count for name, count in large.items() if count > MOST}
    grown = {name: (small[name], large[name]) for name in small if large[name] > small[name]}
    assert not over, f"more than {MOST} queries: {over}"
    assert not grown, f"more queries with more rows: {grown}"
    assert small == kept.get(role), "differs from query_counts.json; count anew and read the difference"
