"""Restore: everything is proved in a side folder first; the live folder is only exchanged at the end.

1. the manifest: its seal, every part's SHA-256, and that this code knows every migration of the backup;
2. the database and the files laid out in ``restore-<stamp>`` inside the data folder, each file's hash checked
   while it is copied; WAL replayed when a moment is asked for;
3. that folder verified with the same checks as ``khet verify``, by its own server on its own socket;
4. the exchange: the old folders move to ``before-<stamp>``, which is kept until a person deletes it.

Until step 4 nothing of the live data has been touched. Step 4 is written down before it begins and completed
at the next start if a crash breaks it off.
"""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import hmac
import json
import os
import pwd
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from khet.base.database.address import DATABASE_NAME, archive_folder, is_embedded
from khet.base.database.backup import (
    CHUNK,
    FORMAT,
    STAMP,
    Backup,
    dump_environment,
    fingerprint,
    first_wal,
    is_hash,
    list_backups,
    seal,
    sha256_of,
    stored,
    sync,
    write,
)
from khet.base.database.embedded import Cluster, cluster_of, finish_swap, locked
from khet.base.database.programs import MAJOR, DatabaseFault, make_passable, own, owner_of, program

Say = Callable[[str], None]


def choose(source: Path, until: datetime | None) -> Backup:
    """The newest complete backup in ``source`` (or ``source`` itself), made before ``until``."""
    backups = [b for b in list_backups(source) if until is None or b.made_at <= until]
    if not backups:
        raise DatabaseFault(
            f"ไม่พบข้อมูลสำรองที่สมบูรณ์ใน {source}" + (f" ก่อน {until:%Y-%m-%d %H:%M}" if until else "")
        )
    return backups[0]


def prove(backup: Backup, keys: list[str], known: Iterable[tuple[str, str]] | None, *, new_key: bool) -> None:
    """Refuse a backup that is not whole, not ours, or newer than this code. Reads only the backup."""
    manifest = backup.manifest
    name = backup.folder.name
    if manifest.get("format", 0) > FORMAT:
        raise DatabaseFault(f"ข้อมูลสำรอง {name} มาจาก khet รุ่นใหม่กว่านี้ ใช้รุ่นนั้นกู้คืน")
    if not new_key:
        key = next((key for key in keys if fingerprint(key) in manifest.get("keys", [])), None)
        if key is None:
            raise DatabaseFault(
                f"กุญแจลับไม่ตรงกับข้อมูลสำรอง {name} วางแฟ้ม secret_key ของระบบเดิมในโฟลเดอร์ข้อมูล"
                " หรือกำหนด KHET_SECRET_KEY แล้วสั่งใหม่"
                " ถ้ากุญแจหายจริง ใช้ --new-key (ทุกคนต้องลงชื่อเข้าใช้และตั้งปัจจัยที่สองใหม่)"
            )
        signer = next(
            (k for k in keys if hmac.compare_digest(seal(manifest, k), manifest.get("seal", ""))), None
        )
        if signer is None:
            raise DatabaseFault(f"รายการของข้อมูลสำรอง {name} ถูกแก้ไข ตราไม่ตรง ใช้ชุดอื่น")
    for part, facts in manifest["parts"].items():
        path = backup.folder / part
        if not path.exists():
            raise DatabaseFault(f"ข้อมูลสำรอง {name} ไม่ครบ ขาด {part} ใช้ชุดอื่น")
        if path.stat().st_size != facts["bytes"] or sha256_of(path) != facts["sha256"]:
            raise DatabaseFault(f"ข้อมูลสำรอง {name} เสีย แฟ้ม {part} ไม่ตรงกับรายการ ใช้ชุดอื่น")
    if known is not None:
        ours = set(known)
        newer = sorted(f"{a}.{m}" for a, m in map(tuple, manifest["migrations"]) if (a, m) not in ours)
        if newer:
            raise DatabaseFault(f"ข้อมูลสำรอง {name} มาจาก khet รุ่นใหม่กว่านี้ (มี {newer[0]}) ติดตั้งรุ่นนั้นก่อนแล้วกู้คืน")
    if manifest["kind"] == "cluster":
        if manifest["postgres"] != MAJOR:
            raise DatabaseFault(f"ข้อมูลสำรอง {name} เป็นของ PostgreSQL {manifest['postgres']} แต่รุ่นนี้ใช้ {MAJOR}")
        if not is_embedded():
            raise DatabaseFault(
                "ข้อมูลสำรองนี้มาจากฐานข้อมูลที่ฝังมา กู้คืนโดยไม่กำหนด DATABASE_URL ก่อน แล้วสำรองและกู้คืนต่อไปยังฐานข้อมูลภายนอก"
            )


