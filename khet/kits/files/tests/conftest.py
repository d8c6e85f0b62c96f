"""Two units, one person in each, and a record of each unit (a delegation) that holds files."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from khet.base.org.actions import add_person, add_post, add_unit, appoint, delegate
from khet.base.org.api import Actor, Delegation, Role
from khet.kits.files.owners import FileOwner, owners
from tests.built_once import built_once


@pytest.fixture(autouse=True)
def files_folder(settings, tmp_path):
    settings.KHET_FILES = tmp_path / "files"
    return settings.KHET_FILES


@pytest.fixture
def told():
    """Ids of records whose files were read, as the owner was told."""
    return []


@pytest.fixture(autouse=True)
def delegations_hold_files(monkeypatch, told):
    items = {**owners._items, "org.delegation": FileOwner(Delegation, texts_read=told.extend)}
    monkeypatch.setattr(owners, "_items", items)


def build():
    system = Actor.system()
    role = Role.objects.create(code="reader", name="ผู้อ่าน", capabilities=["org.view"], reach="unit")
    office = add_unit(actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="ศธ 2")
    found = SimpleNamespace(system=system, office=office, records=[], people=[], actors=[])
    for number in (1, 2):
        unit = add_unit(
            actor=system,
            kind="school",
            code=f"99020{number}",
            name=f"บ้านหนองไทร {number}",
            short_name=f"หนองไทร {number}",
            parent=office,
        )
        post = add_post(
            actor=system, unit=unit, kind="principal", title="ผู้อำนวยการ", short_title="ผอ.", roles=[role]
        )
        person = add_person(actor=system, title="นาย", first_name=f"สมชาย{number}", last_name="ใจดี")
        appoint(actor=system, post=post, person=person)
        other = add_person(actor=system, title="นาง", first_name=f"สมศรี{number}", last_name="ใจงาม")
        found.records.append(delegate(actor=system, post=post, person=other, kind="acting"))
        found.people.append(person)
        found.actors.append(Actor.of(person))
    return found


built, world = built_once(build)


@pytest.fixture
def own(world):
    """The first school's record."""
    return world.records[0]
