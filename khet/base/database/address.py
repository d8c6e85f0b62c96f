"""Where the database is: an outside server by ``DATABASE_URL``, else the embedded one in the data folder."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

DATABASE_NAME = "khet"

# What the kernel allows for a socket's path: 108 bytes on Linux, 104 on macOS, with the name's 14 and a zero.
_LONGEST_FOLDER = 104 - len("/.s.PGSQL.5432") - 1

# Limits by kind of process. A page must not wait longer than a person does; a job or a command may.
_LIMITS = {
    "web": "-c statement_timeout=20s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
    "worker": "-c lock_timeout=60s",
    "command": "",
}


# Statements of seven or more joins take longer to plan than to answer: looking through every order of joins was nine
# tenths of a desk's time in the database. The order in which the ORM writes them is the order of the question.
_PLANNING = "-c join_collapse_limit=5 -c from_collapse_limit=5"


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def cluster_folder(data: Path) -> Path:
    """The folder of the embedded PostgreSQL cluster."""
    return data / "postgres"


def backups_folder(data: Path) -> Path:
    """Where the nightly backup goes: KHET_BACKUPS (best another disk), else ``backups`` in the data folder."""
    return Path(os.environ.get("KHET_BACKUPS") or data / "backups").absolute()


def archive_folder(data: Path) -> Path:
    """Where the embedded server puts finished WAL, for restoring to a moment; beside the backups."""
    return backups_folder(data) / "wal-archive"


def socket_folder(cluster: Path) -> Path:
    """Where the server's socket lies: the cluster itself, or a short folder when its path is too long for one.

    Either is open to nobody but the server's own user (and root).
    """
    if len(os.fsencode(cluster)) <= _LONGEST_FOLDER:
        return cluster
    digest = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    return Path("/tmp") / f"khet-{digest}"  # noqa: S108 – made 0700, and its owner is checked by the server


def process_kind() -> str:
    """``web``, ``worker`` or ``command``: what this process is, as ``khet`` set it when it started it."""
    kind = os.environ.get("KHET_PROCESS", "command")
    return kind if kind in _LIMITS else "command"


def connection_settings(data: Path) -> dict[str, object]:
    """Django's ``DATABASES["default"]``, made without touching the server.

    Under ASGI every request has a thread of its own, so connections live in a pool of the process. Two web
    processes and the worker together stay below half of the server's 100 connections.
    """
    kind = process_kind()
    options: dict[str, object] = {"options": f"-c timezone=Asia/Bangkok {_PLANNING} {_LIMITS[kind]}".strip()}
    base: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
    }
    if kind == "web":
        # After two seconds without success the pool gives up and tries anew at the next request; its own
        # waits double each time and would outlast a restart of the server.
        options["pool"] = {
            "min_size": 1,
            "max_size": 12,
            "timeout": 5,
            "max_idle": 300,
            "reconnect_timeout": 2,
        }
        options["connect_timeout"] = "5"
    url = os.environ.get("DATABASE_URL")
    if not url:
        return base | {
            "NAME": DATABASE_NAME,
            "USER": "postgres",
            "HOST": str(socket_folder(cluster_folder(data))),
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit(f"DATABASE_URL ต้องขึ้นต้นด้วย postgresql:// ไม่ใช่ {parts.scheme}://")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or parts.hostname or ""
    port = query.pop("port", None) or parts.port or ""
    return base | {
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE_NAME,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port),
        "OPTIONS": options | query,
    }
