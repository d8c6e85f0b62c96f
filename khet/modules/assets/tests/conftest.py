"""An office, two schools with people, a building and an article each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Account, Actor, Unit, ensure_roles
from khet.modules.assets.actions.articles import add_article
from khet.modules.assets.actions.buildings import add_building
from khet.modules.assets.models import Article, Building
from khet.modules.schools.actions import add_school
from khet.modules.schools.models import School
from tests.built_once import built_once

SINCE = date(2023, 10, 1)


@dataclass
class Area:
    system: Actor
    office: Unit
    school: School
    other: School
    building: Building
    article: Article
    accounts: dict[str, Account]

    def actor(self, word: str) -> Actor:
        account = self.accounts[word]
        return Actor.of(account.person, account=account)


def build_area() -> Area:
    system = Actor.system()
    roles = ensure_roles()
    office = add_unit(
        actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.ศรีธารา เขต 2"
    )
    school = add_school(
        actor=system, name="บ้านไร่ธารใส", smis8="99029001", obec10="1099569001", obec6="569001", levels="kp",
        amphoe="ทุ่งไพล", pupils=83, founded_on=date(1950, 5, 1), since=SINCE,
    )  # fmt: skip
    other = add_school(
        actor=system, name="วัดเกาะกลางธาราม", smis8="99029002", obec10="1099569002", obec6="569002", levels="kl",
        amphoe="ปากน้ำเงิน", pupils=146, founded_on=date(1940, 5, 1), since=SINCE,
    )  # fmt: skip
    accounts: dict[str, Account] = {}

    def person(word: str, name: str, unit: Unit, kind: str, role: str) -> None:
        who = add_person(actor=system, title="นาง", first_name=name, last_name="ใจงาม")
        post = add_post(actor=system, unit=unit, kind=kind, title=name, short_title=name, roles=[roles[role]])
        appoint(actor=system, post=post, person=who)
        accounts[word] = add_account(actor=system, person=who, username=word, password="x")

    person("planner", "ปิยะนุช", office, "officer", "planner")
    person("finance", "ปาริชาต", office, "officer", "finance")
    person("principal", "อรทัย", school.unit, "principal", "principal")
    person("clerk", "สมใจ", school.unit, "clerk", "school_clerk")
    person("teacher", "มานี", school.unit, "teacher", "teacher")
    person("other_principal", "วิมล", other.unit, "principal", "principal")
    building = add_building(
        actor=system, unit=school.unit, kind="01", model="สปช.105/29", rooms_plan=8, rooms_used=6, year_built=2530,
        condition="good",
    )  # fmt: skip
    article = add_article(
        actor=system, unit=school.unit, number="7440-001-0001/66", name="เครื่องคอมพิวเตอร์", item_code="21007",
        acquired_on=date(2023, 2, 10), price=22_000, location="ห้องสมุด", responsible_name="ครูมานี",
    )  # fmt: skip
    return Area(system, office, school, other, building, article, accounts)


built, area = built_once(build_area)
