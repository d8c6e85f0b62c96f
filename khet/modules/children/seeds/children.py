"""Children from the pupils of the demo office by one INSERT … SELECT, invented ones beside them by COPY, then matched."""

from __future__ import annotations

import random
from datetime import date

from django.db import connection

from khet.base.lib.thai.ids import citizen_check_digit
from khet.base.lib.thai.sorting import sort_key
from khet.base.lib.thai.words import fold
from khet.base.org.sealing import fingerprint_many, seal_many
from khet.base.org.world import World
from khet.modules.children.actions.matching import stand, trace
from khet.modules.children.queries.children import PURPOSE, now_year
from khet.modules.children.seeds.cases import tell_cases
from khet.modules.students.api import Pupil

ALONE = 2_600  # children whom no roll of the area has: small ones, those at private schools, those at none

# The pupils of the present year, and those of the last two who went on to a secondary school of another area. Most live in a
# village of their school's service area.
PUPILS = """
INSERT INTO children_child (title, first_name, last_name, sex, born_on, birth_year, nationality, id_kind, sealed, fingerprint, tail, first, is_valid,
    house_id, home_no, home_moo, home_tambon, home_amphoe, home_province, father, father_nationality, mother, mother_nationality, sort_name, search_text)
SELECT p.title, p.first_name, p.last_name, p.sex, p.born_on, w.born, p.nationality, n.kind, n.sealed, n.fingerprint, n.tail, n.first, n.is_valid,
       '99' || lpad(((p.id * 7919) %% 1000000000)::text, 9, '0'), p.home_no,
       coalesce(v.moo[1 + p.id %% cardinality(v.moo)]::text, p.home_moo), coalesce(v.tambon[1 + p.id %% cardinality(v.moo)], p.home_tambon),
       coalesce(v.amphoe[1 + p.id %% cardinality(v.moo)], p.home_amphoe), p.home_province,
       coalesce(f.title || f.first_name || ' ' || f.last_name, ''), CASE WHEN f.id IS NULL THEN '' ELSE 'ไทย' END,
       coalesce(m.title || m.first_name || ' ' || m.last_name, ''), CASE WHEN m.id IS NULL THEN '' ELSE 'ไทย' END, p.sort_name, p.search_text
  FROM students_pupil p
  JOIN students_pupilid n ON n.pupil_id = p.id AND n.until IS NULL
 CROSS JOIN LATERAL (SELECT extract(year FROM p.born_on)::int + 543 AS born) w
  LEFT JOIN students_guardian f ON f.pupil_id = p.id AND f.role = 'father'
  LEFT JOIN students_guardian m ON m.pupil_id = p.id AND m.role = 'mother'
  LEFT JOIN (SELECT s.school_id, s.level, array_agg(v.moo ORDER BY v.code) AS moo, array_agg(v.tambon ORDER BY v.code) AS tambon,
                    array_agg(v.amphoe ORDER BY v.code) AS amphoe
               FROM schools_servicevillage s JOIN schools_village v ON v.id = s.village_id WHERE s.until_year IS NULL GROUP BY 1, 2) v
    ON v.school_id = p.school_id AND v.level = CASE WHEN %(year)s - w.born >= 13 AND p.state <> 'graduated' THEN 'lower' ELSE 'primary' END
       AND p.id %% 20 < 18
 WHERE p.born_on IS NOT NULL AND p.state <> 'died'
   AND (p.school_year = %(year)s OR (p.state = 'graduated' AND p.grade = 'p6' AND %(year)s - w.born BETWEEN 13 AND 15))
   AND p.id %% 60 <> 11
"""
COLUMNS = (
    "title", "first_name", "last_name", "sex", "born_on", "birth_year", "nationality", "id_kind", "sealed", "fingerprint", "tail", "first",
    "is_valid", "home_no", "home_moo", "home_tambon", "home_amphoe", "home_province", "father", "mother", "sort_name", "search_text", "registered",
)  # fmt: skip
# Houses in villages without a service school are few: most of them are put into a served village of the same tambon.
SERVED = """
UPDATE children_child c SET home_moo = v.moo[1 + c.id %% cardinality(v.moo)]::text
  FROM (SELECT v.tambon, v.amphoe, array_agg(DISTINCT v.moo) AS moo FROM schools_village v
          JOIN schools_servicevillage s ON s.village_id = v.id AND s.level = 'primary' AND s.until_year IS NULL GROUP BY 1, 2) v
 WHERE (v.tambon, v.amphoe) = (c.home_tambon, c.home_amphoe) AND c.home_moo <> ALL(v.moo::text[]) AND c.id %% 12 <> 5
"""
# What a person wrote down with evidence: graduates at secondary schools, a few hundred at private schools and elsewhere.
BY_HAND = """
INSERT INTO children_standing (child_id, school_year, state, is_by_hand, place, evidence, recorded_by, recorded_at, grade)
SELECT c.id, %(year)s, t.state, TRUE, t.place, t.evidence, 'ระบบ', now() - interval '90 days', ''
  FROM children_child c
  LEFT JOIN students_pupilid n ON n.fingerprint = c.fingerprint AND n.until IS NULL
  LEFT JOIN students_pupil p ON p.id = n.pupil_id
 CROSS JOIN LATERAL (SELECT CASE
        WHEN p.state = 'graduated' AND c.id %% 40 < 37 THEN CASE WHEN c.id %% 11 = 0 THEN 'private' ELSE 'outside' END
        WHEN p.id IS NULL AND %(year)s - c.birth_year >= 7 AND c.id %% 10 < 6 THEN
             CASE WHEN %(year)s - c.birth_year >= 15 AND c.id %% 3 = 0 THEN CASE WHEN c.id %% 2 = 0 THEN 'vocational' ELSE 'nonformal' END
                  WHEN c.id %% 29 = 3 THEN 'exempt' WHEN c.id %% 37 = 3 THEN 'home' WHEN c.id %% 5 = 4 THEN 'outside' ELSE 'private' END
        END AS state) k
 CROSS JOIN LATERAL (SELECT k.state,
        CASE k.state WHEN 'outside' THEN (ARRAY['โรงเรียนศรีธาราวิทยาคม', 'โรงเรียนเขาแก้วพิทยาคม', 'โรงเรียนปากน้ำเงินวิทยา'])[1 + c.id %% 3]
                     WHEN 'private' THEN (ARRAY['โรงเรียนธารทองศึกษา', 'โรงเรียนดรุณีควนชัย', 'โรงเรียนอิสลามบางจากวิทยา'])[1 + c.id %% 3]
                     WHEN 'vocational' THEN 'วิทยาลัยการอาชีพศรีธารา' WHEN 'nonformal' THEN 'สกร.อำเภอ' || c.home_amphoe
                     WHEN 'home' THEN 'จัดการศึกษาโดยครอบครัว' ELSE '' END AS place,
        CASE k.state WHEN 'exempt' THEN 'คำอนุญาตผ่อนผันของโรงเรียน ลงวันที่ 2 มิถุนายน ' || %(year)s
                     ELSE 'รายชื่อนักเรียนที่สถานศึกษาแจ้ง ปีการศึกษา ' || %(year)s END AS evidence) t
 WHERE k.state IS NOT NULL
"""
FAULTS = (
    # moved, dead, no longer in the extract, found without being in it
    "UPDATE children_child SET registered = CASE WHEN id %% 9 = 0 THEN 'died' ELSE 'moved' END WHERE id IN (SELECT c.id FROM children_child c LEFT JOIN students_pupilid n ON n.fingerprint = c.fingerprint WHERE n.id IS NULL ORDER BY md5(c.id::text) LIMIT 90)",
    "UPDATE children_child SET registered = 'missing' WHERE id IN (SELECT id FROM children_child WHERE registered = 'here' ORDER BY md5('m' || id::text) LIMIT 35)",
    # a village that the register of villages does not have
    "UPDATE children_child SET home_moo = '19' WHERE id IN (SELECT id FROM children_child ORDER BY md5('v' || id::text) LIMIT 25)",
)  # fmt: skip


