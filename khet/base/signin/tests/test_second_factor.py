from __future__ import annotations

import pytest
from django.test import Client

from khet.base.signin import factors, limits
from khet.base.signin.models import Event
from khet.base.signin.tests.conftest import ADDRESS

pytestmark = pytest.mark.django_db


def is_in(client) -> bool:
    return client.get("/accounts/me/").status_code == 200


def give(client, code: str):
    return client.post("/accounts/2fa/", {"code": code}, REMOTE_ADDR=ADDRESS)


def test_the_codes_are_those_of_the_standard():
    """RFC 6238, appendix B, shortened to six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [factors.code_at(secret, seconds // 30) for seconds in (59, 1111111109, 20000000000)] == [
        "287082", "081804", "353130",
    ]  # fmt: skip


def test_whoever_sees_others_data_reaches_nothing_before_setting_one_up(office, client):
    office.sign_in(client, office.director)
    for path in ("/accounts/me/", "/accounts/trail/", "/accounts/people/", "/menu/", "/accounts/me/email/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, "/accounts/me/set-up/"), path
    assert client.post("/accounts/me/sessions/end-others/").url == "/accounts/me/set-up/"
    assert client.get("/accounts/trail/", HTTP_HX_REQUEST="true")["HX-Redirect"] == "/accounts/me/set-up/"
    assert client.get("/accounts/me/set-up/").status_code == 200


def test_a_teacher_without_others_data_needs_none(office, client):
    office.sign_in(client, office.teacher)
    assert is_in(client)


def test_the_password_alone_opens_nothing_once_a_factor_is_set(office, client):
    office.give_app(office.teacher)
    assert office.sign_in(client, office.teacher).url == "/accounts/2fa/"
    assert not is_in(client)


def test_a_code_works_once(office):
    secret = office.give_app(office.director)
    code = office.code(secret)
    first, second = Client(), Client()
    office.sign_in(first, office.director)
    office.sign_in(second, office.director)
    assert give(first, code).status_code == 302
    assert give(second, code).status_code == 200
    assert is_in(first) and not is_in(second)


def test_an_older_code_is_refused_after_a_newer_one(office, client):
    secret = office.give_app(office.director)
    assert factors.use_code(office.director, office.code(secret))
    assert factors.use_code(office.director, office.code(secret, -1)) is None


@pytest.mark.parametrize("steps", [1, 2, -2, -20])
def test_codes_of_coming_and_past_windows_are_refused(office, client, steps):
    secret = office.give_app(office.director)
    office.sign_in(client, office.director)
    give(client, office.code(secret, steps))
    assert not is_in(client)


def test_guessing_runs_out_for_the_account_from_wherever(office):
    secret = office.give_app(office.director)
    for number in range(limits.FACTOR.attempts):
        guesser = Client()
        office.sign_in(guesser, office.director)
        guesser.post("/accounts/2fa/", {"code": "000000"}, REMOTE_ADDR=f"198.51.100.{number + 1}")
    late = Client()
    office.sign_in(late, office.director)
    answer = give(late, office.code(secret))
    assert "ลองถี่เกินไป" in answer.content.decode() and not is_in(late)
    assert Event.objects.filter(kind="factor", outcome="refused").count() == limits.FACTOR.attempts


def test_thai_digits_and_spaces_are_read(office):
    secret = office.give_app(office.director)
    code = office.code(secret)
    thai = code.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert factors.use_code(office.director, f"{thai[:3]} {thai[3:]}")


def test_the_last_factor_cannot_be_removed_by_whoever_needs_one(office, client):
    secret = office.give_app(office.director)
    office.sign_in_whole(client, office.director, secret)
    page = client.post("/accounts/2fa/app/remove/")
    assert page.status_code == 200 and factors.has_factor(office.director)


def test_a_teacher_may_remove_theirs(office, client):
    secret = office.give_app(office.teacher)
    office.sign_in_whole(client, office.teacher, secret)
    assert client.post("/accounts/2fa/app/remove/").status_code == 302
    assert not factors.has_factor(office.teacher)
    assert Event.objects.filter(kind="factor_removed", account_id=office.teacher.pk).exists()


def test_a_right_gained_later_asks_for_a_factor_on_the_next_request(office, client):
    from khet.base.org.actions import set_post_roles
    from khet.base.org.api import Actor, Role

    office.sign_in(client, office.teacher)
    assert is_in(client)
    post = office.teacher.person.holdings.get().post
    set_post_roles(actor=Actor.system(), post=post, roles=[Role.objects.get(code="auditor")])
    assert client.get("/accounts/me/").url == "/accounts/me/set-up/"
