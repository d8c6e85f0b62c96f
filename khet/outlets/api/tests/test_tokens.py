"""Tokens: shown once, hashed, narrowed, expired, revoked, limited; never a session, never an address."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from khet.base.journal.models import Entry
from khet.base.lib.errors import Forbidden, FreshSignInNeeded, Refusal
from khet.base.org.actions import suspend_account
from khet.base.org.api import Holding
from khet.outlets.api.actions import make_token, revoke_token
from khet.outlets.api.bearer import PER_MINUTE, _use
from khet.outlets.api.models import Call, Token
from khet.outlets.api.tests.conftest import ALL, fresh


def test_the_key_is_shown_once_and_kept_nowhere(area, made):
    token, key = made
    assert key.startswith("khet_")
    assert len(key) > 45
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM api_token t WHERE id = %s", [token.pk])
        assert key not in cursor.fetchone()[0]
    assert key not in str(list(Entry.objects.values()))


def test_making_needs_a_post_the_right_and_a_fresh_sign_in(area, clerk_word):
    given = {"unit": area.school.unit, "name": "x", "scopes": ALL, "days": 90}
    with pytest.raises(FreshSignInNeeded):
        make_token(actor=area.actor(clerk_word), **given)
    with pytest.raises(Forbidden):
        make_token(actor=fresh(area, clerk_word), **{**given, "unit": area.other.unit})
    with pytest.raises(Refusal) as caught:
        make_token(
            actor=fresh(area, clerk_word), **{**given, "scopes": ["pupils.ids"]}
        )  # a clerk has no full numbers to lend
    assert caught.value.code == "api.scopes"


def test_a_session_opens_nothing(client, area, clerk_word):
    client.force_login(area.accounts[clerk_word])
    answer = client.get("/api/v1/pupils")
    assert (answer.status_code, answer.json()["code"]) == (401, "api.no_key")
    assert "WWW-Authenticate" in answer


def test_a_key_in_the_address_is_refused(client, made):
    answer = client.get(f"/api/v1/pupils?token={made[1]}", headers={"authorization": f"Bearer {made[1]}"})
    assert (answer.status_code, answer.json()["code"]) == (400, "api.key_in_address")


@pytest.mark.parametrize("what", ["revoked", "expired", "left", "suspended", "wrong"])
def test_a_key_that_no_longer_holds(area, made, ask, clerk_word, what):
    token, key = made
    assert ask("figures").status_code == 200
    if what == "revoked":
        revoke_token(actor=area.actor(clerk_word), token=token)
    elif what == "expired":
        Token.objects.filter(pk=token.pk).update(
            made_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(seconds=1)
        )
    elif what == "left":
        yesterday = timezone.localdate() - timedelta(days=1)
        Holding.objects.filter(post=token.post).update(since=yesterday, until=yesterday)
    elif what == "suspended":
        suspend_account(actor=area.system, account=area.accounts[clerk_word])
    answer = ask("figures", key=key[:-1] + ("A" if key[-1] != "A" else "B") if what == "wrong" else key)
    assert answer.status_code == 401
    assert answer.json()["sentence"]


def test_a_scope_that_was_not_lent(client, area, clerk_word):
    _token, key = make_token(
        actor=fresh(area, clerk_word), unit=area.school.unit, name="x", scopes=["figures.read"], days=30
    )
    answer = client.get("/api/v1/pupils", headers={"authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "api.scope")


def test_every_ask_is_recorded_and_stays(made, ask):
    ask("figures")
    ask("figures", key="khet_" + "x" * 43)
    rows = list(Call.objects.order_by("pk").values_list("token", "status", "path"))
    assert rows == [(made[0].pk, 200, "/api/v1/figures"), (None, 401, "/api/v1/figures")]
    made[0].refresh_from_db()
    assert made[0].last_used_at is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        Call.objects.all().delete()


def test_too_many_asks_in_a_minute(made, ask):
    Token.objects.filter(pk=made[0].pk).update(
        asked=PER_MINUTE, window_at=timezone.now().replace(second=0, microsecond=0)
    )
    answers = [ask("figures") for _ in range(2)]  # the second in case a minute has just begun
    if answers[0].status_code == 200:
        pytest.skip("the minute turned")
    assert answers[0].status_code == 429
    assert int(answers[0]["Retry-After"]) <= 60
    assert answers[0].json()["code"] == "api.limited"


def test_guessing_keys_is_slowed(client, db):
    codes = [
        client.get("/api/v1/figures", headers={"authorization": f"Bearer khet_{n}"}).status_code
        for n in range(25)
    ]
    assert codes[0] == 401
    assert codes[-1] == 429


@pytest.mark.django_db(transaction=True)
def test_the_counter_holds_when_many_ask_at_once(made):
    seen: list[tuple] = []

    def work() -> None:
        try:
            for _ in range(10):
                seen.append(_use(made[1], "203.0.113.9")[1:])
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(seen) == 80
    assert len(set(seen)) == 80  # no two asks of a minute had the same count


def test_the_page_shows_the_key_once_and_revokes(client, area, clerk_word):
    client.force_login(area.accounts[clerk_word])
    session = client.session
    session["khet_fresh_until"] = timezone.now().timestamp() + 300
    session.save()
    given = {"name": "ระบบของโรงเรียน", "unit": area.school.unit.pk, "scopes": ["pupils.read"], "days": 90}
    answer = client.post("/api/tokens/", given)
    key = answer.context["key"]
    assert key in answer.content.decode()
    assert key not in client.get("/api/tokens/").content.decode()
    token = Token.objects.get()
    headers = {"authorization": f"Bearer {key}"}
    assert Client().get("/api/v1/pupils", headers=headers).status_code == 200
    assert client.get(f"/api/tokens/{token.pk}/").status_code == 200
    client.post(f"/api/tokens/{token.pk}/revoke/")
    assert Client().get("/api/v1/pupils", headers=headers).status_code == 401


def test_my_data_and_the_documentation(client, area, clerk_word):
    assert client.get("/api/docs/").status_code == 302
    client.force_login(area.accounts[clerk_word])
    page = client.get("/api/").content.decode()
    assert "curl -H" in page
    assert "/register/pupils/" in page
    docs = client.get("/api/docs/").content.decode()
    assert "//cdn" not in docs
    assert "swagger-ui-bundle" in docs
    said = client.get("/api/openapi.json").json()
    assert said["openapi"].startswith("3.")
    assert {"/api/v1/pupils", "/api/v1/letters/waiting", "/api/v1/letters/{id}/register"} <= set(
        said["paths"]
    )
