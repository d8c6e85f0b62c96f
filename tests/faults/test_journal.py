"""The journal attacked by somebody who owns the database."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.faults.office import Office

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]

FILL = """
from khet.base.journal.api import Draft, append
from django.db import transaction
for n in range(20):
    with transaction.atomic():
        append([Draft(verb='faults.write', sentence='ทดสอบ', facts={'n': n})])
from khet.base.journal.actions import anchor
anchor()
"""

REBUILD = """
from django.db import connection
from khet.base.journal.models import Entry
from khet.base.journal.actions import GENESIS, row_hash
rows = list(Entry.objects.order_by('seq').values(*[f.attname for f in Entry._meta.concrete_fields]))
previous = GENESIS
with connection.cursor() as cursor:
    cursor.execute("SET session_replication_role = replica")
    for row in rows:
        if row['seq'] == 5:
            row['sentence'] = 'เขียนใหม่'
        row['previous'] = previous
        previous = row_hash(row, previous)
        cursor.execute("UPDATE journal_entry SET sentence = %s, previous = %s, hash = %s WHERE seq = %s",
                       [row['sentence'], row['previous'], previous + '', row['seq']])
"""


@pytest.fixture
def filled(office: Office) -> Office:
    office.cluster.start()
    done = office.khet("django", "shell", "-v0", "-c", FILL)
    assert done.returncode == 0, done.stderr
    assert office.verify() == []
    return office


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE journal_entry SET sentence = 'x' WHERE seq = 5",
        "DELETE FROM journal_entry WHERE seq = 5",
        "TRUNCATE journal_entry",
    ],
)
def test_f15_the_trigger_refuses(filled: Office, act: str) -> None:
    with pytest.raises(psycopg.Error, match="pgtrigger"):
        filled.sql(act)
    assert filled.verify() == []


@pytest.mark.parametrize(
    ("act", "seq"),
    [
        ("UPDATE journal_entry SET sentence = 'x' WHERE seq = 5", 5),
        ("DELETE FROM journal_entry WHERE seq = 5", 5),
        (
            "UPDATE journal_entry SET facts = '{\"n\": 99}' WHERE seq = 7",
            7,
        ),
        ("DELETE FROM journal_entry WHERE seq > 15", 16),
    ],
)
def test_f15_past_the_trigger_the_first_bad_row_is_named(filled: Office, act: str, seq: int) -> None:
    with filled.connect() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(act)
    done = filled.khet("verify", "--json")
    findings = json.loads(done.stdout)["findings"]
    assert [(f["code"], f["subject"]) for f in findings] == [("journal.chain", str(seq))]
    assert done.returncode == 1


def test_f15_a_wholly_rebuilt_chain_is_caught_by_a_head_kept_elsewhere(filled: Office, tmp_path) -> None:
    seq, digest = filled.sql("SELECT seq, hash FROM journal_entry WHERE seq = 20")[0]
    kept = tmp_path / "heads.txt"
    kept.write_text(f"{seq} {digest}\n")
    done = filled.khet("django", "shell", "-v0", "-c", REBUILD)
    assert done.returncode == 0, done.stderr
    with filled.connect() as connection:
        connection.execute("DELETE FROM journal_anchor")  # the attacker removes the heads on this machine too
    assert filled.verify() == [], "by itself a rebuilt chain looks whole"
    done = filled.khet("verify", "--anchors", str(kept))
    assert done.returncode == 1 and "สายโซ่ถูกสร้างใหม่" in done.stdout


def test_f15_the_heads_sealed_into_backups_catch_it_too(filled: Office) -> None:
    done = filled.khet("backup")
    assert done.returncode == 0, done.stderr
    assert filled.khet("django", "shell", "-v0", "-c", REBUILD).returncode == 0
    filled.sql("DELETE FROM journal_anchor")
    assert filled.verify() == ["journal.chain"]
