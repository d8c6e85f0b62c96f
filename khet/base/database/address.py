"""Where the database is: an outside server by ``DATABASE_URL``, else the embedded one in the data folder."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

DATABASE_NAME = "khet"


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def cluster_folder(data: Path) -> Path:
    """The folder of the embedded PostgreSQL cluster; its socket lies in it."""
    return data / "postgres"


def connection_settings(data: Path) -> dict[str, object]:
    """Django's ``DATABASES["default"]``, made without touching the server."""
    options: dict[str, object] = {"options": "-c timezone=Asia/Bangkok"}
    base = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": options, "CONN_HEALTH_CHECKS": True}
    url = os.environ.get("DATABASE_URL")
    if not url:
        return base | {"NAME": DATABASE_NAME, "USER": "postgres", "HOST": str(cluster_folder(data))}
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit(f"DATABASE_URL ต้องขึ้นต้นด้วย postgresql:// ไม่ใช่ {parts.scheme}://")
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or parts.hostname or ""
    return base | {
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE_NAME,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options | query,
    }
