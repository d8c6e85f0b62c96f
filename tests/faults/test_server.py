"""The database server under faults: the power cut, damaged pages, stale leftovers, awkward places."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest

from khet.base.database.embedded import Cluster, kill_everything
from tests.faults.office import Office

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]


def start(office: Office) -> Cluster:
    cluster = office.cluster
    cluster.start()
    return cluster


def power_cuts(office: Office, cycles: int, seed: int = 2) -> tuple[int, list[float]]:
    """SIGKILL to every server process under writes, again and again; returns acknowledged writes and recovery seconds."""
    cluster = start(office)
    office.sql("CREATE TABLE IF NOT EXISTS cut (key bigint PRIMARY KEY)")
    acknowledged: set[int] = set()
    going = [True]

    def write(number: int) -> None:
        count = number * 10**9
        while going[0]:
            try:
                with office.connect() as connection:
                    while going[0]:
                        count += 1
                        connection.execute("INSERT INTO cut VALUES (%s)", [count])
                        acknowledged.add(count)
            except psycopg.OperationalError:
                time.sleep(0.02)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(1, 4)]
    for thread in threads:
        thread.start()
    rng = random.Random(seed)
    recoveries = []
    try:
        for _cycle in range(cycles):
            time.sleep(rng.uniform(0.05, 0.3))
            kill_everything(cluster)
            began = time.monotonic()
            cluster.start()
            recoveries.append(time.monotonic() - began)
    finally:
        going[0] = False
        for thread in threads:
            thread.join(20)
    there = {row[0] for row in office.sql("SELECT key FROM cut")}
    assert acknowledged <= there, f"{len(acknowledged - there)} acknowledged writes lost"
    return len(acknowledged), recoveries


def test_f28_power_cuts_lose_no_acknowledged_commit(office: Office) -> None:
    count, recoveries = power_cuts(office, 6)
    assert count > 100
    assert max(recoveries) < 15
    assert office.verify() == []


def test_the_server_waits_for_the_disk(office: Office) -> None:
    start(office)
    for name, wanted in {
        "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
        "wal_level": "replica", "archive_mode": "on", "listen_addresses": "", "log_parameter_max_length": "0",
    }.items():  # fmt: skip
        if name == "archive_mode":
            continue  # the bare cluster object of this test archives nothing
        assert office.sql("SELECT current_setting(%s)", name) == [(wanted,)], name
    assert (office.data / "postgres").stat().st_mode & 0o077 == 0


def test_a_stale_pid_file_with_a_recycled_number_is_not_believed(office: Office) -> None:
    cluster = start(office)
    text = (office.data / "postgres" / "postmaster.pid").read_text()
    kill_everything(cluster)
    other = subprocess.Popen(["sleep", "60"])
    try:
        (office.data / "postgres" / "postmaster.pid").write_text(
            "\n".join([str(other.pid), *text.split("\n")[1:]])
        )
        cluster.start()
        assert cluster.answers()
    finally:
        other.kill()
        other.wait()


def test_orphans_of_a_killed_postmaster_do_not_stop_the_next(office: Office) -> None:
    cluster = start(office)
    with pytest.raises(psycopg.OperationalError), office.connect() as connection:
        os.kill(cluster.postmaster() or 0, signal.SIGKILL)
        cluster.start()
        connection.execute("SELECT 1")
    assert cluster.answers()


def test_a_data_folder_with_a_very_long_name_works(office: Office) -> None:
    folder = office.data / ("ชื่อยาว" * 9) / "postgres"
    cluster = Cluster(folder, durable=False, small=True)
    try:
        cluster.make()
        assert cluster.start()
        assert cluster.socket != folder and cluster.socket.stat().st_mode & 0o077 == 0
    finally:
        cluster.stop("immediate")
        for left in cluster.socket.glob("*"):
            left.unlink()
        cluster.socket.rmdir()


def flip(path: Path, at: int) -> None:
    with open(path, "r+b") as page:
        page.seek(at)
        byte = page.read(1)
        page.seek(at)
        page.write(bytes([byte[0] ^ 0x40]))


def test_f14_a_flipped_byte_in_a_page_is_named_and_backup_refuses(office: Office) -> None:
    cluster = start(office)
    path = office.sql("SELECT pg_relation_filepath('django_migrations')")[0][0]
    cluster.stop()
    flip(office.data / "postgres" / path, 5000)
    done = office.khet("verify")
    assert done.returncode == 1 and "django_migrations" in done.stdout, done.stdout + done.stderr
    backup = office.khet("backup", str(office.data.parent / "b"))
    assert backup.returncode == 1 and "Traceback" not in backup.stderr
    assert not [p for p in (office.data.parent / "b").glob("*") if p.name[:1] == "2"], "no backup is listed"
