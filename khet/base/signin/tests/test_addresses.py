from __future__ import annotations

import pytest
from django.core import mail

from khet.base.signin.addresses import client_address
from khet.base.signin.models import Event
from khet.base.signin.tests.conftest import PASSWORD

PROXY = ["10.0.0.0/8", "::1"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # a stranger's word
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # the left part is the client's own invention
        ("10.0.0.2", "1.2.3.4, 198.51.100.1, 10.0.0.3", "198.51.100.1"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "nonsense", "10.0.0.2"),
        ("10.0.0.2", "198.51.100.1, nonsense", "10.0.0.2"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_client_address(peer, forwarded, expected):
    assert client_address(peer, forwarded, PROXY) == expected


def test_without_proxies_nobody_is_believed():
    assert client_address("10.0.0.2", "198.51.100.1", []) == "10.0.0.2"


@pytest.mark.django_db
def test_a_forged_header_changes_neither_trail_nor_limits(office, client):
    for number in range(6):
        client.post(
            "/accounts/login/",
            {"login": "mana", "password": "ผิด"},
            REMOTE_ADDR="203.0.113.7",
            HTTP_X_FORWARDED_FOR=f"198.51.100.{number}",
            HTTP_X_REAL_IP=f"198.51.100.{number}",
            HTTP_FORWARDED=f"for=198.51.100.{number}",
        )
    assert set(Event.objects.values_list("address", flat=True)) == {"203.0.113.7"}
    assert Event.objects.filter(kind="limited").exists()


@pytest.mark.django_db
def test_behind_our_proxy_each_client_has_its_own_allowance(office, client, settings):
    settings.KHET_PROXIES = PROXY
    for number in range(6):
        client.post(
            "/accounts/login/",
            {"login": "mana", "password": "ผิด"},
            REMOTE_ADDR="10.0.0.2",
            HTTP_X_FORWARDED_FOR=f"1.2.3.4, 198.51.100.{number + 1}",
        )
    assert Event.objects.values("address").distinct().count() == 6
    assert not Event.objects.filter(kind="limited").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("proxies", "secure"), [([], False), (["10.0.0.2"], True)])
def test_only_our_proxy_says_that_the_line_is_encrypted(rf, settings, proxies, secure):
    from khet.base.signin.addresses import settle

    settings.KHET_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_PROTO="https")
    settle(request)
    assert request.is_secure() is secure


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"HTTP_X_FORWARDED_HOST": "evil.example"}, {"HTTP_HOST": "localhost"}])
def test_links_in_letters_lead_to_the_configured_name(office, client, settings, headers):
    settings.SITE_URL = "https://khet.example.go.th"
    client.post("/accounts/password/reset/", {"login": "mana"}, **headers)
    body = mail.outbox[0].body
    assert "https://khet.example.go.th/accounts/password/reset/" in body
    assert "evil" not in body and "localhost" not in body


@pytest.mark.django_db
def test_an_unknown_host_is_refused(office, client):
    assert client.get("/accounts/login/", HTTP_HOST="evil.example").status_code == 400
    assert (
        client.post(
            "/accounts/login/", {"login": "mana", "password": PASSWORD}, HTTP_HOST="evil.example"
        ).status_code
        == 400
    )