def refuse_while_running(data: Path) -> None:
    """The office must be closed: nobody's work may go into a database about to be put away."""
    lock = data / "run" / "khet.lock"
    if lock.exists():
        with open(lock) as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DatabaseFault("khet กำลังทำงานกับโฟลเดอร์ข้อมูลนี้ หยุดก่อนแล้วกู้คืน") from None
    if is_embedded():
        cluster = cluster_of(data)
        if cluster.answers() and cluster.others_connected():
            raise DatabaseFault("ยังมีโปรแกรมอื่นใช้ฐานข้อมูลนี้อยู่ หยุดให้หมดก่อนแล้วกู้คืน")


def restore(
    source: Path,
    data: Path,
    *,
    keys: list[str],
    known: Iterable[tuple[str, str]] | None,
    until: datetime | None = None,
    new_key: bool = False,
    despite_faults: bool = False,
    swap: bool = True,
    check: Callable[[Path, str | None], list[str]] | None = None,
    say: Say = lambda text: None,
) -> Path:
    """Restore into a side folder, prove it, and exchange it for the live one; returns the side or old folder.

    ``until``: the moment to return to (embedded server with its WAL archive only). ``swap=False`` stops
    before the exchange and leaves the side folder to the caller. ``check`` (data folder, database URL or
    None) gives the faults of a restored office in sentences; the default runs ``khet verify`` there.
    """
    data.mkdir(parents=True, exist_ok=True)
    source = source.absolute()
    if swap:
        finish_swap(data)
        refuse_while_running(data)
    backup = choose(source, until)
    say(f"ตรวจข้อมูลสำรอง {backup.folder.name}")
    prove(backup, keys, known, new_key=new_key)
    if until is not None and backup.manifest["kind"] != "cluster":
        raise DatabaseFault("ย้อนไปยังเวลาใดเวลาหนึ่งได้เฉพาะฐานข้อมูลที่ฝังมา ให้ใช้ระบบสำรองของเครื่องฐานข้อมูล")
    _room(backup, data)
    stamp = datetime.now(UTC).strftime(STAMP)
    for left in data.glob("restore-*"):
        _remove_side(left)
    side = data / f"restore-{stamp}"
    side.mkdir(mode=0o700)
    url: str | None = None
    try:
        say("วางแฟ้ม")
        lay_files(backup, side, link=not swap)
        if until is not None or not _exactly(source):
            lay_later_files(backup, side, data)
        say("วางฐานข้อมูล")
        if backup.manifest["kind"] == "cluster":
            lay_cluster(backup, side, source, data, until)
        else:
            url = lay_dump(backup, side, stamp)
        say("ตรวจระบบที่กู้คืน")
        faults = (check or verify_aside)(side, url)
        if faults and not despite_faults:
            raise DatabaseFault(
                "ระบบที่กู้คืนมีข้อบกพร่อง ข้อมูลเดิมยังไม่ถูกแตะต้อง ใช้ชุดอื่น หรือ --despite-faults\n" + "\n".join(faults[:20])
            )
        if is_embedded():
            Cluster(side / "postgres").stop()
    except BaseException:
        with contextlib.suppress(DatabaseFault):
            Cluster(side / "postgres").stop("immediate")
        _remove_side(side)
        if url:
            _drop_database(url)
        raise
    if not swap:
        if url:
            _drop_database(url)
        return side
    say("สลับเข้าใช้งาน")
    return exchange(data, side, stamp, backup, until, url)


def _room(backup: Backup, data: Path) -> None:
    needed = backup.manifest["files"]["bytes"] + 12 * sum(
        p["bytes"] for p in backup.manifest["parts"].values()
    )
    free = shutil.disk_usage(data).free
    if free < needed:
        raise DatabaseFault(
            f"พื้นที่ว่างไม่พอสำหรับกู้คืน ต้องการราว {needed // 2**20:,} MB มี {free // 2**20:,} MB เพิ่มพื้นที่ก่อน"
        )


def lay_files(backup: Backup, side: Path, *, link: bool = False) -> int:
    """Copy every listed file out of the store, hashing each; ``link`` only hashes and links (for a test)."""
    count = 0
    for sha256, size, path in backup.files():
        source = stored(backup.store, sha256)
        if path.is_absolute() or ".." in path.parts:
            raise DatabaseFault(f"ข้อมูลสำรองเสีย ชื่อแฟ้ม {path} ออกนอกโฟลเดอร์ ใช้ชุดอื่น")
        place = side / path
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not source.exists() or source.stat().st_size != size:
            raise DatabaseFault(f"ข้อมูลสำรองเสีย แฟ้ม {path} หายหรือไม่ครบในคลังสำรอง ใช้ชุดอื่น")
        if link:
            found = sha256_of(source)
            place.symlink_to(source)
        else:
            found = copy_file(source, place)
        if found != sha256:
            raise DatabaseFault(f"ข้อมูลสำรองเสีย แฟ้ม {path} ไม่ตรงกับลายนิ้วมือ ใช้ชุดอื่น")
        count += 1
    (side / "files").mkdir(exist_ok=True, mode=0o700)
    return count


