"""The night's work and the clockwork of the queue itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from khet.base.database.address import backups_folder
from khet.base.database.backup import list_backups, take_files
from khet.base.database.checks import Outcome, listeners

STALLED_SECONDS = 30


@app.periodic(cron="* * * * *")
@app.task(name="database.take_back", queue="database", pass_context=True)
async def take_back(context: JobContext, timestamp: int = 0) -> int:
    """Give back the jobs of a worker that was killed: within two minutes they run again elsewhere."""
    manager = context.app.job_manager
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    for job in stalled:
        await manager.retry_job(job)
    return len(stalled)


@app.periodic(cron="15 19 * * *")  # 02.15 in Bangkok
@app.task(name="database.nightly", queue="database", lock="database.nightly")
def nightly(timestamp: int = 0) -> None:
    """Back up, restore the backup aside and verify it, forget what is too old, then verify the live office."""
    stamp = time.strftime("%Y-%m-%d", time.gmtime(timestamp or time.time()))
    done = command("backup", "--test", "--tidy")
    newest = list_backups(backups_folder(settings.DATA))[:1]
    facts = {"folder": newest[0].folder.name, **newest[0].manifest["files"]} if newest else {}
    ok = done.returncode == 0
    report(Outcome("backup", ok, stamp, words(done) if not ok else "สำรองข้อมูลและทดลองกู้คืนสำเร็จ", facts))
    report(_verified(stamp))


def _verified(stamp: str) -> Outcome:
    done = command("verify", "--json")
    try:
        found = json.loads(done.stdout)["findings"]
    except (ValueError, KeyError):
        return Outcome("verify", False, stamp, words(done), {})
    # A file that no row names yet is an upload under way or one broken off: the daily work collects it.
    bad = [finding for finding in found if finding["code"] != "files.extra"]
    sentence = "\n".join(finding["sentence"] for finding in bad[:20]) or "ตรวจฐานข้อมูลและแฟ้มแล้ว ครบถ้วน"
    return Outcome("verify", not bad, stamp, sentence, {"findings": len(bad), "extra": len(found) - len(bad)})


@app.periodic(cron="*/5 * * * *")
@app.task(name="database.mirror", queue="database", lock="database.mirror")
def mirror(timestamp: int = 0) -> int:
    """Between backups, copy new files beside the WAL archive, when that is another disk; returns how many."""
    if not os.environ.get("KHET_BACKUPS"):
        return 0
    place = backups_folder(settings.DATA)
    marker = place / ".mirrored"
    since = marker.stat().st_mtime - 900 if marker.exists() else 0
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    count, _size, _faults = take_files(None, place / "files", settings.DATA, since=since)
    marker.touch()
    return count


def command(*line: str) -> subprocess.CompletedProcess[str]:
    """Run ``khet`` in a process of its own: its memory and its faults are not the worker's."""
    connection.close()
    env = {name: value for name, value in os.environ.items() if name != "KHET_PROCESS"}
    return subprocess.run(
        [sys.executable, "-m", "khet", *line], env=env, capture_output=True, text=True, check=False
    )


def words(done: subprocess.CompletedProcess[str]) -> str:
    return (done.stderr.strip() or done.stdout.strip())[-1000:]


def report(outcome: Outcome) -> None:
    """Tell every listener; one that fails does not keep the others from hearing."""
    for listener in listeners:
        listener(outcome)
