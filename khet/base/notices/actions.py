"""Telling people, and carrying what was told.

``tell`` belongs into the transaction of the verb: what is rolled back was never told. The unique key
(event, person, channel) makes every repetition harmless. The carrier writes ``calling`` before the outside
call and the outcome after it. A row found in ``calling`` after a crash is in doubt: for a channel that can
recognise a repeated key it is sent again; e-mail cannot, so it becomes ``uncertain`` and is shown in the
outbox, because a doubled message is worse here than a missing copy of what stands in the app anyway.
"""

from __future__ import annotations

import logging
import random
import smtplib
from collections.abc import Iterable
from datetime import timedelta
from email.utils import make_msgid

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.base.notices.choices import Channel, State
from khet.base.notices.models import ChannelChoice, Notice
from khet.base.notices.queries import holders_of, people_with
from khet.base.org.api import Actor, Person, Post, Unit, verb

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
LAST_ATTEMPT = 6
LISTEN_CHANNEL = "khet_notices"


def tell(
    *,
    event: str,
    title: object,
    url: str = "",
    body: str = "",
    people: Iterable[Person | int] | QuerySet[Person] = (),
    posts: Iterable[Post | int] = (),
    units: Iterable[Unit | int] | QuerySet[Unit] | None = None,
    capability: str | None = None,
    channels: Iterable[str] = (Channel.APP, Channel.EMAIL),
    urgent: bool = False,
    but: Person | None = None,
) -> int:
    """Tell people, the holders of posts, or whoever has ``capability`` in the units; returns new rows.

    ``event`` names what happened and never repeats for something new, e.g. ``letters.dispatched:512``.
    ``but`` is left out (the one who did it). E-mail goes to those with an address who have not switched it off.
    """
    if (units is None) != (capability is None):
        raise ValueError("units and capability go together")
    who = Q(pk__in=people if isinstance(people, QuerySet) else [getattr(p, "pk", p) for p in people])
    posts = list(posts)
    if posts:
        who |= Q(pk__in=holders_of(posts).values("pk"))
    if units is not None and capability is not None:
        who |= Q(pk__in=people_with(capability, units).values("pk"))
    audience = Person.objects.filter(who).order_by()
    if but is not None:
        audience = audience.exclude(pk=but.pk)
    now = timezone.now()
    written = 0
    for channel in channels:
        chosen = audience.exclude(
            pk__in=ChannelChoice.objects.filter(channel=channel, is_on=False).values("person")
        )
        if channel == Channel.EMAIL:
            chosen = chosen.exclude(email="")
        sql, parameters = chosen.distinct().values("pk").query.sql_with_params()
        state = State.SENT if channel == Channel.APP else State.PENDING
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO notices_notice (event, person_id, channel, title, body, url, is_urgent, created_at,"
                " state, attempts, due_at, sent_at, error)"
                f" SELECT %s, audience.id, %s, %s, %s, %s, %s, %s, %s, 0, %s, %s, '' FROM ({sql}) AS audience(id)"
                " ON CONFLICT (event, person_id, channel) DO NOTHING",
                [
                    event,
                    channel,
                    str(title)[:300],
                    body,
                    url,
                    urgent,
                    now,
                    state,
                    None if channel == Channel.APP else now,
                    now if channel == Channel.APP else None,
                    *parameters,
                ],
            )
            written += cursor.rowcount
            if cursor.rowcount and channel == Channel.APP:
                cursor.execute(f"NOTIFY {LISTEN_CHANNEL}")
    return written


def mark_read(person: Person, ids: Iterable[int] | None = None) -> int:
    """Mark a person's own notices as read: the given ones, or all."""
    rows = Notice.objects.filter(person=person, channel=Channel.APP, read_at__isnull=True)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    changed = rows.update(read_at=timezone.now())
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {LISTEN_CHANNEL}")
    return changed


def choose_channels(person: Person, channels: set[str]) -> None:
    """Keep which outside channels a person wants. The app itself cannot be switched off."""
    for channel in Channel.values:
        if channel != Channel.APP:
            ChannelChoice.objects.update_or_create(
                person=person, channel=channel, defaults={"is_on": channel in channels}
            )


def settle_doubts() -> int:
    """Rows left in ``calling`` by a killed worker: past their lease they are in doubt."""
    return Notice.objects.filter(state=State.CALLING, due_at__lte=timezone.now()).update(
        state=State.UNCERTAIN, error="เครื่องส่งหยุดกลางคัน ไม่ทราบว่าส่งแล้วหรือยัง"
    )


def _claim() -> Notice | None:
    with transaction.atomic():
        row = (
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("person")
            .filter(state=State.PENDING, due_at__lte=timezone.now())
            .order_by("due_at", "pk")
            .first()
        )
        if row is not None:
            row.state, row.due_at = State.CALLING, timezone.now() + LEASE
            row.attempts = F("attempts") + 1
            row.save(update_fields=["state", "due_at", "attempts"])
            row.refresh_from_db(fields=["attempts"])
        return row


def carry(limit: int = 500) -> int:
    """Send what is due, one row at a time; returns how many were sent. Safe to run in many places at once."""
    settle_doubts()
    if not settings.EMAIL_IS_CONFIGURED:
        Notice.objects.filter(state=State.PENDING, channel=Channel.EMAIL).update(state=State.HELD)
        return 0
    Notice.objects.filter(state=State.HELD, channel=Channel.EMAIL).update(
        state=State.PENDING, due_at=timezone.now()
    )
    sent = 0
    mailer = get_connection(timeout=20)
    for _turn in range(limit):
        row = _claim()
        if row is None:
            break
        try:
            _send(row, mailer)
        except smtplib.SMTPRecipientsRefused as why:
            _failed(row, str(why), final=True)
        except Exception as why:  # an outside service may fail in any way; the row keeps what it said
            logger.warning("notice %s not sent: %s", row.pk, why)
            _failed(row, str(why), final=row.attempts >= LAST_ATTEMPT)
            mailer.close()
            if row.attempts >= 3:
                break  # the service is down: leave the rest for the next run
        else:
            Notice.objects.filter(pk=row.pk).update(
                state=State.SENT, sent_at=timezone.now(), due_at=None, error=""
            )
            sent += 1
    mailer.close()
    return sent


def _send(row: Notice, mailer) -> None:
    message = EmailMessage(
        subject=" ".join(row.title.split()),
        body=f"{row.body}\n\n{settings.SITE_URL}{row.url}\n" if row.url else row.body,
        to=[row.person.email],
        connection=mailer,
        # The same notice always bears the same identity, so that a mailbox can tell a repetition.
        headers={"Message-ID": f"<notice-{row.pk}@{make_msgid(domain=settings.PUBLIC_HOST).split('@')[1]}"},
    )
    message.send()


def _failed(row: Notice, why: str, *, final: bool) -> None:
    pause = timedelta(seconds=30 * 2**row.attempts * random.uniform(0.8, 1.2))  # noqa: S311
    Notice.objects.filter(pk=row.pk).update(
        state=State.FAILED if final else State.PENDING,
        due_at=None if final else timezone.now() + pause,
        error=why[:300],
    )


@verb("notices.retry", _("ส่งการแจ้งเตือนอีกครั้ง"), capability="notices.outbox")
def retry(*, actor: Actor, ids: list[int]) -> int:
    """Put failed, uncertain or held rows back into the queue; a person decided to."""
    return Notice.objects.filter(pk__in=ids, state__in=[State.FAILED, State.UNCERTAIN, State.HELD]).update(
        state=State.PENDING, due_at=timezone.now(), attempts=0, error=""
    )
