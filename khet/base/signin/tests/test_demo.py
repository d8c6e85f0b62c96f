from __future__ import annotations

import re

import pytest
from django.test import Client

from khet.base.lib.errors import Refusal
from khet.base.org.api import Profile
from khet.base.signin.api import DEMO_PASSWORD, open_demo_factor
from khet.base.signin.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(office):
    Profile.objects.update_or_create(pk=1, defaults={"is_demo": True})
    office.director.set_password(DEMO_PASSWORD)
    office.director.save()
    open_demo_factor(office.director)
    return office


def test_one_click_fills_in_and_the_code_is_shown(demo, client):
    page = client.get("/accounts/login/").content.decode()
    assert "สำนักงานสาธิต" in page and "?demo=witthaya" in page and "pakorn" not in page
    filled = client.get("/accounts/login/?demo=witthaya").content.decode()
    assert 'value="witthaya"' in filled and DEMO_PASSWORD in filled
    client.post("/accounts/login/", {"login": "witthaya", "password": DEMO_PASSWORD})
    code = re.search(r'demo-code">(\d{6})<', client.get("/accounts/2fa/").content.decode()).group(1)
    client.post("/accounts/2fa/", {"code": code})
    assert client.get("/accounts/me/").status_code == 200


def test_a_used_code_is_not_offered_again(demo, client):
    client.post("/accounts/login/", {"login": "witthaya", "password": DEMO_PASSWORD})
    code = re.search(r'demo-code">(\d{6})<', client.get("/accounts/2fa/").content.decode()).group(1)
    client.post("/accounts/2fa/", {"code": code})
    other = Client()
    other.post("/accounts/login/", {"login": "witthaya", "password": DEMO_PASSWORD})
    page = other.get("/accounts/2fa/").content.decode()
    assert "demo-code" not in page and "โหลดหน้านี้ใหม่" in page


def test_opening_again_changes_nothing(demo):
    assert open_demo_factor(demo.director).data == open_demo_factor(demo.director).data


def test_an_office_that_is_no_demo_shows_and_opens_nothing(demo, client):
    Profile.objects.update(is_demo=False)
    page = client.get("/accounts/login/?demo=witthaya").content.decode()
    assert "สำนักงานสาธิต" not in page and DEMO_PASSWORD not in page and 'value="witthaya"' not in page
    client.post("/accounts/login/", {"login": "witthaya", "password": DEMO_PASSWORD})
    assert "demo-code" not in client.get("/accounts/2fa/").content.decode()
    with pytest.raises(Refusal):
        open_demo_factor(demo.admin)


def test_a_real_factor_in_a_demo_stays_secret(demo, client):
    demo.give_app(demo.admin)
    assert "pakorn" not in client.get("/accounts/login/").content.decode()
    assert 'value="pakorn"' not in client.get("/accounts/login/?demo=pakorn").content.decode()
    client.post("/accounts/login/", {"login": "pakorn", "password": PASSWORD})
    assert "demo-code" not in client.get("/accounts/2fa/").content.decode()
