"""A small area to read about."""

from __future__ import annotations

from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, ensure_roles
from tests.built_once import built_once


def build():
    """An office with an auditor and two schools, each with its principal."""
    system, roles = Actor.system(), ensure_roles()
    office = add_unit(
        actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.ศรีธารา เขต 2"
    )
    found = {"office": office}

    def seat(unit, kind: str, role: str, first: str) -> Actor:
        post = add_post(actor=system, unit=unit, kind=kind, title=role, short_title=role, roles=[roles[role]])
        person = add_person(actor=system, first_name=first, last_name="ดีงาม")
        appoint(actor=system, post=post, person=person)
        account = add_account(actor=system, person=person, username=f"u{person.pk}", password="x")
        return Actor.of(person, account=account, address="203.0.113.7")

    for number in (1, 2):
        school = add_unit(
            actor=system, kind="school", code=f"9902000{number}", name=f"โรงเรียนที่ {number}",
            short_name=f"โรงเรียนที่ {number}", parent=office,
        )  # fmt: skip
        found[f"school{number}"] = school
        found[f"principal{number}"] = seat(school, "principal", "principal", f"ครู{number}")
    found["auditor"] = seat(office, "officer", "auditor", "ตรวจ")
    found["officer"] = seat(office, "officer", "officer", "เจ้าหน้าที่")
    found["admin"] = seat(office, "officer", "admin", "ผู้ดูแล")
    return found


built, area = built_once(build)
