"""Who is reminded of what: the holder on the day it is due, holder and sender when it is late."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from khet.base.lib.thai.calendar import is_working_day
from khet.base.notices.api import tell
from khet.kits.workflow.clock import at_close, holidays
from khet.kits.workflow.models import Step
from khet.kits.workflow.rules import TAKE

BATCH = 500


def remind() -> int:
    """Tell the holders of open steps due today, and holders and senders of those that became late; returns notices written.

    Nothing on days off. Each is told once (the event carries the step and the deadline), so running it twice,
    or by two workers, adds nothing; a deadline that was moved is told anew.
    """
    today = timezone.localdate()
    if not is_working_day(today, holidays()):
        return 0
    steps = (
        Step.objects.filter(decided_at__isnull=True, run__closed_at__isnull=True, due_at__lte=at_close(today))
        .filter(due_at__gte=timezone.now() - timedelta(days=30))
        .select_related("run", "unit", "post")
        .order_by("pk")
    )
    written = 0
    with override("th"):
        for step in steps.iterator(chunk_size=BATCH):
            with transaction.atomic():
                written += _tell(step)
    return written


def _tell(step: Step) -> int:
    late = step.due_at < timezone.now()
    title = step.run.title if step.run.secrecy == 0 else _("เรื่องลับ เปิดดูในระบบ")
    words = _("เลยกำหนด: %(title)s") if late else _("ต้องเสร็จวันนี้: %(title)s")
    kind = "late" if late else "due"
    facts = {
        "event": f"workflow.{kind}:{step.pk}:{step.due_at:%Y%m%dT%H%M}",
        "title": words % {"title": title},
        "body": step.ask,
        "url": step.run.url or f"/workflow/{step.run_id}/",
        "urgent": late,
    }
    if step.post_id is None:
        return tell(units=[step.unit], capability=TAKE, **facts)
    posts = [step.post_id]
    if late and step.sent_post_id:
        posts.append(step.sent_post_id)
    return tell(posts=posts, **facts)
