"""An office with a planner, two called schools with their principals, a third school in another district."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Account, Actor, Unit, ensure_roles
from khet.modules.emergencies.actions import open_event
from khet.modules.emergencies.models import Event
from khet.modules.schools.actions import import_schools
from khet.modules.schools.models import School
from tests.built_once import built_once

SINCE = date(2023, 10, 1)


@dataclass
class Area:
    office: Unit
    planner: Actor
    officer: Actor
    principal: Actor
    teacher: Actor
    accounts: dict[str, Account]
    struck: School
    near: School
    far: School

    def open(self, **given: Any) -> Event:
        return open_event(
            actor=self.planner, **{"kind": "flood", "title": "น้ำท่วมทดสอบ", "districts": ["ปากน้ำเงิน"], **given}
        )


def build() -> Area:
    system = Actor.system()
    roles = ensure_roles()
    office = add_unit(
        actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.ศรีธารา เขต 2"
    )
    rows = [
        {
            "name": name, "smis8": f"9902900{n}", "levels": "kp", "amphoe": amphoe, "amphoe_code": code, "pupils": 50 + n,
            "phone": f"0 7400 000{n}", "since": SINCE, "latitude": f"7.4{n}", "longitude": f"100.0{n}",
        }
        for n, (name, amphoe, code) in enumerate(
            [("บ้านปากคลอง", "ปากน้ำเงิน", "9906"), ("บ้านพรุนอก", "ปากน้ำเงิน", "9906"), ("บ้านดอนตาล", "เขาแก้ว", "9901")], start=1
        )
    ]  # fmt: skip
    struck, near, far = import_schools(actor=system, new=rows, changed=[], source="ทดสอบ")
    accounts: dict[str, Account] = {}

    def person(word: str, unit: Unit, kind: str, role: str) -> Actor:
        who = add_person(
            actor=system,
            title="นาง",
            first_name=f"ชื่อ{word}",
            last_name="ทดสอบ",
            phone=f"08 0000 {len(accounts):04d}",
        )
        post = add_post(actor=system, unit=unit, kind=kind, title=word, short_title=word, roles=[roles[role]])
        appoint(actor=system, post=post, person=who)
        accounts[word] = add_account(actor=system, person=who, username=word, password="x")
        return Actor.of(who)

    found = {
        word: person(word, unit, kind, role)
        for word, unit, kind, role in [
            ("planner", office, "officer", "planner"),
            ("officer", office, "officer", "officer"),
            ("principal", struck.unit, "principal", "principal"),
            ("teacher", struck.unit, "teacher", "teacher"),
            ("near_principal", near.unit, "principal", "principal"),
        ]
    }
    return Area(
        office,
        found["planner"],
        found["officer"],
        found["principal"],
        found["teacher"],
        accounts,
        struck,
        near,
        far,
    )


built, area = built_once(build)


def picture(colour: tuple[int, int, int] = (31, 70, 128)) -> ContentFile:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (7.0, 25.0, 0.0)}  # a place, as phones write it
    Image.new("RGB", (80, 60), colour).save(out, "JPEG", exif=exif)
    return ContentFile(out.getvalue(), name="ภาพ.jpg")
