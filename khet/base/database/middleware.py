"""What a page does when the database is away, busy or too slow.

The database restarts in seconds. A request that only reads is tried once more, by then usually with success;
anything else, and a second failure, becomes 503 with ``Retry-After`` and a sentence, never a 500. A write is
never repeated: it may have been done.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from psycopg import errors
from psycopg_pool import PoolTimeout, TooManyRequests

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5
_AWAY = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.ConnectionException,
    errors.IdleInTransactionSessionTimeout,
    errors.TooManyConnections,
)
_BUSY = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected, errors.SerializationFailure)
_FULL = (errors.DiskFull, errors.ReadOnlySqlTransaction, errors.OutOfMemory)


def trouble(why: BaseException | None) -> str | None:
    """``away`` (gone, restarting, no connection free), ``busy`` (locked or too slow), ``full``; None: not ours."""
    seen: set[int] = set()
    while why is not None and id(why) not in seen:
        seen.add(id(why))
        if isinstance(why, (PoolTimeout, TooManyRequests, *_AWAY)):
            return "away"
        if isinstance(why, _BUSY):
            return "busy"
        if isinstance(why, _FULL):
            return "full"
        if isinstance(why, InterfaceError):
            return "away"
        if isinstance(why, OperationalError) and getattr(why.__cause__, "sqlstate", None) is None:
            return "away"  # the connection broke: the server had no time to say why
        why = why.__cause__
    return None


def _remember(sender: object, request: HttpRequest | None = None, **_kwargs: object) -> None:
    found = trouble(sys.exc_info()[1])
    if found and request is not None:
        request.database_trouble = found


got_request_exception.connect(_remember, dispatch_uid="khet.base.database.trouble")


class Availability:
    """Stands near the outside, so that troubles of sessions and sign-in are met as well as those of views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        found = _taken(request)
        if found == "away" and request.method in {"GET", "HEAD"}:
            _drop_connection()
            response = self.get_response(request)
            found = _taken(request)
        if found is None:
            return response
        _drop_connection()
        logger.warning("503 %s %s: database %s", request.method, request.path, found)
        return sorry(found)


def _taken(request: HttpRequest) -> str | None:
    found = getattr(request, "database_trouble", None)
    request.database_trouble = None
    return found


def _drop_connection() -> None:
    if not connection.in_atomic_block:
        connection.close()


def sorry(found: str) -> HttpResponse:
    """A page that needs neither database nor template."""
    sentence = {
        "away": _("ฐานข้อมูลกำลังเริ่มใหม่ ลองอีกครั้งในอีกสักครู่ สิ่งที่บันทึกไว้แล้วยังอยู่"),
        "busy": _("มีงานอื่นใช้ข้อมูลชุดนี้อยู่ ลองอีกครั้งในอีกสักครู่ รายการนี้ยังไม่ได้บันทึก"),
        "full": _("ที่เก็บข้อมูลเต็ม ยังอ่านได้แต่บันทึกไม่ได้ แจ้งผู้ดูแลระบบ รายการนี้ยังไม่ได้บันทึก"),
    }[found]
    response = HttpResponse(
        '<!doctype html><html lang="th"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{_("ระบบไม่พร้อม")}</title></head>'
        f"<body><main><h1>{_('ระบบไม่พร้อมชั่วคราว')}</h1><p>{sentence}</p></main></body></html>",
        status=503,
    )
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