def demo(world: World) -> None:
    """Some 29,000 children; the present year and the last one matched; cases in every state."""
    rng = random.Random(3869)  # noqa: S311 – the same children every time, whatever others drew before
    year = now_year()
    lines = _alone(rng, year)
    with connection.cursor() as cursor:
        # Every key of these rows comes from the rows beside it: no need to look each of them up again.
        cursor.execute(
            "SELECT set_config('session_replication_role', 'replica', true) FROM pg_roles WHERE rolname = current_user AND rolsuper"
        )
        cursor.execute(PUPILS, {"year": year})
        with cursor.copy(f"COPY children_child ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            copy.write("".join(lines))
        cursor.execute(SERVED.replace("%%", "%"))
        for fault in FAULTS:
            cursor.execute(fault.replace("%%", "%"))
        cursor.execute("ANALYZE children_child")
        for past in (year - 1, year):
            cursor.execute(BY_HAND, {"year": past})
        cursor.execute("ANALYZE children_standing")
    # The present year first: what the child repeats of it is not written twice.
    for one in (year, year - 1):
        stand(one)
    trace(world.actor, year)
    with connection.cursor() as cursor:
        tell_cases(cursor, year)
        cursor.execute(
            "SELECT set_config('session_replication_role', 'origin', true) FROM pg_roles WHERE rolname = current_user AND rolsuper"
        )


def _alone(rng: random.Random, year: int) -> list[str]:
    """Lines of children whom no roll has, with names of the demo pupils put together anew."""
    names = list(Pupil.objects.order_by("pk").values_list("first_name", "last_name", "sex")[:4000])
    firsts = {sex: sorted({first for first, _last, own in names if own == sex}) for sex in "mf"}
    families = sorted({last for _first, last, _sex in names})
    villages = _villages()
    numbers = []
    for n in range(ALONE):
        twelve = f"1991{(n * 7919 + 15485863) % 100_000_000:08d}"
        check = citizen_check_digit(twelve)
        # A few numbers as a clerk mistyped them; a few children have none.
        numbers.append(f"{twelve}{(check + 1) % 10 if n % 331 == 17 else check}")
    prints, sealed = fingerprint_many(numbers, PURPOSE), seal_many(numbers)
    lines = []
    twin: tuple[str, str, str, date] | None = None
    for n, number in enumerate(numbers):
        age = rng.choices((3, 5, 6, 7, 9, 11, 12, 13, 14, 15, 16), (34, 3, 4, 9, 6, 6, 7, 9, 11, 12, 4))[0]
        sex = rng.choice("mf")
        first, last = rng.choice(firsts[sex]), rng.choice(families)
        born = date(year - 543 - age, rng.randint(1, 12), rng.randint(1, 28))
        if n % 430 == 19 and twin:
            first, last, sex, born = twin  # the same child under two numbers
        twin = (first, last, sex, born)
        young = age < 15
        title = ("เด็กชาย" if young else "นาย") if sex == "m" else ("เด็กหญิง" if young else "นางสาว")
        tambon, amphoe, province, moo = rng.choice(villages)
        without = n % 220 == 5
        held = (
            "\t\\N\t\t\t"
            if without
            else f"citizen\t\\\\x{sealed[n].hex()}\t{prints[n]}\t{number[10:12]}\t{number[0]}"
        )
        name = f"{first} {last}"
        lines.append(
            f"{title}\t{first}\t{last}\t{sex}\t{born}\t{born.year + 543}\t{'ไทย' if n % 60 else 'เมียนมา'}\t{held}"
            f"\t{'f' if n % 331 == 17 and not without else 't'}\t{rng.randint(1, 280)}/{rng.randint(1, 9)}\t{moo}\t{tambon}\t{amphoe}\t{province}"
            f"\tนายสมมุติ {last}\tนางสมมุติ {last}\t{sort_key(name)}\t{fold(name)}\t{'found' if without or n % 97 == 3 else 'here'}\n"
        )
    return lines


def _villages() -> list[tuple[str, str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tambon, amphoe, province, moo FROM schools_village ORDER BY code")
        return cursor.fetchall()
