"""What must be right before a page is served: migrations, roles, static files, and the demo for a new machine."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from khet.base.lib.errors import Refusal

_LOCK = 0x6B686D67  # one process migrates at a time, on any number of machines


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the database's own lock while preparing. It is freed with the connection, whatever happens."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def wait_for_database(seconds: float = 60) -> None:
    """Wait until the database answers: after a boot an outside server may come up later than we do."""
    end = time.monotonic() + seconds
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError as why:
            if time.monotonic() > end:
                raise Refusal(
                    f"ติดต่อฐานข้อมูลไม่ได้ใน {seconds:.0f} วินาที ตรวจ DATABASE_URL และเครื่องฐานข้อมูล ({why})",
                    code="database.unreachable",
                ) from None
            connection.close()
            time.sleep(0.5)


def pending_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def unknown_migrations() -> list[str]:
    """Migrations the database has that this code does not know: the database is newer than the code."""
    loader = MigrationExecutor(connection).loader
    ours = {config.label for config in apps.get_app_configs()}
    known = set(loader.disk_migrations) | set(loader.replacements)
    return sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if app in ours and (app, name) not in known
    )


def migrate(say: Callable[[str], None] = lambda text: None) -> int:
    """Apply what is missing, one migration per transaction; a kill loses only the one under way."""
    wait_for_database()
    with only_one():
        newer = unknown_migrations()
        if newer:
            raise Refusal(
                f"ฐานข้อมูลใหม่กว่าโปรแกรม (มี {newer[-1]}) ใช้ khet รุ่นที่ใหม่กว่าหรือเท่ากัน",
                code="database.newer",
            )
        pending = pending_migrations()
        if pending:
            say(f"ปรับโครงสร้างฐานข้อมูล {len(pending)} ขั้น")
            call_command("migrate", verbosity=0, interactive=False)
    return len(pending)


def static_fingerprint() -> str:
    """Changes when any static file of any app does, by name, size or time."""
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415 – needs settings

    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static(say: Callable[[str], None] = lambda text: None) -> bool:
    """Collect static files when they changed. Older files stay, so that pages already open keep working."""
    if settings.WHITENOISE_USE_FINDERS:
        return False
    marker = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = static_fingerprint()
    if marker.exists() and marker.read_text() == fingerprint:
        return False
    say("รวบรวมแฟ้มหน้าตา")
    call_command("collectstatic", verbosity=0, interactive=False)
    marker.write_text(fingerprint)
    return True


def prepare(*, demo: bool, say: Callable[[str], None]) -> None:
    """Everything, in order. ``demo``: fill the invented office when the database is empty."""
    from khet.base.org.api import ensure_roles  # noqa: PLC0415 – needs loaded models
    from khet.site.seeding import is_empty, seed  # noqa: PLC0415

    migrate(say)
    with only_one():
        ensure_roles()
        collect_static(say)
        if demo and is_empty():
            say("สร้างสำนักงานสาธิต")
            seed("demo", say=say)
    welcome(settings.DATA / "run" / "welcome.txt")


def welcome(path: Path) -> None:
    """Leave the demo accounts for whoever announces the address; nothing in a real office."""
    path.unlink(missing_ok=True)
    if not settings.IS_LOCAL:
        return
    from khet.base.org.api import Account, Profile  # noqa: PLC0415
    from khet.base.signin.api import DEMO_PASSWORD  # noqa: PLC0415
    from khet.modules.office import seeds  # noqa: PLC0415

    if not Profile.load().is_demo:
        return
    wanted = {leader[-1]: leader[3] for leader in seeds.LEADERS[:8]}
    for letter, title in (("p", "ผู้อำนวยการโรงเรียน"), ("c", "ธุรการโรงเรียน"), ("t1", "ครู")):
        first = (
            Account.objects.filter(username__startswith=f"{letter}.", is_active=True)
            .order_by("username")
            .first()
        )
        if first:
            wanted[first.username] = title
    there = set(
        Account.objects.filter(username__in=wanted, is_active=True).values_list("username", flat=True)
    )
    lines = [f"  {name:<14} {title}" for name, title in wanted.items() if name in there]
    path.write_text("\n".join([f"บัญชีสาธิต ทุกบัญชีใช้รหัสผ่าน {DEMO_PASSWORD}", *lines]))
