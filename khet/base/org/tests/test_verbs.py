from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from khet.base.journal.api import Entry, verify_chain
from khet.base.lib.errors import Forbidden
from khet.base.org.actions import add_person, add_post, add_unit, appoint, delegate, vacate
from khet.base.org.api import Actor, Role, can

pytestmark = pytest.mark.django_db


@pytest.fixture
def system():
    return Actor.system()


@pytest.fixture
def office(system):
    return add_unit(actor=system, kind="office", code="9901", name="สพป.ศรีธารา เขต 2", short_name="ศรีธารา 2")


def test_a_verb_writes_one_chained_entry(system, office):
    group = add_unit(
        actor=system, kind="group", code="g1", name="กลุ่มอำนวยการ", short_name="อำนวยการ", parent=office
    )
    assert group.ancestors == [office.pk, group.pk]
    assert [e.verb for e in Entry.objects.order_by("seq")] == ["org.add_unit", "org.add_unit"]
    assert verify_chain() is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal_entry SET sentence = 'x'", "DELETE FROM journal_entry", "TRUNCATE journal_entry"],
)
def test_the_journal_cannot_be_edited_deleted_or_emptied(office, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 1


def test_rights_follow_the_post_and_end_with_it(system, office):
    role = Role.objects.create(
        code="chief", name="ผู้ดูแลโครงสร้าง", capabilities=["org.manage", "org.view"], reach="below"
    )
    post = add_post(
        actor=system, unit=office, kind="director", title="ผอ.สพป.", short_title="ผอ.", roles=[role]
    )
    person = add_person(actor=system, title="นาย", first_name="วิทยา", last_name="ธารสุวรรณ")
    appoint(actor=system, post=post, person=person)
    assert can(Actor.of(person), "org.manage", office)
    deputy = add_person(actor=system, title="นาง", first_name="พรรณี", last_name="แก้วมณีรัตน์")
    delegate(actor=Actor.of(person), post=post, person=deputy)
    assert can(Actor.of(deputy), "org.manage", office)
    vacate(actor=system, post=post)
    assert not can(Actor.of(person), "org.manage", office)
    with pytest.raises(Forbidden) as refusal:
        add_unit(actor=Actor.of(person), kind="group", code="g2", name="x", short_name="x")
    assert "ผู้ดูแลโครงสร้าง" in str(refusal.value.sentence)