def _exactly(source: Path) -> bool:
    """One backup was named, not the folder of many: no WAL after it is wanted."""
    return (source / "manifest.json").exists()


def lay_later_files(backup: Backup, side: Path, data: Path) -> int:
    """Files that came after the backup, for the rows that the WAL brings: from the mirror, or the live folder."""
    after = backup.made_at.timestamp() - 60
    count = 0
    for place in [*backup.store.glob("??/*"), *(data / "files").glob("??/??/*")]:
        name = place.name
        target = side / "files" / name[:2] / name[2:4] / name
        if not is_hash(name) or target.exists() or place.stat().st_mtime < after:
            continue
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if copy_file(place, target) == name:
            count += 1
        else:
            target.unlink()
    return count


def copy_file(source: Path, place: Path) -> str:
    """Copy and flush; returns the SHA-256 of what was copied."""
    import hashlib  # noqa: PLC0415 – only here

    digest = hashlib.sha256()
    with open(source, "rb") as given, open(place, "wb") as out:
        while chunk := given.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def lay_cluster(backup: Backup, side: Path, source: Path, data: Path, until: datetime | None) -> None:
    """Unpack the cluster, add archived WAL when it is to be replayed, and start it once to bring it up."""
    folder = side / "postgres"
    user = owner_of(cluster_of(data).folder)
    make_passable(folder)
    folder.mkdir(mode=0o700)
    _unpack(backup.folder / "base.tar.gz", folder)
    wal = folder / "pg_wal"
    wal.mkdir(exist_ok=True)
    _unpack(backup.folder / "pg_wal.tar.gz", wal)
    shutil.rmtree(folder / "logs", ignore_errors=True)
    for stale in ("start.log", "postgresql.auto.conf"):
        (folder / stale).write_text("")
    if until is not None or not _exactly(source):
        _add_wal(backup, folder, [source, source.parent, archive_folder(data).parent])
        lines = [
            f'restore_command = \'gzip -cd "{folder}/khet-wal/%f.gz" > "%p"\'',
            "recovery_target_action = 'promote'",
            "hot_standby = off",
        ]
        if until is not None:
            lines.append(f"recovery_target_time = '{until.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'")
        (folder / "postgresql.auto.conf").write_text("\n".join([*lines, ""]))
        (folder / "recovery.signal").write_text("")
    _give(folder, user)
    cluster = Cluster(folder)
    try:
        cluster.start()
    except DatabaseFault as why:
        if until is not None and "recovery target" in f"{why}{_logs(folder)}":
            raise DatabaseFault("บันทึก WAL ที่มีไปไม่ถึงเวลานั้น เลือกเวลาที่เก่ากว่า") from None
        raise
    cluster.stop()
    (folder / "postgresql.auto.conf").write_text("")
    shutil.rmtree(folder / "khet-wal", ignore_errors=True)
    _give(folder, user)


def _logs(folder: Path) -> str:
    return "".join(path.read_text(errors="replace") for path in (folder / "logs").glob("*.log"))


def _add_wal(backup: Backup, folder: Path, places: list[Path]) -> None:
    wanted = folder / "khet-wal"
    wanted.mkdir(mode=0o700)
    first = first_wal(backup)
    for place in places:
        archive = place / "wal-archive"
        if not archive.is_dir():
            continue
        for path in archive.glob("*.gz"):
            segment = path.name.split(".")[0]
            if first is None or len(segment) < 24 or segment[8:] >= first[8:]:
                shutil.copyfile(path, wanted / path.name)
        return


def _unpack(archive: Path, folder: Path) -> None:
    with gzip.open(archive) as stream, tarfile.open(fileobj=stream) as tar:
        tar.extractall(folder, filter="data")


def _give(folder: Path, user: pwd.struct_passwd | None) -> None:
    for path, folders, names in os.walk(folder):
        for name in (".", *folders, *names):
            own(Path(path) / name, user, mode=0o700 if name == "." or name in folders else 0o600)


def lay_dump(backup: Backup, side: Path, stamp: str) -> str | None:
    """Load a dump into a new embedded cluster, or into a side database of the outside server (its URL)."""
    dump = backup.folder / "database.dump"
    if is_embedded():
        cluster = Cluster(side / "postgres")
        cluster.make()
        cluster.start()
        cluster.ensure_database()
        _load_dump(dump, [f"--host={cluster.socket}", "--username=postgres", f"--dbname={DATABASE_NAME}"], {})
        cluster.stop()
        return None
    url = side_url(stamp)
    with _server() as connection:
        name = sql.Identifier(database_of(url))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'").format(name)
        )
    arguments, env = dump_environment()
    arguments = [a for a in arguments if not a.startswith("--dbname=")]
    _load_dump(dump, [*arguments, f"--dbname={database_of(url)}"], env)
    return url


