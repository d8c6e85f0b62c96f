"""Jobs and migrations under faults: the worker killed around the outside call, two workers, a killed migration."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time

import psycopg
import pytest

from tests.faults.office import Office, kill_group, wait_for

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]


class Mailbox:
    """An SMTP stub that counts letters by subject and can stand still before or after taking one."""

    def __init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.letters: list[str] = []
        self.hold = ""  # "before" taking a letter, "after" it but before the answer
        self.held = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                caller, _address = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(caller,), daemon=True).start()

    def _talk(self, caller: socket.socket) -> None:
        with caller, caller.makefile("rwb", buffering=0) as line:
            line.write(b"220 stub\r\n")
            while words := line.readline():
                verb = words.strip().upper()
                if verb.startswith(b"DATA"):
                    if self.hold == "before":
                        self.held.set()
                        time.sleep(20)
                        return
                    line.write(b"354 go\r\n")
                    subject = ""
                    while (text := line.readline()) not in (b".\r\n", b""):
                        if text.lower().startswith(b"subject:"):
                            subject = text.decode().split(":", 1)[1].strip()
                    self.letters.append(subject)
                    if self.hold == "after":
                        self.held.set()
                        time.sleep(20)
                        return
                    line.write(b"250 taken\r\n")
                elif verb.startswith(b"QUIT"):
                    line.write(b"221 bye\r\n")
                    return
                else:
                    line.write(b"250 ok\r\n")


TELL = """
from khet.base.notices.api import tell
from khet.base.org.api import Person
from khet.base.notices.jobs import carry_due
from django.db import transaction
person, _ = Person.objects.get_or_create(title='นาย', first_name='ผู้รับ', last_name='จดหมาย', email='a@example.org')
with transaction.atomic():
    for n in range(COUNT):
        tell(event=f'fault:{n}', title=f'letter {n}', people=[person])
carry_due.defer()
"""


def tell(office: Office, count: int) -> None:
    done = office.khet("django", "shell", "-v0", "-c", TELL.replace("COUNT", str(count)))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("moment", ["before", "after"])
def test_f2_a_worker_killed_around_the_outside_call_never_doubles(office: Office, moment: str) -> None:
    box = Mailbox()
    box.hold = moment
    smtp = f"smtp://127.0.0.1:{box.port}"
    office.cluster.start()
    tell(office, 3)
    first = office.begin("worker", KHET_SMTP_URL=smtp)
    assert box.held.wait(30), "the worker called out"
    kill_group(first)
    box.hold = ""
    second = office.begin("worker", KHET_SMTP_URL=smtp)
    try:
        wait_for(
            lambda: office.sql("SELECT count(*) FROM notices_notice WHERE channel = 'email' AND state = 'sent'")[0][0] >= 2,
            100, "the other letters were carried by the next worker",
        )  # fmt: skip
    finally:
        kill_group(second)
    assert len(box.letters) == len(set(box.letters)), "no letter twice"
    doubtful = office.sql(
        "SELECT count(*) FROM notices_notice WHERE channel = 'email' AND state IN ('calling', 'uncertain')"
    )[0][0]
    assert doubtful == 1, "the one in doubt is shown, not sent again blindly"


def test_f20_two_workers_and_two_schedulers_make_one_effect(office: Office) -> None:
    box = Mailbox()
    office.cluster.start()
    tell(office, 12)
    workers = [office.begin("worker", KHET_SMTP_URL=f"smtp://127.0.0.1:{box.port}") for _ in range(2)]
    try:
        wait_for(lambda: len(box.letters) >= 12, 40, "all letters")
        time.sleep(1)
    finally:
        for worker in workers:
            kill_group(worker)
    assert sorted(box.letters) == sorted(f"letter {n}" for n in range(12))
    doubled = office.sql(
        "SELECT task_name, defer_timestamp, count(*) FROM procrastinate_periodic_defers"
        " GROUP BY 1, 2, periodic_id HAVING count(*) > 1"
    )
    assert doubled == []


def test_f4_a_killed_migration_rolls_back_and_runs_again(office: Office) -> None:
    office.cluster.start()
    # One step back, and a reader's lock on its table: the migration waits in its middle, and is killed there.
    with office.connect() as connection:
        before = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
    undone = office.khet("django", "migrate", "-v0", "notices", "zero")
    assert undone.returncode == 0, undone.stderr
    holder = office.connect()
    holder.autocommit = False
    holder.execute("LOCK TABLE org_person IN SHARE MODE")  # its foreign key needs this table
    process = office.begin("migrate")
    wait_for(
        lambda: office.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%%notices%%'"),
        40, "the migration under way",
    )  # fmt: skip
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    holder.rollback()
    holder.close()
    assert office.sql("SELECT count(*) FROM org_person") == [(0,)], "the old data is readable"
    assert office.sql("SELECT to_regclass('notices_notice')") == [(None,)], "nothing half-made"
    done = office.khet("migrate")
    assert done.returncode == 0, done.stderr
    assert office.sql("SELECT count(*) FROM django_migrations")[0] == before
    with pytest.raises(psycopg.errors.UniqueViolation):
        office.sql("INSERT INTO django_migrations SELECT * FROM django_migrations LIMIT 1")
