"""For tests: what ``client.force_login`` means here."""

from __future__ import annotations

from typing import Any

from django.test import Client

from khet.base.signin.sessions import SECOND_FACTOR


def force_login_with_factor(monkeypatch: Any) -> None:
    """Make ``force_login`` a whole sign-in: second factor given, as after the two pages a person goes through.

    Without it every test of a page that shows others' data would be led to setting a factor up first. Tests of
    the door itself go through the pages, or drop the mark from the session.
    """
    plain = Client.force_login

    def force_login(self: Client, user: Any, backend: str | None = None) -> None:
        plain(self, user, backend)
        session = self.session
        session[SECOND_FACTOR] = True
        session.save()

    monkeypatch.setattr(Client, "force_login", force_login)
