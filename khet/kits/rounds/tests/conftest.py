"""An office of three schools with people, and the worked example in the registries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, Grouping, Post, Unit, ensure_roles
from khet.kits.rounds.actions import open_round
from khet.kits.rounds.bases import checks, sheets
from khet.kits.rounds.models import Return, Round
from khet.kits.rounds.tests.examples import HELD, NUMBERED, POSTS, SHARED, VISIT
from tests.built_once import built_once

SYSTEM = Actor.system()


@dataclass
class Office:
    """``unit`` the office, ``schools`` three, actors by word: planner, director, ``clerk0`` … ``head2``."""

    unit: Unit
    schools: list[Unit] = field(default_factory=list)
    posts: dict[str, Post] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)

    def actor(self, word: str) -> Actor:
        account = self.accounts[word]
        found = Actor.of(account.person, account=account)
        found.fresh_sign_in = True
        return found

    def handed(self, round_: Round, school: int = 0, sheet: str = "test.posts") -> Return:
        return Return.objects.select_related("round", "unit").get(
            round=round_, unit=self.schools[school], sheet=sheet
        )


@pytest.fixture
def declared(monkeypatch):
    """The worked example in the registries, and nothing else, for the length of a test."""
    monkeypatch.setattr(sheets, "_items", {POSTS.code: POSTS, VISIT.code: VISIT})
    monkeypatch.setattr(checks, "_items", {one.code: one for one in (NUMBERED, HELD, SHARED)})


def build() -> Office:
    roles = ensure_roles()
    office = Office(
        add_unit(actor=SYSTEM, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="ศรีธารา 2")
    )

    def seat(
        word: str, unit: Unit, kind: str, title: str, names: list[str], number: str = "1", phone: str = ""
    ) -> None:
        post = add_post(
            actor=SYSTEM, unit=unit, kind=kind, title=title, short_title=title, roles=[roles[n] for n in names], number=number
        )  # fmt: skip
        person = add_person(actor=SYSTEM, first_name=f"คน{word}", last_name="ทดสอบ", phone=phone)
        appoint(actor=SYSTEM, post=post, person=person, since=date(2020, 1, 1))
        office.posts[word] = post
        office.accounts[word] = add_account(actor=SYSTEM, person=person, username=word, password="x")

    seat("director", office.unit, "director", "ผอ.สพป.", ["director"])
    seat("planner", office.unit, "officer", "นักวิเคราะห์นโยบายและแผน", ["officer", "planner"])
    network = add_unit(
        actor=SYSTEM, kind="network", code="n-1", name="เครือข่ายทุ่งไพล", short_name="ทุ่งไพล", parent=office.unit
    )
    for n in range(3):
        school = add_unit(
            actor=SYSTEM, kind="school", code=f"9902000{n}", name=f"โรงเรียนบ้านที่ {n}", short_name=f"บ้านที่ {n}", parent=office.unit
        )  # fmt: skip
        office.schools.append(school)
        if n < 2:
            Grouping.objects.create(group=network, member=school, since=date(2020, 1, 1))
        seat(
            f"head{n}", school, "principal", "ผอ.โรงเรียน", ["principal"], number=f"{n}1", phone="08 0000 2000"
        )
        seat(f"clerk{n}", school, "clerk", "ธุรการ", ["school_clerk"], number=f"{n}2", phone=f"08 0000 100{n}")
    Post.objects.update(since=date(2020, 1, 1))
    return office


built, seated = built_once(build)


@pytest.fixture
def house(seated, declared) -> Office:
    """The office, with the worked example declared."""
    return seated


def a_round(**values: Any) -> Round:
    facts = {
        "title": "รอบ 2/2569", "school_year": 2569, "number": 2, "term": 2, "as_at": date(2026, 11, 10), "opens_on": date(2026, 11, 10),
        "due_at": timezone.now() + timedelta(days=5), "closes_on": date(2027, 1, 15), "sheet_codes": ["test.posts"],
    }  # fmt: skip
    return Round.objects.create(**{**facts, **values})


@pytest.fixture
def opened(house) -> Round:
    round_ = a_round()
    open_round(actor=house.actor("planner"), round=round_)
    round_.refresh_from_db()
    return round_


def moment(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))
