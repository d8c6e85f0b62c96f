"""The dry run of a year's end: what promotion would make, by school and class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from khet.modules.schools.choices import Grade
from khet.modules.students.choices import PRESENT


@dataclass
class Line:
    """One class (or school): pupils now, what becomes of them, and the class next year."""

    key: int | str
    label: str
    here: int = 0
    passed: int = 0
    repeated: int = 0
    graduated: int = 0
    left: int = 0
    after: int = 0
    is_promoted: bool = False
    grades: list[Line] = field(default_factory=list)

    @property
    def difference(self) -> int:
        return self.after - self.here


def dry_run(school_year: int, common: tuple[str, list], schools: dict[int, str]) -> list[Line]:
    """Per school its classes, from the common table ``decided`` (see ``actions.yearends``). One statement.

    ``schools``: id → name, in order; a school without undecided pupils has a line of zeros.
    """
    sql, parameters = common
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {sql} SELECT school_id, grade, after, outcome, count(*) FROM decided GROUP BY 1, 2, 3, 4",
            parameters,
        )
        rows = cursor.fetchall()
    lines = {pk: Line(pk, name) for pk, name in schools.items()}
    classes: dict[tuple[int, str], Line] = {}

    def of(school: int, grade: str) -> Line:
        return classes.setdefault((school, grade), Line(grade, Grade(grade).label))

    for school, grade, after, outcome, n in rows:
        if school not in lines:
            continue
        for line in (lines[school], of(school, grade)):
            line.here += n
            setattr(line, outcome, getattr(line, outcome) + n)
        if outcome in ("passed", "repeated"):
            lines[school].after += n
            of(school, after if outcome == "passed" else grade).after += n
    order = [grade.value for grade in Grade]
    for (school, _grade), line in sorted(classes.items(), key=lambda item: order.index(item[0][1])):
        lines[school].grades.append(line)
    return list(lines.values())


def doubled(school_year: int, term: int, schools: Iterable[int] | None = None) -> int:
    """Pupils on the roll of two schools in the term: to be settled before the year ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM (SELECT pupil_id FROM students_enrolment WHERE school_year = %s AND term = %s AND state = ANY(%s)
                GROUP BY pupil_id HAVING count(*) > 1 AND (%s::bigint[] IS NULL OR bool_or(school_id = ANY(%s)))) q""",
            [school_year, term, list(PRESENT), list(schools) if schools is not None else None, list(schools) if schools is not None else None],
        )  # fmt: skip
        return cursor.fetchone()[0]
