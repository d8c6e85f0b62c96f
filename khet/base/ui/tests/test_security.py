"""Headers on every response, and the policy a single response may widen."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from khet.base.ui.middleware import Compressed, SecurityHeaders, harden
from khet.base.ui.security import allow, policy


def test_every_page_carries_the_headers(staff):
    headers = staff.get("/gallery/").headers
    rules = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_faults_and_unknown_addresses_carry_them_too(staff):
    assert "Content-Security-Policy" in Client().get("/no/such/page/").headers
    assert staff.get("/gallery/no-such-part/").headers["Cache-Control"] == "private, no-store"


def test_a_response_keeps_what_it_says_itself():
    response = HttpResponse(
        headers={"Cache-Control": "private, max-age=60", "Content-Security-Policy": "sandbox"}
    )
    harden(RequestFactory().get("/"), response)
    assert response.headers["Cache-Control"] == "private, max-age=60"
    assert response.headers["Content-Security-Policy"] == "sandbox"


def test_one_response_may_widen_one_directive():
    response = allow(HttpResponse(), "form-action", "https://access.line.me")
    assert "form-action 'self' https://access.line.me;" in policy(response)
    assert "https://access.line.me" not in policy(HttpResponse())
    with pytest.raises(LookupError):
        allow(HttpResponse(), "scripts", "https://x.example")


def test_strict_transport_only_over_https():
    respond = SecurityHeaders(lambda request: HttpResponse())
    assert "Strict-Transport-Security" not in respond(RequestFactory().get("/")).headers
    assert "Strict-Transport-Security" in respond(RequestFactory().get("/", secure=True)).headers


def test_pages_leave_compressed_and_streams_and_files_do_not(staff):
    asks = {"Accept-Encoding": "gzip"}
    answer = staff.get("/gallery/", headers=asks)
    assert answer.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in answer.headers["Vary"]
    assert gzip.decompress(answer.content).lstrip()[:15].lower() == b"<!doctype html>"
    assert len(answer.content) < len(staff.get("/gallery/").content) / 3
    for response in (
        StreamingHttpResponse(iter([b"data: 1\n\n"] * 100), content_type="text/event-stream"),
        StreamingHttpResponse(iter([b"<p>part</p>"] * 100), content_type="text/html"),
        HttpResponse(b"a,b\n" * 200, content_type="text/csv"),
    ):
        request = RequestFactory().get("/", headers=asks)
        assert "Content-Encoding" not in Compressed(lambda _request, made=response: made)(request).headers


def test_the_same_page_has_no_steady_length(staff):
    """Whoever listens on the line learns little from lengths."""
    lengths = {len(staff.get("/gallery/", headers={"Accept-Encoding": "gzip"}).content) for _ in range(8)}
    assert len(lengths) > 1
