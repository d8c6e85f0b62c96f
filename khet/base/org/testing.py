"""For tests: a session that counts as freshly signed in."""

from __future__ import annotations

import time

from django.test import Client

from khet.base.org.middleware import FRESH_UNTIL


def freshen(client: Client) -> None:
    """As after confirming who one is a moment ago."""
    session = client.session
    session[FRESH_UNTIL] = time.time() + 300
    session.save()
