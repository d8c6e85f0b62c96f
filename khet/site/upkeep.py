"""Backup, restore and verify as the command line and the night's work call them: base's engines with the office's facts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from khet.base.database.address import backups_folder, is_embedded
from khet.base.database.backup import Backup, back_up, list_backups
from khet.base.database.embedded import ensure_running
from khet.base.database.programs import DatabaseFault
from khet.base.database.restore import restore

Say = Callable[[str], None]


def facts() -> dict[str, Any]:
    """What the manifest says about the database, read just before it is taken."""
    from django.db import connection  # noqa: PLC0415 – needs loaded settings

    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        migrations = [list(row) for row in cursor.fetchall()]
        cursor.execute("SELECT seq, hash FROM journal_entry ORDER BY seq DESC LIMIT 1")
        head = cursor.fetchone()
    connection.close()
    return {
        "khet": version("khet"),
        "migrations": migrations,
        "journal": {"seq": head[0], "hash": head[1]} if head else None,
    }


def keys() -> list[str]:
    from django.conf import settings  # noqa: PLC0415

    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def make_backup(target: Path) -> Backup:
    from django.conf import settings  # noqa: PLC0415

    return back_up(target, settings.DATA, keys=keys(), facts=facts())


def key_is_there(data: Path) -> bool:
    """Whether this machine has a key of its own to compare; asked before Django would make a new one."""
    return bool(os.environ.get("KHET_SECRET_KEY")) or (data / "secret_key").exists()


def put_back(
    source: Path, data: Path, *, until: datetime | None, new_key: bool, despite_faults: bool, say: Say
) -> Path:
    """``khet restore``: prove, lay out, verify, exchange; then take a first backup of what was restored."""
    if not key_is_there(data) and not new_key:
        raise DatabaseFault(
            f"เครื่องนี้ยังไม่มีกุญแจลับ วางแฟ้ม secret_key ของระบบเดิมไว้ที่ {data / 'secret_key'} (หรือกำหนด KHET_SECRET_KEY)"
            " แล้วสั่งใหม่ ถ้ากุญแจหายจริง ใช้ --new-key"
        )
    from khet.base.database.health import known_migrations  # noqa: PLC0415 – Django makes a key when it loads
    from khet.site.cli import load  # noqa: PLC0415

    load()
    known = known_migrations()
    old = restore(
        source, data, keys=keys(), known=known, until=until, new_key=new_key, despite_faults=despite_faults, say=say,
    )  # fmt: skip
    if is_embedded():
        ensure_running(data)
    from khet.site.prepare import migrate  # noqa: PLC0415

    migrate(say)
    say("สำรองชุดใหม่ต่อจากการกู้คืน")
    make_backup(backups_folder(data))
    return old


def rehearse(target: Path, say: Say = lambda text: None) -> Path:
    """The restore test: the newest backup brought up aside, verified, and thrown away. Raises what is wrong."""
    import shutil  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415

    backup = list_backups(target)[0]
    side = restore(backup.folder, settings.DATA, keys=keys(), known=None, swap=False, say=say)
    shutil.rmtree(side, ignore_errors=True)
    return backup.folder


def verify_in_words(as_json: bool, say: Say) -> bool:
    """Run all checks; True when nothing was found."""
    from khet.base.database.checks import verify  # noqa: PLC0415

    found = verify((lambda text: None) if as_json else say)
    if as_json:
        rows = [{"code": f.code, "sentence": f.sentence, "subject": f.subject} for f in found]
        say(json.dumps({"ok": not rows, "findings": rows}, ensure_ascii=False))
    else:
        for finding in found:
            say(f"✗ [{finding.code}] {finding.sentence}")
        say("ครบถ้วนถูกต้อง" if not found else f"พบข้อบกพร่อง {len(found)} เรื่อง")
    return not found


def in_a_process(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a ``khet`` command of this same installation to its end; jobs use it so that a kill stays clean."""
    env = {name: value for name, value in os.environ.items() if name != "KHET_PROCESS"}
    return subprocess.run(
        [sys.executable, "-m", "khet", *words], env=env, capture_output=True, text=True, check=False
    )
