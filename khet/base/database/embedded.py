"""The embedded PostgreSQL: its cluster made, set up, started, watched and stopped.

The programs come from a wheel; everything else is here, because the wheel's own starter waits behind one lock
for the whole machine, opens every folder above the data to all users, and knows no archive, no checksums and
no restart after a crash. See ``docs/decisions/0008-embedded-database-backup-restore.md``.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

from khet.base.database.address import DATABASE_NAME, archive_folder, cluster_folder, socket_folder
from khet.base.database.programs import MAJOR, DatabaseFault, make_passable, own, owner_of, program, run

INCLUDE = "include_if_exists = 'khet.conf'"
START_SECONDS = 600  # replaying much WAL after a crash may take minutes; waiting is right


class Cluster:
    """One PostgreSQL cluster in ``folder``. ``durable=False`` is for tests alone: it does not wait for the disk.

    ``archive`` is where finished WAL goes; None archives nothing (tests, side servers of a restore).
    """

    def __init__(
        self, folder: Path, *, durable: bool = True, archive: Path | None = None, small: bool = False
    ) -> None:
        self.folder = folder.absolute()
        self.durable = durable
        self.archive = archive
        self.small = small
        self.socket = socket_folder(self.folder)

    # making

    def make(self) -> None:
        """Create the cluster when absent: aside first, then renamed, so that a kill leaves nothing half-made."""
        if (self.folder / "PG_VERSION").exists():
            return
        user = owner_of(self.folder)
        if self.folder.exists() and any(self.folder.iterdir()):
            raise DatabaseFault(f"โฟลเดอร์ {self.folder} มีแฟ้มอยู่แต่ไม่ใช่ฐานข้อมูล ย้ายออกก่อนแล้วเริ่มใหม่")
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        make_passable(self.folder)
        make_passable(Path(program("postgres")))
        aside = self.folder.with_name(f".{self.folder.name}.new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir()
        own(aside, user, mode=0o700)
        done = run(
            "initdb",
            *("--pgdata", aside, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"),
            *(
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                "--no-instructions",
            ),
            *(() if self.durable else ("--no-sync",)),
            as_user=user,
        )
        if done.returncode:
            raise DatabaseFault(f"สร้างฐานข้อมูลที่ {self.folder} ไม่สำเร็จ: {done.stdout.strip()[-500:]}")
        if self.folder.exists():
            self.folder.rmdir()
        aside.rename(self.folder)

    # settings

    def settings(self) -> dict[str, str]:
        """What differs from PostgreSQL's defaults, and why where it is not plain."""
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20  # MB
        shared = 64 if self.small else max(128, min(memory // 8, 2048))
        values = {
            "listen_addresses": "",  # only the socket, which only this user can reach
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": f"{shared}MB",
            "effective_cache_size": f"{max(256, memory // 2)}MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "random_page_cost": "1.1",
            "jit": "off",  # our statements are short; compiling them costs more than it saves
            "wal_level": "replica",
            "max_wal_size": "2GB",
            "wal_compression": "pglz",
            "timezone": "Asia/Bangkok",
            "lc_messages": "C",
            "idle_in_transaction_session_timeout": "10min",
            "logging_collector": "on",
            "log_directory": "logs",
            "log_filename": "postgres-%a.log",
            "log_rotation_age": "1d",
            "log_truncate_on_rotation": "on",
            "log_file_mode": "0600",
            "log_min_duration_statement": "2s",
            # The log never holds the values of a row or of a parameter: they may be somebody's.
            "log_parameter_max_length": "0",
            "log_error_verbosity": "terse",
        }
        if self.durable:
            values |= {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
        else:
            values |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "max_wal_senders": "0",
                "wal_level": "minimal",
                "max_connections": "300",
                "autovacuum": "off",
                "logging_collector": "off",
            }
        if self.archive is not None:
            values |= {
                "archive_mode": "on",
                "archive_command": f"/bin/sh '{self.folder / 'archive.sh'}' '%p' '%f'",
                "archive_timeout": "300",  # at most five minutes of work are only on this disk
            }
        return values

    def configure(self) -> None:
        """Write ``khet.conf`` and the archive script; PostgreSQL's own files stay as they are but for one line."""
        user = owner_of(self.folder)
        lines = [
            f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in self.settings().items()
        ]
        _write(self.folder / "khet.conf", "\n".join(["# written by khet at every start", *lines, ""]), user)
        main = self.folder / "postgresql.conf"
        text = main.read_text()
        if INCLUDE not in text:
            _write(main, f"{text.rstrip()}\n\n{INCLUDE}\n", user)
        if self.archive is not None:
            self.archive.mkdir(parents=True, exist_ok=True)
            make_passable(self.archive)
            own(self.archive, user, mode=0o700)
            _write(self.folder / "archive.sh", ARCHIVE.format(folder=self.archive), user)
        if self.socket != self.folder:
            self.socket.mkdir(parents=True, exist_ok=True)
            make_passable(self.socket)
            own(self.socket, user, mode=0o700)

    # running

    def postmaster(self) -> int | None:
        """The process id of this cluster's running server, or None. A stale pid file is not believed."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if _is_postgres(pid) else None

    def answers(self) -> bool:
        if self.postmaster() is None:
            return False
        try:
            with self.connect(connect_timeout=3):
                return True
        except psycopg.OperationalError:
            return False

    def connect(self, database: str = "postgres", **options: object) -> psycopg.Connection:
        return psycopg.connect(
            dbname=database, user="postgres", host=str(self.socket), autocommit=True, **options
        )

    def start(self) -> bool:
        """Start when not running and wait until it answers; True when it was started here.

        After a kill of any kind this needs no human help: a stale pid file is removed, orphaned server
        processes are waited for, and the WAL is replayed.
        """
        if self.answers():
            return False
        self._check_version()
        self.configure()
        user = owner_of(self.folder)
        log = self.folder / "start.log"
        for attempt in range(30):
            if self.postmaster() is not None:
                if self._wait_until_ready():
                    return False
                continue
            if not self._orphans():
                # What a killed server left; PostgreSQL itself would believe a recycled or unburied process id.
                (self.folder / "postmaster.pid").unlink(missing_ok=True)
                (self.socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
            done = run(
                "pg_ctl",
                *("start", "--wait", "--timeout", str(START_SECONDS), "--silent"),
                *("--pgdata", self.folder, "--log", log),
                as_user=user,
            )
            if done.returncode == 0 and self.answers():
                return True
            if attempt >= 3 and not self._orphans() and self.postmaster() is None:
                break
            time.sleep(1)
        tail = log.read_text(errors="replace")[-1500:] if log.exists() else done.stdout[-1500:]
        raise DatabaseFault(
            f"เปิดฐานข้อมูลที่ {self.folder} ไม่ได้ ดูสาเหตุด้านล่างและใน {self.folder / 'logs'}\n{tail.strip()}"
        )

    def stop(self, mode: str = "fast") -> None:
        if self.postmaster() is None:
            return
        done = run(
            "pg_ctl",
            *("stop", "--wait", "--timeout", "60", "--silent", "--mode", mode, "--pgdata", self.folder),
            as_user=owner_of(self.folder),
        )
        if done.returncode and self.postmaster() is not None:
            raise DatabaseFault(f"หยุดฐานข้อมูลที่ {self.folder} ไม่ได้: {done.stdout.strip()[-500:]}")

    def others_connected(self) -> bool:
        """Whether any other client uses the server just now."""
        with self.connect() as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
        return bool(row and row[0])

    def ensure_database(self, name: str = DATABASE_NAME) -> None:
        with self.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(
                    sql.SQL(
                        "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
                        " LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
                    ).format(sql.Identifier(name))
                )

    def _check_version(self) -> None:
        version = (self.folder / "PG_VERSION").read_text().strip()
        if version != str(MAJOR):
            raise DatabaseFault(
                f"ฐานข้อมูลที่ {self.folder} เป็นของ PostgreSQL {version} แต่โปรแกรมที่ติดตั้งเป็นรุ่น {MAJOR}"
                " ใช้ khet รุ่นเดิมสำรองข้อมูล แล้วกู้คืนด้วยรุ่นนี้"
            )

    def _wait_until_ready(self) -> bool:
        end = time.monotonic() + START_SECONDS
        while self.postmaster() is not None and time.monotonic() < end:
            if self.answers():
                return True
            time.sleep(0.1)
        return False

    def _orphans(self) -> bool:
        """Server processes whose postmaster was killed still hold the memory; they leave by themselves."""
        try:
            key = (self.folder / "postmaster.pid").read_text().split("\n")[6].split()
        except (OSError, IndexError):
            return False
        if len(key) < 2:
            return False
        marker = Path("/proc/sysvipc/shm")
        if not marker.exists():
            return False
        for line in marker.read_text().splitlines()[1:]:
            columns = line.split()
            if columns[1] == key[1] and int(columns[6]) > 0:
                return True
        return False


ARCHIVE = """\
# PostgreSQL calls this for each finished WAL file: $1 its path, $2 its name. Written by khet.
# The copy is on the disk, whole, before its name appears; a name is never overwritten with something else.
set -eu
folder='{folder}'
if test -e "$folder/$2.gz"; then
    gzip -cd "$folder/$2.gz" | cmp -s - "$1"
    exit
fi
gzip -1 -c "$1" > "$folder/.$2.partial"
sync "$folder/.$2.partial"
mv "$folder/.$2.partial" "$folder/$2.gz"
sync "$folder"
"""


def _write(path: Path, text: str, user: object) -> None:
    if path.exists() and path.read_text() == text:
        return
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(text)
    own(aside, user, mode=0o600)  # type: ignore[arg-type]
    aside.replace(path)


def _is_postgres(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return False
        shown = subprocess.run(
            ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        command = shown.stdout
    return "postgres" in command


@contextmanager
def locked(data: Path, name: str = "database") -> Iterator[None]:
    """One process of this data folder at a time; released by the system when the process dies."""
    folder = data / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def cluster_of(data: Path, *, durable: bool = True) -> Cluster:
    """The cluster of a data folder, with its archive beside it."""
    archives = durable and "KHET_SIDE" not in os.environ  # a restore's side server must not touch the archive
    return Cluster(
        cluster_folder(data),
        durable=durable,
        archive=archive_folder(data) if archives else None,
        small=not durable,
    )


def ensure_running(data: Path, *, durable: bool = True) -> bool:
    """Start the embedded server of a data folder when needed and create its database; True when started here."""
    cluster = cluster_of(data, durable=durable)
    if cluster.answers():
        return False
    with locked(data):
        finish_swap(data)
        cluster.make()
        started = cluster.start()
        cluster.ensure_database()
    return started


def finish_swap(data: Path) -> None:
    """Complete an exchange of a restored folder for the live one that a crash broke off; see ``restore.py``.

    Every step can be repeated, so whatever moment the crash came, the end is the same.
    """
    intent = data / "run" / "swap.json"
    if not intent.exists():
        return
    plan = json.loads(intent.read_text())
    side, before = data / plan["side"], data / plan["before"]
    before.mkdir(exist_ok=True, mode=0o700)
    make_passable(before / "postgres")
    for top in plan["tops"]:
        if (side / top).exists():
            if (data / top).exists():
                (data / top).rename(before / top)
            (side / top).rename(data / top)
    for folder in (before, data):
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    shutil.rmtree(side, ignore_errors=True)
    intent.unlink()


@contextmanager
def running(data: Path) -> Iterator[Cluster]:
    """The embedded server for one command: left as it was found, unless others came to use it meanwhile."""
    started = ensure_running(data)
    cluster = cluster_of(data)
    try:
        yield cluster
    finally:
        if started:
            with locked(data), suppress(psycopg.OperationalError):
                if not cluster.others_connected():
                    cluster.stop()


def kill_everything(cluster: Cluster) -> None:
    """The power cut: SIGKILL to the server and all its processes at once. For fault tests."""
    pid = cluster.postmaster()
    if pid is None:
        return
    import psutil  # noqa: PLC0415 – only here

    main = psutil.Process(pid)
    family = [main, *main.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGSTOP)
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
