"""Two schools of an area with their villages and people, pupils on their rolls, children of their service areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from khet.base.lib.thai.ids import citizen_check_digit
from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Account, Actor, Unit, ensure_roles
from khet.modules.children.actions import add_child, match
from khet.modules.children.models import Case, Child, Standing
from khet.modules.children.queries.children import now_year
from khet.modules.schools.actions import add_school, add_village, serve_villages
from khet.modules.schools.api import School, Village
from khet.modules.students.actions import add_pupil
from khet.modules.students.api import Pupil
from tests.built_once import built_once

SINCE = date(2020, 10, 1)
TAMBON, AMPHOE = "ไร่ธาร", "ทุ่งไพล"


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
    villages: dict[int, Village]

    def actor(self, word: str) -> Actor:
        account = self.accounts[word]
        actor = Actor.of(account.person, account=account)
        actor.fresh_sign_in = True
        return actor

    def born(self, age: int) -> date:
        """A birthday that makes a child of this age by calendar years."""
        return date(now_year() - 543 - age, 5, 1)

    def child(self, number: int, *, age: int = 9, moo: str = "1", **values: Any) -> Child:
        """A child of a village of the first school (moo 1 and 2) or of the other (moo 3); the number is also that of ``pupil``."""
        given = {
            "title": "เด็กหญิง", "first_name": f"ดารา{number}", "last_name": "ใจดี", "sex": "f", "born_on": self.born(age), "home_moo": moo,
            "home_tambon": TAMBON, "home_amphoe": AMPHOE, "home_no": f"{number}/1", "registered": "here", "id_value": citizen_id(number),
            "father": "นายเมฆา ใจดี", "mother": "นางมาลี ใจดี", "nationality": "ไทย", **values,
        }  # fmt: skip
        return add_child(actor=self.system, **given)

    def pupil(
        self, number: int, school: School | None = None, *, age: int = 9, grade: str = "p3", **values: Any
    ) -> Pupil:
        given = {
            "title": "เด็กหญิง", "first_name": f"ดารา{number}", "last_name": "ใจดี", "sex": "f", "born_on": self.born(age),
            "id_value": citizen_id(number), **values,
        }  # fmt: skip
        return add_pupil(actor=self.system, school=school or self.school, grade=grade, **given)

    def match(self) -> dict[str, int]:
        return match(actor=self.system)

    def state(self, child: Child) -> str:
        return Standing.objects.get(child=child, school_year=now_year()).state

    def case(self, child: Child) -> Case:
        return Case.objects.get(child=child)


def build_area() -> Area:
    system = Actor.system()
    roles = ensure_roles()
    office = add_unit(
        actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.ศรีธารา เขต 2"
    )
    place = {
        "tambon": TAMBON,
        "tambon_code": "990301",
        "amphoe": AMPHOE,
        "amphoe_code": "9903",
        "province": "ศรีธารา",
    }
    school = add_school(actor=system, name="บ้านไร่ธารใส", smis8="99029001", levels="kp", since=SINCE, **place)
    other = add_school(
        actor=system, name="วัดเกาะกลางธาราม", smis8="99029002", levels="kl", since=SINCE, **place
    )
    villages = {
        moo: add_village(actor=system, tambon_code="990301", moo=moo, name=f"บ้านที่ {moo}", tambon=TAMBON, amphoe=AMPHOE, province="ศรีธารา")
        for moo in (1, 2, 3)
    }  # fmt: skip
    year = now_year() - 2
    serve_villages(actor=system, school=school, villages=[villages[1], villages[2]], since_year=year)
    serve_villages(actor=system, school=other, villages=[villages[3]], since_year=year)
    accounts: dict[str, Account] = {}
    for word, unit, kind, role in (
        ("planner", office, "officer", "planner"),
        ("finance", office, "officer", "finance"),
        ("principal", school.unit, "principal", "principal"),
        ("clerk", school.unit, "clerk", "school_clerk"),
        ("teacher", school.unit, "teacher", "teacher"),
        ("other_clerk", other.unit, "clerk", "school_clerk"),
    ):
        who = add_person(actor=system, title="นาง", first_name=word, last_name="ใจงาม")
        post = add_post(actor=system, unit=unit, kind=kind, title=word, short_title=word, roles=[roles[role]])
        appoint(actor=system, post=post, person=who)
        accounts[word] = add_account(actor=system, person=who, username=word, password="x")
    return Area(system, office, school, other, accounts, villages)


built, area = built_once(build_area)
