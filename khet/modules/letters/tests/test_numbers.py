"""L3: 200 parallel askers from 8 processes get 1..200, no gap, no double; a rolled back asker costs nothing."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection

from khet.base.org.models import Unit
from khet.modules.letters.choices import LetterKind, RegisterKind
from khet.modules.letters.models import Register
from khet.modules.letters.numbers import run_for, take

ASKERS, PROCESSES = 200, 8


@pytest.fixture
def committed_unit(db):
    """The id of a unit that other processes can see: committed beside the test's own transaction."""
    beside = connection.copy()
    with beside.cursor() as cursor:
        cursor.execute(
            "INSERT INTO org_unit (since, kind, code, name, short_name, name_en, ancestors, position)"
            " VALUES ('2026-01-01', 'office', 'l3', 'x', 'x', '', '{}', 0) RETURNING id"
        )
        unit = cursor.fetchone()[0]
        yield unit
        cursor.execute("DELETE FROM letters_register WHERE unit_id = %s", [unit])
        cursor.execute("DELETE FROM org_unit WHERE id = %s", [unit])
    beside.close()


def test_two_hundred_parallel_askers_leave_no_gap_and_no_double(committed_unit):
    command = [
        sys.executable, "-m", "khet.modules.letters.tests.asker",
        connection.settings_dict["HOST"], connection.settings_dict["NAME"], str(committed_unit), str(PROCESSES), str(ASKERS // PROCESSES),
    ]  # fmt: skip
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=180, check=True).stdout
    got = [[int(n) for n in line.split()] for line in said.splitlines()]
    assert len(got) == PROCESSES
    numbers = [number for part in got for number in part]
    assert sorted(numbers) == list(range(1, ASKERS + 1))
    assert all(part == sorted(part) for part in got)
    assert Register.objects.get(unit_id=committed_unit).last_number == ASKERS


@pytest.mark.django_db
def test_runs_are_apart_and_restart_with_the_year_in_bangkok():
    unit = Unit.objects.create(kind="office", code="y", name="x", short_name="x")
    # 16.59.59 UTC on 31 December is 23.59.59 in Bangkok; one second later the new year's register begins.
    with time_machine.travel(datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), tick=False):
        assert take(unit.pk, RegisterKind.SEND).year == 2569
        assert take(unit.pk, RegisterKind.SEND).first == 2
        assert take(unit.pk, RegisterKind.CIRCULAR).first == 1
        assert take(unit.pk, RegisterKind.SEND, secret=True).first == 1
    with time_machine.travel(datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC), tick=False):
        taken = take(unit.pk, RegisterKind.SEND)
        assert (taken.year, taken.first) == (2570, 1)
        assert Register.objects.get(unit=unit, kind=RegisterKind.SEND, year=2569, is_secret=False).is_closed


@pytest.mark.django_db
def test_a_batch_takes_consecutive_numbers():
    unit = Unit.objects.create(kind="office", code="b", name="x", short_name="x")
    assert take(unit.pk, RegisterKind.RECEIVE).first == 1
    batch = take(unit.pk, RegisterKind.RECEIVE, count=60)
    assert (batch.first, batch.last) == (2, 61)


def test_a_number_is_not_taken_outside_a_transaction(monkeypatch):
    monkeypatch.setattr("khet.modules.letters.numbers.connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError):
        take(1, RegisterKind.SEND)


def test_which_run_numbers_a_letter():
    assert run_for(LetterKind.EXTERNAL, False) == RegisterKind.SEND
    assert run_for(LetterKind.EXTERNAL, True) == RegisterKind.CIRCULAR
    assert run_for(LetterKind.ORDER, True) == RegisterKind.ORDER
    assert run_for(LetterKind.MEMO, False) == RegisterKind.MEMO
