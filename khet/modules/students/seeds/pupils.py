"""Who is where since 2567. Children are made in Python, their terms, guardians and measures in the database (COPY, INSERT … SELECT)."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db import connection

from khet.base.lib.thai.ids import citizen_check_digit
from khet.base.lib.thai.sorting import sort_key
from khet.base.lib.thai.words import fold
from khet.base.org.sealing import seal
from khet.base.org.world import World
from khet.modules.schools.api import School, count_pupils
from khet.modules.schools.choices import Grade, grades_of
from khet.modules.students.queries import id_fingerprint
from khet.modules.students.seeds.doubles import settle_some
from khet.modules.students.seeds.faults import plant
from khet.modules.students.seeds.names import BOYS, FAMILIES, FATHERS, GIRLS, MOTHERS

YEARS = (2567, 2568, 2569)
PUPILS = 25_000
SMALL = 119  # small schools stay as small as they are; the others are stretched until all pupils have a place
CODES = [grade.value for grade in Grade]
STARTS = {2567: date(2024, 5, 16), 2568: date(2025, 5, 16), 2569: date(2026, 5, 16)}
NOW = (2569, 2)


@dataclass
class Child:
    """``last`` is the class number that the child has in 2569, or would have: beyond the top it has graduated."""

    pk: int
    school: School
    last: int
    top: int
    first: int
    room: int
    place: int
    sex: str
    other: int | None = None
    moved: int | None = None
    left: tuple[int, int] | None = None
    state: str = "studying"

    @property
    def until(self) -> tuple[int, int]:
        """The last year and term with this child."""
        if self.left:
            return self.left
        return (2569 - max(self.last - self.top, 0), 2)


def demo(world: World) -> None:
    """Pupils of every school, a few dozen planted faults, and the schools' figures from them."""
    rng = random.Random(2569)  # noqa: S311 – the same children every time, whatever others drew before
    schools = list(world.notes["schools"].values())
    children = born(rng, schools)
    with connection.cursor() as cursor:
        # Every key of these rows comes from the rows beside it: no need to look each of them up again.
        cursor.execute(
            "SELECT set_config('session_replication_role', 'replica', true) FROM pg_roles WHERE rolname = current_user AND rolsuper"
        )
        cursor.execute("SELECT setseed(0.2569)")
        _copy(cursor, "students_pupil", PUPIL_COLUMNS, _pupil_lines(rng, children))
        _copy(cursor, "students_pupilid", NUMBER_COLUMNS, _number_lines(rng, children))
        cursor.execute(STAGE)
        _copy(cursor, "seed_child", ("id", "school", "last", "first", "top", "room", "place", "other", "moved", "uy", "ut", "state", "sex"), _stage_lines(children))  # fmt: skip
        cursor.execute("ANALYZE seed_child")
        cursor.execute(TERMS, [CODES])
        cursor.execute(GUARDIANS, [FATHERS, MOTHERS])
        cursor.execute("DROP TABLE seed_child")
        cursor.execute(
            "ANALYZE students_pupil (id), students_pupilid (pupil_id), students_guardian (pupil_id), "
            "students_enrolment (pupil_id, school_id, school_year, term, grade)"
        )
        cursor.execute(
            "SELECT set_config('session_replication_role', 'origin', true) FROM pg_roles WHERE rolname = current_user AND rolsuper"
        )
    plant(rng, children)
    settle_some(world)
    figures = present_figures()
    count_pupils(
        actor=world.actor, figures=figures, on=date(2026, 11, 10), source="ทะเบียนนักเรียน ภาคเรียนที่ 2/2569"
    )
    world.notes["pupils"] = len(children)


