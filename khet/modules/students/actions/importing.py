"""Writing tens of thousands of pupils from a file: from the temporary table ``staged``, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy

from khet.base.database.bulk import keys_checked_as_a_whole
from khet.base.org.api import Actor, entry, today, verb
from khet.modules.schools.api import count_pupils
from khet.modules.students.actions.placing import place
from khet.modules.students.choices import PRESENT
from khet.modules.students.rules import IMPORT

_FAMILY = {
    "guardian_first": "first_name", "guardian_last": "last_name", "guardian_job": "occupation", "guardian_relation": "relation",
    "father_first": "first_name", "father_last": "last_name", "father_job": "occupation",
    "mother_first": "first_name", "mother_last": "last_name", "mother_job": "occupation",
}  # fmt: skip
_ENROLMENT = {"grade": "text", "room": "smallint", "student_no": "text", "weight": "numeric", "height": "numeric", "disadvantage": "text", "unreleased": "text"}  # fmt: skip
_PUPIL = {
    "sex": "text", "title": "text", "first_name": "text", "last_name": "text", "born_on": "date", "blood": "text", "religion": "text",
    "race": "text", "nationality": "text", "home_no": "text", "home_moo": "text", "home_road": "text", "home_tambon": "text",
    "home_amphoe": "text", "home_province": "text",
}  # fmt: skip
#: Column of the file → table alias, its column there, SQL type.
COLUMNS: dict[str, tuple[str, str, str]] = (
    {code: ("e", code, kind) for code, kind in _ENROLMENT.items()}
    | {code: ("p", code, kind) for code, kind in _PUPIL.items()}
    | {code: (code.split("_")[0], name, "text") for code, name in _FAMILY.items()}
)
_TABLES = ("students_pupil", "students_pupilid", "students_enrolment", "students_guardian")
ROLES = ("guardian", "father", "mother")
_EMPTIED = "\u001e"
_JOINS = "".join(
    f" LEFT JOIN students_guardian {role} ON {role}.pupil_id = p.id AND {role}.role = '{role}'"
    for role in ROLES
)


def _form(code: str) -> str:
    """The written form of a value, as the reading of files makes it."""
    table, field, kind = COLUMNS[code]
    value = f"trim_scale({table}.{field})::text" if kind == "numeric" else f"{table}.{field}::text"
    return f"coalesce({value}, '')"


def stands(
    prints: Sequence[str], schools: Sequence[str], codes: Sequence[str], options: Mapping[str, Any], *, lock: bool
) -> list[tuple[int, int | None, int, str]]:  # fmt: skip
    """(place in the lists, enrolment or None, pupil, digest) of every number that is known."""
    forms = ", ".join(map(_form, codes))
    with connection.cursor() as cursor:
        if lock:
            cursor.execute(
                "SELECT 1 FROM students_pupil p JOIN students_pupilid n ON n.pupil_id = p.id WHERE n.fingerprint = ANY(string_to_array(%s, ',')) FOR UPDATE OF p",
                [",".join(filter(None, prints))],
            )
        cursor.execute(
            f"""SELECT a.place - 1, e.id, p.id, md5(array_to_string(ARRAY[{forms}]::text[], E'\\x1f'))
                  FROM unnest(string_to_array(%s, ','), string_to_array(%s, ',')) WITH ORDINALITY AS a(print, school, place)
                  JOIN students_pupilid n ON n.fingerprint = a.print AND n.until IS NULL AND a.print <> ''
                  JOIN students_pupil p ON p.id = n.pupil_id
                  LEFT JOIN students_enrolment e ON e.pupil_id = p.id AND e.school_id = nullif(a.school, '')::bigint
                       AND e.school_year = %s AND e.term = %s{_JOINS}""",
            [",".join(prints), ",".join(schools), int(options["year"]), int(options["term"])],
        )
        return cursor.fetchall()


def written_forms(pairs: Sequence[tuple[int | None, int | None]], codes: Sequence[str]) -> list[list[str]]:
    """The written forms of ``codes`` for pairs of enrolment (or None) and pupil, in their order."""
    forms = ", ".join(map(_form, codes))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT ARRAY[{forms}]::text[]
                  FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS a(target, anchor, place)
                  JOIN students_pupil p ON p.id = a.anchor LEFT JOIN students_enrolment e ON e.id = a.target{_JOINS} ORDER BY a.place""",
            [[target for target, _anchor in pairs], [anchor for _target, anchor in pairs]],
        )
        return [row[0] for row in cursor.fetchall()]


