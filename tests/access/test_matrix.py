"""Every route, for every role, about records of one's own, of a foreign school and of the office."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from khet.base.journal.models import Entry
from khet.base.org.rules import capabilities
from tests.access.matrix import Cell, address, cells, load, payload, route_of, routes, written
from tests.access.visit import OWN_TABLES, body_of, content, enter, status_of, touched, undone
from tests.access.world import ROLES

PROPOSE = os.environ.get("KHET_ACCESS_PROPOSE")  # a file for what is seen, to be read by a person
ONLY = tuple(
    filter(None, os.environ.get("KHET_ACCESS_ONLY", "").split(","))
)  # beginnings of routes or of their second words; empty: all
REFUSED = {302, 403, 404, 405}
observed: dict[Cell, int] = {}


@pytest.mark.core
def test_every_route_is_in_the_policy_and_nothing_else():
    policy, known = {route_of(name) for name in load()}, routes()
    assert sorted(set(known) - policy) == [], "routes without a row in policy.toml"
    assert sorted(policy - set(known)) == [], "rows of policy.toml without a route"


@pytest.mark.core
def test_every_row_names_a_real_need():
    needs = {row["needs"] for row in load().values()}
    unknown = needs - {"public", "signed_in"} - set(capabilities.codes())
    assert not unknown


def test_every_cell_is_decided(world):
    open_cells = [str(c) for role in ROLES for c in cells(load(), world, role) if c.status is None]
    assert not open_cells or PROPOSE


@pytest.mark.parametrize("role", ROLES)
def test_cells(world, role):
    policy = {
        route: row
        for route, row in load().items()
        if not ONLY or any(word.startswith(ONLY) for word in route.split())
    }
    client = enter(world, role)
    cookies = client.cookies.output(header="", sep=";")
    wrong: list[str] = []
    count: Counter[str] = Counter()
    for cell in cells(policy, world, role):
        row = policy[cell.route]
        url = address(cell.route, row, cell.place, world)
        # A fragment must not show what the page refuses; where the page opens, both come from one view.
        for htmx in (False, True) if cell.method == "GET" and cell.status in {403, 404} else (False,):
            headers = {"HX-Request": "true"} if htmx else {}
            client.cookies.clear()  # as at first: signing out is one of the cells
            client.cookies.load(cookies)
            before = touched()
            with undone():
                entries = Entry.objects.count()
                if cell.method == "GET":
                    response = client.get(url, headers=headers)
                else:
                    response = client.post(url, payload(row, world, cell.place))
                status = status_of(response)
                if not connection.is_usable():
                    pytest.fail(f"{cell} broke the connection")
                count[cell.method + (" htmx" if htmx else "")] += 1
                if not htmx:
                    observed[cell] = status
                if status >= 500:
                    wrong.append(f"{cell}: {status}")
                if status != cell.status and not PROPOSE:
                    wrong.append(f"{cell}{' htmx' if htmx else ''}: {status}, the policy says {cell.status}")
                is_refused = status in REFUSED - {302} or (status == 302 and _to_the_door(response))
                if is_refused:
                    after = touched()
                    tables = {t for t in after if after[t] != before.get(t, 0)} - OWN_TABLES
                    prints = {table: content(table) for table in tables}
                    if (
                        cell.method == "POST"
                        and status == 403
                        and row["needs"] != "public"
                        and Entry.objects.count() == entries
                    ):
                        wrong.append(f"{cell}: refused without a line in the journal")
                body_of(response)
            if is_refused:
                wrong += [f"{cell}: refused, yet it wrote {t}" for t in prints if content(t) != prints[t]]
    if PROPOSE:
        Path(f"{PROPOSE}.{role}").write_text(
            repr([(c.route, c.place, c.method, c.role, s) for c, s in observed.items()])
        )
    assert not wrong, f"{len(wrong)} of {sum(count.values())} cells:\n" + "\n".join(wrong)
    assert sum(count.values()) > (0 if ONLY else 400)


def _to_the_door(response) -> bool:
    target = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
    return target.startswith("/accounts/login/")


__all__ = ["written"]
