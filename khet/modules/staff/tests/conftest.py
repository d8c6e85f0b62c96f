"""An office with two schools, a personnel officer, principals and teachers who are officials."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Account, Actor, Unit, ensure_roles
from khet.modules.schools.api import School
from khet.modules.staff.actions import add_official
from khet.modules.staff.models import Incumbency, Official
from tests.built_once import built_once

SINCE = date(2023, 10, 1)
# Invented numbers with a right check digit.
IDS = ["1993000000011", "1993000000020", "1993000000038", "1993000000046", "1993000000054", "1993000000062"]


@dataclass
class Area:
    system: Actor
    office: Unit
    school: Unit
    other: Unit
    people: dict[str, Actor] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    officials: dict[str, Official] = field(default_factory=dict)


def a_school(system: Actor, office: Unit, number: int, name: str, pupils: int, levels: str = "kp") -> Unit:
    """A school with its unit, made directly: its own verbs are tested elsewhere."""
    unit = add_unit(
        actor=system, kind="school", code=f"9902900{number}", name=f"โรงเรียน{name}", short_name=name, parent=office, since=SINCE
    )  # fmt: skip
    School.objects.create(
        unit=unit, name=name, sort_name=name, search_text=name, smis8=unit.code, obec10=f"109956900{number}",
        obec6=f"56900{number}", levels=levels, pupils=pupils, amphoe="ทุ่งไพล", area_code="9902",
    )  # fmt: skip
    return unit


def build_area() -> Area:
    system = Actor.system()
    roles = ensure_roles()
    office = add_unit(
        actor=system,
        kind="office",
        code="9902",
        name="สพป.ศรีธารา เขต 2",
        short_name="สพป.ศรีธารา เขต 2",
        since=SINCE,
    )
    made = Area(
        system,
        office,
        a_school(system, office, 1, "บ้านไร่ธารใส", 83),
        a_school(system, office, 2, "วัดเกาะกลางธาราม", 146, "kl"),
    )
    plan = [
        ("personnel", office, "officer", "personnel", "นักทรัพยากรบุคคล", "civil"),
        ("director", office, "director", "director", "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", "teacher"),
        ("principal", made.school, "principal", "principal", "ผู้อำนวยการโรงเรียน", "teacher"),
        ("clerk", made.school, "clerk", "school_clerk", "ธุรการโรงเรียน", "contract"),
        ("teacher", made.school, "teacher", "teacher", "ครู", "teacher"),
        ("stranger", made.other, "principal", "principal", "ผู้อำนวยการโรงเรียน", "teacher"),
    ]
    for number, (word, unit, kind, role, title, person_kind) in enumerate(plan):
        who = add_person(
            actor=system,
            title="นาง",
            first_name=f"ชื่อ{word}",
            last_name="ทดสอบ",
            email=f"{word}@office.example",
        )
        post = add_post(
            actor=system, unit=unit, kind=kind, title=title, short_title=title, roles=[roles[role]]
        )
        appoint(actor=system, post=post, person=who, since=SINCE)
        made.accounts[word] = add_account(actor=system, person=who, username=word, password="x")
        made.officials[word] = add_official(
            actor=system, person=who, unit=unit, title=title, kind=person_kind, born_on=date(1975, 5, 20),
            appointed_on=date(2000, 6, 1), salary=31_340 + number, religion="พุทธ", sex="f",
            position_number=f"{900 + number}" if person_kind != "contract" else None,
        )  # fmt: skip
        made.people[word] = Actor.of(who, account=made.accounts[word])
    return made


built, area = built_once(build_area)


@pytest.fixture
def teacher(area: Area) -> Official:
    return area.officials["teacher"]


@pytest.fixture
def writer(area: Area) -> Actor:
    return area.people["personnel"]


@pytest.fixture
def held_for_long(area: Area) -> None:
    """Everybody has held their position since long before the orders of the tests."""
    Incumbency.objects.update(since=date(2019, 10, 1))


@pytest.fixture
def sheet(tmp_path: Path):
    """Write rows (dicts by heading) as CSV; returns the path."""

    def sheet(rows: list[dict[str, Any]], name: str = "staff.csv", encoding: str = "utf-8-sig") -> Path:
        path = tmp_path / name
        heads = list(dict.fromkeys(head for row in rows for head in row))
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(heads)
            writer.writerows([[row.get(head, "") for head in heads] for row in rows])
        return path

    return sheet
