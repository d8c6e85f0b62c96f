from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from khet.base.journal.api import Entry
from khet.base.lib.errors import Forbidden, Refusal
from khet.base.org.actions import add_account, add_person
from khet.base.org.api import Actor
from khet.base.signin.actions import change_email, invite, set_password
from khet.base.signin.models import Event
from khet.base.signin.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "แมวสีเทา นั่งริมหน้าต่าง"


def link_in(message) -> str:
    return re.search(r"https?://[^/\s]+(/accounts/\S+)", message.body).group(1)


def ask(client, login: str):
    return client.post("/accounts/password/reset/", {"login": login}, REMOTE_ADDR="203.0.113.7")


@pytest.mark.parametrize("login", ["mana", "mana@example.go.th"])
def test_a_link_by_email_sets_a_new_password_once(office, client, login):
    office.sign_in(client, office.teacher)
    assert ask(Client(), login).url == "/accounts/password/reset/sent/"
    assert mail.outbox[0].to == ["mana@example.go.th"]
    link = link_in(mail.outbox[0])
    fresh = Client()
    assert fresh.post(link, {"password": "password1234"}).status_code == 200  # the rule holds here too
    assert fresh.post(link, {"password": NEW}).url == "/accounts/login/"
    assert fresh.post(link, {"password": PASSWORD}).status_code == 404
    assert client.get("/accounts/me/").status_code == 302  # the old sessions are gone
    assert office.sign_in(fresh, office.teacher, NEW).status_code == 302
    assert Event.objects.filter(kind="password_set", account_id=office.teacher.pk).exists()


def test_a_reset_does_not_pass_the_second_factor(office, client):
    office.give_app(office.director)
    ask(client, "witthaya")
    client.post(link_in(mail.outbox[0]), {"password": NEW})
    assert office.sign_in(client, office.director, NEW).url == "/accounts/2fa/"
    assert client.get("/accounts/me/").status_code == 302


def test_unknown_suspended_and_without_email_look_like_known(office, client):
    office.admin.is_active = False
    office.admin.save()
    office.director.email = ""
    office.director.save()
    answers = [ask(Client(), login) for login in ("mana", "nobody", "pakorn", "witthaya")]
    assert len({(answer.status_code, answer.url) for answer in answers}) == 1
    assert [m.to for m in mail.outbox] == [["mana@example.go.th"]]


def test_asking_again_and_again_runs_out(office, client):
    answers = [ask(client, "mana").status_code for _ in range(5)]
    assert answers == [302, 302, 302, 429, 429]
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("change", ["forged", "purpose", "old", "signed in since", "suspended"])
def test_dead_links(office, client, change, settings, monkeypatch):
    ask(client, "mana")
    link = link_in(mail.outbox[0])
    if change == "forged":
        link = link[:-4] + ("AAA/" if link[-4:-1] != "AAA" else "BBB/")
    elif change == "purpose":
        link = link.replace("/reset/", "/invite/")
    elif change == "old":
        from django.core import signing

        real = signing.time.time
        monkeypatch.setattr(signing.time, "time", lambda: real() + 3700)
    elif change == "signed in since":
        office.sign_in(Client(), office.teacher)
    else:
        office.teacher.is_active = False
        office.teacher.save()
    answer = client.post(link, {"password": NEW})
    assert answer.status_code == 404
    office.teacher.refresh_from_db()
    assert office.teacher.check_password(PASSWORD)


@pytest.fixture
def newcomer(office):
    system = Actor.system()
    person = add_person(actor=system, first_name="สมใจ", last_name="ใจดี")
    return add_account(actor=system, person=person, username="somjai", email="somjai@example.go.th")


def test_an_invitation_sets_the_first_password(office, newcomer, client):
    admin = Actor.of(office.admin.person, account=office.admin)
    path = re.sub(r"^https?://[^/]+", "", invite(actor=admin, account=newcomer))
    assert "เปิดใช้บัญชี" in client.get(path).content.decode()
    assert client.post(path, {"password": NEW}).url == "/accounts/login/"
    assert client.post("/accounts/login/", {"login": "somjai", "password": NEW}).status_code == 302
    assert Entry.objects.filter(verb="signin.invite", actor_id=office.admin.pk).exists()


def test_an_account_in_use_is_not_invited(office, client):
    office.sign_in(client, office.teacher)
    office.teacher.refresh_from_db()
    with pytest.raises(Refusal):
        invite(actor=Actor.system(), account=office.teacher)


def test_a_teacher_invites_nobody(office, newcomer):
    with pytest.raises(Forbidden):
        invite(actor=Actor.of(office.teacher.person, account=office.teacher), account=newcomer)


def test_an_account_without_password_cannot_sign_in(newcomer, client):
    for password in ("", "x", "None", newcomer.password):
        client.post("/accounts/login/", {"login": "somjai", "password": password})
        assert "_auth_user_id" not in client.session


def test_only_ones_own_password_and_email(office):
    actor = Actor.of(office.admin.person, account=office.admin)
    with pytest.raises(Forbidden):
        set_password(actor=actor, account=office.teacher, password=NEW)
    with pytest.raises(Forbidden):
        change_email(actor=actor, account=office.teacher, email="x@example.go.th")


def test_a_new_email_counts_when_its_link_was_opened(office, client):
    office.sign_in(client, office.teacher)
    client.post("/accounts/me/email/", {"email": "new@example.go.th"})
    office.teacher.refresh_from_db()
    assert office.teacher.email == "mana@example.go.th"
    link = link_in(mail.outbox[-1])
    assert mail.outbox[-1].to == ["new@example.go.th"]
    client.get(link)  # a mail scanner that follows links changes nothing
    office.teacher.refresh_from_db()
    assert office.teacher.email == "mana@example.go.th"
    client.post(link)
    office.teacher.refresh_from_db()
    assert office.teacher.email == "new@example.go.th"


def test_an_email_of_somebody_else_is_refused(office):
    actor = Actor.of(office.teacher.person, account=office.teacher)
    with pytest.raises(Refusal) as why:
        change_email(actor=actor, account=office.teacher, email="PAKORN@example.go.th")
    assert why.value.field == "email"


def test_no_password_in_journal_or_trail(office):
    actor = Actor.of(office.teacher.person, account=office.teacher)
    set_password(actor=actor, account=office.teacher, password=NEW)
    entry = Entry.objects.get(verb="signin.set_password")
    assert "แมว" not in str(entry.changes) + str(entry.facts) and "argon2" not in str(entry.changes)
    assert timezone.now() - entry.at < timedelta(minutes=1)


def test_the_queue_holds_no_link_and_is_used_for_unknown_names_alike(office, client):
    from django.db import connection

    ask(Client(), "mana")
    ask(Client(), "nobody")
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'signin.post' ORDER BY id")
        queued = [
            row[0] if isinstance(row[0], dict) else __import__("json").loads(row[0])
            for row in cursor.fetchall()
        ]
    assert [job["account_id"] for job in queued] == [office.teacher.pk, 0]
    assert all(
        set(job) == {"to", "kind", "account_id", "letter", "what"} and "http" not in str(job)
        for job in queued
    )
    assert mail.outbox == []


def test_without_a_mail_server_nothing_breaks_and_the_page_says_where_to_go(office, client, settings):
    settings.EMAIL_IS_CONFIGURED = False
    assert "ผู้ดูแลระบบของสำนักงานแทน" in client.get("/accounts/password/reset/").content.decode()
    assert ask(client, "mana").status_code == 302
    assert mail.outbox == []
