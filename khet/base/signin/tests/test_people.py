from __future__ import annotations

import re

import pytest
from django.test import Client

from khet.base.journal.api import Entry
from khet.base.lib.errors import Forbidden, FreshSignInNeeded, Refusal
from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, Role
from khet.base.org.middleware import FRESH_UNTIL
from khet.base.signin import factors
from khet.base.signin.actions import reset_factors, reset_link

pytestmark = pytest.mark.django_db
REASON = "โทรศัพท์หาย โทรกลับเบอร์ในทะเบียนแล้ว"


def actor_of(account, fresh: bool = True) -> Actor:
    actor = Actor.of(account.person, account=account)
    actor.fresh_sign_in = fresh
    return actor


def test_it_needs_a_reason_a_right_a_fresh_sign_in_and_another_person(office, admin):
    office.give_app(office.director)
    assert (
        admin.post(f"/accounts/people/{office.director.pk}/reset-factors/", {"reason": "หาย"}).status_code
        == 422
    )
    with pytest.raises(Forbidden):
        reset_factors(actor=actor_of(office.teacher), account=office.director, reason=REASON)
    with pytest.raises(FreshSignInNeeded):
        reset_factors(actor=actor_of(office.admin, fresh=False), account=office.director, reason=REASON)
    with pytest.raises(Refusal):
        reset_factors(actor=actor_of(office.director), account=office.director, reason=REASON)
    assert factors.has_factor(office.director)


def test_without_a_fresh_sign_in_the_page_asks_and_keeps_the_reason(office, admin):
    office.give_app(office.director)
    session = admin.session
    session[FRESH_UNTIL] = 0
    session.save()
    answer = admin.post(f"/accounts/people/{office.director.pk}/reset-factors/", {"reason": REASON})
    assert answer.status_code == 401 and REASON in answer.content.decode()


def test_suspending_and_lifting(office, admin):
    theirs = Client()
    office.sign_in(theirs, office.teacher)
    admin.post(f"/accounts/people/{office.teacher.pk}/suspend/", {"suspended": "1"})
    assert theirs.get("/accounts/me/").status_code == 302
    assert office.sign_in(Client(), office.teacher).status_code == 200
    admin.post(f"/accounts/people/{office.teacher.pk}/suspend/", {"suspended": "0"})
    assert theirs.get("/accounts/me/").status_code == 302
    assert office.sign_in(Client(), office.teacher).status_code == 302


def test_nobody_locks_themselves_out(office, admin):
    assert admin.post(f"/accounts/people/{office.admin.pk}/suspend/", {"suspended": "1"}).status_code == 400
    office.admin.refresh_from_db()
    assert office.admin.is_active


@pytest.mark.parametrize("path", ["", "{0}/", "{0}/suspend/", "{0}/invite/", "{0}/reset-factors/"])
def test_a_teacher_manages_nobody(office, client, path):
    client.force_login(office.teacher)
    url = "/accounts/people/" + path.format(office.director.pk)
    get_only = path in ("", "{0}/")
    answer = client.get(url) if get_only else client.post(url, {"suspended": "1", "reason": REASON})
    assert answer.status_code in (403, 404)
    office.director.refresh_from_db()
    assert office.director.is_active


def test_whoever_manages_one_school_sees_its_accounts_only(office, client):
    system = Actor.system()
    role = Role.objects.create(
        code="school_admin", name="ดูแลบัญชีโรงเรียน", capabilities=["org.manage"], reach="unit"
    )
    accounts = {}
    for code in ("s1", "s2"):
        school = add_unit(
            actor=system, kind="school", code=code, name=code, short_name=code, parent=office.unit
        )
        for name, roles in ((f"{code}head", [role]), (f"{code}clerk", [])):
            post = add_post(
                actor=system, unit=school, kind="clerk", title=name, short_title=name, roles=roles
            )
            person = add_person(actor=system, first_name=name)
            appoint(actor=system, post=post, person=person)
            accounts[name] = add_account(actor=system, person=person, username=name)
    client.force_login(accounts["s1head"])
    page = client.get("/accounts/people/").content.decode()
    assert "s1clerk" in page and "s2clerk" not in page and "witthaya" not in page
    assert client.get(f"/accounts/people/{accounts['s2clerk'].pk}/").status_code == 404
    assert (
        client.post(f"/accounts/people/{accounts['s2clerk'].pk}/suspend/", {"suspended": "1"}).status_code
        == 404
    )
    assert client.get(f"/accounts/people/{accounts['s1clerk'].pk}/").status_code == 200


def test_the_list_asks_a_constant_number_of_queries(office, admin, django_assert_max_num_queries):
    for number in range(30):
        person = add_person(actor=Actor.system(), first_name=f"คน{number}")
        add_account(actor=Actor.system(), person=person, username=f"u{number}")
    with django_assert_max_num_queries(15):
        admin.get("/accounts/people/")


def test_a_link_is_handed_over_in_person_with_a_reason(office, admin):
    office.sign_in(Client(), office.teacher)
    url = f"/accounts/people/{office.teacher.pk}/link/"
    assert admin.post(url, {"reason": "ลืม"}).status_code == 422
    page = admin.post(url, {"reason": "ลืมรหัสผ่าน ไม่มีอีเมล พบตัวแล้ว"}).content.decode()
    path = re.search(r"https?://[^/]+(/accounts/password/reset/[^<]+)<", page).group(1)
    assert Client().post(path, {"password": "แมวสีเทา นั่งริมหน้าต่าง"}).status_code == 302
    assert Entry.objects.get(verb="signin.reset_link").facts["reason"] == "ลืมรหัสผ่าน ไม่มีอีเมล พบตัวแล้ว"


def test_a_link_needs_right_reason_and_fresh_sign_in(office):
    for actor, fault in (
        (actor_of(office.teacher), Forbidden),
        (actor_of(office.admin, fresh=False), FreshSignInNeeded),
    ):
        with pytest.raises(fault):
            reset_link(actor=actor, account=office.director, reason=REASON)
    with pytest.raises(Refusal):
        reset_link(actor=actor_of(office.admin), account=office.director, reason="หาย")
