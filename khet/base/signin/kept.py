"""What a person was sending when their time ran out: kept in the session for that person, shown after signing in."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from django.http import HttpRequest

KEY = "khet_kept"
LARGEST = 2_000_000  # characters; a longer text would weigh on every request of the session
LONGEST = 3600  # seconds


def page_of(request: HttpRequest) -> str:
    """The page from which something was sent: the referrer on this site, else the front door."""
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.current_url_abs_path:
        return htmx.current_url_abs_path
    referrer = urlsplit(request.META.get("HTTP_REFERER", ""))
    if referrer.netloc == request.get_host() and referrer.path.startswith("/"):
        return referrer.path + (f"?{referrer.query}" if referrer.query else "")
    return "/"


def keep(request: HttpRequest, account_id: int) -> None:
    """Keep the fields of a POST (not its files) in the now anonymous session, for one person only."""
    if request.method != "POST":
        return
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]
    if not fields or sum(len(value) for _name, value in fields) > LARGEST:
        return
    request.session[KEY] = {
        "account": account_id,
        "path": request.get_full_path(),
        "fields": fields,
        "files": [upload.name for upload in request.FILES.values()],
        "at": time.time(),
    }


def take(request: HttpRequest) -> dict | None:
    """What was kept for the person signed in now; anybody else's is dropped unseen."""
    found = request.session.get(KEY)
    if not found:
        return None
    if found["account"] != request.user.pk or time.time() - found["at"] > LONGEST:
        request.session.pop(KEY)
        return None
    return found
