"""F6: a large file of pupils killed while it is written. All of it or nothing, and the same file again adds nothing."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.dmc import write_dmc
from tests.faults.office import Office, kill_group, wait_for

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]

SMIS = "99029001"
PUPILS = 1500
SETUP = f"""
from khet.base.org.actions import add_unit
from khet.base.org.api import Actor
from khet.modules.schools.actions import add_school
system = Actor.system()
add_unit(actor=system, kind='office', code='9902', name='สพป.ศรีธารา เขต 2', short_name='สพป.ศรีธารา เขต 2')
add_school(actor=system, name='บ้านไร่ธารใส', smis8='{SMIS}', levels='kp')
"""


@pytest.fixture
def file(office: Office, tmp_path: Path) -> Path:
    office.cluster.start()
    done = office.khet("django", "shell", "-v0", "-c", SETUP)
    assert done.returncode == 0, done.stderr
    path = tmp_path / "2569-2-student.xlsx"
    write_dmc(path, [(SMIS, "บ้านไร่ธารใส", "kp")], PUPILS)
    return path


def rows(office: Office) -> tuple[int, int, int]:
    return office.sql(
        "SELECT (SELECT count(*) FROM students_pupil), (SELECT count(*) FROM students_pupilid),"
        " (SELECT count(*) FROM students_enrolment)"
    )[0]


def bring(office: Office, file: Path) -> dict[str, int]:
    done = office.khet("import", "enrolments", str(file), "--confirm", "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    return json.loads(done.stdout)


def test_f6_an_import_killed_while_it_writes_leaves_all_or_nothing(office: Office, file: Path) -> None:
    # A reader's lock on the last table it writes: the import stands still in the middle of its transaction, pupils
    # already written, and is killed there with everything it started.
    holder = office.connect()
    holder.autocommit = False
    holder.execute("LOCK TABLE students_enrolment IN SHARE MODE")
    process = office.begin("import", "enrolments", str(file), "--confirm")
    wait_for(
        lambda: office.sql(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%%students_enrolment%%'"
        ),
        90, "the import writing",
    )  # fmt: skip
    kill_group(process)
    assert process.returncode == -signal.SIGKILL
    holder.rollback()
    holder.close()
    wait_for(
        lambda: not office.sql("SELECT 1 FROM pg_stat_activity WHERE query ILIKE '%%students_enrolment%%' AND pid <> pg_backend_pid() AND state <> 'idle'"),
        30, "the killed session gone",
    )  # fmt: skip
    assert rows(office) == (0, 0, 0), "half an import"

    first = bring(office, file)
    assert (first["new"], first["wrong"]) == (PUPILS, 0)
    assert rows(office) == (PUPILS, PUPILS, PUPILS)
    again = bring(office, file)
    assert (again["new"], again["changed"], again["same"]) == (0, 0, PUPILS)
    assert rows(office) == (PUPILS, PUPILS, PUPILS)
    assert office.verify() == []


def test_f6_an_import_killed_before_confirming_changes_nothing(office: Office, file: Path) -> None:
    process = office.begin("import", "enrolments", str(file), "--confirm")
    wait_for(lambda: office.sql("SELECT 1 FROM register_batch"), 90, "the file received")
    kill_group(process)
    assert rows(office) == (0, 0, 0)
    assert bring(office, file)["new"] == PUPILS


def test_f6_an_import_killed_while_its_rows_are_kept_is_checked_again_from_the_start(
    office: Office, file: Path
) -> None:
    holder = office.connect()
    holder.autocommit = False
    holder.execute("LOCK TABLE register_row IN SHARE MODE")
    process = office.begin("import", "enrolments", str(file), "--confirm")
    wait_for(
        lambda: office.sql(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%%register_row%%'"
        ),
        90, "the check keeping its rows",
    )  # fmt: skip
    kill_group(process)
    holder.rollback()
    holder.close()
    gone(office)
    assert office.sql("SELECT count(*) FROM register_row") == [(0,)] and rows(office) == (0, 0, 0)
    again = "from khet.base.org.api import Actor; from khet.kits.register.jobs import work; from khet.kits.register.models import Batch;"
    done = office.khet(
        "django", "shell", "-v0", "-c", f"{again} print(work(Batch.objects.get(), Actor.system()).counts)"
    )
    assert f"'new': {PUPILS}" in done.stdout, done.stdout + done.stderr
    assert office.sql("SELECT state FROM register_batch") == [("checked",)]


def gone(office: Office) -> None:
    """Wait until the database has noticed that whoever spoke to it is no more."""
    wait_for(
        lambda: office.sql("SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = 'khet' AND pid <> pg_backend_pid()")[0][0],
        60, "the killed session gone",
    )  # fmt: skip


def killed_at_random(office: Office, schools: int, each: int, times: int) -> dict[str, Any]:
    """A whole area's file killed at moments spread over reading, checking and confirming; for ``bench.faults``."""
    rng = random.Random(6)
    codes = [f"9902{number:04d}" for number in range(1, schools + 1)]
    office.cluster.start()
    done = office.khet(
        "django", "shell", "-v0", "-c",
        "from khet.base.org.actions import add_unit; from khet.base.org.api import Actor; from khet.modules.schools.actions import import_schools;"
        "system = Actor.system(); add_unit(actor=system, kind='office', code='9902', name='สพป.ศรีธารา เขต 2', short_name='สพป.ศรีธารา เขต 2');"
        f"import_schools(actor=system, changed=[], source='f6', new=[dict(name='บ้านไร่ธาร ' + code, smis8=code, levels='kl') for code in {codes}])",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    path = office.data / "2569-2-student.xlsx"
    write_dmc(path, [(code, f"บ้านไร่ธาร {code}", "kl") for code in codes], each)
    whole = (schools * each,) * 3
    told: dict[str, Any] = {
        "rows": whole[0],
        "killed_unwritten": 0,
        "killed_written": 0,
        "not_killed": 0,
        "halves": 0,
    }
    longest = 6.0  # grows until the kills come as late as the end
    for _turn in range(times):
        process = office.begin("import", "enrolments", str(path), "--confirm")
        try:
            process.wait(rng.uniform(0.2, 1.0) * longest)
            told["not_killed"] += 1
        except subprocess.TimeoutExpired:
            kill_group(process)
            told["killed_written" if rows(office) == whole else "killed_unwritten"] += 1
            longest *= 1.15
        gone(office)
        told["halves"] += rows(office) not in ((0, 0, 0), whole)
    began = time.monotonic()
    first, again = bring(office, path), bring(office, path)
    told["seconds_of_two_runs"] = round(time.monotonic() - began, 1)
    assert rows(office) == whole and again["new"] == again["changed"] == 0 and again["same"] == whole[0]
    return told | {"new_at_last": first["new"], "same_again": again["same"], "verify": office.verify()}
