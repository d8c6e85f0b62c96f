"""The real site for journeys: its own database and data folder, the web server of ``khet serve``."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.core.signing import JSONSerializer
from django.test import override_settings

from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "var" / "journeys"
DATA = Path(settings.DATA) / "journeys"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_BROWSER = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def browser_path() -> str | None:
    """The machine's own browser; None lets Playwright use the one it installed, and fail where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or (str(MAC_BROWSER) if MAC_BROWSER.exists() else None)


def collect_static() -> None:
    """Collect the static files as an office does, once for all journeys."""
    from khet.base.database.embedded import locked
    from khet.site import prepare

    DATA.mkdir(mode=0o700, exist_ok=True)
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "khet.base.ui.storage.Static"}}
    with (
        locked(Path(settings.DATA), "journeys"),
        override_settings(STORAGES=storages, STATIC_ROOT=DATA / "static", WHITENOISE_USE_FINDERS=False),
    ):
        (DATA / "static").mkdir(exist_ok=True)
        prepare.collect_static()


class Site:
    """One running site on a database of its own."""

    def __init__(self, database: str, socket_folder: str) -> None:
        self.database = database
        self.socket_folder = socket_folder
        self.url = ""
        self.processes: list[subprocess.Popen[bytes]] = []
        self._ends: list[int] = []
        self.log = DATA / f"{database}.log"
        self.env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("KHET_", "PYTEST_", "DATABASE_URL", "COV_"))
        } | {
            "KHET_DATA": str(DATA),
            "KHET_HOST": "localhost",
            "KHET_SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": f"postgresql://postgres@/{database}?host={socket_folder}",
            "DJANGO_SETTINGS_MODULE": "khet.site.settings",
        }

    def khet(self, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """A ``khet`` command on this site."""
        return subprocess.run(
            [sys.executable, "-m", "khet", *words], env=self.env | env, cwd=ROOT, capture_output=True, text=True,
            timeout=120 * PATIENCE, check=False,
        )  # fmt: skip

    def open(self) -> None:
        """Start the web server; it ends when this process does."""
        door = socket.create_server(("127.0.0.1", 0), backlog=128)
        port = door.getsockname()[1]
        self.env["KHET_PORT"] = str(port)
        self.url = f"http://localhost:{port}"
        ready, tell = os.pipe()
        self._start("serve", "--fd", str(door.fileno()), "--ready-fd", str(tell), fds=(door.fileno(), tell))
        os.close(tell)
        door.close()
        try:
            assert os.read(ready, 1) == b"r", self.log.read_text()[-3000:]
        finally:
            os.close(ready)

    def start_worker(self) -> None:
        """Start what works in the background."""
        self._start("worker")

    def _start(self, *words: str, fds: tuple[int, ...] = ()) -> None:
        hold, keep = os.pipe()
        with open(self.log, "ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "khet", *words, "--parent-fd", str(hold)], env=self.env, cwd=ROOT,
                stdout=log, stderr=log, pass_fds=(*fds, hold), start_new_session=True,
            )  # fmt: skip
        os.close(hold)
        self.processes.append(process)
        self._ends.append(keep)

    def close(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for end in self._ends:
            os.close(end)
        self.processes, self._ends = [], []

    # What a test looks up or lets pass behind the pages' back; never what a person would do on them.

    def sql(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(
            host=self.socket_folder, user="postgres", dbname=self.database, autocommit=True
        ) as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def one(self, statement: str, *parameters: Any) -> Any:
        rows = self.sql(statement, *parameters)
        assert len(rows) == 1, rows
        return rows[0][0]

    def half_a_minute_later(self, username: str) -> None:
        """The authenticator app of an account shows its next code: a code works once."""
        self.sql(
            "UPDATE mfa_authenticator a SET data = jsonb_set(data::jsonb, '{last_step}', '0')"
            " FROM org_account u WHERE u.id = a.user_id AND u.username = %s AND a.type = 'totp'",
            username,
        )

    def minutes_later(self, session_key: str, minutes: int = 6) -> None:
        """Some minutes pass for one session: its fresh sign-in grows old."""
        packed = self.one("SELECT session_data FROM django_session WHERE session_key = %s", session_key)
        salt = SessionStore().key_salt
        facts = signing.loads(packed, salt=salt, serializer=JSONSerializer)
        assert "khet_fresh_until" in facts, facts
        facts["khet_fresh_until"] = time.time() - 60 * minutes
        self.sql(
            "UPDATE django_session SET session_data = %s WHERE session_key = %s",
            signing.dumps(facts, salt=salt, serializer=JSONSerializer, compress=True),
            session_key,
        )

    def journal(self, verb: str) -> list[dict[str, Any]]:
        """The facts of every journal entry of a verb, oldest first."""
        found = [
            row[0] for row in self.sql("SELECT facts FROM journal_entry WHERE verb = %s ORDER BY seq", verb)
        ]
        return [json.loads(facts) if isinstance(facts, str) else facts for facts in found]
