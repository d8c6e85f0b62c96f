"""Telling: once per event, person and channel; carried once; never lost quietly."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from khet.base.lib.errors import Forbidden
from khet.base.notices import actions
from khet.base.notices.actions import carry, choose_channels, mark_read, retry, tell
from khet.base.notices.choices import Channel, State
from khet.base.notices.models import Notice
from khet.base.notices.queries import unread_count
from khet.base.org.actions import add_person, add_post, add_unit, appoint, delegate
from khet.base.org.api import Actor, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def system():
    return Actor.system()


@pytest.fixture
def office(system):
    return add_unit(actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="ศรีธารา 2")


def person(system, name, email="") -> Person:
    return add_person(actor=system, first_name=name, last_name="ใจงาม", email=email)


def test_repeating_an_event_tells_nobody_twice(system):
    somchit = person(system, "สมจิต", "somchit@example.org")
    for _ in range(3):
        tell(event="letters.sent:1", title="มีหนังสือถึงโรงเรียน", people=[somchit], url="/letters/1/")
    assert Notice.objects.count() == 2
    assert unread_count(somchit) == 1
    assert carry() == 1
    assert carry() == 0
    assert [m.to for m in mail.outbox] == [["somchit@example.org"]]
    assert "/letters/1/" in mail.outbox[0].body


def test_what_is_rolled_back_was_never_told(system):
    somchit = person(system, "สมจิต")
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(event="x:1", title="x", people=[somchit])
        raise RuntimeError
    assert not Notice.objects.exists()


def test_a_post_means_its_holder_and_whoever_acts_for_them(system, office):
    post = add_post(actor=system, unit=office, kind="director", title="ผอ.สพป.", short_title="ผอ.")
    director, deputy, other = (person(system, name) for name in ("วิทยา", "พรรณี", "สมหญิง"))
    appoint(actor=system, post=post, person=director)
    delegate(actor=system, post=post, person=deputy)
    tell(event="x:2", title="x", posts=[post], channels=["app"])
    assert set(Notice.objects.values_list("person", flat=True)) == {director.pk, deputy.pk}
    assert unread_count(other) == 0


def test_units_with_a_capability(system, office):
    role = Role.objects.create(code="saraban-x", name="สารบรรณ", capabilities=["notices.outbox"])
    post = add_post(
        actor=system, unit=office, kind="officer", title="ธุรการ", short_title="ธุรการ", roles=[role]
    )
    clerk = person(system, "กนกวรรณ")
    appoint(actor=system, post=post, person=clerk)
    tell(event="x:3", title="x", units=[office], capability="notices.outbox", channels=["app"])
    tell(event="x:4", title="x", units=[office], capability="notices.outbox", channels=["app"], but=clerk)
    assert list(Notice.objects.values_list("event", "person")) == [("x:3", clerk.pk)]


def test_a_channel_switched_off_is_not_used(system):
    somchit = person(system, "สมจิต", "somchit@example.org")
    choose_channels(somchit, set())
    tell(event="x:5", title="x", people=[somchit])
    assert list(Notice.objects.values_list("channel", flat=True)) == [Channel.APP]


def test_a_worker_killed_during_the_call_leaves_a_doubt_not_a_double(system, monkeypatch):
    somchit = person(system, "สมจิต", "somchit@example.org")
    tell(event="x:6", title="x", people=[somchit], channels=["email"])
    monkeypatch.setattr(actions, "_send", lambda row, mailer: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        carry()
    monkeypatch.undo()
    assert Notice.objects.get().state == State.CALLING
    assert carry() == 0
    Notice.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert carry() == 0
    assert Notice.objects.get().state == State.UNCERTAIN
    assert mail.outbox == []


def test_a_failing_service_is_tried_again_later_and_then_given_up(system, monkeypatch):
    somchit = person(system, "สมจิต", "somchit@example.org")
    tell(event="x:7", title="x", people=[somchit], channels=["email"])

    def down(row, mailer):
        raise OSError("เครื่องส่งไม่ตอบ")

    monkeypatch.setattr(actions, "_send", down)
    for attempt in range(1, actions.LAST_ATTEMPT + 1):
        assert carry() == 0
        notice = Notice.objects.get()
        assert notice.attempts == attempt
        assert notice.error == "เครื่องส่งไม่ตอบ"
        Notice.objects.filter(state=State.PENDING).update(due_at=timezone.now())
    assert Notice.objects.get().state == State.FAILED
    monkeypatch.undo()
    retry(actor=system, ids=[notice.pk])
    assert carry() == 1


def test_a_refused_address_is_not_tried_again(system, monkeypatch):
    somchit = person(system, "สมจิต", "nobody@example.org")
    tell(event="x:8", title="x", people=[somchit], channels=["email"])

    def refuse(row, mailer):
        raise smtplib.SMTPRecipientsRefused({"nobody@example.org": (550, b"no such user")})

    monkeypatch.setattr(actions, "_send", refuse)
    carry()
    assert Notice.objects.get().state == State.FAILED


def test_a_subject_cannot_smuggle_a_header(system):
    somchit = person(system, "สมจิต", "somchit@example.org")
    tell(event="x:9", title="เรื่อง\r\nBcc: all@example.org", people=[somchit], channels=["email"])
    carry()
    assert mail.outbox[0].recipients() == ["somchit@example.org"]
    assert mail.outbox[0].subject == "เรื่อง Bcc: all@example.org"


def test_retrying_needs_the_right(system):
    with pytest.raises(Forbidden):
        retry(actor=Actor.of(person(system, "สมจิต")), ids=[])


def test_reading_marks_only_my_own(system):
    somchit, wipa = person(system, "สมจิต"), person(system, "วิภา")
    tell(event="x:10", title="x", people=[somchit, wipa], channels=["app"])
    mark_read(somchit, list(Notice.objects.values_list("pk", flat=True)))
    assert (unread_count(somchit), unread_count(wipa)) == (0, 1)
