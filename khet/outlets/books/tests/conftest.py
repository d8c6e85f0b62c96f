"""Two schools with pupils, a closed round of them, and people who make and who read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from khet.base.lib.thai.calendar import school_term, school_year
from khet.base.lib.thai.ids import citizen_check_digit
from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Account, Actor, Unit, ensure_roles, today
from khet.kits.rounds.actions.closing import write_census
from khet.kits.rounds.models import Census, Return, Round
from khet.modules.schools.actions import add_school
from khet.modules.schools.api import School
from khet.modules.students.actions import add_pupil
from tests.built_once import built_once

PLACE = {
    "tambon": "ไร่ธาร",
    "tambon_code": "990301",
    "amphoe": "ทุ่งไพล",
    "amphoe_code": "9903",
    "province": "ศรีธารา",
}


def citizen_id(number: int) -> str:
    """A number with a right check digit that belongs to nobody."""
    body = f"8{number:011d}"
    return body + str(citizen_check_digit(body))


@dataclass
class Area:
    system: Actor
    office: Unit
    schools: list[School]
    accounts: dict[str, Account]
    year: int

    def actor(self, word: str) -> Actor:
        account = self.accounts[word]
        return Actor.of(account.person, account=account)

    def close(self) -> Census:
        """Close a round of pupils as they are now: another census each time."""
        number = Round.objects.count() + 1
        round_ = Round.objects.create(
            kind="term", title=f"รอบ {number}/{self.year}", school_year=self.year, number=number, term=school_term(today()), as_at=today(),
            opens_on=today() - timedelta(days=20), due_at=timezone.now(), closes_on=today(), sheet_codes=["students"],
        )  # fmt: skip
        for school in self.schools:
            Return.objects.create(round=round_, unit=school.unit, sheet="students")
        _writing, folder, manifest, sha256 = write_census(round_, 1)
        return Census.objects.create(
            round=round_, number=1, made_at=timezone.now(), folder=folder, manifest=manifest, sha256=sha256
        )


def build() -> Area:
    system, roles = Actor.system(), ensure_roles()
    office = add_unit(
        actor=system,
        kind="office",
        code="9902",
        name="สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2",
        short_name="สพป.ศรีธารา เขต 2",
    )
    schools = [
        add_school(actor=system, name=name, smis8=code, levels="kp", since=date(2020, 10, 1), **PLACE)
        for name, code in (("บ้านไร่ธารใส", "99029001"), ("วัดเกาะกลางธาราม", "99029002"))
    ]
    for n in range(12):
        add_pupil(
            actor=system, school=schools[n % 2], grade=f"p{n % 6 + 1}", title="เด็กหญิง" if n % 3 else "เด็กชาย", first_name=f"ดารา{n}",
            last_name="ใจดี", id_value=citizen_id(n), sex="f" if n % 3 else "m", born_on=date(2017, 5, 1),
        )  # fmt: skip
    accounts = {}
    for word, unit, kind, role in (
        ("planner", office, "officer", "planner"), ("finance", office, "officer", "finance"), ("teacher", schools[0].unit, "teacher", "teacher")
    ):  # fmt: skip
        who = add_person(actor=system, title="นาง", first_name=word, last_name="ใจงาม")
        post = add_post(actor=system, unit=unit, kind=kind, title=word, short_title=word, roles=[roles[role]])
        appoint(actor=system, post=post, person=who)
        accounts[word] = add_account(actor=system, person=who, username=word, password="x")
    return Area(system, office, schools, accounts, school_year(today()))


built, seated = built_once(build)


@pytest.fixture
def area(seated: Area, settings: object, tmp_path: object) -> Area:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return seated
