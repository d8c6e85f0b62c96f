"""The password check: exactly one hash whoever is asked for, so that time tells nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from khet.base.org.api import Account


def find_account(login: str) -> Account | None:
    """The account of a user name, else of an e-mail address that only one account has; case does not count."""
    login = login.strip()
    found = list(Account.objects.filter(username__iexact=login)[:2])
    if not found and "@" in login:
        found = list(Account.objects.filter(email__iexact=login)[:2])
    return found[0] if len(found) == 1 else None


class PasswordBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **rest: Any
    ) -> Account | None:
        if not username or not password:
            return None
        account = find_account(username)
        if account is None or not account.has_usable_password():
            Account().set_password(password)
            return None
        right = account.check_password(password)
        return account if right and account.is_active else None

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session; none while it is suspended, so that a session ends at the next request."""
        return Account.objects.select_related("person").filter(pk=user_id, is_active=True).first()
