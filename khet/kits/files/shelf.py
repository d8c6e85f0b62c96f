"""Bytes on disk: each content once, at ``KHET_FILES/ab/cd/<sha256>``, safe before anybody names it.

Everything arrives in ``KHET_FILES/tmp`` under a random name, is hashed while it is written, flushed to the
disk, and only then renamed to its place; file and folders are flushed too. A process killed on the way
leaves a temporary file or bytes without a row; ``collect`` in ``actions.py`` removes both when they are old.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Refusal

CHUNK = 1024 * 1024
TEMPORARY = "tmp"
DERIVED = "derived"  # page pictures and the like: made again when missing


class StorageFull(Refusal):
    """The disk for files is full: nothing was stored."""

    status = 507

    def __init__(self) -> None:
        super().__init__(
            _("ที่เก็บแฟ้มของเครื่องแม่ข่ายเต็ม แฟ้มนี้ยังไม่ได้บันทึก แจ้งผู้ดูแลระบบให้เพิ่มพื้นที่ แล้วส่งอีกครั้ง"),
            code="files.disk_full",
        )


def root() -> Path:
    return Path(settings.KHET_FILES)


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash stand."""
    return root() / sha256[:2] / sha256[2:4] / sha256


def derived_path(sha256: str, name: str) -> Path:
    """Where something made from the bytes (a page picture) is kept; may be deleted at any time."""
    return root() / DERIVED / sha256[:2] / sha256[2:4] / sha256 / name


@dataclass
class Staged:
    """Bytes in the temporary folder, hashed, not yet in their place."""

    path: Path
    sha256: str
    size: int

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)


class Staging:
    """Writes chunks to a temporary file and hashes them. ``limit`` in bytes; past it nothing more is kept."""

    def __init__(self, limit: int | None = None) -> None:
        folder = root() / TEMPORARY
        self.limit = limit
        self.size = 0
        self.failure: Refusal | None = None
        self._hash = hashlib.sha256()
        self.path = folder / secrets.token_hex(16)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._out: BinaryIO | None = open(self.path, "xb")  # noqa: SIM115 - closed in finish or drop
        except OSError as why:
            self._out = None
            self._fail(why)

    def write(self, chunk: bytes) -> None:
        """Take a chunk. After a failure or past the limit it is only counted, so that the true size is known."""
        self.size += len(chunk)
        if self._out is None:
            return
        if self.limit is not None and self.size > self.limit:
            self.drop()
            return
        self._hash.update(chunk)
        try:
            self._out.write(chunk)
        except OSError as why:
            self._fail(why)

    def finish(self) -> Staged | None:
        """The staged bytes, or None when they passed the limit; raises ``StorageFull``."""
        if self._out is not None:
            try:
                self._out.flush()
                os.fsync(self._out.fileno())
                self._out.close()
            except OSError as why:
                self._fail(why)
            else:
                self._out = None
                return Staged(self.path, self._hash.hexdigest(), self.size)
        if self.failure is not None:
            raise self.failure
        return None

    def drop(self) -> None:
        if self._out is not None:
            # Closing flushes, which fails again on a full disk; the bytes are given up anyway.
            out, self._out = self._out, None
            with contextlib.suppress(OSError):
                out.close()
        self.path.unlink(missing_ok=True)

    def _fail(self, why: OSError) -> None:
        self.drop()
        if why.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise why
        self.failure = StorageFull()


def shelve(staged: Staged) -> Path:
    """Move staged bytes to their place. Bytes that stand there already, whole, are left and touched."""
    target = path_of(staged.sha256)
    try:
        if target.stat().st_size == staged.size:
            os.utime(target)  # the collector leaves young files alone
            staged.drop()
            return target
    except FileNotFoundError:
        pass
    try:
        _make_folders(target.parent)
        os.chmod(staged.path, 0o440)
        os.replace(staged.path, target)
        _flush_folder(target.parent)
    except OSError as why:
        staged.drop()
        if why.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull() from why
        raise
    return target


def put_back(staged: Staged) -> Path:
    """Put good bytes over bad ones of the same name (a restored file)."""
    path_of(staged.sha256).unlink(missing_ok=True)
    return shelve(staged)


def write_derived(sha256: str, name: str, content: bytes) -> Path:
    """Keep something made from the bytes. Not flushed: it can be made again. Whole or absent, never half."""
    target = derived_path(sha256, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{secrets.token_hex(8)}")
    try:
        beside.write_bytes(content)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    return target


def hash_of(path: Path) -> str:
    with open(path, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def shelved() -> Iterator[Path]:
    """Every file in the content folders, in order of hash. Folders of other names are not looked into."""
    base = root()
    for first in _folders(base):
        for second in _folders(first):
            yield from sorted(entry for entry in second.iterdir() if entry.is_file())


def leftovers() -> Iterable[Path]:
    folder = root() / TEMPORARY
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(entry for entry in folder.iterdir() if len(entry.name) == 2 and entry.is_dir())


def _make_folders(folder: Path) -> None:
    """Create the folders of a place and flush their parents, so that a power cut cannot lose the entry."""
    if folder.is_dir():
        return
    for part in (folder.parent.parent, folder.parent, folder):
        if not part.is_dir():
            part.mkdir(parents=True, exist_ok=True)
            _flush_folder(part.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
