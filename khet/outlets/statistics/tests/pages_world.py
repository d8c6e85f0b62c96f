"""An invented office with three schools in two districts, and censuses of pupils through the years, written as closing writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
from django.utils import timezone

from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, Unit, ensure_roles
from khet.kits.rounds import censuses
from khet.kits.rounds.bases import references, sheets
from khet.kits.rounds.models import Census, Round
from khet.modules.schools.models import School, SchoolCode

SYSTEM = Actor.system()
SCHOOLS = [
    ("99020001", "บ้านไร่ธารใส", "9901", "เขาแก้ว", "n-1", "ต้นน้ำ"),
    ("99020002", "วัดปากน้ำเงิน", "9901", "เขาแก้ว", "n-2", "ปลายน้ำ"),
    ("99020003", "บ้านกอจูดน้อย", "9902", "ธารทอง", "n-2", "ปลายน้ำ"),
]
GRADES = ("k2", "k3", "p1", "p2", "p3")


@dataclass
class Office:
    unit: Unit
    schools: dict[str, Unit] = field(default_factory=dict)
    accounts: dict[str, Any] = field(default_factory=dict)

    def actor(self, word: str) -> Actor:
        return Actor.of(self.accounts[word].person, account=self.accounts[word])


def an_office() -> Office:
    roles = ensure_roles()
    unit = add_unit(actor=SYSTEM, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="ศรีธารา 2")
    office = Office(unit)

    def seat(word: str, at: Unit, kind: str, names: list[str], number: str) -> None:
        post = add_post(
            actor=SYSTEM,
            unit=at,
            kind=kind,
            title=word,
            short_title=word,
            roles=[roles[n] for n in names],
            number=number,
        )
        person = add_person(actor=SYSTEM, first_name=f"คน{word}", last_name="ทดสอบ")
        appoint(actor=SYSTEM, post=post, person=person, since=date(2020, 1, 1))
        office.accounts[word] = add_account(actor=SYSTEM, person=person, username=word, password="x")

    seat("director", unit, "director", ["director"], "1")
    seat("planner", unit, "officer", ["officer", "planner"], "2")
    for at, (code, name, *_rest) in enumerate(SCHOOLS):
        school = add_unit(
            actor=SYSTEM, kind="school", code=code, name=f"โรงเรียน{name}", short_name=name, parent=unit
        )
        office.schools[code] = school
        row = School.objects.create(unit=school, name=name, smis8=code)
        SchoolCode.objects.create(school=row, kind="smis8", value=code)
        seat(f"head{at}", school, "principal", ["principal"], f"{at}1")
    return office


def pupils(year: int) -> list[dict[str, Any]]:
    """Two rooms of each grade at the first school, one at the others; fewer every year; three disabled children at the last."""
    found = []
    for at, (code, *_rest) in enumerate(SCHOOLS):
        for place, grade in enumerate(GRADES):
            for sex in "mf":
                for room in range(1, 3 - min(at, 1)):
                    n = 10 + place + (2 if sex == "m" else 0) + (2570 - year) + 4 * at
                    found.append(
                        {
                            "school": code,
                            "grade": grade,
                            "room": room,
                            "sex": sex,
                            "disadvantage": None,
                            "disability": None,
                            "pupils": n,
                        }
                    )
    found += [
        {"school": "99020001", "grade": "p1", "room": 1, "sex": "m", "disadvantage": None, "disability": "learning", "pupils": 14},
        {"school": "99020002", "grade": "p1", "room": 1, "sex": "f", "disadvantage": None, "disability": "learning", "pupils": 9},
        {"school": "99020003", "grade": "p2", "room": 1, "sex": "m", "disadvantage": None, "disability": "seeing", "pupils": 3},
        {"school": "99020003", "grade": "p2", "room": 1, "sex": "f", "disadvantage": None, "disability": "learning", "pupils": 8},
    ]  # fmt: skip
    return found


def schools(_year: int) -> list[dict[str, Any]]:
    keys = ("school", "name", "district_code", "district", "network_code", "network")
    return [dict(zip(keys, row, strict=True)) for row in SCHOOLS]


def _table(code: str) -> Any:
    return next((t for one in sheets for t in one.census if t.code == code), None) or references[code]


def a_census(year: int, number: int = 1, *, again: int = 1, more: int = 0) -> Census:
    """A closed term round and its census. ``again`` is its number when the round was closed anew, ``more`` pupils then came."""
    as_at = date(year - 543, 6, 10)
    round_, _made = Round.objects.get_or_create(
        kind="term", school_year=year, number=number,
        defaults={
            "title": f"รอบ {number}/{year}", "term": 1, "as_at": as_at, "opens_on": as_at, "due_at": timezone.make_aware(datetime(year - 543, 6, 20)),
            "closes_on": as_at + timedelta(days=20), "sheet_codes": ["students"], "opened_at": timezone.now(), "closed_at": timezone.now(), "state": "closed",
        },
    )  # fmt: skip
    writing = censuses.Writing()
    for code, rows in (("pupils", pupils(year)), ("schools", schools(year))):
        table = _table(code)
        if code == "pupils":
            rows[0]["pupils"] += more
        schema = pa.schema([(name, censuses.TYPES[kind]) for name, kind in table.columns])
        full = [{name: row.get(name) for name, _kind in table.columns} for row in rows]
        writing.add(table, pa.Table.from_pylist(full, schema=schema))
    facts = {
        "round": {"id": year * 10 + number, "title": round_.title, "kind": "term", "number": number, "term": 1, "school_year": year, "as_at": as_at.isoformat(), "census": again},
        "office": {"code": "9902", "name": "สพป.ศรีธารา เขต 2"},
    }  # fmt: skip
    folder = f"{year}-term-{number}-{again:02d}-test"
    manifest, sha256 = writing.finish(folder, facts)
    made = timezone.make_aware(datetime(year - 543, 6, 30, 15))
    return Census.objects.create(
        round=round_, number=again, made_at=made, folder=folder, manifest=manifest, sha256=sha256
    )


def total(year: int, **only: Any) -> int:
    """Counted here, apart from the engine."""
    return sum(
        row["pupils"] for row in pupils(year) if all(row[name] == value for name, value in only.items())
    )
