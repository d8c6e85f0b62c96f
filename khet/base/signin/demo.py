"""The demo office: accounts that anybody may try, and their second factor shown on the page.

Everything here is silent unless the installation says it is a demo (``Profile.is_demo``) *and* the factor
itself was seeded as a demo one: a real account that joins a demo keeps its secret.
"""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt

from khet.base.lib.errors import Refusal
from khet.base.org.api import Account, Profile
from khet.base.signin.factors import PERIOD, code_at, step_now

DEMO_PASSWORD = "ศรีธารา-สาธิต-2569"  # noqa: S105 - printed on the sign-in page of the demo office


def is_demo() -> bool:
    return Profile.objects.filter(pk=1, is_demo=True).exists()


def open_demo_factor(account: Account) -> Authenticator:
    """Give a demo account its authenticator app, whose code the sign-in page shows. Again: nothing changes."""
    if not is_demo():
        raise Refusal("สำนักงานนี้ไม่ใช่สำนักงานสาธิต จึงเปิดปัจจัยที่สองแบบสาธิตไม่ได้", code="signin.not_demo")
    factor, _made = Authenticator.objects.get_or_create(
        user=account,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": encrypt(generate_totp_secret()), "demo": True}},
    )
    return factor


def code_for(account: Account | None) -> dict[str, object] | None:
    """The code to type now and for how long it holds; after a use, the next one and when it starts."""
    if account is None or not is_demo():
        return None
    factor = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP, data__demo=True).first()
    if factor is None:
        return None
    step, left = step_now(), PERIOD - int(time.time()) % PERIOD
    if factor.data.get("last_step", 0) >= step:
        return {"code": "", "wait": left}
    return {"code": code_at(decrypt(factor.data["secret"]), step), "left": left}


def accounts() -> list[Account]:
    """The accounts to offer on the sign-in page: those whose factor was opened for the demo."""
    if not is_demo():
        return []
    return list(
        Account.objects.filter(
            is_active=True, authenticator__type=Authenticator.Type.TOTP, authenticator__data__demo=True
        )
        .select_related("person")
        .prefetch_related("person__holdings__post__unit")
        .order_by("pk")[:20]
    )
