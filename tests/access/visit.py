"""Asking as somebody: a signed-in client, an answer's status as a person meets it, and what a request wrote."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from khet.base.org.middleware import FRESH_UNTIL
from khet.base.signin.sessions import SECOND_FACTOR
from tests.access.world import World

#: What a request may write although it is refused: the session, the trail of sign-ins and of programs, the journal, and the words
#: that a person typed into a step of their own, kept so that no refusal loses them.
OWN_TABLES = {
    "workflow_draft",
    "django_session",
    "usersessions_usersession",
    "signin_event",
    "signin_counter",
    "journal_entry",
    "api_call",
}


def enter(world: World, role: str, *, fresh: bool = True) -> Client:
    """A browser of somebody of the world, signed in with second factor, an hour ago for ``suspended``."""
    client = Client(raise_request_exception=False)
    if role == "anonymous":
        return client
    client.force_login(world.accounts[role])
    session = client.session
    session[SECOND_FACTOR] = True
    if fresh:
        session[FRESH_UNTIL] = time.time() + 3600
    session.save()
    return client


def status_of(response: HttpResponse) -> int:
    """htmx takes a redirect in a header; it counts as the redirect it is."""
    return 302 if "HX-Redirect" in response.headers else response.status_code


def body_of(response: HttpResponse) -> bytes:
    """All bytes of an answer; reading a stream to its end also closes its file."""
    return response.getvalue() if response.streaming else response.content


@contextmanager
def undone() -> Iterator[None]:
    """Everything inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def touched() -> dict[str, int]:
    """Rows inserted, changed and deleted so far in this transaction, by table; rolled back ones count too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


def content(table: str) -> str:
    """A fingerprint of all rows of a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{table}\" t"
        )
        return cursor.fetchone()[0]
