"""The yearly check in numbers: what should be found, what was, what is left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from khet.base.lib.thai.calendar import add_working_days, fiscal_year, is_working_day
from khet.base.org.api import Holiday, today
from khet.modules.assets.choices import CheckState, Condition
from khet.modules.assets.depreciation import fiscal_end
from khet.modules.assets.models import Article, Sighting, YearlyCheck

# Working days from the first day of the check to the report (regulation on supplies 2560, clause 213).
WORKING_DAYS = 30


@dataclass
class Progress:
    """How far one check is. ``left`` are articles nobody has looked at."""

    expected: int = 0
    ok: int = 0
    broken: int = 0
    lost: int = 0
    misplaced: int = 0

    @property
    def seen(self) -> int:
        return self.ok + self.broken + self.lost + self.misplaced

    @property
    def left(self) -> int:
        return max(self.expected - self.seen, 0)

    @property
    def share(self) -> int:
        return self.seen * 100 // self.expected if self.expected else 100


def check_days(year: int) -> tuple[date, date]:
    """First working day after the end of a fiscal year (BE), and the day by which the report is due."""
    holidays = frozenset(Holiday.objects.filter(day__gte=fiscal_end(year)).values_list("day", flat=True))
    day = fiscal_end(year) + timedelta(days=1)
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day, add_working_days(day, WORKING_DAYS, holidays)


def year_to_check(day: date | None = None) -> int:
    """The fiscal year whose things are checked now: the one that ended last, from September the one that ends."""
    day = day or today()
    return fiscal_year(day) - (day.month != 9)


def expected(check: YearlyCheck) -> QuerySet[Article]:
    """What the check should find: held today, or looked at in this check, and acquired before the year's end."""
    return Article.objects.filter(
        Q(unit_id=check.unit_id)
        & ~Q(condition=Condition.DISPOSED)
        & (Q(acquired_on__isnull=True) | Q(acquired_on__lte=fiscal_end(check.fiscal_year)))
    )


def with_sighting(articles: QuerySet[Article], check: YearlyCheck) -> QuerySet[Article]:
    """Each article with what this check saw, or nothing."""
    seen = Sighting.objects.filter(check_of=check, article=OuterRef("pk"))
    return articles.annotate(
        seen=Subquery(seen.values("seen")[:1]),
        seen_note=Subquery(seen.values("note")[:1]),
        seen_location=Subquery(seen.values("location")[:1]),
        seen_by=Subquery(seen.values("seen_by")[:1]),
        seen_at=Subquery(seen.values("seen_at")[:1]),
    )


_PROGRESS = """
SELECT c.id, count(*) FILTER (WHERE a.id IS NOT NULL) AS expected,
       count(*) FILTER (WHERE s.seen = 'ok'), count(*) FILTER (WHERE s.seen = 'broken'),
       count(*) FILTER (WHERE s.seen = 'lost'), count(*) FILTER (WHERE s.seen = 'misplaced')
  FROM assets_yearlycheck c
  LEFT JOIN assets_article a ON a.unit_id = c.unit_id AND a.condition <> 'disposed'
       AND (a.acquired_on IS NULL OR a.acquired_on <= make_date(c.fiscal_year - 543, 9, 30))
  LEFT JOIN assets_sighting s ON s.check_of_id = c.id AND s.article_id = a.id
 WHERE c.id = ANY(%s::bigint[])
 GROUP BY c.id
"""


def progress_of(checks: Iterable[YearlyCheck]) -> dict[int, Progress]:
    """Check id → progress, in one statement for any number of checks."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, [[check.pk for check in checks]])
        return {row[0]: Progress(*row[1:]) for row in cursor.fetchall()}


def open_check_of(article: Article) -> YearlyCheck | None:
    """The check in which the article can be looked at now."""
    return (
        YearlyCheck.objects.filter(unit_id=article.unit_id, state=CheckState.OPEN)
        .order_by("-fiscal_year")
        .first()
    )
