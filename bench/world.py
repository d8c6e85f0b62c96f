"""The world that is measured: a data folder of its own, seeded once per size, and people signed in."""

from __future__ import annotations

import os
import time
from functools import cache
from pathlib import Path

SIZES = ("demo", "year", "full")


def open_world(size: str) -> None:
    """Start the embedded server on this size's data folder and seed it when it is empty."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")
    os.environ.setdefault("KHET_DATA", str(Path(f"var/bench-{size}").absolute()))
    import django

    from khet.base.database.embedded import ensure_running
    from khet.site.environment import data_folder

    ensure_running(data_folder())
    django.setup()
    from django.utils.translation import activate

    activate("th")
    from django.db import connection

    from khet.site.prepare import collect_static, migrate
    from khet.site.seeding import is_empty, seed

    migrate()
    collect_static()
    if is_empty():
        begin = time.monotonic()
        seed(size, say=print)
        print(f"seeded {size} in {time.monotonic() - begin:.0f} s")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def facts() -> str:
    """How large the world is, in one line."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM org_unit WHERE kind = 'school'), (SELECT count(*) FROM org_person),"
            " (SELECT count(*) FROM letters_letter), (SELECT count(*) FROM letters_receipt),"
            " pg_size_pretty(pg_database_size(current_database()))"
        )
        schools, people, letters, receipts, size = cursor.fetchone()
    return (
        f"{schools} schools, {people:,} people, {letters:,} letters, {receipts:,} receipts, database {size}"
    )


def account_of(who: str):
    """An account by its demo user name; ``clerk`` and ``principal`` are those of one school."""
    from khet.base.org.api import Account

    prefix = {"clerk": "c.", "principal": "p."}.get(who)
    if prefix:
        return Account.objects.filter(username__startswith=prefix).order_by("username").first()
    return Account.objects.get(username=who)


@cache
def sign_in(who: str):
    """A test client signed in with a second factor; requests go through the whole middleware."""
    from django.test import Client

    from khet.base.signin import sessions

    client = Client(SERVER_NAME="localhost")
    client.force_login(account_of(who))
    session = client.session
    session[sessions.SEEN_AT] = session[sessions.BEGUN_AT] = time.time()
    session[sessions.SECOND_FACTOR] = True
    session.save()
    return client


def actor_of(who: str):
    from khet.base.org.api import Actor

    account = account_of(who)
    actor = Actor.of(account.person, account=account)
    actor.fresh_sign_in = True
    return actor
