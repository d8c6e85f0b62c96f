"""Days that follow from a birthday."""

from __future__ import annotations

from datetime import date


def retirement_day(born_on: date) -> date:
    """The last day in office: 30 September of the fiscal year in which the person completes sixty.

    Born 1 January to 1 October: in the year of birth + 60, for one born on 1 October completes sixty at the end
    of 30 September. Born 2 October to 31 December: a year later. (พ.ร.บ.บำเหน็จบำนาญข้าราชการ 2494 มาตรา 19.)
    The database computes the same in ``Official.retires_on``.
    """
    late = (born_on.month, born_on.day) > (10, 1)
    return date(born_on.year + 60 + late, 9, 30)


def years_between(first: date, last: date) -> int:
    """Whole years completed from one day to another."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
