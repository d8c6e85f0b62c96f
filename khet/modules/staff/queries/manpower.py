"""Criterion, people and vacancies of each school on a day: one statement for the area, for pages, papers and rules alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import connection

from khet.modules.staff.choices import SEATS, Seat
from khet.modules.students.api import present

Query = tuple[str, list[Any]]

#: Officials in service on a day (parameter, six times), with the unit they belong to on paper and the one they worked in.
#: Where no incumbency of then is known, the unit of today stands for it.
SERVING = """
  SELECT o.id, o.person_id, coalesce(p.job, o.job) AS job, o.kind, o.position_id, coalesce(p.unit_id, o.unit_id) AS unit_id,
         coalesce(x.unit_id, p.unit_id, o.unit_id) AS work_unit_id
    FROM staff_official o
    LEFT JOIN LATERAL (SELECT i.position_id FROM staff_incumbency i WHERE i.official_id = o.id AND i.since <= %s
                          AND (i.until IS NULL OR i.until >= %s) ORDER BY i.since DESC, i.id DESC LIMIT 1) i ON true
    LEFT JOIN staff_position p ON p.id = i.position_id
    LEFT JOIN LATERAL (SELECT s.unit_id FROM staff_secondment s WHERE s.official_id = o.id AND s.since <= %s
                          AND (s.until IS NULL OR s.until >= %s) ORDER BY s.since DESC, s.id DESC LIMIT 1) x ON true
   WHERE (o.left_on IS NULL OR o.left_on > %s) AND coalesce(o.started_on, o.appointed_on, '0001-01-01') <= %s
"""

#: Positions of a day (parameter, seven times) that nobody was in. Who was in a position before its first known holder is not
#: known: then it is not called vacant.
VACANT = """
  SELECT p.id, p.unit_id, p.job, p.kind FROM staff_position p
   WHERE p.since <= %s AND (p.until IS NULL OR p.until >= %s)
     AND NOT EXISTS (SELECT FROM staff_incumbency i JOIN staff_official o ON o.id = i.official_id
                      WHERE i.position_id = p.id AND i.since <= %s AND (i.until IS NULL OR i.until >= %s) AND (o.left_on IS NULL OR o.left_on > %s))
     AND (EXISTS (SELECT FROM staff_incumbency i WHERE i.position_id = p.id AND i.since <= %s)
          OR NOT EXISTS (SELECT FROM staff_incumbency i WHERE i.position_id = p.id AND i.since > %s))
"""


def serving(day: date) -> Query:
    """``SERVING`` with its parameters."""
    return SERVING, [day] * 6


def _seat(column: str) -> str:
    """The seat of a job, as SQL; no seat is NULL."""
    cases = " ".join(
        f"WHEN {column} IN ({', '.join(repr(str(job.value)) for job in jobs)}) THEN '{seat.value}'"
        for seat, jobs in SEATS.items()
    )
    return f"CASE {cases} END"


def manpower_sql(day: date, school_year: int, term: int, units: Query) -> Query:
    """One row a school (``id``, ``unit_id``): pupils and classrooms of the term; wanted, held, vacant, at work of each seat.

    ``units`` is a condition on ``s.unit_id``. ``wanted_*`` is NULL where no row of the criterion counts the seat for so many pupils,
    and where the term has no roll. ``held`` are people on paper (จ.18), ``work`` those who really work there, ``others`` who
    teach there on another kind of contract.
    """
    roll, roll_params = (
        present(school_year, term).order_by().values("school_id", "grade", "room").query.sql_with_params()
    )
    served, served_params = serving(day)
    wanted = ", ".join(
        f"max(wanted) FILTER (WHERE seat = '{seat}')::int AS wanted_{seat}" for seat in Seat.values
    )
    held = ", ".join(f"count(*) FILTER (WHERE seat = '{seat}') AS held_{seat}" for seat in Seat.values)
    vacant = ", ".join(f"count(*) FILTER (WHERE seat = '{seat}') AS vacant_{seat}" for seat in Seat.values)
    work = ", ".join(
        f"count(*) FILTER (WHERE seat = '{seat}' AND kind = 'teacher') AS work_{seat}" for seat in Seat.values
    )
    out = ", ".join(
        [f"need.wanted_{seat}" for seat in Seat.values]
        + [f"coalesce(t.{what}_{seat}, 0)::int AS {what}_{seat}" for what, t in (("held", "h"), ("vacant", "v"), ("work", "w")) for seat in Seat.values]
    ).replace("t.held", "h.held").replace("t.vacant", "v.vacant").replace("t.work", "w.work")  # fmt: skip
    condition, unit_params = units
    return (
        f"""
WITH roll AS (SELECT school_id, grade, count(*)::int AS n, count(DISTINCT room)::int AS rooms FROM ({roll}) e GROUP BY 1, 2),
size AS (SELECT school_id, sum(n)::int AS pupils, sum(rooms)::int AS rooms FROM roll GROUP BY 1),
rule AS (
  SELECT c.* FROM staff_criterion c
    JOIN (SELECT seat, max(since) AS since FROM staff_criterion WHERE since <= %s GROUP BY seat) l USING (seat, since)),
