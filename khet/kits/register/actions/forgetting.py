"""Forgetting the rows of old imports: the counts of each import stay, the people named in it go."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from khet.base.org.api import Actor, entry, verb
from khet.kits.register.models import Batch, Row, Upload


def _old(before: date) -> QuerySet[Batch]:
    return Batch.objects.filter(created_at__date__lt=before)


def due_to_forget(before: date) -> int:
    """How many rows of imports are older."""
    return Row.objects.filter(batch__in=_old(before)).count()


@verb("register.forget", gettext_lazy("ลบแถวของแฟ้มที่นำเข้าไว้นานแล้ว"), capability="privacy.keeping")
def forget_rows(*, actor: Actor, before: date) -> int:
    """Delete the rows, and what is left of the files; such an import can no longer be undone. Returns how many rows."""
    Upload.objects.filter(batch__in=_old(before)).delete()
    count, _each = Row.objects.filter(batch__in=_old(before)).delete()
    _old(before).update(absent={})
    entry().tell(rows=count, before=before.isoformat())
    return count
