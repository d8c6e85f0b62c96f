"""What allauth's own pages tell us: factors added, used and removed. Only the trail and the session follow."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from khet.base.org.api import Account
from khet.base.signin import factors, letters, sessions, trail
from khet.base.signin.choices import EventKind, Outcome

WORDS = {
    Authenticator.Type.TOTP: "แอปยืนยันตัวตน",
    Authenticator.Type.WEBAUTHN: "พาสคีย์",
    Authenticator.Type.RECOVERY_CODES: "รหัสสำรอง",
}


def added(request: HttpRequest, user: Account, authenticator: Authenticator, **rest: Any) -> None:
    word = WORDS[authenticator.type]
    kind = EventKind.RECOVERY_CODES if authenticator.type == "recovery_codes" else EventKind.FACTOR_ADDED
    trail.record(request, kind, account=user, detail=word)
    if authenticator.type in factors.MAIN:
        request.session[sessions.SECOND_FACTOR] = True
        letters.tell_owner(user, "factor_added", what=word)


def removed(request: HttpRequest, user: Account, authenticator: Authenticator, **rest: Any) -> None:
    word = WORDS[authenticator.type]
    trail.record(request, EventKind.FACTOR_REMOVED, account=user, detail=word)
    if authenticator.type in factors.MAIN:
        request.session[sessions.SECOND_FACTOR] = factors.has_factor(user)
        letters.tell_owner(user, "factor_removed", what=word)


def renewed(request: HttpRequest, user: Account, authenticator: Authenticator, **rest: Any) -> None:
    trail.record(request, EventKind.RECOVERY_CODES, account=user)
    letters.tell_owner(user, "recovery_codes", what=WORDS[authenticator.type])


def refused(request: HttpRequest, user: Account, authenticator: Authenticator, **rest: Any) -> None:
    trail.record(request, EventKind.FACTOR, Outcome.REFUSED, account=user, detail=WORDS[authenticator.type])


def used(request: HttpRequest, user: Account, authenticator: Authenticator, **rest: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        trail.record(request, EventKind.FACTOR, account=user, detail=WORDS[authenticator.type])
        letters.tell_owner(user, "recovery_used", what=WORDS[authenticator.type])


def connect() -> None:
    from allauth.mfa import signals  # noqa: PLC0415 - allauth's models must be loaded first

    signals.authenticator_added.connect(added)
    signals.authenticator_removed.connect(removed)
    signals.authenticator_reset.connect(renewed)
    signals.authentication_failed.connect(refused)
    signals.authenticator_used.connect(used)
