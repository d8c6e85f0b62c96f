from __future__ import annotations

import pytest

from khet.base.journal.api import Entry
from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.org.actions import (
    add_person,
    add_person_id,
    add_post,
    add_unit,
    appoint,
    open_person_id,
    replace_person_id,
)
from khet.base.org.api import Actor, Role
from khet.base.org.identities import masked_id, person_by_id
from khet.base.org.models import PersonId
from khet.base.org.sealing import Unsealable, fingerprint, reseal, seal, unseal

pytestmark = pytest.mark.django_db
NUMBER = "1234567890121"


@pytest.fixture
def system():
    return Actor.system()


@pytest.fixture
def pupil(system):
    return add_person(actor=system, first_name="ดวงใจ", last_name="งามดี")


@pytest.fixture
def clerk(system):
    unit = add_unit(actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="ศรีธารา 2")
    role = Role.objects.create(
        code="ids", name="ทะเบียน", capabilities=["org.manage", "org.read_ids"], reach="area"
    )
    post = add_post(
        actor=system, unit=unit, kind="officer", title="ทะเบียน", short_title="ทะเบียน", roles=[role]
    )
    person = add_person(actor=system, first_name="วิไล", last_name="ทะเบียนดี")
    appoint(actor=system, post=post, person=person)
    return Actor.of(person)


@pytest.mark.parametrize("typed", [NUMBER, "1-2345-67890-12-1", "๑๒๓๔๕๖๗๘๙๐๑๒๑", " 1 2345 67890 12 1 "])
def test_a_number_is_sealed_masked_and_found_again(clerk, pupil, typed):
    record = add_person_id(actor=clerk, person=pupil, kind="citizen", value=typed)
    assert NUMBER not in repr(bytes(record.sealed)) and masked_id(record) == "x-xxxx-xxxxx-12-x"
    assert person_by_id("citizen", NUMBER) == pupil
    assert person_by_id("citizen", "1234567890139") is None
    facts = Entry.objects.get(verb="org.add_person_id")
    assert NUMBER not in str(facts.facts) + str(facts.changes)


@pytest.mark.parametrize("typed", ["1234567890123", "123456789012", "12345678901211", "123456789012x", ""])
def test_a_wrong_number_is_refused(clerk, pupil, typed):
    with pytest.raises(Refusal) as why:
        add_person_id(actor=clerk, person=pupil, kind="citizen", value=typed)
    assert why.value.field == "value"
    assert not PersonId.objects.exists()


def test_one_number_belongs_to_one_person(clerk, pupil, system):
    add_person_id(actor=clerk, person=pupil, kind="citizen", value=NUMBER)
    other = add_person(actor=system, first_name="ดวงใจ", last_name="คนอื่น")
    with pytest.raises(Conflict):
        add_person_id(actor=clerk, person=other, kind="citizen", value=NUMBER)


def test_opening_wants_the_right_and_a_reason_and_is_written_down(clerk, pupil):
    add_person_id(actor=clerk, person=pupil, kind="citizen", value=NUMBER)
    with pytest.raises(Refusal):
        open_person_id(actor=clerk, person=pupil, kind="citizen", reason="  ดู  ")
    with pytest.raises(Forbidden):
        open_person_id(actor=Actor.of(pupil), person=pupil, kind="citizen", reason="อยากเห็นเลขเต็ม")
    assert open_person_id(actor=clerk, person=pupil, kind="citizen", reason="ตรวจกับบัตรที่ยื่นคำร้อง") == NUMBER
    read = Entry.objects.get(verb="org.open_person_id")
    assert read.actor_name == "วิไล ทะเบียนดี" and read.subject == f"org.person:{pupil.pk}"
    assert read.facts == {"kind": "citizen", "masked": "x-xxxx-xxxxx-12-x", "reason": "ตรวจกับบัตรที่ยื่นคำร้อง"}


def test_replacing_keeps_the_old_number_out_of_use(clerk, pupil):
    add_person_id(actor=clerk, person=pupil, kind="passport", value="AA1234567")
    replace_person_id(actor=clerk, person=pupil, kind="passport", value="AB7654321")
    assert person_by_id("passport", "AB7654321") == pupil
    assert person_by_id("passport", "AA1234567") is None


def test_sealed_values_survive_a_change_of_keys(settings, clerk, pupil):
    record = add_person_id(actor=clerk, person=pupil, kind="citizen", value=NUMBER)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key that is long enough to be used by an office, 2569"
    assert unseal(record.sealed) == NUMBER
    assert person_by_id("citizen", NUMBER) == pupil
    renewed = reseal(record.sealed)
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(renewed) == NUMBER
    with pytest.raises(Unsealable):
        unseal(record.sealed)


def test_an_altered_value_is_not_opened():
    sealed = bytearray(seal(NUMBER))
    sealed[30] ^= 1
    with pytest.raises(Unsealable):
        unseal(bytes(sealed))


def test_fingerprints_of_two_fields_differ():
    assert fingerprint(NUMBER, "citizen") != fingerprint(NUMBER, "line")
