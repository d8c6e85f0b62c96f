"""Short confirmations: a toast after an act that succeeded, with at most one action (usually undo)."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse


def toast(response: HttpResponse, words: Any, *, act: Any = "", url: str = "") -> HttpResponse:
    """Have the page of an htmx request show ``words`` for eight seconds; ``act`` names the link to ``url``."""
    triggers = json.loads(response.headers.get("HX-Trigger", "{}"))
    triggers["khet:toast"] = {"words": str(words), "act": str(act), "url": url}
    response.headers["HX-Trigger"] = json.dumps(triggers)  # ASCII, as a header must be
    return response
