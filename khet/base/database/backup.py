"""Backup: the database and the files as one pair, with a manifest of SHA-256 over all of it.

A backup folder holds many backups and one store of files that they share::

    DIR/20261123T130000Z/   base.tar.gz pg_wal.tar.gz backup_manifest   (embedded server)
                            or database.dump                           (outside server)
                            files.tsv       sha256, bytes, path of every file
                            manifest.json   written last
    DIR/files/ab/<sha256>   each content once
    DIR/wal-archive/        finished WAL, for restoring to a moment

The database is taken first and the files after it. A file is on the disk before its row is committed and is
never changed, so every row of the database taken has its file among those taken later. A backup under way
has a name that begins with a dot and is never listed.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from khet.base.database.address import archive_folder, is_embedded
from khet.base.database.embedded import cluster_of
from khet.base.database.programs import MAJOR, DatabaseFault, program

FORMAT = 1
STAMP = "%Y%m%dT%H%M%SZ"
NOT_TAKEN = {"postgres", "cache", "backups", "wal-archive", "static", "run", "secret_key", "test"}
NOT_FILES = {Path("files/tmp"), Path("files/derived")}
CHUNK = 2**20


@dataclass(frozen=True)
class Backup:
    """One complete backup: its folder and its manifest."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def store(self) -> Path:
        return self.folder.parent / "files"

    @property
    def made_at(self) -> datetime:
        return datetime.fromisoformat(self.manifest["made_at"])

    def files(self) -> Iterator[tuple[str, int, Path]]:
        """(SHA-256, bytes, path inside the data folder) of every file."""
        with open(self.folder / "files.tsv", encoding="utf-8") as lines:
            for line in lines:
                sha256, size, path = line.rstrip("\n").split("\t", 2)
                yield sha256, int(size), Path(path)


def stored(store: Path, sha256: str) -> Path:
    return store / sha256[:2] / sha256


def sha256_of(path: Path) -> str:
    with open(path, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def fingerprint(key: str) -> str:
    """Tells whether two keys are the same without telling the key."""
    return hmac.new(key.encode(), b"khet backup fingerprint", hashlib.sha256).hexdigest()[:32]


def seal(manifest: dict[str, Any], key: str) -> str:
    """A seal over the manifest that only a holder of the installation's key can make."""
    body = {name: value for name, value in manifest.items() if name != "seal"}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False).encode()
    return hmac.new(key.encode(), b"khet backup seal" + text, hashlib.sha256).hexdigest()


def sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, data: bytes) -> None:
    """Write so that the name appears only with the whole content on the disk."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with open(aside, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(path)
    sync(path.parent)


def back_up(target: Path, data: Path, *, keys: list[str], facts: dict[str, Any]) -> Backup:
    """Take a backup of the running office into ``target``; raises DatabaseFault with a sentence.

    ``facts`` (version, migrations, journal head) are read from the database by the caller, before.
    """
    target = target.absolute()
    target.mkdir(parents=True, exist_ok=True)
    if target == data or data / "files" in [target, *target.parents]:
        raise DatabaseFault("โฟลเดอร์สำรองต้องไม่ใช่โฟลเดอร์ข้อมูลหรือโฟลเดอร์แฟ้ม เลือกโฟลเดอร์อื่น")
    for left in target.glob(".*.partial"):
        if not _alive(left):
            shutil.rmtree(left, ignore_errors=True)
    made_at = datetime.now(UTC)
    name = made_at.strftime(STAMP)
    if (target / name).exists():
        time.sleep(1.1)
        made_at = datetime.now(UTC)
        name = made_at.strftime(STAMP)
    aside = target / f".{name}.{os.getpid()}.partial"
    aside.mkdir(mode=0o700)
    try:
        began = time.monotonic()
        kind = _take_cluster(aside, data) if is_embedded() else _take_dump(aside)
        database_seconds = time.monotonic() - began
        count, size, faults = take_files(aside / "files.tsv", target / "files", data)
        parts = {
            path.name: {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
            for path in sorted(aside.iterdir())
        }
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "made_at": made_at.isoformat(),
            "kind": kind,
            "postgres": MAJOR if kind == "cluster" else None,
            "keys": [fingerprint(key) for key in keys],
            "parts": parts,
            "files": {"count": count, "bytes": size},
            "faults": faults,
            "seconds": {"database": round(database_seconds, 2), "all": round(time.monotonic() - began, 2)},
            **facts,
        }
        manifest["seal"] = seal(manifest, keys[0])
        write(aside / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        for path in aside.iterdir():
            sync(path)
        sync(aside)
        aside.rename(target / name)
        sync(target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return Backup(target / name, manifest)


def _alive(partial: Path) -> bool:
    pid = partial.name.split(".")[-2]
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        pass
    return True


def _run(command: list[str], env: dict[str, str] | None = None) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=kept | {"LC_ALL": "C"} | (env or {}),
        cwd="/",
    )
    try:
        _out, err = process.communicate()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if process.returncode:
        words = err.decode(errors="replace").strip()
        why = "หน้าข้อมูลเสีย รัน khet verify" if "checksum" in words else "ตรวจพื้นที่ว่างและสิทธิ์ของโฟลเดอร์"
        raise DatabaseFault(f"สำรองฐานข้อมูลไม่สำเร็จ {why}\n{words[-600:]}")


def _take_cluster(folder: Path, data: Path) -> str:
    """The embedded server's pages while it works; every page's checksum is checked on the way."""
    cluster = cluster_of(data)
    _run(
        [
            program("pg_basebackup"),
            *(f"--pgdata={folder}", "--format=tar", "--wal-method=stream", "--checkpoint=fast"),
            *("--compress=client-gzip:1", "--manifest-checksums=SHA256", "--no-password"),
            *("--username=postgres", f"--host={cluster.socket}", f"--label={folder.name}"),
        ]
    )
    return "cluster"


def dump_environment() -> tuple[list[str], dict[str, str]]:
    """How PostgreSQL's own programs reach an outside server: arguments without the password, and environment."""
    from django.conf import settings  # noqa: PLC0415 – only for an outside server

    known = settings.DATABASES["default"]
    arguments = [f"--dbname={known['NAME']}", "--no-password"]
    for name, option in (("HOST", "--host"), ("PORT", "--port"), ("USER", "--username")):
        if known.get(name):
            arguments.append(f"{option}={known[name]}")
    env = {"PGPASSWORD": str(known.get("PASSWORD") or "")}
    for name, variable in (("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT")):
        if name in known["OPTIONS"]:
            env[variable] = str(known["OPTIONS"][name])
    return arguments, env


def _take_dump(folder: Path) -> str:
    arguments, env = dump_environment()
    _run(
        [program("pg_dump"), "--format=custom", "--compress=gzip:1", "--no-owner", "--no-privileges",
         f"--file={folder / 'database.dump'}", *arguments],
        env,
    )  # fmt: skip
    return "dump"