@verb("students.import", gettext_lazy("นำเข้านักเรียนจากไฟล์"), capability=IMPORT)
def write_pupils(*, actor: Actor, year: int, term: int, codes: list[str], source: str) -> None:
    """Pupils, numbers, enrolments and guardians of every staged row. A blank cell leaves what stands; the schools' figures follow."""
    with connection.cursor() as cursor:
        # Known pupils are locked by ``stands``; the schools here: nothing that new rows point to can go meanwhile.
        cursor.execute(
            "SELECT id FROM schools_school WHERE id IN (SELECT school_id FROM staged) ORDER BY id FOR KEY SHARE"
        )
        with keys_checked_as_a_whole(_TABLES):
            made = _make_pupils(cursor, year, term, codes)
            enrolled = _enrol(cursor, year, term, codes)
        if _bring_up_to_date(cursor, codes):
            _bring_enrolments_up_to_date(cursor, codes)
            _bring_families_up_to_date(cursor, codes)
        pupils, schools = _touched(cursor, new_too=False)
    place(pupils)
    _count(actor, schools, source)
    entry().tell(
        school_year=year, term=term, made=made, enrolled=enrolled, schools=len(schools), source=source
    )


@verb("students.undo_import", gettext_lazy("ย้อนการนำเข้านักเรียน"), capability=IMPORT)
def put_back(*, actor: Actor, year: int, term: int, codes: list[str], source: str) -> None:
    """Take away what ``write_pupils`` made; give changed rows what stood before."""
    with connection.cursor() as cursor:
        pupils, schools = _touched(cursor)
        cursor.execute(
            "DELETE FROM students_enrolment e USING staged s WHERE e.id = s.target AND s.state = 'new'"
        )
        gone = "SELECT s.anchor FROM staged s WHERE s.state = 'new' AND coalesce(s.before, '') = ''"
        for table in ("students_pupilid", "students_guardian"):
            cursor.execute(f"DELETE FROM {table} WHERE pupil_id IN ({gone})")
        cursor.execute(f"DELETE FROM students_pupil WHERE id IN ({gone})")
        for alias, table, key in (("p", "students_pupil", "anchor"), ("e", "students_enrolment", "target")):
            fields = [code for code in codes if COLUMNS[code][0] == alias]
            changes = ", ".join(_restored(alias, code) for code in fields)
            cursor.execute(
                f"UPDATE {table} {alias} SET {changes} FROM staged s WHERE {alias}.id = s.{key} AND s.before <> ''"
            )
        for role in ROLES:
            fields = [code for code in codes if COLUMNS[code][0] == role]
            if fields:
                changes = ", ".join(
                    f"{COLUMNS[code][1]} = CASE s.{code} WHEN '{_EMPTIED}' THEN '' ELSE coalesce(s.{code}, g.{COLUMNS[code][1]}) END"
                    for code in fields
                )
                cursor.execute(
                    f"UPDATE students_guardian g SET {changes} FROM staged s WHERE g.pupil_id = s.anchor AND g.role = %s AND s.before <> ''",
                    [role],
                )
                cursor.execute(
                    "DELETE FROM students_guardian g USING staged s WHERE g.pupil_id = s.anchor AND g.role = %s AND g.first_name = '' AND g.last_name = ''",
                    [role],
                )
    place(pupils)
    _count(actor, schools, source)
    entry().tell(school_year=year, term=term, source=source)


def _of(codes: Sequence[str], table: str) -> list[str]:
    return [code for code in codes if COLUMNS[code][0] == table]


def _make_pupils(cursor: Any, year: int, term: int, codes: Sequence[str]) -> int:
    """Those nobody knew, at the place their row says, with number and family; of two rows of one number the first."""
    named = _of(codes, "p")
    placed = [code for code in ("grade", "room") if code in codes]
    cursor.execute(
        f"""INSERT INTO students_pupil (id, {", ".join([*named, *placed])}, school_id, state, school_year, term, sort_name, search_text)
            SELECT DISTINCT ON (s.print) s.anchor, {", ".join(map(_value, [*named, *placed]))}, s.school_id, 'studying', %s, %s, s.sort_name, s.search_text
              FROM staged s WHERE s.state = 'new' AND s.before = '' ORDER BY s.print, s.number""",
        [year, term],
    )
    made = cursor.rowcount
    if not made:
        return 0
    cursor.execute(
        """INSERT INTO students_pupilid (pupil_id, kind, sealed, fingerprint, tail, first, is_valid, since)
           SELECT s.anchor, s.id_kind, convert_to(s.sealed, 'UTF8'), s.print, s.tail, s.first, true, %s
             FROM staged s JOIN students_pupil p ON p.id = s.anchor
            WHERE s.state = 'new' AND s.before = ''""",
        [today()],
    )
    roles = [role for role in ROLES if f"{role}_first" in codes]
    if roles:
        fields = ("first_name", "last_name", "occupation", "relation")
        held = {(COLUMNS[code][0], COLUMNS[code][1]): f"s.{code}" for code in codes}
        values = ", ".join(
            f"""('{role}', {", ".join(held.get((role, field), "NULL") for field in fields)})"""
            for role in roles
        )
        cursor.execute(
            f"""INSERT INTO students_guardian (pupil_id, role, {", ".join(fields)})
                SELECT s.anchor, g.role, {", ".join(f"coalesce(g.{field}, '')" for field in fields)}
                  FROM staged s JOIN students_pupil p ON p.id = s.anchor
                 CROSS JOIN LATERAL (VALUES {values}) AS g (role, {", ".join(fields)})
                 WHERE s.state = 'new' AND s.before = '' AND (g.first_name IS NOT NULL OR g.last_name IS NOT NULL)"""
        )
    return made


