"""Somebody signed in who tries one record's address after another meets only 404s; the officer is told.

Counted per account in the database, by one statement and only on such a 404. Nobody is stopped: what is hidden stays
hidden without it, and a dead bookmark must lock nobody out. An alarm comes once in a window, and each window overrun in
a row is twice as long, so a patient machine writes a handful of notices a day, not a thousand.
"""

from __future__ import annotations

import logging

from django.db import DatabaseError, transaction
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.signin import limits, trail
from khet.base.signin.choices import EventKind, Outcome

log = logging.getLogger(__name__)

#: Sent with ``event``, the row of the trail, whenever an account has met too many; whoever tells people listens.
too_many = Signal()


def notice(request: HttpRequest, response: HttpResponse) -> None:
    """Count an answer of 404 to the address of a record; the one over the limit goes into the trail.

    A counter that cannot be reached breaks no answer: it guards nothing, it only tells.
    """
    match = request.resolver_match
    if response.status_code != 404 or match is None or not match.captured_kwargs:
        return
    if not request.user.is_authenticated:
        return
    try:
        with transaction.atomic():
            if limits.count(limits.MISSES, request.user.pk) != limits.MISSES.attempts + 1:
                return
            with override("th"):
                detail = _("เกิน %(n)d ครั้งใน %(minutes)d นาที ล่าสุด %(path)s") % {
                    "n": limits.MISSES.attempts, "minutes": limits.MISSES.window // 60, "path": request.path[:120],
                }  # fmt: skip
            event = trail.record(
                request, EventKind.MISSES, Outcome.REFUSED, account=request.user, detail=detail
            )
            too_many.send(sender=None, event=event)
    except DatabaseError:
        log.exception("misses were not counted")
