"""The policy as cells: route × place of the record × method × role → the status that must come back.

``policy.toml`` is data for an office to read. Each table is one route of the address resolver:

    ["letters:board"]
    needs = "letters.remind"                  # public, signed_in, or a capability
    on = "sent"                               # the record of the world it is asked about; absent: none
    with = { kind = "schools" }               # further parts of the address
    send = { reason = "ทดสอบ" }               # what the POST carries, so that only the right can stop it
    GET.own = { 200 = "principal school_clerk", 404 = "*" }
    POST = 405                                # the same for every role and place

A second word in the name asks one route again about something else: ``["register:edit partners"]``.

``own``, ``foreign`` and ``office`` say where the record lives, seen from the first school: its own, another
school's, the area office's. ``*`` stands for every role not named.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.access.world import ROLES, World, a_paper, a_picture

POLICY = Path(__file__).with_name("policy.toml")
METHODS = ("GET", "POST")


def load() -> dict[str, dict[str, Any]]:
    found = tomllib.loads(POLICY.read_text(encoding="utf-8"))
    found.pop("about", None)
    return found


def routes() -> dict[str, list[URLPattern]]:
    """Every route of the resolver by its full name; a nameless one stands under its pattern."""
    found: dict[str, list[URLPattern]] = {}

    def walk(resolver: URLResolver, space: str, prefix: str) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                inner = f"{space}{entry.namespace}:" if entry.namespace else space
                walk(entry, inner, prefix + str(entry.pattern))
            else:
                name = f"{space}{entry.name}" if entry.name else f"/{prefix}{entry.pattern}"
                found.setdefault(name, []).append(entry)

    walk(get_resolver(), "", "")
    return found


def route_of(name: str) -> str:
    """The route that a table of the policy is about."""
    return name.split()[0]


@dataclass(frozen=True)
class Cell:
    route: str
    place: str  # "" when the route is about no record
    method: str
    role: str
    status: int | None

    def __str__(self) -> str:
        at = f" [{self.place}]" if self.place else ""
        return f"{self.method} {self.route}{at} as {self.role}"


def places(row: dict[str, Any], world: World) -> list[str]:
    """Where the record lies; with several kinds of record, kind-where."""
    kinds = row.get("on", [])
    if isinstance(kinds, str):
        return list(world.objects[kinds])
    return [f"{kind}-{where}" for kind in kinds for where in world.objects[kind]] or [""]


def record(row: dict[str, Any], place: str, world: World) -> Any:
    kind, _dash, where = place.rpartition("-")
    return world.objects[kind or row["on"]][where]


def expected(row: dict[str, Any], method: str, place: str, role: str) -> int | None:
    """The status the policy names, None where it names none."""
    wanted = row.get(method)
    if isinstance(wanted, dict) and place in wanted:
        wanted = wanted[place]
    if not isinstance(wanted, dict):
        return wanted
    rest = None
    for status, names in wanted.items():
        if not status.isdecimal():
            return None
        if role in names.split():
            return int(status)
        if "*" in names.split():
            rest = int(status)
    return rest


def cells(policy: dict[str, dict[str, Any]], world: World, role: str) -> Iterator[Cell]:
    for route, row in policy.items():
        for place in places(row, world):
            for method in METHODS:
                yield Cell(route, place, method, role, expected(row, method, place, role))


def address(route: str, row: dict[str, Any], place: str, world: World) -> str:
    """The address of a route about the record of a place."""
    route = route_of(route)
    pattern = routes()[route][-1] if "short" not in row else routes()[route][0]
    given: dict[str, Any] = dict(row.get("with", {}))
    names = list(pattern.pattern.converters)
    if place:
        value = record(row, place, world)
        if isinstance(value, dict):
            given |= {name: value[name] for name in names if name in value}
            if "pk" in names and "school" in value:
                given["pk"] = value["school"]
            if "photo" in names:
                given["photo"] = value["public_id"]
        else:
            (free,) = [name for name in names if name not in given]
            given[free] = value
    from django.urls import reverse

    return reverse(route, kwargs={name: given[name] for name in names})


def payload(row: dict[str, Any], world: World, place: str = "") -> dict[str, Any]:
    """What a POST carries. ``@post.own`` is a record's number, ``@here`` that of the cell's own place."""

    def value(word: Any) -> Any:
        if isinstance(word, list):
            return [value(one) for one in word]
        if not isinstance(word, str) or "@" not in word:
            return word
        before, _at, rest = word.partition("@")
        if rest == "pdf":
            return a_paper("ทดสอบ")
        if rest == "png":
            return a_picture()
        kind, _dot, where = rest.partition(".")
        if kind not in world.objects:
            return word  # an e-mail address
        return f"{before}{world.objects[kind].get(where or place.rpartition('-')[2], 0)}"

    return {name: value(word) for name, word in row.get("send", {}).items()}


def written(observed: dict[Cell, int], policy: dict[str, dict[str, Any]]) -> str:
    """What was seen, in the form of the policy: a proposal for a person to read, never taken over unread."""
    lines: list[str] = []
    for route in policy:
        row = policy[route]
        lines.append(f'["{route}"]')
        for key in ("needs", "note", "on", "with", "send", "short"):
            if key in row:
                lines.append(f"{key} = {_inline(row[key])}")
        for method in METHODS:
            by_place: dict[str, dict[str, int]] = {}
            for cell, status in observed.items():
                if cell.route == route and cell.method == method:
                    by_place.setdefault(cell.place, {})[cell.role] = status
            everything = {status for seen in by_place.values() for status in seen.values()}
            if len(everything) == 1:
                lines.append(f"{method} = {everything.pop()}")
                continue
            for place, seen in by_place.items():
                dotted = f"{method}.{place}" if place else method
                if len(set(seen.values())) == 1:
                    lines.append(f"{dotted} = {next(iter(seen.values()))}")
                    continue
                groups: dict[int, list[str]] = {}
                for role in ROLES:
                    groups.setdefault(seen[role], []).append(role)
                most = max(groups, key=lambda status: len(groups[status]))
                parts = [
                    f'{status} = "{"*" if status == most else " ".join(names)}"'
                    for status, names in sorted(groups.items())
                ]
                lines.append(f"{dotted} = {{ {', '.join(parts)} }}")
        lines.append("")
    return "\n".join(lines)


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_inline(one)}" for key, one in value.items()) + " }"
    return '"' + str(value).replace('"', '\\"') + '"'


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() else _inline(name)