def _enrol(cursor: Any, year: int, term: int, codes: Sequence[str]) -> Any:
    told = _of(codes, "e")
    cursor.execute(
        f"""INSERT INTO students_enrolment (id, pupil_id, school_id, school_year, term, state, updated_at, {", ".join(told)})
            SELECT s.target, n.pupil_id, s.school_id, %s, %s, 'studying', now(), {", ".join(map(_value, told))}
              FROM staged s JOIN students_pupilid n ON n.fingerprint = s.print AND n.until IS NULL WHERE s.state = 'new'""",
        [year, term],
    )
    return cursor.rowcount


def _bring_enrolments_up_to_date(cursor: Any, codes: Sequence[str]) -> None:
    told = _of(codes, "e")
    changes = ", ".join(f"{code} = coalesce(s.{code}, e.{code})" for code in told)
    cursor.execute(
        f"UPDATE students_enrolment e SET {changes}, updated_at = now() FROM staged s WHERE e.id = s.target AND s.state = 'changed'"
    )


def _bring_up_to_date(cursor: Any, codes: Sequence[str]) -> bool:
    """Those who were known; whether there are any. Who is as the row says is not written."""
    named = _of(codes, "p")
    cursor.execute("SELECT EXISTS (SELECT FROM staged WHERE before <> '')")
    if not cursor.fetchone()[0]:
        return False
    held = [*named, "sort_name", "search_text"]
    values = [*(f"coalesce(s.{code}, p.{code})" for code in named), "s.sort_name", "s.search_text"]
    cursor.execute(
        f"""UPDATE students_pupil p SET {", ".join(f"{code} = {value}" for code, value in zip(held, values, strict=True))}
              FROM staged s WHERE p.id = s.anchor AND s.before <> ''
               AND ROW({", ".join(f"p.{code}" for code in held)}) IS DISTINCT FROM ROW({", ".join(values)})"""
    )
    return True


def _bring_families_up_to_date(cursor: Any, codes: Sequence[str]) -> None:
    for role in ROLES:
        parts = _of(codes, role)
        if f"{role}_first" not in parts:
            continue
        fields = [COLUMNS[code][1] for code in parts]
        now = [f"coalesce(nullif(excluded.{field}, ''), students_guardian.{field})" for field in fields]
        cursor.execute(
            f"""INSERT INTO students_guardian (pupil_id, role, {", ".join(fields)})
                SELECT DISTINCT ON (s.anchor) s.anchor, %s, {", ".join(f"coalesce(s.{code}, '')" for code in parts)}
                  FROM staged s WHERE s.before <> '' AND (s.{role}_first IS NOT NULL OR s.{role}_last IS NOT NULL)
                 ORDER BY s.anchor, s.number
                ON CONFLICT (pupil_id, role) DO UPDATE
                SET {", ".join(f"{field} = {value}" for field, value in zip(fields, now, strict=True))}
              WHERE ROW({", ".join(f"students_guardian.{field}" for field in fields)}) IS DISTINCT FROM ROW({", ".join(now)})""",
            [role],
        )


def _value(code: str) -> str:
    """What a new row gets where the file says nothing."""
    kind = COLUMNS[code][2]
    if code == "room":
        return "coalesce(s.room, 1)"
    return f"coalesce(s.{code}, '')" if kind == "text" else f"s.{code}"


def _restored(alias: str, code: str) -> str:
    kind = COLUMNS[code][2]
    emptied = "''" if kind == "text" else "1" if code == "room" else "NULL"
    return f"{code} = CASE s.{code} WHEN '{_EMPTIED}' THEN {emptied} ELSE coalesce(s.{code}::{kind}, {alias}.{code}) END"


def _touched(cursor: Any, *, new_too: bool = True) -> tuple[list[int], list[int]]:
    """The pupils and schools of the staged rows; without those just made in one school, whose place is told already."""
    cursor.execute(
        """SELECT array_agg(DISTINCT e.pupil_id) FILTER (WHERE %s OR s.before <> '' OR s.twins > 1), array_agg(DISTINCT e.school_id)
             FROM (SELECT target, before, count(*) OVER (PARTITION BY print) AS twins FROM staged) s
             JOIN students_enrolment e ON e.id = s.target""",
        [new_too],
    )
    pupils, schools = cursor.fetchone()
    return pupils or [], schools or []


def _count(actor: Actor, schools: list[int], source: str) -> None:
    """The schools' number of pupils, as the register of pupils has it now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.id, count(p.id) FROM unnest(%s::bigint[]) AS s(id)
                 LEFT JOIN students_pupil p ON p.school_id = s.id AND p.state = ANY(%s) GROUP BY 1""",
            [schools, list(PRESENT)],
        )
        figures = dict(cursor.fetchall())
    count_pupils(
        actor=Actor.system() if not actor.is_system else actor, figures=figures, on=today(), source=source
    )
