"""Two schools with a principal each, and records of each school (delegations) that can be found."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from khet.base.org.actions import add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, Delegation, Role, today
from khet.kits.search.api import Document, SearchKind, index
from khet.kits.search.declarations import kinds
from tests.built_once import built_once

BODIES: dict[int, dict] = {}


def documents(queryset):
    for record in queryset.select_related("post__unit"):
        yield Document(
            pk=record.pk,
            title=record.reason,
            url=f"/delegations/{record.pk}/",
            numbers=[record.order_reference] if record.order_reference else [],
            units=[record.post.unit_id],
            day=record.since,
            **BODIES.get(record.pk, {}),
        )


@pytest.fixture(autouse=True)
def delegations_are_found(monkeypatch):
    kind = SearchKind("delegation", "หนังสือ", Delegation, documents, icon="mail")
    monkeypatch.setattr(kinds, "_items", {"delegation": kind})
    BODIES.clear()


def build():
    system = Actor.system()
    role = Role.objects.create(code="reader", name="ผู้อ่าน", capabilities=["org.view"], reach="unit")
    office = add_unit(actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="ศธ 2")
    found = SimpleNamespace(system=system, office=office, units=[], people=[], actors=[], posts=[])
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
        found.units.append(unit)
        found.posts.append(post)
        found.people.append(person)
        found.actors.append(Actor.of(person))
    found.other = add_person(actor=system, title="นาง", first_name="สมศรี", last_name="ใจงาม")
    return found


built, world = built_once(build)


@pytest.fixture
def put(world):
    """Make a record of a school and index it."""

    def make(title: str, *, number: str = "", school: int = 0, day=None, **document) -> Delegation:
        record = Delegation.objects.create(
            post=world.posts[school],
            person=world.other,
            kind="acting",
            reason=title,
            order_reference=number,
            since=day or today(),
        )
        BODIES[record.pk] = document
        index(Delegation, [record.pk])
        return record

    return make


@pytest.fixture
def titles(world):
    """The titles found for the first school's principal, in order."""
    from khet.kits.search.api import find

    def ask(text: str, actor=None, **narrow) -> list[str]:
        groups = find(actor or world.actors[0], text, **narrow).groups
        return [hit.title for group in groups for hit in group.hits]

    return ask
