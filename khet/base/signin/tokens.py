"""Links that prove an e-mail was read: signed, dated, and dead once what they were for has happened."""

from __future__ import annotations

from typing import Any

from django.core import signing

from khet.base.org.api import Account
from khet.base.org.sealing import fingerprint, fingerprints

LIVES = {"reset": 3600, "invite": 7 * 24 * 3600, "email": 24 * 3600}  # seconds


def _state(account: Account) -> str:
    """What a link is bound to: any new password, sign-in, e-mail or end of sessions kills it."""
    return f"{account.pk}|{account.password}|{account.session_epoch}|{account.last_login}|{account.email}"


def make(account: Account, purpose: str, **facts: Any) -> str:
    body = {"a": account.pk, "s": fingerprint(_state(account), purpose)[:32]} | facts
    return signing.dumps(body, salt=f"khet.signin.{purpose}", compress=True)


def read(token: str, purpose: str) -> tuple[Account, dict[str, Any]] | None:
    """The account and facts of a live link of this purpose; None when forged, old or used."""
    try:
        body = signing.loads(token, salt=f"khet.signin.{purpose}", max_age=LIVES[purpose])
    except signing.BadSignature:
        return None
    account = Account.objects.select_related("person").filter(pk=body["a"], is_active=True).first()
    if account is None or body["s"] not in {f[:32] for f in fingerprints(_state(account), purpose)}:
        return None
    return account, body
