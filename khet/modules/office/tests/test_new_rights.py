"""Rights that an update brings wait for an administrator; none is given by itself, none that was refused comes back."""

from __future__ import annotations

import pytest

from khet.base.org.actions import save_role, settle_rights
from khet.base.org.api import Actor, Role, ensure_roles
from khet.base.org.roles import waiting_rights

pytestmark = pytest.mark.django_db


def waiting() -> set[tuple[str, str]]:
    return {(role.code, right.code) for role, rights in waiting_rights() for right in rights}


@pytest.fixture
def older() -> Role:
    """An office of an earlier version: its planner never heard of two rights."""
    ensure_roles()
    role = Role.objects.get(code="planner")
    role.capabilities = [c for c in role.capabilities if c not in {"children.view", "children.match"}]
    role.offered = []
    role.save()
    return role


def test_a_new_office_has_nothing_waiting():
    ensure_roles()
    assert waiting() == set()


def test_an_older_office_decides_once(older):
    assert waiting() == {("planner", "children.view"), ("planner", "children.match")}
    count = settle_rights(
        actor=Actor.system(),
        given={("planner", "children.view"), ("teacher", "org.roles"), ("planner", "org.roles")},
    )
    older.refresh_from_db()
    assert count == 1
    assert "children.view" in older.capabilities
    assert "children.match" not in older.capabilities
    assert "org.roles" not in older.capabilities, "only what waits is given"
    assert waiting() == set(), "what was refused does not wait again"


def test_what_is_taken_away_by_hand_does_not_wait(older):
    kept = [c for c in older.capabilities if c != "schools.view"]
    assert len(kept) < len(older.capabilities)
    save_role(actor=Actor.system(), role=older, capabilities=kept)
    assert ("planner", "schools.view") not in waiting()
    assert ("planner", "children.view") in waiting()


def test_the_page_shows_them_ticked_and_takes_an_empty_answer(older, sign_in):
    administrator = sign_in("admin")
    assert "/office/roles/new-rights/" in administrator.get("/office/roles/").content.decode()
    page = administrator.get("/office/roles/new-rights/").content.decode()
    assert 'value="planner:children.view"' in page
    assert page.count("checked") == 2
    assert administrator.post("/office/roles/new-rights/", {}).status_code == 401, "asks who it is once more"
    done = administrator.post(
        "/office/roles/new-rights/", {"khet_confirm": "password", "khet_confirm_value": "x"}
    )
    assert done.status_code == 302
    assert waiting() == set()
    older.refresh_from_db()
    assert "children.view" not in older.capabilities
    assert "/office/roles/new-rights/" not in administrator.get("/office/roles/").content.decode()
