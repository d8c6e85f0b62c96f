"""The faults of ``tests/faults`` with their full numbers of cycles; one JSON line of figures each.

.venv/bin/python -m bench.faults            all of it, about half an hour on two cores
.venv/bin/python -m bench.faults f28 l13    some of it
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.office import Office, make_template, office_from, wait_for
from tests.faults.test_import import killed_at_random
from tests.faults.test_server import power_cuts
from tests.faults.test_web import kill_workers


def f1(office: Office) -> dict[str, Any]:
    office.open()
    writers = kill_workers(office, 200)
    wait_for(office.ready, 30, "ready")
    return {
        "cycles": 200, "acknowledged": len(writers.acknowledged), "unanswered": writers.refused,
        "lost": len(writers.lost()), "halves": writers.halves(), "verify": office.verify(),
    }  # fmt: skip


def f28(office: Office) -> dict[str, Any]:
    count, recoveries = power_cuts(office, 50)
    return {
        "cycles": 50, "acknowledged": count, "lost": 0, "recovery_median_s": round(statistics.median(recoveries), 2),
        "recovery_max_s": round(max(recoveries), 2), "verify": office.verify(),
    }  # fmt: skip


def f6(office: Office) -> dict[str, Any]:
    """40,000 pupils: no half, nothing doubled, and the same file again has nothing new."""
    return killed_at_random(office, schools=160, each=250, times=20)


def l13(office: Office) -> dict[str, Any]:
    """About one GB of rows; the longest wait of a commit with and without a backup beside it."""
    office.open()
    office.sql(
        "CREATE TABLE ballast AS SELECT n, repeat(md5(n::text), 20) w FROM generate_series(1, 1400000) n"
    )
    office.sql("CHECKPOINT")
    size = office.sql("SELECT pg_database_size('khet')")[0][0]
    quiet = longest_commit(office, lambda: time.sleep(15))
    began = time.monotonic()
    done: list[Any] = []
    busy = longest_commit(office, lambda: done.append(office.khet("backup", str(office.data.parent / "b"))))
    seconds = time.monotonic() - began
    assert done[0].returncode == 0, done[0].stderr
    gigabytes = size / 2**30
    return {
        "gb": round(gigabytes, 2), "seconds": round(seconds, 1), "seconds_per_gb": round(seconds / gigabytes, 1),
        "longest_commit_quiet_ms": quiet, "longest_commit_backup_ms": busy,
    }  # fmt: skip


def longest_commit(office: Office, act: Callable[[], Any]) -> int:
    """Milliseconds of the longest commit while ``act`` runs, over one connection that writes all the time."""
    import threading

    office.sql("CREATE TABLE IF NOT EXISTS tick (at timestamptz)")
    waits: list[float] = []
    going = [True]

    def write() -> None:
        with office.connect() as connection:
            while going[0]:
                began = time.monotonic()
                connection.execute("INSERT INTO tick VALUES (now())")
                waits.append(time.monotonic() - began)
                time.sleep(0.005)

    thread = threading.Thread(target=write)
    thread.start()
    act()
    going[0] = False
    thread.join()
    return round(max(waits) * 1000)


def l14(office: Office) -> dict[str, Any]:
    """A bare machine: the data folder gone, only the backup folder and the key left."""
    office.cluster.start()
    target = office.data.parent / "b"
    assert office.khet("backup", str(target)).returncode == 0
    key = (office.data / "secret_key").read_bytes()
    office.cluster.stop("immediate")
    shutil.rmtree(office.data)
    office.data.mkdir(mode=0o711)
    (office.data / "secret_key").write_bytes(key)
    (office.data / "secret_key").chmod(0o600)
    began = time.monotonic()
    done = office.khet("restore", str(target))
    assert done.returncode == 0, done.stderr
    office.open()
    return {"seconds_until_serving": round(time.monotonic() - began, 1), "verify_after": office.verify()}


CASES: dict[str, Callable[[Office], dict[str, Any]]] = {
    "f1": f1,
    "f6": f6,
    "f28": f28,
    "l13": l13,
    "l14": l14,
}


def main(names: list[str]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="kb-"))
    folder.chmod(0o711)
    try:
        make_template(folder / "t")
        for name in names or CASES:
            (folder / name).mkdir(mode=0o711)
            with office_from(folder / "t", folder / name / "o") as office:
                began = time.monotonic()
                figures = CASES[name](office)
                print(
                    json.dumps({"case": name, **figures, "took_s": round(time.monotonic() - began)}),
                    flush=True,
                )
            shutil.rmtree(folder / name, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