def data_files(data: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Every file to be kept: all of the data folder but what can be made again, the database and the key."""

    def walk(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda found: found.name):
                path = Path(entry.path).relative_to(data)
                if entry.is_dir(follow_symlinks=False):
                    if path not in NOT_FILES:
                        yield from walk(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    with contextlib.suppress(FileNotFoundError):
                        yield path, entry.stat(follow_symlinks=False)

    for top in sorted(data.iterdir()):
        if top.name in NOT_TAKEN or top.name.startswith((".", "before-", "restore-")):
            continue
        if top.is_dir() and not top.is_symlink():
            yield from walk(top)
        elif top.is_file():
            yield top.relative_to(data), top.stat()


def is_hash(name: str) -> bool:
    return len(name) == 64 and not set(name) - set("0123456789abcdef")


def take_files(
    listing: Path | None, store: Path, data: Path, *, since: float = 0
) -> tuple[int, int, list[str]]:
    """Copy what the store lacks and write the list; returns count, bytes and faults in sentences.

    A file named by its own hash that is in the store already is not read again; one whose bytes no longer
    match its name is not copied over the good ones, and is reported.
    """
    count = size = 0
    faults: list[str] = []
    touched: set[Path] = set()
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(open(listing, "w", encoding="utf-8")) if listing else None
        for path, found in data_files(data):
            if found.st_mtime < since:
                continue
            known = path.name if is_hash(path.name) else ""
            if not (known and _same_size(stored(store, known), found.st_size)):
                try:
                    sha256 = _copy(data / path, store, touched)
                except FileNotFoundError:
                    continue  # deleted meanwhile: a temporary or an orphan that was collected
                if known and sha256 != known:
                    faults.append(f"แฟ้ม {path} ไม่ตรงกับลายนิ้วมือในชื่อ")
                    if not stored(store, known).exists():
                        known = sha256
                else:
                    known = sha256
            count += 1
            size += found.st_size
            if out:
                out.write(f"{known}\t{found.st_size}\t{path}\n")
        for folder in touched:
            sync(folder)
        if out:
            out.flush()
            os.fsync(out.fileno())
    return count, size, faults


def _same_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _copy(source: Path, store: Path, touched: set[Path]) -> str:
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = store / f".{os.getpid()}.partial"
    digest = hashlib.sha256()
    with open(source, "rb") as given, open(aside, "wb") as out:
        while chunk := given.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    place = stored(store, digest.hexdigest())
    place.parent.mkdir(exist_ok=True, mode=0o700)
    aside.replace(place)
    touched.add(place.parent)
    return digest.hexdigest()


def list_backups(target: Path) -> list[Backup]:
    """Complete backups in a backup folder, newest first. One under way or broken off is none."""
    found = []
    if (target / "manifest.json").exists():
        return [Backup(target, _manifest(target))]
    for folder in target.iterdir() if target.is_dir() else ():
        if not folder.name.startswith(".") and (folder / "manifest.json").exists():
            found.append(Backup(folder, _manifest(folder)))
    return sorted(found, key=lambda backup: backup.folder.name, reverse=True)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        datetime.fromisoformat(manifest["made_at"])
        return manifest
    except (ValueError, KeyError, TypeError) as why:
        raise DatabaseFault(f"รายการของข้อมูลสำรอง {folder.name} อ่านไม่ได้ ({why}) ใช้ชุดอื่น") from None


def prune(target: Path, data: Path, *, days: int = 14, months: int = 12) -> list[str]:
    """Keep every backup of the last ``days`` and the first of each of the last ``months``; forget the rest.

    Files and WAL that no kept backup needs go with them. The newest backup always stays.
    """
    backups = list_backups(target)
    if not backups:
        return []
    now = datetime.now(UTC)
    kept: dict[str, Backup] = {}
    firsts: dict[str, Backup] = {}
    for backup in backups:
        if now - backup.made_at <= timedelta(days=days):
            kept[backup.folder.name] = backup
        firsts[backup.folder.name[:6]] = backup
    for _month, backup in sorted(firsts.items(), reverse=True)[:months]:
        kept[backup.folder.name] = backup
    kept[backups[0].folder.name] = backups[0]
    gone = [backup for backup in backups if backup.folder.name not in kept]
    for backup in gone:
        # The name goes first: half a backup is never listed.
        (backup.folder / "manifest.json").unlink()
        shutil.rmtree(backup.folder)
    if gone:
        needed = {sha256 for backup in kept.values() for sha256, _size, _path in backup.files()}
        for path in (target / "files").glob("??/*"):
            if path.name not in needed and now.timestamp() - path.stat().st_mtime > 86400:
                path.unlink()
    _prune_archive(archive_folder(data), min(kept.values(), key=lambda backup: backup.folder.name))
    return [backup.folder.name for backup in gone]


def _prune_archive(archive: Path, oldest: Backup) -> None:
    first = first_wal(oldest)
    if first is None or not archive.is_dir():
        return
    for path in archive.iterdir():
        segment = path.name.split(".")[0]
        if len(segment) == 24 and segment[8:] < first[8:]:
            path.unlink(missing_ok=True)


def first_wal(backup: Backup) -> str | None:
    """The name of the first WAL segment the backup needs; None for a dump."""
    if backup.manifest["kind"] != "cluster":
        return None
    import tarfile  # noqa: PLC0415 – only here

    with gzip.open(backup.folder / "base.tar.gz") as stream, tarfile.open(fileobj=stream) as tar:
        for member in tar:
            if member.name.endswith("backup_label"):
                handle = tar.extractfile(member)
                assert handle is not None
                text = handle.read().decode()
                return text.split("(file ")[1].split(")")[0]
    return None
