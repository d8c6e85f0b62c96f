"""Sign-in where it commits: many at once, and what leaves after the commit."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client

from khet.base.journal.api import Entry
from khet.base.signin import factors
from khet.base.signin.models import Event
from khet.base.signin.tests.test_people import REASON
from khet.base.signin.tests.test_second_factor import give, is_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_setting_up_the_app_opens_the_way_and_gives_recovery_codes(office, client):
    office.sign_in(client, office.director)
    page = client.get("/accounts/2fa/app/add/").content.decode()
    secret = re.search(r"qr-secret\">([A-Z2-7]+)<", page).group(1)
    assert client.post("/accounts/2fa/app/add/", {"code": "000000"}).status_code == 200
    answer = client.post("/accounts/2fa/app/add/", {"code": office.code(secret)})
    assert answer.url == "/accounts/2fa/recovery/"
    codes = re.findall(r"<code>(\d{5}-\d{5})</code>", client.get(answer.url).content.decode())
    assert len(codes) == 10
    assert codes[0] not in client.get(answer.url).content.decode()  # shown once
    assert is_in(client)
    stored = Authenticator.objects.get(type="totp").data
    assert secret not in str(stored)
    client.post("/accounts/logout/")
    assert office.sign_in(client, office.director).url == "/accounts/2fa/"
    assert give(client, codes[3]).status_code == 302 and is_in(client)
    client.post("/accounts/logout/")
    office.sign_in(client, office.director)
    give(client, codes[3])
    assert not is_in(client)  # each code once


def test_one_code_sent_twenty_times_at_once_counts_once(office):
    secret = office.give_app(office.director)
    code = office.code(secret)

    def use(_number: int) -> bool:
        try:
            return factors.use_code(office.director, code) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(use, range(20))) == 1


def test_a_lost_device_is_reset_with_a_reason_and_everybody_is_told(office, admin):
    secret = office.give_app(office.director)
    theirs = Client()
    office.sign_in_whole(theirs, office.director, secret)
    answer = admin.post(f"/accounts/people/{office.director.pk}/reset-factors/", {"reason": REASON})
    assert answer.status_code == 302
    assert not factors.has_factor(office.director)
    assert theirs.get("/accounts/me/").url.startswith("/accounts/login/")
    entry = Entry.objects.get(verb="signin.reset_factors")
    assert entry.facts["reason"] == REASON and entry.subject == f"org.account:{office.director.pk}"
    assert REASON in Event.objects.get(kind="factor_reset").detail
    assert mail.outbox[-1].to == ["witthaya@example.go.th"] and "ล้างปัจจัยที่สอง" in mail.outbox[-1].subject
    office.sign_in(theirs, office.director)
    assert theirs.get("/accounts/me/").url == "/accounts/me/set-up/"
