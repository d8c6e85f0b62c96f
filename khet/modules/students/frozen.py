"""The tables of pupils that closing a round freezes: counts of groups, each table divided by a few things only.

One table of everything would be one row a pupil; so age, origin, way to school, body and wants stand apart, and what is known of
a pupil cannot be put together from them.
"""

from __future__ import annotations

from typing import Any

from khet.kits.rounds.bases import Scope
from khet.modules.students.queries.rolls import ROLL, STUDYING

Query = tuple[str, list[Any]]


def present(scope: Scope) -> Query:
    """FROM and WHERE of the roll on the day: e an enrolment, s its school, p its pupil."""
    within, params = scope.within("s.unit_id")
    return f"FROM {ROLL} WHERE {STUDYING} AND {within}", [scope.school_year, scope.term, scope.as_at, *params]


def pupils(scope: Scope) -> Query:
    found, params = present(scope)
    return (
        f"""
        SELECT s.smis8 AS school, e.grade, e.room, p.sex, e.disadvantage, e.disability, count(*) AS pupils
        {found} GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
        """,
        params,
    )


def ages(scope: Scope) -> Query:
    """Age in whole years on the day; null where no birthday is known."""
    found, params = present(scope)
    return (
        f"""SELECT s.smis8 AS school, e.grade, p.sex, extract(year FROM age(%s::date, p.born_on))::int AS age, count(*) AS pupils
            {found} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
        [scope.as_at, *params],
    )


def origins(scope: Scope) -> Query:
    found, params = present(scope)
    return (
        f"""SELECT s.smis8 AS school, e.grade, p.sex, p.nationality, p.religion, count(*) AS pupils
            {found} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5""",
        params,
    )


_KM = "(coalesce(e.km_paved, 0) + coalesce(e.km_unpaved, 0) + coalesce(e.km_water, 0))"
# Where no way is known there is no band. Three kilometres is the limit of the ministry's own table (เดินทางเกิน 3 กม.).
_BAND = f"""CASE WHEN coalesce(e.km_paved, e.km_unpaved, e.km_water) IS NULL THEN '' WHEN {_KM} <= 1 THEN '0-1' WHEN {_KM} <= 3 THEN '1-3'
                 WHEN {_KM} <= 6 THEN '3-6' WHEN {_KM} <= 10 THEN '6-10' ELSE '10+' END"""


def journeys(scope: Scope) -> Query:
    """``km`` is the sum of the ways, ``minutes`` of the times, of the pupils of whom each is known (``timed``)."""
    found, params = present(scope)
    return (
        f"""SELECT s.smis8 AS school, e.grade, e.journey, {_BAND} AS band, count(*) AS pupils, sum({_KM}) AS km,
                   coalesce(sum(e.minutes), 0)::int AS minutes, count(e.minutes) AS timed
            {found} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
        params,
    )


def bodies(scope: Scope) -> Query:
    """As written for the term; the empty state is «not weighed and measured»."""
    found, params = present(scope)
    return (
        f"""SELECT s.smis8 AS school, e.grade, p.sex, e.nutrition, e.stature, count(*) AS pupils
            {found} GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5""",
        params,
    )


def wants(scope: Scope) -> Query:
    """What pupils lack; who lacks two things stands in two rows."""
    found, params = present(scope)
    return (
        f"""SELECT s.smis8 AS school, e.grade, w.lacking, count(*) AS pupils
            {found.replace("WHERE", "CROSS JOIN LATERAL unnest(e.lacking) AS w(lacking) WHERE", 1)} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
        params,
    )


def movements(scope: Scope) -> Query:
    """Who came, went, repeats or graduated, by school and class, up to the day.

    ``new``: on the roll on the day, and on no roll of the area at the end of the year before (nobody, while there is no roll of
    that year at all). ``from_school``: then on the roll of another school of the area. ``repeated``: then in the same class.
    ``graduated``: left that year's last class of a level as graduate (the class is that of then). ``transfer_in`` and ``transfer_out``:
    transfers accepted since the year began (16 May). The others are enrolments of this year that ended by the day, by the state
    they ended in, with their reason.
    """
    here, present_params = present(scope)
    within, units = scope.within("s.unit_id")
    year = scope.school_year
    began = f"{year - 543}-05-16"
    transfer = """SELECT s.smis8, t.grade, p.sex, '{kind}', '' FROM students_transfer t JOIN schools_school s ON s.id = t.{side}_school_id
                    JOIN students_pupil p ON p.id = t.pupil_id WHERE t.state = 'accepted' AND t.moves_on BETWEEN %s AND %s AND {within}"""
    return (
        f"""
        WITH before AS (
            SELECT DISTINCT ON (pupil_id) pupil_id, school_id, grade FROM students_enrolment
             WHERE school_year = %s AND term = 2 AND state IN ('studying', 'suspended', 'graduated') ORDER BY pupil_id, id DESC
        ), known AS (SELECT EXISTS (SELECT FROM before) AS yes),
        moved (school, grade, sex, kind, reason) AS (
            SELECT s.smis8, e.grade, p.sex, CASE WHEN b.pupil_id IS NULL THEN 'new' ELSE 'from_school' END, ''
              {here.replace("WHERE", "LEFT JOIN before b ON b.pupil_id = e.pupil_id CROSS JOIN known WHERE", 1)}
               AND known.yes AND (b.pupil_id IS NULL OR b.school_id <> e.school_id)
            UNION ALL
            SELECT s.smis8, e.grade, p.sex, 'repeated', ''
              {here.replace("WHERE", "JOIN before b ON b.pupil_id = e.pupil_id WHERE", 1)} AND b.grade = e.grade
            UNION ALL
            SELECT s.smis8, e.grade, p.sex, 'graduated', ''
              FROM {ROLL} WHERE e.school_year = %s AND e.term = 2 AND e.outcome = 'graduated' AND {within}
            UNION ALL
            SELECT s.smis8, e.grade, p.sex, e.state, e.leave_reason
              FROM {ROLL} WHERE e.school_year = %s AND e.state IN ('moved', 'resigned', 'dismissed', 'traced', 'died') AND e.left_on <= %s AND {within}
            UNION ALL {transfer.format(kind="transfer_in", side="to", within=within)}
            UNION ALL {transfer.format(kind="transfer_out", side="from", within=within)}
        )
        SELECT school, grade, sex, kind, reason, count(*) AS pupils FROM moved GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        """,
        [
            year - 1, *present_params, *present_params, year - 1, *units, year, scope.as_at, *units,
            began, scope.as_at, *units, began, scope.as_at, *units,
        ],
    )  # fmt: skip


def roll(scope: Scope) -> Query:
    """Pupils of every school on the day: what per-pupil figures and sizes of schools of a yearly round are made with."""
    found, params = present(scope)
    return (
        f"SELECT s.smis8 AS school, e.grade, p.sex, count(*) AS pupils {found} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        params,
    )
