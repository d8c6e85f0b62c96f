"""Bytes over HTTP: part by part from the disk, whole or a range, never in memory, never in a cache."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import parse_etags

_BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})$")


def send(
    request: HttpRequest, path: Path, *, mime: str, etag: str, disposition: str, sandbox: bool = True
) -> HttpResponseBase:
    """The answer for a file on disk. ``etag`` without quotes. One range is honoured; several give the whole."""
    quoted = f'"{etag}"'
    if quoted in parse_etags(request.headers.get("If-None-Match", "")):
        return _dressed(HttpResponseNotModified(), quoted, sandbox)
    size = path.stat().st_size
    begin, end, status = 0, size - 1, 200
    asked = request.headers.get("Range", "")
    if asked and request.headers.get("If-Range", quoted) == quoted:
        span = _span(asked, size)
        if span == (0, -1):
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
            return _dressed(response, quoted, sandbox)
        if span:
            (begin, end), status = span, 206
    length = end - begin + 1
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse(status=status)
    else:
        parts = _async_parts if isinstance(request, ASGIRequest) else _parts
        response = StreamingHttpResponse(parts(path, begin, length), status=status)
    response["Content-Type"] = mime
    response["Content-Length"] = str(length)
    response["Content-Disposition"] = disposition
    response["Accept-Ranges"] = "bytes"
    if status == 206:
        response["Content-Range"] = f"bytes {begin}-{end}/{size}"
    return _dressed(response, quoted, sandbox)


def _dressed(response: HttpResponseBase, etag: str, sandbox: bool) -> HttpResponseBase:
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if sandbox:
        response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte; (0, -1) when it cannot be satisfied; None when it is not understood."""
    found = _RANGE.match(asked.strip())
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        last = int(found[2])
        return (max(size - last, 0), size - 1) if last else (0, -1)
    begin = int(found[1])
    end = min(int(found[2]), size - 1) if found[2] else size - 1
    if begin >= size:
        return 0, -1
    return (begin, end) if begin <= end else None


def _parts(path: Path, begin: int, length: int) -> Iterator[bytes]:
    with open(path, "rb") as source:
        source.seek(begin)
        while length > 0 and (block := source.read(min(_BLOCK, length))):
            length -= len(block)
            yield block


async def _async_parts(path: Path, begin: int, length: int) -> AsyncIterator[bytes]:
    """The same for the asynchronous server, which would otherwise gather the whole file first."""
    source = await sync_to_async(open, thread_sensitive=False)(path, "rb")
    try:
        source.seek(begin)
        while length > 0 and (
            block := await sync_to_async(source.read, thread_sensitive=False)(min(_BLOCK, length))
        ):
            length -= len(block)
            yield block
    finally:
        source.close()
