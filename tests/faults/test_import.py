"""F6: a large file of pupils killed while it is written. All of it or nothing, and the same file again adds nothing."""

from __future__ import annotations

import json
import signal
from pathlib import Path

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
