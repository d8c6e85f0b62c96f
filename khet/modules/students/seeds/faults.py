"""A few dozen faults of the kinds that real files bring, so that the checks of the demo office have something to say."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import F

from khet.base.org.sealing import seal
from khet.modules.students.choices import State
from khet.modules.students.models import Enrolment, Guardian, Pupil, PupilId
from khet.modules.students.queries import id_fingerprint

if TYPE_CHECKING:
    from khet.modules.students.seeds.pupils import Child


def plant(rng: random.Random, children: list[Child]) -> None:
    """Each kind of fault a few times, at schools drawn by lot, all in the present term."""
    here = [c for c in children if c.left is None and c.last <= c.top and c.other is None and c.moved is None]
    lot = iter(rng.sample(here, 120))
    take = lambda count: [next(lot) for _n in range(count)]  # noqa: E731
    now = Enrolment.objects.filter(school_year=2569, term=2)

    wrong = {child.pk for child in take(6)}
    for number in PupilId.objects.filter(pupil__in=wrong):
        number.is_valid, number.kind, number.first = False, "citizen", "1"
        number.sealed = seal(text := f"1990{number.pupil_id:08d}7"[:13])
        number.fingerprint, number.tail = id_fingerprint(text), text[10:12]
        number.save()
    now.filter(pupil__in=[c.pk for c in take(8)]).update(weight=None, height=None)
    now.filter(pupil__in=[c.pk for c in take(4)]).update(height=18)
    now.filter(pupil__in=[c.pk for c in take(3)]).update(grade="m4")
    now.filter(pupil__in=[c.pk for c in take(5)]).update(unreleased="ยังไม่สามารถจำหน่ายได้")
    now.filter(pupil__in=[c.pk for c in take(4)]).update(student_no="12345")
    now.filter(pupil__in=[c.pk for c in take(2)]).update(room=9)
    now.filter(pupil__in=[c.pk for c in take(12)]).delete()
    Guardian.objects.filter(pupil__in=[c.pk for c in take(5)]).delete()
    Pupil.objects.filter(pk__in=[c.pk for c in take(3)]).update(born_on=F("born_on") - timedelta(days=1800))
    foreign = [c.pk for c in take(3)]
    Pupil.objects.filter(pk__in=foreign).update(nationality="เมียนมา", race="เมียนมา")
    for child in take(2):
        number = PupilId.objects.get(pupil=child.pk)
        Guardian.objects.filter(pupil=child.pk, role="mother").update(
            fingerprint=number.fingerprint, tail=number.tail
        )

    # The same child still on the roll of a second school: a transfer that nobody announced.
    schools = sorted({c.school.pk for c in here})
    for child in take(4):
        second = now.get(pupil=child.pk)
        second.pk = None
        second._state.adding = True
        second.school_id = rng.choice([pk for pk in schools if pk != child.school.pk])
        second.entered_on, second.state, second.student_no = date(2026, 11, 2), State.STUDYING, "00901"
        second.save(force_insert=True)
    # The same child under two numbers: enrolled anew at another school without looking.
    for child, other in zip(take(3), take(3), strict=True):
        original = Pupil.objects.get(pk=child.pk)
        Pupil.objects.filter(pk=other.pk).update(
            title=original.title, first_name=original.first_name, last_name=original.last_name, born_on=original.born_on,
            sex=original.sex, sort_name=original.sort_name, search_text=original.search_text,
        )  # fmt: skip
    with connection.cursor() as cursor:
        # One class far too large: the rooms of a class put together.
        cursor.execute(
            """UPDATE students_enrolment e SET room = 1
                 FROM (SELECT school_id, grade FROM students_enrolment WHERE school_year = 2569 AND term = 2
                        GROUP BY 1, 2 HAVING count(*) BETWEEN 46 AND 60 ORDER BY 1, 2 LIMIT 1) c
                WHERE e.school_id = c.school_id AND e.grade = c.grade AND e.school_year = 2569 AND e.term = 2"""
        )
    # One child on the rolls of three schools: moved twice within a month, and no school has let go.
    [twice] = take(1)
    others = [pk for pk in schools if pk != twice.school.pk]
    for number, school in enumerate((others[len(others) // 3], others[2 * len(others) // 3])):
        further = now.get(pupil=twice.pk, school=twice.school.pk)
        further.pk, further._state.adding, further.school_id = None, True, school
        further.entered_on, further.state, further.student_no = (
            date(2026, 11, 2 + 7 * number),
            State.STUDYING,
            f"0091{number}",
        )
        further.save(force_insert=True)