need AS (
  SELECT school_id, {wanted} FROM (
    SELECT z.school_id, r.seat, round(sum(r.fixed + CASE
             WHEN r.room_size IS NULL AND r.per IS NOT NULL THEN ceil(coalesce(g.n, 0)::numeric / r.per)
             WHEN r.room_size IS NOT NULL THEN coalesce(g.rooms, 0) * CASE WHEN r.per IS NULL THEN 1 ELSE r.room_size::numeric / r.per END
             ELSE 0 END)) AS wanted
      FROM size z JOIN rule r ON z.pupils BETWEEN r.low AND r.high
      LEFT JOIN LATERAL (
        SELECT sum(a.n) AS n, sum(GREATEST(a.n / r.room_size + (a.n %% r.room_size >= r.room_rest)::int, 1)) AS rooms
          FROM roll a WHERE a.school_id = z.school_id AND (r.stage = 'all' OR r.stage =
               CASE WHEN a.grade IN ('m4', 'm5', 'm6') THEN 'u' WHEN a.grade LIKE 'm%%' THEN 'l' ELSE left(a.grade, 1) END)) g ON true
     GROUP BY 1, 2) s GROUP BY 1),
serving AS (SELECT *, {_seat("job")} AS seat FROM ({served}) q),
held AS (SELECT unit_id, {held} FROM serving WHERE kind = 'teacher' GROUP BY 1),
work AS (SELECT work_unit_id AS unit_id, {work}, count(*) FILTER (WHERE seat = 'teacher' AND kind <> 'teacher') AS others FROM serving GROUP BY 1),
vacant AS (
  SELECT unit_id, {vacant} FROM (
    SELECT p.unit_id, {_seat("p.job")} AS seat FROM ({VACANT}) p WHERE p.kind = 'teacher') p GROUP BY 1)
SELECT s.id, s.unit_id, z.pupils, z.rooms, {out}, coalesce(w.others, 0)::int AS others
  FROM schools_school s
  LEFT JOIN size z ON z.school_id = s.id
  LEFT JOIN need ON need.school_id = s.id
  LEFT JOIN held h ON h.unit_id = s.unit_id
  LEFT JOIN work w ON w.unit_id = s.unit_id
  LEFT JOIN vacant v ON v.unit_id = s.unit_id
 WHERE {condition}""",
        [*roll_params, day, *served_params, *[day] * 7, *unit_params],
    )


@dataclass
class Count:
    """One seat, or all of them, of a school or the area. ``wanted`` is None where nothing says how many."""

    wanted: int | None
    held: int
    vacant: int
    work: int

    def actual(self, by: str) -> int:
        """``paper``: people on paper; ``work``: who really works there; ``frame``: positions, with the vacant ones."""
        return {"paper": self.held, "work": self.work, "frame": self.held + self.vacant}[by]

    def gap(self, by: str) -> int | None:
        """What is over (positive) or short (negative)."""
        return None if self.wanted is None else self.actual(by) - self.wanted


@dataclass
class SchoolLine:
    """What the statement says of one school."""

    id: int
    unit_id: int
    pupils: int | None
    rooms: int | None
    wanted_principal: int | None
    wanted_vice: int | None
    wanted_teacher: int | None
    held_principal: int
    held_vice: int
    held_teacher: int
    vacant_principal: int
    vacant_vice: int
    vacant_teacher: int
    work_principal: int
    work_vice: int
    work_teacher: int
    others: int

    def count(self, seat: str = "") -> Count:
        """Of a seat, or of all seats that the criterion counts for this school."""
        if seat:
            return Count(*(getattr(self, f"{what}_{seat}") for what in ("wanted", "held", "vacant", "work")))
        return together(
            count for count in (self.count(seat) for seat in Seat.values) if count.wanted is not None
        )


def together(counts: Iterable[Count]) -> Count:
    """The sum; ``wanted`` stays None when no part has one."""
    counts = list(counts)
    wanted = [count.wanted for count in counts if count.wanted is not None]
    return Count(
        sum(wanted) if wanted else None,
        sum(count.held for count in counts),
        sum(count.vacant for count in counts),
        sum(count.work for count in counts),
    )


def share(gap: int | None, wanted: int | None) -> float | None:
    """Over or short in per cent of the criterion; None without one."""
    return None if gap is None or not wanted else 100 * gap / wanted


def signed(number: float | None) -> str:
    """+2, −1, 0; a share with one decimal; nothing for what is not known."""
    if number is None:
        return ""
    text = f"{number:+,.1f}" if isinstance(number, float) else f"{number:+,d}"
    return "0" if not round(number, 1) else text.replace("-", "−")


def manpower(day: date, school_year: int, term: int, unit_ids: Sequence[int]) -> dict[int, SchoolLine]:
    """Unit id → line, for the schools among these units. One query."""
    names = [field.name for field in fields(SchoolLine)]
    sql, params = manpower_sql(day, school_year, term, ("s.unit_id = ANY(%s)", [list(unit_ids)]))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM ({sql}) m", params)
        return {row[1]: SchoolLine(*row) for row in cursor.fetchall()}
