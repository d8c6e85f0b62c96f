"""What cannot be done: a sentence, a way out, a code; inside htmx a toast that leaves the page alone."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from khet.base.lib.errors import Conflict, Forbidden, FreshSignInNeeded, NotFound
from khet.base.ui import refusals

CODE = re.compile(r"K-[0-9A-F]{4}")

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(rf: RequestFactory):
    def make(**headers):
        request = rf.get("/letters/1/", headers=headers)
        request.user = AnonymousUser()
        request.session = {}
        return request

    return make


@pytest.mark.parametrize(
    ("kind", "status"), [(Forbidden, 403), (NotFound, 404), (Conflict, 409), (FreshSignInNeeded, 401)]
)
def test_a_refusal_is_a_page_with_its_status(request_of, kind, status):
    response = refusals.refusal_response(request_of(), kind("เรื่องอยู่ที่ <รอง ผอ.>", code="letters.elsewhere"))
    text = response.content.decode()
    assert response.status_code == status
    assert "เรื่องอยู่ที่ &lt;รอง ผอ.&gt;" in text and "letters.elsewhere" in text
    assert text.count("<h1") == 1


def test_inside_htmx_it_is_a_toast_and_the_page_stays(request_of):
    response = refusals.refusal_response(
        request_of(**{"HX-Request": "true"}), Conflict("มีผู้แก้ก่อนแล้ว", code="x.stale")
    )
    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#toasts" and response.headers["HX-Reswap"] == "beforeend"
    text = response.content.decode()
    assert "มีผู้แก้ก่อนแล้ว" in text and 'role="alert"' in text and "<html" not in text


def test_a_view_that_refuses_answers_with_its_page(staff):
    response = staff.get("/gallery/no-such-part/")
    assert response.status_code == 404
    assert "ไม่มีส่วนนี้ในคลังส่วนประกอบ" in response.content.decode()


def test_an_unknown_address_has_a_thai_page_and_a_code(staff):
    response = staff.get("/no/such/page/")
    assert response.status_code == 404
    assert "ไม่พบหน้านี้" in response.content.decode() and CODE.search(response.content.decode())


def test_an_old_form_is_explained(account):
    client = Client(enforce_csrf_checks=True)
    client.force_login(account)
    response = client.post("/preferences/", {"theme": "dark"})
    assert response.status_code == 403
    assert "แบบฟอร์มนี้เก่าเกินไป" in response.content.decode() and CODE.search(response.content.decode())


def test_a_fault_of_ours_says_so_without_asking_the_database(rf, django_assert_num_queries, caplog):
    with django_assert_num_queries(0):
        response = refusals.server_error(rf.get("/letters/"))
    code = CODE.search(response.content.decode())
    assert response.status_code == 500 and code and code[0] in caplog.text
    assert 'lang="th"' in response.content.decode()


def test_a_fault_inside_htmx_is_a_toast(rf):
    response = refusals.server_error(rf.post("/letters/", headers={"HX-Request": "true"}))
    assert response.headers["HX-Retarget"] == "#toasts" and "<html" not in response.content.decode()


def test_even_a_broken_fault_page_gives_the_code(rf, monkeypatch):
    def broken(*_given, **_more):
        raise ValueError("no manifest")

    monkeypatch.setattr(refusals, "render_to_string", broken)
    response = refusals.server_error(rf.get("/letters/"))
    assert response.status_code == 500 and CODE.search(response.content.decode())
    assert response.headers["Content-Type"].startswith("text/plain")


def test_a_page_asked_in_the_wrong_way_says_so(client):
    answer = client.post("/open/", {})
    assert answer.status_code == 405 and "กลับไปหน้าก่อน" in answer.content.decode()
    assert "GET" in answer.headers["Allow"]
