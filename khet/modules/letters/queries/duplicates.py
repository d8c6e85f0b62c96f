"""Has this paper been received before: same sender, number and date."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from khet.base.org.api import Unit
from khet.modules.letters.choices import LetterState
from khet.modules.letters.models import Letter, Receipt
from khet.modules.letters.wording import same_sender, tidy_number


def duplicates(unit: Unit, *, from_text: str, number_text: str, dated_on: date | None) -> QuerySet[Letter]:
    """Letters the unit has already, on paper or through the system, that are the same paper.

    A paper without number or date is never called a duplicate.
    """
    number = tidy_number(number_text)
    if not number or dated_on is None:
        return Letter.objects.none()
    here = Q(unit=unit) | Exists(Receipt.objects.filter(letter=OuterRef("pk"), unit=unit))
    same = Letter.objects.filter(here, number_text=number, dated_on=dated_on).exclude(
        state=LetterState.CANCELLED
    )
    found = [pk for pk, sender in same.values_list("pk", "from_text") if same_sender(sender, from_text)]
    return Letter.objects.filter(pk__in=found).order_by("pk")
