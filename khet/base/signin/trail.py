"""Writing the trail: every sign-in, refusal, second factor, sign-out and reset."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import override

from khet.base.org.api import Account
from khet.base.org.sealing import fingerprint
from khet.base.signin.choices import EventKind, Outcome
from khet.base.signin.models import Event


def shorten(typed: str) -> str:
    """What stays of a name nobody has: two letters and a fingerprint, so that repeats show and secrets do not."""
    typed = "".join(c for c in typed if c.isprintable())[:200]
    return f"{typed[:2]}… #{fingerprint(typed.lower(), 'typed')[:8]}" if typed else ""


def record(
    request: HttpRequest,
    kind: EventKind,
    outcome: Outcome = Outcome.DONE,
    *,
    account: Account | None = None,
    typed: str = "",
    detail: str = "",
) -> Event:
    """Append one event. ``detail`` is a short Thai phrase, never a secret."""
    agent = "".join(c for c in request.META.get("HTTP_USER_AGENT", "") if c.isprintable())
    with override("th"):
        return Event.objects.create(
            kind=kind,
            outcome=outcome,
            account_id=account.pk if account else None,
            name=f"{account.person.full_name} ({account.username})"[:200] if account else "",
            typed="" if account else shorten(typed),
            address=request.META.get("REMOTE_ADDR") or None,
            agent=agent[:200],
            detail=str(detail)[:300],
        )
