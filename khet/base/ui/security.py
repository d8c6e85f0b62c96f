"""The content security policy, and how a single response widens it.

Strict from the first page: nothing inline, nothing from elsewhere. A view that needs one source more says
so on its response: ``allow(response, "form-action", "https://access.line.me")``.
"""

from __future__ import annotations

from django.http import HttpResponse

POLICY: dict[str, tuple[str, ...]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:", "blob:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "media-src": ("'self'",),
    "manifest-src": ("'self'",),
    "worker-src": ("'self'",),
    "frame-src": ("'self'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
    "base-uri": ("'none'",),
    "object-src": ("'none'",),
}

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("accelerometer", "browsing-topics", "display-capture", "gyroscope", "microphone", "payment", "usb")
)  # fmt: skip


def allow(response: HttpResponse, directive: str, *sources: str) -> HttpResponse:
    """Widen one directive for one response."""
    if directive not in POLICY:
        raise LookupError(f"no directive {directive!r}")
    widened: dict[str, tuple[str, ...]] = getattr(response, "csp_allowed", {})
    response.csp_allowed = {**widened, directive: (*widened.get(directive, ()), *sources)}  # type: ignore[attr-defined]
    return response


def policy(response: HttpResponse) -> str:
    """The policy header of a response, with what ``allow`` added."""
    widened: dict[str, tuple[str, ...]] = getattr(response, "csp_allowed", {})
    parts = []
    for directive, sources in POLICY.items():
        more = widened.get(directive, ())
        kept = tuple(source for source in sources if not more or source != "'none'")
        parts.append(f"{directive} {' '.join((*kept, *more))}")
    return "; ".join(parts)
