"""Whether this process lives and whether it may be sent work. For machines: JSON, no sign-in, no secrets."""

from __future__ import annotations

import os
import shutil
from functools import cache
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

LEAST_FREE = 500 * 2**20  # bytes; below this uploads and the database are soon in trouble


@login_not_required
@never_cache
@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else: a database that is away is no reason to kill the process."""
    return JsonResponse({"ok": True})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations, disk space and the folder of files; 503 when any is not right."""
    parts = {
        "database": database_answers(),
        "migrations": migrations_applied(),
        "disk": disk_free(settings.DATA) >= LEAST_FREE,
        "files": folder_writable(Path(settings.KHET_FILES)),
    }
    ok = all(parts.values())
    return JsonResponse({"ok": ok, **parts}, status=200 if ok else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        connection.close()
        return False


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """All migrations this code brings, by the names of their files."""
    found = set()
    for config in apps.get_app_configs():
        try:
            package = import_module(f"{config.name}.migrations")
        except ModuleNotFoundError:
            continue
        for folder in getattr(package, "__path__", ()):
            found |= {
                (config.label, path.stem)
                for path in Path(folder).glob("*.py")
                if not path.stem.startswith("_")
            }
    return frozenset(found)


def migrations_applied() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return known_migrations() <= set(cursor.fetchall())
    except DatabaseError:
        connection.close()
        return False


def disk_free(folder: Path) -> int:
    """Free bytes for this user where ``folder`` lies."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def folder_writable(folder: Path) -> bool:
    """Whether a file can really be made in the folder; permission bits alone do not tell."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"khet")
        probe.unlink()
        return True
    except OSError:
        return False
