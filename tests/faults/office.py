"""A whole office of its own for one fault test: real processes, a durable database, nothing shared."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

from khet.base.database.embedded import Cluster
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def wait_for(what: Callable[[], Any], seconds: float, words: str) -> Any:
    """The first true answer of ``what``; fails with ``words`` when there is none in time."""
    end = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not in {seconds} s: {words}")


class Office:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("KHET_", "PYTEST_", "DATABASE_URL", "COV_"))
        } | {
            "KHET_DATA": str(data),
            "KHET_PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "tests.faults.site",
            "PYTHONPATH": str(ROOT),
        }

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.data / "postgres")

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "khet", *words]

    def khet(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words), env=self.env | env, cwd=ROOT, capture_output=True, text=True, check=False,
            timeout=120 * PATIENCE,
        )  # fmt: skip

    def begin(self, *words: str, **env: str) -> subprocess.Popen[bytes]:
        """A command in a session of its own, to be killed with all it started."""
        return subprocess.Popen(
            self.command(*words), env=self.env | env, cwd=ROOT, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def open(self, **env: str) -> None:
        with open(self.data / "run.log", "ab") as log:
            self.process = subprocess.Popen(
                self.command("run", "--empty"), env=self.env | env, cwd=ROOT, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        wait_for(self.ready, 60, f"ready: {(self.data / 'run.log').read_text()[-2000:]}")

    def ready(self) -> bool:
        assert self.process is None or self.process.poll() is None, (self.data / "run.log").read_text()[
            -3000:
        ]
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process = None

    def end(self) -> None:
        self.close()
        self.cluster.stop("immediate")
        shutil.rmtree(self.data, ignore_errors=True)

    def web_workers(self) -> list[psutil.Process]:
        assert self.process is not None
        found = []
        for child in psutil.Process(self.process.pid).children():
            try:
                if "serve" in child.cmdline():
                    found += child.children()
            except psutil.NoSuchProcess:
                continue
        return found

    def child(self, word: str) -> psutil.Process | None:
        """The process that runs ``khet WORD``; None while there is none, such as between a death and its mending."""
        assert self.process is not None
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if word in child.cmdline():
                    return child
        return None

    def loading_seconds(self) -> float:
        """How long loading all the code takes on this machine just now: no restart can be quicker."""
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-c", "import django; django.setup(); import khet.site.urls"],
            env=self.env, cwd=ROOT, check=True,
        )  # fmt: skip
        return time.monotonic() - began

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def connect(self) -> psycopg.Connection:
        return self.cluster.connect("khet")

    def verify(self) -> list[str]:
        """The codes of what ``khet verify`` finds; its exit code must agree."""
        done = self.khet("verify", "--json")
        assert done.stdout, done.stderr
        found = [finding["code"] for finding in json.loads(done.stdout)["findings"]]
        assert (done.returncode == 0) == (not found), done
        return found


class Writers:
    """Threads that write without pause and remember exactly what was acknowledged."""

    def __init__(self, office: Office, threads: int = 4) -> None:
        self.office = office
        self.acknowledged: set[str] = set()
        self.refused = 0
        self.going = True
        self.threads = [threading.Thread(target=self._write, args=(n,)) for n in range(threads)]

    def _write(self, number: int) -> None:
        count = 0
        while self.going:
            count += 1
            key = f"{number}-{count}-{time.monotonic_ns()}"
            try:
                answer = httpx.post(f"{self.office.url}/fault/write?key={key}", timeout=10)
                if answer.status_code == 200:
                    self.acknowledged.add(key)
                else:
                    self.refused += 1
                    time.sleep(0.05)
            except httpx.HTTPError:
                self.refused += 1
                time.sleep(0.05)

    def __enter__(self) -> Writers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *why: object) -> None:
        self.going = False
        for thread in self.threads:
            thread.join(30)

    def lost(self) -> set[str]:
        """Acknowledged writes that are not there. Must be empty, always."""
        there = {row[0] for row in self.office.sql("SELECT last_name FROM org_person")}
        return self.acknowledged - there

    def halves(self) -> int:
        """Rows without their journal entry, or entries without their row."""
        return (
            self.office.sql(
                "SELECT count(*) FROM (SELECT last_name k FROM org_person WHERE first_name = 'ทดสอบ') p"
                " FULL JOIN (SELECT facts->>'key' k FROM journal_entry WHERE verb = 'faults.write') j USING (k)"
                " WHERE p.k IS NULL OR j.k IS NULL"
            )[0][0]
            + self.office.sql(
                "SELECT abs((SELECT count(*) FROM org_person WHERE first_name = 'ทดสอบ')"
                " - (SELECT count(*) FROM journal_entry WHERE verb = 'faults.write'))"
            )[0][0]
        )


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to a command and everything it started."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    os.killpg(process.pid, signal.SIGKILL)
    for child in family:
        try:
            if child.name() != "postgres":
                child.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait()


def make_template(folder: Path) -> None:
    """A migrated, empty office, closed; copied for each test."""
    office = Office(folder)
    done = office.khet("prepare", "--empty")
    assert done.returncode == 0, done.stderr + done.stdout


@contextmanager
def office_from(template: Path, data: Path) -> Iterator[Office]:
    subprocess.run(["cp", "-a", str(template), str(data)], check=True)
    (data / "run" / "database.lock").unlink(missing_ok=True)
    office = Office(data)
    try:
        yield office
    finally:
        office.end()
