"""What the frame around every page needs.

Lazy throughout: a fragment for htmx or a page without the frame asks nobody anything.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from khet.base.ui import frame as providers
from khet.base.ui.addresses import fixed
from khet.base.ui.menu import RAIL_LIMIT, Place, places_and_count
from khet.base.ui.preferences import text_size, theme

PHONE_LIMIT = 3  # places in the bottom bar beside search and "more"


def address(name: str, *arguments: Any) -> str:
    """The address of a named view, or nothing while no app owns the name."""
    try:
        return fixed(name, *arguments)
    except NoReverseMatch:
        return ""


class Frame:
    """The frame of one request; every property is worked out when a template first asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def theme(self) -> str:
        return theme(self.request)

    @cached_property
    def text_size(self) -> str:
        return text_size(self.request)

    @cached_property
    def office(self) -> Any:
        # Whoever works under the office has brought it along with their post.
        return getattr(self.actor, "office", None) or providers.ask("office")

    @cached_property
    def office_name(self) -> str:
        return getattr(self.office, "name", "") or ""

    @cached_property
    def office_short(self) -> str:
        return getattr(self.office, "short_name", "") or self.office_name or "khet"

    @cached_property
    def actor(self) -> Any:
        actor = getattr(self.request, "actor", None)
        return actor if actor is not None and actor.is_authenticated else None

    @cached_property
    def person(self) -> Any:
        return self.actor.person if self.actor else None

    @cached_property
    def post_title(self) -> str:
        post = self.actor.main_post if self.actor else None
        if post is not None:
            # The bar has room for about thirty letters; the menu under it has the whole title.
            return post.title if len(post.title) <= 34 else post.short_title
        unit = self.actor.unit if self.actor else None
        return unit.short_name if unit else ""

    @cached_property
    def acting(self) -> list[str]:
        """The phrases under which the reader acts for others today."""
        if not self.actor:
            return []
        return [capacity.phrase for capacity in self.actor.capacities if capacity.phrase]

    @cached_property
    def _places_and_notices(self) -> tuple[list[Place], int]:
        if not self.actor:
            return [], 0
        return places_and_count(self.request, providers.ask("notice_count", self.request))

    @property
    def places(self) -> list[Place]:
        return self._places_and_notices[0]

    @cached_property
    def rail(self) -> list[Place]:
        return [place for place in self.places if place.item.rail][:RAIL_LIMIT]

    @cached_property
    def bottom(self) -> list[Place]:
        return [place for place in self.rail if place.item.phone][:PHONE_LIMIT]

    @cached_property
    def elsewhere(self) -> bool:
        """The open page belongs to no place of the rail."""
        return not any(place.current for place in self.rail)

    @property
    def notice_count(self) -> int:
        return self._places_and_notices[1]

    @cached_property
    def notices_url(self) -> str:
        return address("notices:home")

    @property
    def live_url(self) -> str:
        """The event stream that keeps the counts alive, while somebody is signed in."""
        return address("notices:live") if self.actor else ""

    @cached_property
    def search_url(self) -> str:
        return address("search:home")

    @cached_property
    def account_url(self) -> str:
        return address("signin:account") or address("signin:home")

    @cached_property
    def sign_in_url(self) -> str:
        return address("account_login")

    @cached_property
    def sign_out_url(self) -> str:
        return address("account_logout")

    @cached_property
    def fresh_sign_in_url(self) -> str:
        return address("account_reauthenticate")

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def here(self) -> str:
        return self.request.get_full_path()

    @cached_property
    def came_from(self) -> str:
        """The page before this one, when it is a page of this site."""
        referer = self.request.headers.get("Referer", "")
        try:
            host = self.request.get_host()
        except DisallowedHost:
            return ""
        return referer if url_has_allowed_host_and_scheme(referer, allowed_hosts={host}) else ""

    @cached_property
    def return_here(self) -> str:
        """Where to come back to after signing in, quoted for a query: this page, or the one that posted."""
        return quote(self.here if self.request.method == "GET" else self.came_from or "/", safe="")


def frame(request: HttpRequest) -> dict[str, object]:
    return {"frame": Frame(request)}
