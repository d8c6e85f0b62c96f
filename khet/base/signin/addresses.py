"""Where a request really comes from, and where links to this office really point."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
             "HTTP_FORWARDED", "HTTP_X_REAL_IP")  # fmt: skip


@lru_cache(maxsize=8)
def networks(written: tuple[str, ...]) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(item, strict=False) for item in written)


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_address(peer: str, forwarded_for: str, trusted: Iterable[str]) -> str:
    """The client's address: the peer's own, unless the peer is one of our proxies.

    Behind proxies the list of X-Forwarded-For is read from the right, where our own proxy wrote, and the first
    address that is not ours is the client's. What the client itself wrote at the left never counts.
    """
    ours = networks(tuple(trusted))
    address = _parse(peer)
    if address is None or not any(address in net for net in ours):
        return str(address) if address else ""
    for hop in reversed(forwarded_for.split(",")):
        candidate = _parse(hop)
        if candidate is None:
            break
        address = candidate
        if not any(candidate in net for net in ours):
            break
    return str(address)


def settle(request: HttpRequest) -> None:
    """Make REMOTE_ADDR the client's address, and forget every forwarding header a stranger may have sent."""
    meta = request.META
    peer = meta.get("REMOTE_ADDR", "")
    address = _parse(peer)
    trusted = settings.KHET_PROXIES
    from_proxy = address is not None and any(address in net for net in networks(tuple(trusted)))
    meta["REMOTE_ADDR"] = client_address(peer, meta.get("HTTP_X_FORWARDED_FOR", ""), trusted)
    scheme = meta.get("HTTP_X_FORWARDED_PROTO")
    for name in FORWARDED:
        meta.pop(name, None)
    if from_proxy and scheme in {"http", "https"}:
        meta["HTTP_X_FORWARDED_PROTO"] = scheme


def absolute(path: str) -> str:
    """A link for an e-mail: always on the configured name, whatever Host the request carried."""
    return settings.SITE_URL.rstrip("/") + path
