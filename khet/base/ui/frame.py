"""What the frame shows but does not own: providers registered by the apps above.

The frame stands below the organisation, the notices and the search, so it cannot ask them. They register a
callable by name in their ``AppConfig.ready()``; a name nobody provides is simply not shown.

=================  ======================  =======================================================
name               called with             gives
=================  ======================  =======================================================
``office``         nothing                 an object with ``name`` and ``short_name``
``notice_count``   the request             how many unread notices: a number or a queryset
``freshness``      the request             a date-time: as of when badges were counted
``holidays``       nothing                 the office's days off: {date: name}
=================  ======================  =======================================================
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

NAMES = frozenset({"office", "notice_count", "freshness", "holidays"})
_providers: dict[str, Callable[..., Any]] = {}


def provide(name: str, provider: Callable[..., Any]) -> None:
    """Register who answers for ``name``. A second provider for one name is a mistake."""
    if name not in NAMES:
        raise LookupError(f"the frame asks nobody for {name!r}; known: {', '.join(sorted(NAMES))}")
    if _providers.setdefault(name, provider) is not provider:
        raise RuntimeError(f"{name!r} is provided already")


def ask(name: str, *arguments: Any) -> Any:
    """The provider's answer, or None when nobody provides it."""
    provider = _providers.get(name)
    return provider(*arguments) if provider else None
