"""Degrees, licences, lessons and decorations of the invented officials."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from khet.modules.staff.choices import Job, PersonKind
from khet.modules.staff.models import Official
from khet.modules.staff.seeds.words import DECORATIONS, UNIVERSITIES

DAY = date(2026, 11, 25)  # the story is told as of this day
YEAR = 2569
MORE_LICENCES = {
    Job.PRINCIPAL: ["principal"], Job.VICE_PRINCIPAL: ["principal"], Job.SUPERVISOR: ["supervisor"],
    Job.DEPUTY: ["administrator"], Job.DIRECTOR: ["administrator"],
}  # fmt: skip


def records(rng: random.Random, officials: list[Official]) -> None:
    """Degrees, licences, this year's lessons and decorations: rows for COPY."""
    educations: list[tuple[Any, ...]] = []
    licences: list[tuple[Any, ...]] = []
    teachings: list[tuple[Any, ...]] = []
    decorations: list[tuple[Any, ...]] = []
    for official in officials:
        pk, job, born = official.pk, official.job, official.born_on.year + 543
        works = official.kind in (PersonKind.TEACHER, PersonKind.GOVERNMENT)
        if job == Job.CARETAKER:
            educations.append((pk, "below", "มัธยมศึกษาตอนปลาย", "", "", None, born + 18))
            continue
        major = official.major or "การจัดการทั่วไป"
        degree = "ครุศาสตรบัณฑิต" if works else "บริหารธุรกิจบัณฑิต"
        educations.append((pk, "bachelor", degree, major, rng.choice(UNIVERSITIES), born + 18, born + 22))
        heads = job in (Job.PRINCIPAL, Job.VICE_PRINCIPAL, Job.DEPUTY, Job.DIRECTOR)
        years = (DAY - official.appointed_on).days / 365.25
        if heads or (works and years > 4 and rng.random() < 0.34):
            field = "การบริหารการศึกษา" if heads or rng.random() < 0.7 else major
            educations.append((pk, "master", "ครุศาสตรมหาบัณฑิต", field, rng.choice(UNIVERSITIES), born + 28, min(born + 30, 2569)))  # fmt: skip
        if job == Job.DIRECTOR or (heads and rng.random() < 0.03):
            educations.append((pk, "doctor", "ปรัชญาดุษฎีบัณฑิต", "การบริหารการศึกษา", UNIVERSITIES[0], 2558, 2562))
        if not works:
            continue
        for kind in ["teacher", *MORE_LICENCES.get(job, [])]:
            issued = DAY - timedelta(days=rng.randint(5, 5 * 365 - 120))
            number = f"{issued.year - 1957}{rng.randint(10**10, 10**11 - 1)}"
            licences.append((pk, kind, number, issued, issued + timedelta(days=5 * 365)))
        if job in (Job.TEACHER, Job.ASSISTANT):
            teachings += lessons(rng, official)
        for least, name in DECORATIONS:
            if years > least + 1:
                received = date(official.appointed_on.year + least, 12, 5)
                decorations.append((pk, name, received, f"เล่ม {received.year - 1883} ตอนที่ 12 ข"))
    with connection.cursor() as cursor:
        for table, columns, rows in (
            ("education", "level, degree, major, institute, from_year, year", educations),
            ("licence", "kind, number, issued_on, expires_on", licences),
            ("teaching", "school_year, subject, grades, hours", teachings),
            ("decoration", "name, received_on, reference", decorations),
        ):
            with cursor.copy(f"COPY staff_{table} (official_id, {columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def lessons(rng: random.Random, official: Official) -> list[tuple[Any, ...]]:
    """A kindergarten teacher has a class; others teach what they studied in some grades and often a second subject."""
    pk, subject = official.pk, official.subject
    if subject == "kindergarten":
        return [(pk, YEAR, "kindergarten", [rng.choice(("k2", "k3"))], Decimal(20))]
    start = rng.randint(1, 4)
    grades = [f"p{n}" for n in range(start, start + 3)]
    found = [(pk, YEAR, subject, grades, Decimal(rng.randint(10, 16)))]
    other = rng.choice(("thai", "maths", "science", "social", "work", "health"))
    if other != subject and rng.random() < 0.55:
        found.append((pk, YEAR, other, grades[:1], Decimal(rng.randint(2, 6))))
    return found