def _load_dump(dump: Path, arguments: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(
        [program("pg_restore"), "--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction", *arguments, str(dump)],
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", **env},
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise DatabaseFault(f"วางฐานข้อมูลไม่สำเร็จ: {done.stderr.decode(errors='replace').strip()[-600:]}")


def side_url(stamp: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = (parts.path.lstrip("/") or DATABASE_NAME) + f"_restore_{stamp.lower()}"
    return urlunsplit(parts._replace(path=f"/{quote(name)}"))


def database_of(url: str) -> str:
    return urlsplit(url).path.lstrip("/") or DATABASE_NAME


def _server() -> psycopg.Connection:
    """The outside server's maintenance database, to make and rename databases."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True)


def _drop_database(url: str) -> None:
    with contextlib.suppress(psycopg.Error), _server() as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database_of(url)))
        )


def verify_aside(side: Path, url: str | None) -> list[str]:
    """``khet verify`` over the restored folder, by a process of its own."""
    from khet.base.lib.secrets import secret_keys  # noqa: PLC0415 – reads the live folder's key

    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "KHET_BACKUPS"}}
    env |= {"KHET_DATA": str(side), "KHET_SIDE": "1", "KHET_SECRET_KEY": ",".join(secret_keys(side.parent))}
    env.pop("KHET_PROCESS", None)
    if url:
        env["DATABASE_URL"] = url
    done = subprocess.run(
        [sys.executable, "-m", "khet", "verify", "--json"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        found = json.loads(done.stdout)["findings"]
    except (ValueError, KeyError):
        return [f"ตรวจไม่สำเร็จ: {(done.stderr or done.stdout).strip()[-500:]}"]
    # Files that no row names are no loss: the daily work collects them.
    return [finding["sentence"] for finding in found if finding["code"] != "files.extra"]


def exchange(
    data: Path, side: Path, stamp: str, backup: Backup, until: datetime | None, url: str | None
) -> Path:
    """Put the restored folders in place of the live ones; the old ones are kept in ``before-<stamp>``."""
    restored = data / "restored.json"
    history = json.loads(restored.read_text()) if restored.exists() else []
    history.append(
        {
            "at": datetime.now(UTC).isoformat(),
            "backup": backup.folder.name,
            "until": until.isoformat() if until else None,
        }
    )
    write(side / "restored.json", json.dumps(history, indent=1).encode())
    for folder in (side / "run", side / "backups", side / "secret_key"):
        if folder.is_dir():
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)
    tops = sorted(path.name for path in side.iterdir() if not path.name.startswith("."))
    sync(side)
    with locked(data):
        if url is not None:
            _rename_databases(url, stamp)
        elif is_embedded() and (data / "postgres").exists():
            cluster_of(data).stop()
        (data / "run").mkdir(exist_ok=True)
        plan = {"side": side.name, "before": f"before-{stamp}", "tops": tops}
        write(data / "run" / "swap.json", json.dumps(plan).encode())
        finish_swap(data)
    return data / f"before-{stamp}"


def _rename_databases(url: str, stamp: str) -> None:
    """Both renames in one transaction: there is never no database, nor the wrong one."""
    live = database_of(os.environ["DATABASE_URL"])
    with _server() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s) AND pid <> pg_backend_pid()",
            [[live, database_of(url)]],
        )
        with connection.transaction():
            for old, new in ((live, f"{live}_before_{stamp.lower()}"), (database_of(url), live)):
                if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [old]).fetchone():
                    connection.execute(
                        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                            sql.Identifier(old), sql.Identifier(new)
                        )
                    )


def _remove_side(side: Path) -> None:
    with contextlib.suppress(DatabaseFault, OSError):
        if (side / "postgres" / "PG_VERSION").exists():
            Cluster(side / "postgres").stop("immediate")
    shutil.rmtree(side, ignore_errors=True)


def restore_file(source: Path, data: Path, sha256: str) -> Path:
    """Bring one file back from the newest backup that has it whole; the damaged one is kept beside it."""
    for backup in list_backups(source):
        for found, _size, path in backup.files():
            if found != sha256:
                continue
            kept = stored(backup.store, sha256)
            if not kept.exists() or sha256_of(kept) != sha256:
                raise DatabaseFault(f"แฟ้ม {sha256} ในคลังสำรองก็เสีย หาจากข้อมูลสำรองที่อื่น")
            place = data / path
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside = place.with_name(f".{place.name}.restored")
            copy_file(kept, aside)
            aside.replace(place)
            sync(place.parent)
            return place
    raise DatabaseFault(f"ไม่มีแฟ้ม {sha256} ในข้อมูลสำรองที่ {source}")
