"""Who serves where in the demo office, since when, by which degree, with which licence. Everything is drawn from a source of its own."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from khet.base.lib.thai.ids import citizen_check_digit
from khet.base.org.api import Person, Unit
from khet.base.org.choices import IdKind, PostKind
from khet.base.org.identities import SealedId
from khet.base.org.models import Post
from khet.base.org.sealing import fingerprint_many, seal_many
from khet.base.org.world import World
from khet.modules.schools.api import School
from khet.modules.staff.actions import import_officials, import_positions, start_criteria
from khet.modules.staff.choices import Job, PersonKind, Standing
from khet.modules.staff.models import Official
from khet.modules.staff.seeds.faults import plant
from khet.modules.staff.seeds.records import DAY, records
from khet.modules.staff.seeds.words import (
    FAMILY_FIRST,
    FAMILY_LAST,
    MEN,
    SKILLS,
    SUBJECTS,
    WOMEN,
)

SMALL = 120  # pupils of a small school: one teacher for twenty of them
LARGE_SHARE = 17.5  # pupils a teacher in the others
PAY = {"assistant": 15_800, "k1": 18_500, "k2": 26_500, "k3": 42_000, "k4": 62_000}
STANDING_PAY = {"k2": 3_500, "k3": 5_600, "k4": 9_900}
CIVIL_LEVELS = {"ชำนาญการพิเศษ": "a3", "ชำนาญการ": "a2", "ชำนาญงาน": "o2"}


@dataclass
class Place:
    """A position that somebody is in, or nobody (``person`` None and ``name`` empty)."""

    unit: Unit
    title: str
    kind: str
    job: str
    number: str = ""
    post: int | None = None
    person: Person | None = None
    vacant: bool = False
    subject: tuple[str, str] = ("", "")
    row: dict[str, Any] = field(default_factory=dict)


def demo(world: World) -> None:
    """Officials of everybody with a post, further teachers, vacancies, those who retired this September, a few faults."""
    rng = random.Random(25_69)  # noqa: S311 – the same people every time, whatever others drew before
    start_criteria(actor=world.actor)
    places = list(known(world)) + list(further(world, rng))
    for place in places:
        place.row = facts_of(rng, place)
    numbered = [place for place in places if place.number]
    positions = import_positions(
        actor=world.actor, changed=[], source="จ.18 ข้อมูลสาธิต",
        new=[
            {
                "number": p.number, "unit": p.unit, "title": p.title, "kind": p.kind, "since": date(2004, 10, 1),
                "level_allowed": p.row.get("level") or "", "standing_allowed": allowed(p),
            }
            for p in numbered
        ],
    )  # fmt: skip
    linked = [(position.pk, p.post) for position, p in zip(positions, numbered, strict=True) if p.post]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE staff_position p SET post_id = l.post FROM unnest(%s::bigint[], %s::bigint[]) AS l(id, post) WHERE p.id = l.id",
            [[pk for pk, _post in linked], [post for _pk, post in linked]],
        )
    people = [place for place in places if not place.vacant]
    for place, sealed in zip(people, sealed_numbers(len(people)), strict=True):
        place.row["citizen_id"] = sealed
    officials = import_officials(
        actor=world.actor, new=[place.row for place in people], changed=[], source="P-OBEC ข้อมูลสาธิต"
    )
    records(rng, officials)
    leave(rng, officials)
    second(world, rng, officials)
    plant(rng, officials)
    world.notes["officials"] = len(officials)


def known(world: World) -> Iterator[Place]:
    """Everybody who holds a post today."""
    posts = (
        Post.objects.filter(until__isnull=True, holdings__until__isnull=True)
        .select_related("unit")
        .prefetch_related("holdings__person")
        .order_by("pk")
    )
    for post in posts:
        person = post.holdings.all()[0].person
        civil = post.kind in (PostKind.HEAD, PostKind.OFFICER) and "ศึกษานิเทศก์" not in post.title
        kind = PersonKind.CIVIL if civil else PersonKind.TEACHER
        title = post.title
        number = f"{int(post.number):04d}" if post.number.isdigit() else post.number
        if post.kind == PostKind.PRINCIPAL:
            title = "ผู้อำนวยการโรงเรียน"
        elif post.kind == PostKind.CLERK:
            title, kind, number = "เจ้าหน้าที่ธุรการโรงเรียน", PersonKind.SERVICE, ""
        job = {
            PostKind.DIRECTOR: Job.DIRECTOR, PostKind.DEPUTY: Job.DEPUTY, PostKind.PRINCIPAL: Job.PRINCIPAL,
            PostKind.VICE_PRINCIPAL: Job.VICE_PRINCIPAL, PostKind.CLERK: Job.CLERK, PostKind.TEACHER: Job.TEACHER,
        }.get(post.kind, Job.SUPERVISOR if "ศึกษานิเทศก์" in title else Job.OFFICER)  # fmt: skip
        yield Place(post.unit, title, kind, job, number, post.pk, person)


def further(world: World, rng: random.Random) -> Iterator[Place]:
    """Teachers until each school has about what its pupils need; a caretaker here and there; positions with nobody in them."""
    there = Counter(
        Post.objects.filter(kind=PostKind.TEACHER, until__isnull=True).values_list("unit_id", flat=True)
    )
    number = 3000
    schools = School.objects.filter(unit__in=world.schools).select_related("unit").order_by("unit__code")
    for school in schools:
        pupils = school.pupils or 0
        need = -(-pupils // 20) if pupils <= SMALL else round(pupils / LARGE_SHARE)
        want = need + rng.choices((-2, -1, 0, 1, 2), (6, 22, 40, 24, 8))[0] if pupils else 0
        deputies = (pupils >= 360) + (pupils >= 720)
        for _n in range(deputies):
            number += 1
            yield Place(
                school.unit, "รองผู้อำนวยการโรงเรียน", PersonKind.TEACHER, Job.VICE_PRINCIPAL, f"{number}"
            )
        for place in range(want - there[school.unit_id]):
            number += 1
            government = place > 1 and rng.random() < 0.05
            yield Place(
                school.unit, "พนักงานราชการ (ครู)" if government else "ครู", PersonKind.GOVERNMENT if government else PersonKind.TEACHER,
                Job.TEACHER, f"พ{number}" if government else f"{number}",
            )  # fmt: skip
        if pupils and rng.random() < 0.55:
            number += 1
            yield Place(school.unit, "ครู", PersonKind.TEACHER, Job.TEACHER, f"{number}", vacant=rng.random() < 0.7)  # fmt: skip
        if pupils > SMALL or rng.random() < 0.3:
            permanent = rng.random() < 0.25
            number += permanent
            yield Place(
                school.unit, "นักการภารโรง", PersonKind.PERMANENT if permanent else PersonKind.SERVICE, Job.CARETAKER,
                f"ล{number}" if permanent else "",
            )  # fmt: skip
    for title, unit in (("ศึกษานิเทศก์", "supervision"), ("นักวิชาการศึกษา", "promotion"), ("นิติกร", "legal")):
        number += 1
        kind = PersonKind.TEACHER if title == "ศึกษานิเทศก์" else PersonKind.CIVIL
        job = Job.SUPERVISOR if title == "ศึกษานิเทศก์" else Job.OFFICER
        yield Place(world.groups[unit], title, kind, job, f"{number}", vacant=True)


def allowed(place: Place) -> str:
    """The highest standing that the frame allows."""
    if place.kind != PersonKind.TEACHER:
        return ""
    return Standing.EXPERT if place.job in (Job.PRINCIPAL, Job.SUPERVISOR, Job.DEPUTY, Job.DIRECTOR) else ("k4" if place.row.get("standing") == "k4" else "k3")  # fmt: skip


def facts_of(rng: random.Random, place: Place) -> dict[str, Any]:
    """The row of one person as a sheet would bring it; of a vacancy the place alone."""
    if place.vacant:
        return {}
    row: dict[str, Any] = {"unit": place.unit, "title": place.title, "kind": place.kind}
    if place.person is not None:
        row["person"] = place.person
        woman = place.person.title != "นาย"
    else:
        woman = rng.random() < (0.1 if place.job == Job.CARETAKER else 0.72)
        row |= {
            "prefix": rng.choice(("นาง", "นางสาว")) if woman else "นาย", "first_name": rng.choice(WOMEN if woman else MEN),
            "last_name": rng.choice(FAMILY_FIRST) + rng.choice(FAMILY_LAST), "phone": f"08 0000 {rng.randrange(10_000):04d}",
        }  # fmt: skip
    age = age_of(rng, place.job)
    born = DAY - timedelta(days=int(age * 365.25))
    started_at = rng.uniform(22.6, min(31, age - 0.4))
    appointed = month_of(born + timedelta(days=int(started_at * 365.25)))
    years = (DAY - appointed).days / 365.25
    here = max(appointed, month_of(DAY - timedelta(days=int(rng.uniform(0.2, min(years, 14)) * 365.25))))
    row |= {
        "sex": "f" if woman else "m", "born_on": born, "appointed_on": appointed, "started_on": appointed, "in_position_since": here,
        "religion": rng.choices(("พุทธ", "อิสลาม", "คริสต์"), (80, 19, 1))[0], "skills": rng.choice(SKILLS) if rng.random() < 0.15 else "",
        "position_number": place.number or None,
    }  # fmt: skip
    if place.job in (
        Job.TEACHER,
        Job.ASSISTANT,
        Job.PRINCIPAL,
        Job.VICE_PRINCIPAL,
        Job.SUPERVISOR,
        Job.DEPUTY,
        Job.DIRECTOR,
    ):
        subject, major, _share = rng.choices(SUBJECTS, [one[2] for one in SUBJECTS])[0]
        if place.job == Job.PRINCIPAL or place.job == Job.DEPUTY:
            major = "การบริหารการศึกษา" if rng.random() < 0.4 else major
        row |= {"subject": subject, "major": major}
    row |= rank_of(rng, place, years, appointed)
    return row


def age_of(rng: random.Random, job: str) -> float:
    """Years. Nobody is past the retirement of last September: sixty is completed after 1 October 2026."""
    if job in (Job.PRINCIPAL, Job.DEPUTY, Job.DIRECTOR):
        return rng.triangular(38, 60.1, 54)
    if job == Job.VICE_PRINCIPAL:
        return rng.triangular(32, 56, 40)
    if job == Job.TEACHER:
        return rng.triangular(23.4, 60.1, 34) if rng.random() < 0.62 else rng.uniform(40, 60.1)
    return rng.triangular(25, 60, 41)


def month_of(day: date) -> date:
    """Appointments take effect on the 1st, 16 May or 1 October."""
    return {5: day.replace(day=16), 10: day.replace(day=1)}.get(day.month, day.replace(day=1))


def rank_of(rng: random.Random, place: Place, years: float, appointed: date) -> dict[str, Any]:
    """Level, standing and pay by years of service."""
    if place.kind == PersonKind.CIVIL:
        found = next((level for words, level in CIVIL_LEVELS.items() if words in place.title), "")
        level = found or (
            "a3"
            if place.title.startswith(("ผู้อำนวยการ", "หัวหน้า"))
            else "o1"
            if place.title.startswith("เจ้าพนักงาน")
            else "a1"
        )
        return {"level": level, "salary": baht(rng, 15_000 + 780 * years)}
    if place.kind != PersonKind.TEACHER:
        return {"salary": Decimal(9_000 if place.kind == PersonKind.SERVICE else 18_000)}
    if place.job == Job.TEACHER and years < 2:
        place.title = "ครูผู้ช่วย"
        place.job = Job.ASSISTANT
        return {
            "title": "ครูผู้ช่วย",
            "level": "assistant",
            "standing": "none",
            "salary": baht(rng, PAY["assistant"]),
        }
    steps = 2 if years > 17 and rng.random() < 0.66 else 1 if years > 7.5 and rng.random() < 0.86 else 0
    if place.job in (Job.DIRECTOR, Job.DEPUTY):
        steps = 3 if place.job == Job.DIRECTOR else 2
    elif place.job in (Job.PRINCIPAL, Job.SUPERVISOR):
        steps = max(steps, 1)
        steps = 3 if steps == 2 and years > 28 and rng.random() < 0.05 else steps
    elif steps == 2 and years > 27 and rng.random() < 0.012:
        steps = 3
    level = ("k1", "k2", "k3", "k4")[steps]
    row = {
        "level": level,
        "standing": level if steps else "none",
        "salary": baht(rng, min(PAY[level] + 520 * years, 74_000)),
    }
    if steps:
        gained = appointed + timedelta(
            days=int(min((7.6, 16.2, 25.0)[steps - 1] + rng.random() * 3, max(years - 0.1, 0.1)) * 365.25)
        )
        row |= {
            "standing_on": min(gained, DAY - timedelta(days=20)),
            "standing_pay": Decimal(STANDING_PAY[level]),
        }
        if steps > 1:
            row["compensation"] = Decimal(STANDING_PAY[level])
    return row


def baht(rng: random.Random, about: float) -> Decimal:
    return Decimal(int(about * rng.uniform(0.96, 1.05) / 10) * 10)


def sealed_numbers(count: int) -> list[SealedId]:
    """Numbers of the invented province 99 with a right last digit, sealed at once."""
    twelve = [f"3990{(n * 7_841 + 20_011) % 100_000_000:08d}" for n in range(1, count + 1)]
    texts = [f"{digits}{citizen_check_digit(digits)}" for digits in twelve]
    return [
        SealedId(IdKind.CITIZEN, sealed, print_, text[10:12])
        for text, sealed, print_ in zip(
            texts, seal_many(texts), fingerprint_many(texts, IdKind.CITIZEN), strict=True
        )
    ]


def leave(rng: random.Random, officials: list[Official]) -> None:
    """About thirty retired at the end of September: their positions stand vacant since, and their records say so."""
    old = [
        o for o in officials
        if o.job in (Job.TEACHER, Job.CARETAKER) and o.position_id and o.born_on < date(1976, 1, 1)
    ]  # fmt: skip
    holders = set(
        Post.objects.filter(
            holdings__person__in=[o.person_id for o in old], holdings__until__isnull=True
        ).values_list("holdings__person", flat=True)
    )
    gone = [o for o in old if o.person_id not in holders]
    gone = rng.sample(gone, min(34, len(gone)))
    for official in gone:
        official.born_on = official.born_on.replace(
            year=1966, month=rng.randint(1, 9), day=rng.randint(1, 28)
        )
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH gone AS (SELECT * FROM unnest(%s::bigint[], %s::date[]) AS g(id, born)), ended AS (
                 UPDATE staff_incumbency i SET until = '2026-09-30', since = LEAST(since, '2026-05-16') FROM gone WHERE i.official_id = gone.id)
               UPDATE staff_official o SET born_on = gone.born, left_on = '2026-10-01', leaving = 'retired', position_id = NULL,
                      in_position_since = LEAST(in_position_since, '2026-05-16')
                 FROM gone WHERE o.id = gone.id""",
            [[o.pk for o in gone], [o.born_on for o in gone]],
        )
    left = {o.pk for o in gone}
    officials[:] = [o for o in officials if o.pk not in left]


def second(world: World, rng: random.Random, officials: list[Official]) -> None:
    """A few dozen work elsewhere by an order that ends with the school year."""
    schools = [unit for unit in world.schools if unit.until is None]
    free = [o for o in officials if o.job == Job.TEACHER and o.kind == PersonKind.TEACHER and o.position_id]
    chosen = rng.sample(free, min(26, len(free)))
    rows = []
    for place, official in enumerate(chosen):
        target = world.groups["supervision"] if place < 4 else rng.choice(schools)
        if target.pk == official.unit_id:
            continue
        rows.append((official.pk, target.pk, f"คำสั่ง สพป.ศรีธารา เขต 2 ที่ {place + 140}/2569"))
        official.work_unit = target
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH s AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS s(id, unit, said)), put AS (
                 INSERT INTO staff_secondment (official_id, unit_id, since, until, reference)
                 SELECT id, unit, '2026-05-16', '2027-03-31', said FROM s)
               UPDATE staff_official o SET work_unit_id = s.unit FROM s WHERE o.id = s.id""",
            [[r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]],
        )