def born(rng: random.Random, schools: list[School]) -> list[Child]:
    """All children since 2567, school by school. The figures of the schools are stretched to 25,000 in all."""
    small = sum(school.pupils or 0 for school in schools if (school.pupils or 0) <= SMALL)
    large = sum(school.pupils or 0 for school in schools if (school.pupils or 0) > SMALL)
    stretch = (PUPILS - small) / max(large, 1)
    pk = _reserve(PUPILS * 2)
    children: list[Child] = []
    for school in schools:
        size = (school.pupils or 60) * (1 if (school.pupils or 0) <= SMALL else stretch)
        grades = [grade.number for grade in grades_of(school.levels) if grade != Grade.K1]
        first, top = grades[0], grades[-1]
        each = size / len(grades)
        for last in range(first, top + 3):
            count = max(round(each * rng.uniform(0.86, 1.14)), 1)
            rooms = max(1, -(-count // 40))
            for place in range(count):
                child = Child(
                    pk, school, last, top, first, place % rooms + 1, place // rooms + 1, rng.choice("mf")
                )
                children.append(child)
                pk += 1
    _move(rng, children, schools)
    return children


def _move(rng: random.Random, children: list[Child], schools: list[School]) -> None:
    """About one child in seventy came from another school of the area, one in two hundred left before the end."""
    like: dict[str, list[School]] = {}
    for school in schools:
        like.setdefault(school.levels, []).append(school)
    for child in children:
        chance = rng.random()
        if chance < 0.014 and child.last > child.first and child.last <= child.top:
            other = rng.choice(like[child.school.levels])
            if other.pk != child.school.pk:
                child.other, child.moved = other.pk, rng.choice((2568, 2569))
        elif chance < 0.019 and child.last <= child.top:
            child.left = rng.choice(((2568, 1), (2568, 2), (2569, 1)))
            child.state = rng.choices(("moved", "resigned", "traced", "died"), (60, 22, 16, 2))[0]


PUPIL_COLUMNS = (
    "id", "title", "first_name", "last_name", "sex", "born_on", "blood", "religion", "race", "nationality", "siblings", "birth_order",
    "home_no", "home_moo", "home_tambon", "home_amphoe", "home_province", "home_postcode", "live_no", "live_moo", "live_tambon", "live_amphoe",
    "live_province", "live_postcode", "school_id", "grade", "room", "state", "school_year", "term", "sort_name", "search_text",
)  # fmt: skip
MUSLIM = set(BOYS[-7:] + GIRLS[-6:])


@cache
def _sorted(first: str, last: str) -> str:
    return sort_key(f"{first} {last}")


@cache
def _folded(word: str) -> str:
    return fold(word)


def _pupil_lines(rng: random.Random, children: list[Child]) -> Iterable[str]:
    families = [rng.choice(FAMILIES) for _n in range(9)]
    for child in children:
        if child.place == 1:
            families = [rng.choice(FAMILIES) for _n in range(9)]
        school = child.school
        year, term = child.until
        grade = CODES[child.last - (2569 - year) - 1]
        age = child.last + 3
        born = date(2026 - age, rng.randint(1, 12), rng.randint(1, 28))
        young = age < 15
        title = ("เด็กชาย" if young else "นาย") if child.sex == "m" else ("เด็กหญิง" if young else "นางสาว")
        first = rng.choice(BOYS if child.sex == "m" else GIRLS)
        last = rng.choice(families)
        islam = first in MUSLIM
        siblings = rng.choice((1, 1, 2, 2, 2, 3, 4))
        if child.last > child.top:
            state = "graduated"
        else:
            state = child.state
        house, moo = f"{rng.randint(1, 280)}/{rng.randint(1, 9)}", rng.randint(1, 12)
        place = f"{house}\t{moo}\t{school.tambon}\t{school.amphoe}\t{school.province}\t{school.postcode}"
        blood = rng.choice(("A", "B", "AB", "O", "O", "B", "", ""))
        nation = "ไทย" if rng.random() < 0.994 else rng.choice(("เมียนมา", "ลาว", "กัมพูชา"))
        yield (
            f"{child.pk}\t{title}\t{first}\t{last}\t{child.sex}\t{born}\t{blood}\t{'islam' if islam else 'buddhism'}\t{nation}\t{nation}"
            f"\t{siblings}\t{rng.randint(1, siblings)}\t{place}\t{place}\t{school.pk}\t{grade}\t{child.room}\t{state}\t{year}\t{term}"
            f"\t{_sorted(first, last)}\t{_folded(first)} {_folded(last)}\n"
        )


NUMBER_COLUMNS = (
    "pupil_id",
    "kind",
    "since",
    "sealed",
    "fingerprint",
    "tail",
    "first",
    "is_valid",
)


def number_of(rng: random.Random, pk: int) -> tuple[str, str]:
    """(kind, number): thirteen digits of the invented province 99 with a right last one, seldom a G-code."""
    if rng.random() < 0.006:
        return "g_code", f"G67{99}{pk:08d}"
    twelve = f"1990{(pk * 7919 + 104729) % 100_000_000:08d}"
    return "citizen", f"{twelve}{citizen_check_digit(twelve)}"


def _number_lines(rng: random.Random, children: list[Child]) -> Iterable[str]:
    for child in children:
        kind, text = number_of(rng, child.pk)
        tail = text[10:12] if kind == "citizen" else text[-2:]
        yield f"{child.pk}\t{kind}\t2024-05-16\t\\\\x{seal(text).hex()}\t{id_fingerprint(text)}\t{tail}\t{text[0]}\tt\n"


STAGE = """CREATE TEMP TABLE seed_child (id bigint, school bigint, last int, first int, top int, room int, place int,
  other bigint, moved int, uy int, ut int, state text, sex text) ON COMMIT DROP"""


def _stage_lines(children: list[Child]) -> Iterable[str]:
    for c in children:
        year, term = c.until
        yield (
            f"{c.pk}\t{c.school.pk}\t{c.last}\t{c.first}\t{c.top}\t{c.room}\t{c.place}\t{c.other or chr(92) + 'N'}"
            f"\t{c.moved or chr(92) + 'N'}\t{year}\t{term}\t{c.state}\t{c.sex}\n"
        )


# A term for every child who was in a class of the school then. Heights and weights follow the class with some noise.
TERMS = """
INSERT INTO students_enrolment (pupil_id, school_id, school_year, term, grade, room, number, student_no, state, entered_on, left_on,
  leave_reason, destination, outcome, weight, height, measured_on, nutrition, stature, disadvantage, disability, journey, km_paved, minutes, lives_with, parents_status, lacking)
SELECT c.id, at.school, y, t, (%s::text[])[n], c.room, c.place, lpad(((c.id * 17) %% 90000 + 1000)::text, 5, '0'), e.state,
       CASE WHEN c.moved IS NOT NULL AND y >= c.moved THEN make_date(c.moved - 543, 5, 16)
            ELSE make_date(GREATEST(2569 - (c.last - c.first), 2558) - 543, 5, 16) END,
       CASE WHEN e.state <> 'studying' THEN make_date(y - 543, CASE t WHEN 1 THEN 8 ELSE 12 END, 1 + (c.id %% 27)::int) END,
       CASE e.state WHEN 'resigned' THEN (ARRAY['family_need', 'income', 'migrated', 'conduct'])[1 + c.id %% 4]
                    WHEN 'traced' THEN 'unknown' WHEN 'died' THEN 'died' ELSE '' END,
       CASE e.state WHEN 'moved' THEN 'โรงเรียนนอกเขต' ELSE '' END,
       CASE WHEN t = 1 OR y = 2569 OR e.state <> 'studying' THEN '' WHEN n = c.top THEN 'graduated' ELSE 'passed' END,
       (m.height * m.height / 10000 * (13.6 + n * 0.42 + m.spread * 2))::numeric(4, 1), m.height::numeric(4, 1), make_date(y - 543, CASE t WHEN 1 THEN 6 ELSE 11 END, 5),
       CASE WHEN m.spread < -1.6 THEN 'wasted' WHEN m.spread < -1.1 THEN 'thin' WHEN m.spread < 1.25 THEN 'normal' WHEN m.spread < 1.7 THEN 'plump'
            WHEN m.spread < 2.1 THEN 'overweight' ELSE 'obese' END,
       CASE WHEN m.tall < -1.7 THEN 'stunted' WHEN m.tall < -1.2 THEN 'short' WHEN m.tall < 1.4 THEN 'normal' ELSE 'tall' END,
       CASE WHEN c.id %% 5 < 2 THEN 'poor' WHEN c.id %% 211 = 7 THEN 'minority' WHEN c.id %% 307 = 9 THEN 'abandoned' ELSE '' END,
       CASE WHEN c.id %% 41 = 3 THEN 'learning' WHEN c.id %% 397 = 5 THEN 'physical' WHEN c.id %% 601 = 5 THEN 'autism' WHEN c.id %% 797 = 5 THEN 'hearing' ELSE '' END,
       (ARRAY['walk', 'free', 'free', 'paid'])[1 + c.id %% 4], ((c.id * 31) %% 95)::numeric / 10, 5 + (c.id %% 40),
       CASE WHEN c.id %% 6 = 0 THEN 'relatives' ELSE 'parents' END, CASE WHEN c.id %% 7 = 0 THEN 'divorced' WHEN c.id %% 61 = 0 THEN 'father_dead' ELSE 'together' END,
       CASE WHEN c.id %% 23 = 0 THEN ARRAY['uniform', 'stationery'] WHEN c.id %% 19 = 0 THEN ARRAY['lunch'] WHEN c.id %% 37 = 0 THEN ARRAY['books'] ELSE '{}' END
  FROM seed_child c
 CROSS JOIN (VALUES (2567, 1), (2567, 2), (2568, 1), (2568, 2), (2569, 1), (2569, 2)) AS terms(y, t)
 CROSS JOIN LATERAL (SELECT c.last - (2569 - y) AS n) AS k
 CROSS JOIN LATERAL (SELECT CASE WHEN c.moved IS NOT NULL AND y < c.moved THEN c.other ELSE c.school END AS school) AS at
 CROSS JOIN LATERAL (SELECT CASE WHEN (y, t) = (c.uy, c.ut) THEN c.state ELSE 'studying' END AS state) AS e
 CROSS JOIN LATERAL (SELECT (random() + random() + random() - 1.5) * 1.9 AS tall, (c.id * 7 %% 1000)::float8 / 500 - 1
                            + (random() - 0.5) * 1.2 AS spread) AS r
 CROSS JOIN LATERAL (SELECT r.tall, r.spread * 1.2 AS spread, 86 + n * 6 + t * 2.6 + r.tall * 4 + CASE WHEN n > 9 AND c.sex = 'm' THEN 5 ELSE 0 END AS height) AS m
 WHERE n BETWEEN c.first AND c.top AND (y, t) <= (c.uy, c.ut)
"""

# Father and mother of the children who are here now, and who of them is the guardian.
GUARDIANS = """
INSERT INTO students_guardian (pupil_id, role, title, first_name, last_name, relation, occupation, income, phone)
SELECT p.id, g.role, CASE WHEN g.of = 'father' THEN 'นาย' ELSE 'นาง' END,
       CASE WHEN g.of = 'father' THEN b.fathers[1 + p.id %% cardinality(b.fathers)] ELSE b.mothers[1 + (p.id / 3) %% cardinality(b.mothers)] END, p.last_name,
       CASE WHEN g.role = 'guardian' THEN CASE WHEN g.of = 'father' THEN 'บิดา' ELSE 'มารดา' END ELSE '' END,
       (ARRAY['4', '5', '3', '4', '1', '6'])[1 + p.id %% 6], CASE WHEN g.role = 'guardian' THEN 3000 + (p.id %% 40) * 400 END,
       CASE WHEN g.role = 'guardian' THEN '0 7000 ' || lpad((p.id %% 10000)::text, 4, '0') ELSE '' END
  FROM students_pupil p
  JOIN seed_child c ON c.id = p.id
 CROSS JOIN (SELECT %s::text[] AS fathers, %s::text[] AS mothers) AS b
 CROSS JOIN LATERAL (VALUES ('father', 'father'), ('mother', 'mother'), ('guardian', CASE WHEN p.id %% 3 = 0 THEN 'father' ELSE 'mother' END)) AS g(role, of)
 WHERE p.school_year = 2569
"""


def present_figures() -> dict[int, int]:
    """School → pupils on the roll in the present term; schools without any count 0."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.id, count(e.id) FROM schools_school s
                 JOIN org_unit u ON u.id = s.unit_id AND u.parent_id IS NOT NULL
                 LEFT JOIN students_enrolment e ON e.school_id = s.id AND e.school_year = %s AND e.term = %s
                      AND e.state IN ('studying', 'suspended', 'traced')
                GROUP BY s.id""",
            NOW,
        )
        return dict(cursor.fetchall())


def _reserve(count: int) -> int:
    """The first of ``count`` ids that nobody else will get."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(s, nextval(s) + %s) FROM (SELECT pg_get_serial_sequence('students_pupil', 'id')::regclass AS s) q",
            [count],
        )
        return cursor.fetchone()[0] - count


def _copy(cursor: object, table: str, columns: Iterable[str], lines: Iterable[str]) -> None:
    """COPY in pieces of about a hundred kilobytes. Lines are text format; invented words hold no tab or backslash."""
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        piece: list[str] = []
        for line in lines:
            piece.append(line)
            if len(piece) >= 250:
                copy.write("".join(piece))
                piece.clear()
        copy.write("".join(piece))
