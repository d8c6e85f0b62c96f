"""Writing an extract of the civil register: from the temporary table ``staged``, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy

from khet.base.database.bulk import keys_checked_as_a_whole
from khet.base.org.api import Actor, entry, verb
from khet.modules.children.actions.matching import match_arriving, stand, stand_arrived, trace
from khet.modules.children.actions.placing import place_arriving
from khet.modules.children.choices import Registered
from khet.modules.children.queries.children import now_year
from khet.modules.children.rules import IMPORT

#: Column of the file, which is the column of the table → SQL type.
COLUMNS = {
    "title": "text", "first_name": "text", "last_name": "text", "sex": "text", "born_on": "date", "nationality": "text", "house_id": "text",
    "home_no": "text", "home_moo": "text", "home_tambon": "text", "home_amphoe": "text", "home_province": "text", "moved_in_on": "date",
    "father": "text", "father_nationality": "text", "mother": "text", "mother_nationality": "text", "registered": "text",
}  # fmt: skip
_EMPTIED = "\u001e"


def _forms(codes: Sequence[str]) -> str:
    """The written forms of values, as the reading of files makes them."""
    return ", ".join(f"coalesce(c.{code}::text, '')" for code in codes)


def stands(prints: Sequence[str], codes: Sequence[str], *, lock: bool) -> list[tuple[int, int, str]]:
    """(place in the list, child, digest) of every number that is known."""
    with connection.cursor() as cursor:
        if lock:
            cursor.execute(
                "SELECT 1 FROM children_child WHERE fingerprint = ANY(%s) ORDER BY id FOR UPDATE",
                [[one for one in prints if one]],
            )
        cursor.execute(
            f"""SELECT a.place - 1, c.id, md5(array_to_string(ARRAY[{_forms(codes)}]::text[], E'\\x1f'))
                  FROM unnest(%s::text[]) WITH ORDINALITY AS a(print, place)
                  JOIN children_child c ON c.fingerprint = a.print AND a.print <> ''""",
            [list(prints)],
        )
        return cursor.fetchall()


def written_forms(children: Sequence[int | None], codes: Sequence[str]) -> list[list[str]]:
    """The written forms of ``codes`` of these children, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT ARRAY[{_forms(codes)}]::text[] FROM unnest(%s::bigint[]) WITH ORDINALITY AS a(id, place)
                  JOIN children_child c ON c.id = a.id ORDER BY a.place""",
            [list(children)],
        )
        return [row[0] for row in cursor.fetchall()]


def _value(code: str) -> str:
    """What a new row gets where the file says nothing."""
    if code == "registered":
        return f"coalesce(s.registered, '{Registered.HERE}')"
    return f"coalesce(s.{code}, '')" if COLUMNS[code] == "text" else f"s.{code}"


@verb("children.import", gettext_lazy("นำเข้าเด็กในเขตบริการจาก ทร.14"), capability=IMPORT)
def write_children(*, actor: Actor, codes: list[str], source: str) -> None:
    """Children of every staged row; a blank cell leaves what stands. Villages, service schools, standings and cases follow."""
    year = now_year()
    made = _make(codes, year)
    with connection.cursor() as cursor:
        changes = ", ".join(f"{code} = coalesce(s.{code}, c.{code})" for code in codes)
        cursor.execute(
            f"""UPDATE children_child c SET {changes}, birth_year = s.birth_year, sort_name = s.sort_name, search_text = s.search_text
                  FROM staged s WHERE c.id = s.target AND s.state = 'changed'"""
        )
        changed = cursor.rowcount
    _stand_again(actor, only="changed")
    if made and not changed:
        trace(actor, year)
    entry().tell(made=made, changed=changed, source=source)


def _make(codes: Sequence[str], year: int) -> int:
    """New children with village, service school and where they are at school: each is written once, with all its indexes, not
    written and then changed three times. Returns how many."""
    # A title tells the sex where the file has no column for it.
    told = [*codes, *({"sex"} - set(codes))]
    if not place_arriving(year):
        return 0
    match_arriving(year)
    with connection.cursor() as cursor:
        # Nothing that the new rows point to can go meanwhile.
        for table, ids in (
            ("schools_village", "SELECT village_id FROM arriving"),
            ("schools_school", "SELECT school_id FROM arriving UNION SELECT school_id FROM matched"),
            ("students_pupil", "SELECT pupil_id FROM matched"),
        ):
            cursor.execute(
                f"SELECT count(*) FROM (SELECT id FROM {table} WHERE id IN ({ids}) ORDER BY id FOR KEY SHARE) o"
            )
        with keys_checked_as_a_whole(("children_child", "children_standing")):
            cursor.execute(
                f"""INSERT INTO children_child (id, {", ".join(told)}, birth_year, id_kind, sealed, fingerprint, tail, first, is_valid, sort_name,
                           search_text, village_id, school_id, state, state_year, at_school_id, at_grade)
                    SELECT s.target, {", ".join(map(_value, told))}, s.birth_year, s.id_kind, convert_to(s.sealed, 'UTF8'), s.print, s.tail, s.first,
                           s.is_valid, s.sort_name, s.search_text, a.village_id, a.school_id, m.state, %s, m.school_id, m.grade
                      FROM staged s JOIN arriving a ON a.id = s.target JOIN matched m ON m.child_id = s.target WHERE s.state = 'new'""",
                [year],
            )
            made = cursor.rowcount
            stand_arrived(year)
    return made


@verb("children.undo_import", gettext_lazy("ย้อนการนำเข้าเด็กในเขตบริการ"), capability=IMPORT)
def put_back(*, actor: Actor, codes: list[str], source: str) -> None:
    """Take away the children that ``write_children`` made; give changed ones what stood before."""
    with connection.cursor() as cursor:
        for table in ("visit", "case", "standing"):
            held = (
                "child_id"
                if table != "visit"
                else "(SELECT k.child_id FROM children_case k WHERE k.id = case_id)"
            )
            cursor.execute(
                f"DELETE FROM children_{table} WHERE {held} IN (SELECT target FROM staged WHERE state = 'new')"
            )
        cursor.execute(
            "DELETE FROM children_child c USING staged s WHERE c.id = s.target AND s.state = 'new'"
        )
        removed = cursor.rowcount
        changes = ", ".join(_restored(code) for code in codes)
        cursor.execute(
            f"UPDATE children_child c SET {changes} FROM staged s WHERE c.id = s.target AND s.state = 'changed'"
        )
        cursor.execute(
            """UPDATE children_child c SET birth_year = extract(year FROM c.born_on)::int + 543
                 FROM staged s WHERE c.id = s.target AND s.state = 'changed'"""
        )
    _stand_again(actor, only="changed")
    entry().tell(removed=removed, source=source)


def _restored(code: str) -> str:
    emptied = "''" if COLUMNS[code] == "text" else "NULL"
    return f"{code} = CASE s.{code} WHEN '{_EMPTIED}' THEN {emptied} ELSE coalesce(s.{code}::{COLUMNS[code]}, c.{code}) END"


def _stand_again(actor: Actor, only: str = "") -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT target FROM staged WHERE %s = '' OR state = %s", [only, only])
        touched: list[Any] = [row[0] for row in cursor.fetchall()]
    if touched:
        stand(now_year(), touched)
        trace(actor, now_year())
