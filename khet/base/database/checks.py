"""``verify``: what is stored is looked at again, and every kind of damage is named.

Each app declares its checks in ``checks.py``::

    checks.add("files.missing", Check(_("แฟ้มที่หาย"), find_missing))

where ``find_missing()`` yields a ``Finding`` for each fault. Checks read only.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy as _

from khet.base.database.address import is_embedded
from khet.base.database.embedded import cluster_of
from khet.base.database.programs import program
from khet.base.lib.registry import Registry


@dataclass(frozen=True)
class Finding:
    """One fault: a stable ``code`` for its kind, a sentence, and what it is about (a path, a row)."""

    code: str
    sentence: str
    subject: str = ""


@dataclass(frozen=True)
class Check:
    """``label`` in words; ``run`` yields findings, lazily, for it may have much to read."""

    label: Any
    run: Callable[[], Iterable[Finding]]


@dataclass(frozen=True)
class Outcome:
    """What a nightly duty (``backup`` or ``verify``) came to; handed to every listener."""

    duty: str
    ok: bool
    stamp: str
    sentence: str
    facts: dict[str, Any]


checks: Registry[Check] = Registry("checks", drawer="checks")
listeners: Registry[Callable[[Outcome], None]] = Registry("database listeners", drawer="checks")


def verify(say: Callable[[str], None] = lambda text: None) -> list[Finding]:
    """Run every check; a check that itself breaks is a finding, so that silence always means health."""
    found: list[Finding] = []
    for code, check in zip(checks.codes(), checks, strict=True):
        before = len(found)
        try:
            found += check.run()
        except DatabaseError as why:
            connection.close()
            found.append(Finding(f"{code}.broken", f"ตรวจ{check.label}ไม่สำเร็จ: {why}".strip(), code))
        say(f"{check.label}: {'ปกติ' if len(found) == before else f'พบ {len(found) - before} เรื่อง'}")
    return found


_PAGE = re.compile(
    r'checksum verification fail\w* in (?:file|block).*?"?(?P<file>base/\d+/(?P<node>\d+)[^"]*)"?'
)
_BLOCK = re.compile(r"block (\d+)")


def damaged_pages() -> Iterator[Finding]:
    """Read every page of the cluster from the disk and compare its checksum.

    The embedded server's pages are read by the base-backup protocol, which checks them as they lie on the
    disk, not as the server remembers them; the bytes are thrown away. An outside server's tables are read out
    row by row instead; its own checksums, if on, are checked while reading.
    """
    if is_embedded() and _senders():
        yield from _read_cluster()
    else:
        yield from _read_tables()


def _senders() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_wal_senders')::int")
        return bool(cursor.fetchone()[0])


def _read_cluster() -> Iterator[Finding]:
    cluster = cluster_of(settings.DATA)
    done = subprocess.run(
        [
            program("pg_basebackup"),
            *("--pgdata=-", "--format=tar", "--wal-method=none", "--no-manifest", "--checkpoint=fast"),
            *("--no-password", "--username=postgres", f"--host={cluster.socket}"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={"LC_ALL": "C"},
        cwd="/",
        check=False,
    )
    words = done.stderr.decode(errors="replace")
    lines = [line for line in words.splitlines() if "checksum verification fail" in line]
    for line in lines:
        place = _PAGE.search(line)
        block = _BLOCK.search(line)
        name = _relation(place["node"]) if place else ""
        yield Finding(
            "database.page",
            f"หน้าข้อมูลเสียในฐานข้อมูล {name or line.strip()}"
            + (f" บล็อก {block[1]}" if block else "")
            + " กู้คืนจากข้อมูลสำรองตาม docs/howto/back-up-and-restore.md",
            place["file"] if place else line.strip(),
        )
    if done.returncode and not lines:
        yield Finding("database.unreadable", f"อ่านฐานข้อมูลทั้งชุดไม่สำเร็จ: {words.strip()[-300:]}")


def _relation(node: str) -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_filenode_relation(0, %s)::regclass::text", [int(node)])
            return cursor.fetchone()[0] or ""
    except DatabaseError:
        return ""


def _read_tables() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1"
        )
        names = [row[0] for row in cursor.fetchall()]
    for name in names:
        try:
            with connection.cursor() as cursor, cursor.copy(f"COPY {name} TO STDOUT") as rows:
                for _row in rows:
                    pass
        except DatabaseError as why:
            connection.close()
            yield Finding("database.page", f"อ่านตาราง {name} ไม่ได้: {str(why).strip()}", name)


def invalid_constraints() -> Iterator[Finding]:
    """Constraints and indexes that the database itself does not vouch for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE NOT convalidated"
            " UNION ALL SELECT indrelid::regclass::text, indexrelid::regclass::text FROM pg_index"
            " WHERE NOT indisvalid"
        )
        for table, name in cursor.fetchall():
            yield Finding("database.constraint", f"เงื่อนไข {name} ของตาราง {table} ยังไม่ได้รับการตรวจ", table)


checks.add("database.pages", Check(_("หน้าข้อมูลของฐานข้อมูล"), damaged_pages))
checks.add("database.constraints", Check(_("เงื่อนไขของฐานข้อมูล"), invalid_constraints))
