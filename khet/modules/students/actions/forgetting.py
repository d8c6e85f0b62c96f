"""Forgetting pupils whose time is over: what names them goes, what counts them stays."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.utils.translation import gettext_lazy

from khet.base.org.api import Actor, entry, verb
from khet.kits.files.api import attachments_of, remove
from khet.modules.students.choices import PRESENT
from khet.modules.students.models import Claim, Double

FORGOTTEN = "อดีตนักเรียน"  # data, not interface: what stands in the register in place of the name

# Pupils whose every enrolment ended before the day; without a day of leaving the end of the school year counts (31 March).
_OVER = """
SELECT p.id FROM students_pupil p
 WHERE p.first_name <> %(forgotten)s AND p.state <> ALL(%(present)s)
   AND EXISTS (SELECT FROM students_enrolment e WHERE e.pupil_id = p.id)
   AND NOT EXISTS (SELECT FROM students_enrolment e WHERE e.pupil_id = p.id
        AND coalesce(e.left_on, make_date(e.school_year - 542, 3, 31)) >= %(before)s)
"""
_GONE = ("students_pupilid", "students_guardian", "students_scholarship")
_TRANSFERS = "UPDATE students_transfer SET reason = '', reply = '' WHERE pupil_id = ANY(%(pupils)s)"
_SAID = (
    "UPDATE students_claim c SET words = '' FROM students_double d WHERE d.id = c.double_id AND d.pupil_id = ANY(%(pupils)s)",
    "UPDATE students_double SET reason = CASE state WHEN 'decided' THEN '…' ELSE '' END WHERE pupil_id = ANY(%(pupils)s)",
    "UPDATE students_visit SET words = '' WHERE pupil_id = ANY(%(pupils)s)",
)
_ENROLMENTS = """
UPDATE students_enrolment
   SET student_no = '', number = NULL, destination = '', unreleased = '', weight = NULL, height = NULL, measured_on = NULL,
       nutrition = '', stature = '', disadvantage = '', disability = '', disability_level = '', lacking = '{}', journey = '',
       km_paved = NULL, km_unpaved = NULL, km_water = NULL, minutes = NULL, lives_with = '', parents_status = '',
       welfare_card = FALSE, updated_at = now()
 WHERE pupil_id = ANY(%(pupils)s)
"""


def _parameters(before: date) -> dict[str, object]:
    return {"before": before, "forgotten": FORGOTTEN, "present": list(PRESENT)}


def due_to_forget(before: date) -> int:
    """How many pupils left every school before the day and are still known by name."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_OVER}) AS over", _parameters(before))
        return cursor.fetchone()[0]


@verb("students.forget", gettext_lazy("ลบข้อมูลส่วนบุคคลของอดีตนักเรียน"), capability="privacy.keeping")
def forget_pupils(*, actor: Actor, before: date) -> int:
    """Blank everything that tells who they were; school, year, class, sex and outcome stay for the counts. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_OVER} FOR UPDATE OF p", _parameters(before))
        pupils = {"pupils": [pk for (pk,) in cursor.fetchall()]}
        for table in _GONE:
            cursor.execute(f"DELETE FROM {table} WHERE pupil_id = ANY(%(pupils)s)", pupils)
        for statement in (_TRANSFERS, *_SAID):
            cursor.execute(statement, pupils)
        cursor.execute(_ENROLMENTS, pupils)
        cursor.execute(
            f"""UPDATE students_pupil SET {", ".join(f"{name} = ''" for name in _BLANK)}, born_on = NULL, siblings = NULL,
                       birth_order = NULL, first_name = %(forgotten)s, sort_name = %(forgotten)s, search_text = ''
                 WHERE id = ANY(%(pupils)s)""",
            {**pupils, "forgotten": FORGOTTEN},
        )
    _remove_evidence(actor, pupils["pupils"])
    entry().tell(pupils=len(pupils["pupils"]), before=before.isoformat())
    return len(pupils["pupils"])


def _remove_evidence(actor: Actor, pupils: list[int]) -> None:
    """Papers that were shown about pupils on several rolls: a handful, taken off one by one."""
    cases = list(Double.objects.filter(pupil__in=pupils).values_list("pk", flat=True))
    claims = list(Claim.objects.filter(double__in=cases).values_list("pk", flat=True))
    for model, owners in ((Double, cases), (Claim, claims)):
        for held in attachments_of(model, owners).values():
            for one in held:
                remove(actor=actor, attachment=one)


_BLANK = (
    "title", "last_name", "first_name_en", "last_name_en", "birth_province", "blood", "religion", "race", "nationality", "phone",
    "house_id", "home_no", "home_moo", "home_road", "home_tambon", "home_amphoe", "home_province", "home_code", "home_postcode",
    "live_no", "live_moo", "live_road", "live_tambon", "live_amphoe", "live_province", "live_code", "live_postcode",
)  # fmt: skip
