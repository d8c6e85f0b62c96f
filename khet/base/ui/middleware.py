"""Security headers, the language, and the page or fragment for a refusal."""

from __future__ import annotations

from collections.abc import Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware

from khet.base.lib.errors import Refusal
from khet.base.ui.refusals import refusal_response, wrong_method
from khet.base.ui.security import PERMISSIONS, policy


def harden(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Set the headers a response does not set itself.

    Whatever a view made is private and not kept by browser or proxy, unless the view says otherwise: on a
    shared office computer the back button after signing out must not show a letter.
    """
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy(response))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", PERMISSIONS)
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Cache-Control", "private, no-store")
    if request.is_secure():
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


@sync_and_async_middleware
def SecurityHeaders(get_response: Callable):
    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponse:
            return harden(request, await get_response(request))

        return later

    def now(request: HttpRequest) -> HttpResponse:
        return harden(request, get_response(request))

    return now


class Compressed(GZipMiddleware):
    """Pages and fragments leave compressed: a tenth of their bytes on a school's thin line.

    Only whole answers of HTML. Live streams must not wait in a buffer, files are small already and keep their ranges.
    What a stranger could learn from lengths is blurred as Django does it: a masked token and up to 100 random bytes in
    each answer.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


@sync_and_async_middleware
def Language(get_response: Callable):
    """Thai, unless this browser chose another language in the user menu.

    What the browser prefers is not asked: half of the offices run Windows in English and work in Thai.
    """

    def choose(request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language

    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponse:
            choose(request)
            return _told(await get_response(request))

        return later

    def now(request: HttpRequest) -> HttpResponse:
        choose(request)
        return _told(get_response(request))

    return now


def _told(response: HttpResponse) -> HttpResponse:
    response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
    return response


class Refusals:
    """Turns a ``Refusal`` that left a view into its page, or into a toast inside an htmx request. So does it with the bare
    answer of a page that was asked in a way it has no use for.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest):
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            told = wrong_method(request)
            told.headers["Allow"] = response.headers["Allow"]
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return refusal_response(request, exception)
