"""Second factors: checking a code once, setting one up, and what an account has."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
import unicodedata

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.db import transaction

from khet.base.org.api import Account

PERIOD = 30
DIGITS = 6
MAIN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_factor(account: Account) -> bool:
    return Authenticator.objects.filter(user=account, type__in=MAIN).exists()


def step_now(moment: float | None = None) -> int:
    return int(time.time() if moment is None else moment) // PERIOD


def code_at(secret: str, step: int) -> str:
    """The code of one step of thirty seconds (RFC 6238, SHA-1, six digits)."""
    key = base64.b32decode(secret, casefold=True)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 0x0F
    value = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{value % 10**DIGITS:0{DIGITS}}"


def plain_code(code: str) -> str:
    """A code as typed: spaces and dashes dropped, Thai digits read as digits."""
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() else c for c in code if not (c.isspace() or c == "-")
    )


def matching_step(secret: str, code: str) -> int | None:
    """The step whose code this is: the running one or the one before, for slow typists. Never a coming one."""
    now, found = step_now(), None
    for step in (now, now - 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and found is None:
            found = step
    return found


@transaction.atomic
def use_totp(authenticator: Authenticator, code: str) -> bool:
    """Accept a code once: the step must be later than the last one used, under a lock on the row."""
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    step = matching_step(decrypt(row.data["secret"]), plain_code(code))
    if step is None or step <= row.data.get("last_step", 0):
        return False
    row.data["last_step"] = step
    row.save(update_fields=["data"])
    return True


def use_code(account: Account, code: str) -> Authenticator | None:
    """The factor that a typed code proves: the authenticator app or one of the recovery codes; used up by it."""
    code = plain_code(code)
    for factor in Authenticator.objects.filter(
        user=account, type__in=[Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    ).order_by("-type"):
        if factor.type == Authenticator.Type.TOTP:
            if len(code) == DIGITS and use_totp(factor, code):
                return factor
        elif len(code) > DIGITS and factor.wrap().validate_code(code):
            return factor
    return None
