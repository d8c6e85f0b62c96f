"""Pages for what cannot be done: refusals, unknown addresses, lost forms, faults of the system.

Each is a sentence with a way out and a short code (K-7F2C) that the administrator finds in the log. Inside
an htmx request the same sentence comes as a fragment for the toast region, so that the page and whatever
was typed in it stay.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from khet.base.lib.errors import Forbidden, FreshSignInNeeded, NotFound, Refusal

log = logging.getLogger("khet.refusals")


def incident() -> str:
    """A short code to read over the telephone: K- and four of 0–9 A–F."""
    return f"K-{secrets.token_hex(2).upper()}"


def _titles() -> dict[type[Refusal], str]:
    return {
        NotFound: _("ไม่พบหน้านี้"),
        Forbidden: _("คุณยังทำรายการนี้ไม่ได้"),
        FreshSignInNeeded: _("ยืนยันตัวตนอีกครั้ง"),
    }


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page (or, inside htmx, the toast) of a refusal, with its status."""
    title = next(
        (words for kind, words in _titles().items() if isinstance(refusal, kind)), _("ยังทำรายการนี้ไม่ได้")
    )
    return _answer(
        request, status=refusal.status, title=title, sentence=refusal.sentence, code=refusal.code, refusal=refusal
    )  # fmt: skip


def _answer(request: HttpRequest, *, status: int, title: str, sentence: Any, code: str, **facts: Any):
    facts |= {"title": title, "sentence": sentence, "code": code, "status": status}
    facts["fresh"] = isinstance(facts.get("refusal"), FreshSignInNeeded)
    if request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true":
        body = render_to_string("ui/refused_toast.html", facts, request=request)
        return HttpResponse(body, status=status, headers={"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})
    return HttpResponse(render_to_string("ui/refused.html", facts, request=request), status=status)


def wrong_method(request: HttpRequest) -> HttpResponse:
    """405: a page that only shows was sent something, or one that only acts was opened."""
    return _answer(
        request,
        status=405,
        title=_("หน้านี้เปิดหรือส่งแบบนี้ไม่ได้"),
        sentence=_("กลับไปหน้าก่อน แล้วกดปุ่มหรือลิงก์ในหน้านั้น"),
        code="method",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that no page of ours sends."""
    code = incident()
    log.warning("%s 400 %s %s", code, request.method, request.path)
    return _answer(
        request,
        status=400,
        title=_("อ่านคำขอนี้ไม่ได้"),
        sentence=_("คำขอไม่ครบหรือถูกแก้ระหว่างทาง กลับไปหน้าก่อนแล้วส่งใหม่"),
        code=code,
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 raised by the framework; our own rights raise ``Forbidden`` with a better sentence."""
    code = incident()
    log.warning("%s 403 %s %s", code, request.method, request.path)
    return _answer(
        request,
        status=403,
        title=_("คุณยังเปิดหน้านี้ไม่ได้"),
        sentence=_("หน้านี้เปิดได้เฉพาะผู้มีสิทธิ์ ขอสิทธิ์ได้จากผู้ดูแลระบบของสำนักงาน"),
        code=code,
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such address."""
    code = incident()
    log.info("%s 404 %s %s", code, request.method, request.path)
    return _answer(
        request,
        status=404,
        title=_("ไม่พบหน้านี้"),
        sentence=_("ที่อยู่นี้ไม่มีในระบบ อาจพิมพ์ผิดหรือลิงก์เก่า ค้นหาจากแถบด้านบน หรือกลับไปหน้าแรก"),
        code=code,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose proof of origin is missing or old: usually a page left open over a new sign-in."""
    code = incident()
    log.warning("%s csrf %s: %s", code, request.path, reason)
    return _answer(
        request,
        status=403,
        title=_("แบบฟอร์มนี้เก่าเกินไป"),
        sentence=_("หน้านี้เปิดค้างไว้ตั้งแต่ก่อนเข้าสู่ระบบครั้งล่าสุด ยังไม่มีข้อมูลใดเปลี่ยน กลับไปหน้าก่อน โหลดใหม่ แล้วส่งอีกครั้ง"),
        code=code,
        go_back=True,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. The page is made without the database, which may be what failed."""
    code = incident()
    log.error("%s 500 %s %s", code, request.method, request.path, exc_info=True)
    sentence = _("ระบบบันทึกไม่สำเร็จ ข้อความของคุณยังอยู่ในหน้าก่อน กลับไปลองอีกครั้ง ถ้ายังไม่ได้แจ้งรหัส %(code)s") % {
        "code": code
    }
    facts = {"title": _("ระบบขัดข้อง"), "sentence": sentence, "code": code, "status": 500, "go_back": True}
    try:
        if request.headers.get("HX-Request") == "true":
            return HttpResponseServerError(
                render_to_string("ui/refused_toast.html", facts),
                headers={"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"},
            )
        return HttpResponseServerError(render_to_string("ui/fault.html", facts))
    except Exception:
        # Even the page of the fault may fail (static files not collected); the sentence and its code may not.
        log.exception("%s the fault page itself failed", code)
        return HttpResponseServerError(sentence, content_type="text/plain; charset=utf-8")
