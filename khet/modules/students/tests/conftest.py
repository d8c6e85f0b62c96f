"""Two schools of an area, their people, and a few pupils of a school year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from khet.base.lib.thai.ids import citizen_check_digit
from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Account, Actor, Unit, ensure_roles
from khet.modules.schools.actions import add_school
from khet.modules.schools.api import School
from khet.modules.students.actions import add_pupil
from khet.modules.students.models import Enrolment, Pupil
from tests.built_once import built_once

SINCE = date(2020, 10, 1)


def citizen_id(number: int) -> str:
    """A number with a right check digit that belongs to nobody."""
    body = f"8{number:011d}"
    return body + str(citizen_check_digit(body))


@dataclass
class Area:
    system: Actor
    office: Unit
    school: School
    other: School
    accounts: dict[str, Account]

    def actor(self, word: str) -> Actor:
        account = self.accounts[word]
        return Actor.of(account.person, account=account)

    def pupil(self, number: int, school: School | None = None, grade: str = "p2", **values: Any) -> Pupil:
        given = {
            "title": "เด็กหญิง", "first_name": f"ดารา{number}", "last_name": "ใจดี", "sex": "f", "born_on": date(2018, 5, 1),
            "id_value": citizen_id(number), "entered_on": date(2025, 5, 16), **values,
        }  # fmt: skip
        return add_pupil(actor=self.system, school=school or self.school, grade=grade, **given)

    def third(self) -> School:
        """One more school, with nobody in it."""
        return add_school(actor=self.system, name="บ้านสามทาง", smis8="99029003", levels="kp", since=SINCE)

    def enrolment(self, pupil: Pupil, school: School | None = None) -> Enrolment:
        return Enrolment.objects.get(pupil=pupil, school=school or self.school)

    def second_term(self, pupils: list[Pupil], year: int) -> None:
        """Let their enrolments be those of the year's second term, whatever today is."""
        Enrolment.objects.filter(pupil__in=pupils).update(school_year=year, term=2)


def build_area() -> Area:
    system = Actor.system()
    roles = ensure_roles()
    office = add_unit(
        actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.ศรีธารา เขต 2"
    )
    school = add_school(actor=system, name="บ้านไร่ธารใส", smis8="99029001", levels="kp", since=SINCE)
    other = add_school(actor=system, name="วัดเกาะกลางธาราม", smis8="99029002", levels="kl", since=SINCE)
    accounts: dict[str, Account] = {}
    for word, unit, kind, role in (
        ("planner", office, "officer", "planner"),
        ("finance", office, "officer", "finance"),
        ("clerk", school.unit, "clerk", "school_clerk"),
        ("teacher", school.unit, "teacher", "teacher"),
        ("other_clerk", other.unit, "clerk", "school_clerk"),
    ):
        who = add_person(actor=system, title="นาง", first_name=word, last_name="ใจงาม")
        post = add_post(actor=system, unit=unit, kind=kind, title=word, short_title=word, roles=[roles[role]])
        appoint(actor=system, post=post, person=who)
        accounts[word] = add_account(actor=system, person=who, username=word, password="x")
    return Area(system, office, school, other, accounts)


built, area = built_once(build_area)
