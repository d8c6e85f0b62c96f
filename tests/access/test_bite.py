"""The matrix bites: each check taken away in turn turns at least one of its cells red."""

from __future__ import annotations

import pytest
from django.db.models import Q

from khet.base.org import rules as org_rules
from khet.base.org import verbs
from khet.base.org.api import Account
from khet.base.signin.middleware import Gate
from khet.kits.files import queries as file_queries
from khet.kits.register import rules as register_rules
from khet.kits.search import queries as search_queries
from khet.kits.workflow import rules as workflow_rules
from khet.modules.desk import rules as desk_rules
from khet.modules.letters import rules as letter_rules
from khet.modules.office.views import roles as role_pages
from khet.modules.office.views import units as unit_pages
from khet.modules.schools import rules as school_rules
from tests.access.matrix import address, expected, load, payload, places
from tests.access.visit import body_of, enter, status_of, undone


def reds(world, role: str, method: str, *names: str) -> list[str]:
    policy, client, found = load(), enter(world, role), []
    for name in names:
        row = policy[name]
        for place in places(row, world):
            with undone():
                url = address(name, row, place, world)
                response = (
                    client.get(url) if method == "GET" else client.post(url, payload(row, world, place))
                )
                status = status_of(response)
                body_of(response)
            if status != expected(row, method, place, role):
                found.append(f"{method} {name} [{place}] as {role}: {status}")
    return found


def everything(self, actor, capability):
    return Q()


MUTATIONS = {
    "letters seen by all": (letter_rules.LetterRule, "filter", everything, "teacher", "GET", ["letters:letter"]),
    "registers seen by all": (letter_rules.RegisterUnitRule, "filter", everything, "school_clerk", "GET", ["letters:entry"]),
    "signatures of all": (letter_rules.SignatureRule, "filter", everything, "director", "GET", ["files:download"]),
    "schools seen by all": (school_rules.SchoolRule, "filter", everything, "teacher", "GET", ["register:detail"]),
    "runs seen by all": (workflow_rules.RunRule, "filter", everything, "teacher", "GET", ["workflow:run"]),
    "steps seen by all": (workflow_rules.StepRule, "filter", everything, "teacher", "POST", ["workflow:draft"]),
    "matters seen by all": (desk_rules.MatterRule, "filter", everything, "teacher", "GET", ["desk:matter"]),
    "saved views of all": (register_rules.OwnRule, "filter", everything, "admin", "POST", ["register:drop_view"]),
    "can says yes": (org_rules, "can", lambda *a, **k: True, "teacher", "GET", ["office:unit_edit"]),
    "fetch asks nothing": (org_rules, "visible", lambda actor, rows, code=None: rows, "teacher", "GET", ["letters:letter", "workflow:run"]),
    "unit pages demand nothing": (unit_pages, "demand", lambda *a, **k: None, "teacher", "GET", ["office:unit_add"]),
    "role pages demand nothing": (role_pages, "demand", lambda *a, **k: None, "teacher", "GET", ["office:roles"]),
    "verbs demand nothing": (verbs, "demand", lambda *a, **k: None, "head", "POST", ["children:match"]),
    "the door stands open": (Gate, "process_view", lambda *a, **k: None, "anonymous", "GET", ["letters:home", "signin:accounts"]),
    "files belong to nobody": (file_queries, "fetch", lambda actor, rows, code=None, **k: rows.get(**k), "teacher", "GET", ["files:download"]),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_each_check_is_needed(world, monkeypatch, name):
    place, attribute, mutant, role, method, routes = MUTATIONS[name]
    assert reds(world, role, method, *routes) == [], "red before anything was taken away"
    monkeypatch.setattr(place, attribute, mutant)
    assert reds(world, role, method, *routes), "nobody noticed"


def test_search_filter_is_needed(world, monkeypatch):
    client = enter(world, "teacher")

    def heard() -> bool:
        return b"canaryB</mark>001" in body_of(client.get("/search/", {"q": "canaryB"}))

    assert not heard()
    monkeypatch.setattr(search_queries, "_visible", lambda actor, kind: ("", []))
    assert heard()


def test_second_factor_is_needed(world, monkeypatch):
    """Without the mark of the second factor whoever sees others' data gets no further than setting one up."""
    client = enter(world, "personnel")
    session = client.session
    session.pop("khet_second_factor")
    session.save()
    assert client.get("/accounts/people/").status_code == 302
    monkeypatch.setattr("khet.base.signin.middleware.needs_second_factor", lambda actor: False)
    assert client.get("/accounts/people/").status_code == 200


def test_suspension_is_needed(world, monkeypatch):
    client = enter(world, "suspended")
    assert client.get("/letters/").status_code == 302
    anybody = lambda self, pk: Account.objects.select_related("person").filter(pk=pk).first()  # noqa: E731
    monkeypatch.setattr("khet.base.signin.backends.PasswordBackend.get_user", anybody)
    assert client.get("/letters/").status_code != 302
