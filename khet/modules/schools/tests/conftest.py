"""An office with its area code, a planner, a school with its principal."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Account, Actor, Unit, ensure_roles
from khet.modules.schools.actions import add_school
from khet.modules.schools.models import School
from tests.built_once import built_once

SINCE = date(2023, 10, 1)
HEADS = [
    "area_code", "area_name", "smis_code8", "school_id10", "obec_code6", "name_th", "grades", "subdistrict_th",
    "subdistrict_code", "district_th", "district_code", "postal_code", "approx_lat", "approx_lon", "approx_source",
]  # fmt: skip


def line(number: int, area: str = "9902", **given: Any) -> dict[str, Any]:
    """One row of a list with the headings of the ministry's lists."""
    return {
        "area_code": area,
        "area_name": "สพป.ศรีธารา เขต 2" if area == "9902" else "สพป.ศรีธารา เขต 1",
        "smis_code8": f"9902{number:04d}",
        "school_id10": f"109956{number:04d}",
        "obec_code6": f"56{number:04d}",
        "name_th": f"บ้านทุ่งน้ำใส {number}",
        "grades": "อนุบาล-มัธยมศึกษาตอนต้น" if number % 7 == 0 else "อนุบาล-ประถมศึกษา",
        "subdistrict_th": "ไร่ธาร",
        "subdistrict_code": "990302",
        "district_th": "ทุ่งไพล",
        "district_code": "9903",
        "postal_code": "99130",
        "approx_lat": f"7.{41000 + number:05d}",
        "approx_lon": f"100.{2000 + number:05d}",
        "approx_source": "จุดกลางตำบล",
    } | given


@pytest.fixture
def sheet(tmp_path: Path):
    """Write rows as CSV; returns the path."""

    def sheet(
        rows: list[dict[str, Any]],
        name: str = "schools.csv",
        encoding: str = "utf-8",
        heads: dict | None = None,
    ) -> Path:
        path = tmp_path / name
        names = {head: head for head in HEADS} | (heads or {})
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            writer.writerow([names[head] for head in HEADS])
            writer.writerows([[row[head] for head in HEADS] for row in rows])
        return path

    return sheet


@dataclass
class Area:
    system: Actor
    office: Unit
    planner: Actor
    planner_account: Account
    school: School
    other: School
    principal: Actor
    principal_account: Account
    teacher: Actor


def build_area() -> Area:
    system = Actor.system()
    roles = ensure_roles()
    office = add_unit(
        actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.ศรีธารา เขต 2"
    )
    school = add_school(
        actor=system,
        name="บ้านไร่ธารใส",
        smis8="99029001",
        obec10="1099569001",
        obec6="569001",
        levels="kp",
        amphoe="ทุ่งไพล",
        pupils=83,
        since=SINCE,
    )
    other = add_school(
        actor=system,
        name="วัดเกาะกลางธาราม",
        smis8="99029002",
        obec10="1099569002",
        obec6="569002",
        levels="kl",
        amphoe="ปากน้ำเงิน",
        pupils=146,
        since=SINCE,
    )

    def person(name: str, unit: Unit, kind: str, role: str) -> tuple[Actor, Account]:
        who = add_person(actor=system, title="นาง", first_name=name)
        post = add_post(actor=system, unit=unit, kind=kind, title=name, short_title=name, roles=[roles[role]])
        appoint(actor=system, post=post, person=who)
        return Actor.of(who), add_account(actor=system, person=who, username=role, password="x")

    planner, planner_account = person("ปิยะนุช", office, "officer", "planner")
    principal, principal_account = person("อรทัย", school.unit, "principal", "principal")
    teacher, _account = person("มานี", school.unit, "teacher", "teacher")
    return Area(
        system, office, planner, planner_account, school, other, principal, principal_account, teacher
    )


built, area = built_once(build_area)
