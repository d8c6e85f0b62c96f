"""The copy of a child's data, and the end of its time."""

from __future__ import annotations

import json
from datetime import date

import pytest

from khet.base.lib.errors import Forbidden
from khet.base.org.api import today
from khet.base.org.testing import freshen
from khet.modules.children.actions import close_case, visit
from khet.modules.children.actions.forgetting import FORGOTTEN, due_to_forget, forget_children
from khet.modules.children.models import Case, Child, Standing, Visit
from khet.modules.children.tests.conftest import citizen_id


def test_a_copy_holds_the_child_and_what_hangs_on_it_and_nobody_else(area, client):
    child = area.child(1)
    area.child(2)
    visit(
        actor=area.actor("teacher"),
        case=area.case(child),
        visited_on=today(),
        way="home",
        state="found",
        note="พบคุณยายที่บ้าน",
    )
    client.force_login(area.accounts["principal"])
    freshen(client)
    answer = client.post(
        f"/privacy/copy/children.child/{child.pk}/", {"reason": "ผู้ปกครองยื่นคำขอ", "form": "json"}
    )
    text = b"".join(answer.streaming_content).decode()
    assert json.loads(text)["holdings"]
    assert "ดารา1" in text
    assert citizen_id(1) in text
    assert "ดารา2" not in text
    stranger = area.child(3, moo="3")
    assert client.get(f"/privacy/copy/children.child/{stranger.pk}/").status_code == 404


def test_children_past_their_time_and_closed_cases_lose_their_names(area):
    old, young = area.child(1, age=17), area.child(2, age=9)
    case = area.case(young)
    visit(
        actor=area.actor("teacher"),
        case=case,
        visited_on=today(),
        way="home",
        state="found",
        reason="income",
        note="พบคุณยายที่บ้าน",
    )
    close_case(actor=area.actor("clerk"), case=case, outcome="gone", note="ย้ายไปต่างจังหวัดแล้ว")
    before = date(today().year + 1, 1, 1)
    assert due_to_forget(today().replace(year=today().year - 5)) == 0
    assert due_to_forget(before) == 2
    with pytest.raises(Forbidden):
        forget_children(actor=area.actor("clerk"), before=before)
    assert forget_children(actor=area.system, before=before) == 2
    old.refresh_from_db()
    assert (old.first_name, old.sealed, old.fingerprint, old.father, old.home_no) == (
        FORGOTTEN,
        None,
        "",
        "",
        "",
    )
    assert (old.birth_year, old.sex, old.village, Standing.objects.get(child=old).state) == (
        old.birth_year,
        "f",
        area.villages[1],
        "over",
    )
    assert (Case.objects.get().name, Visit.objects.get().note, Child.objects.get(pk=young.pk).first_name) == (
        FORGOTTEN,
        "",
        "ดารา2",
    )
    assert due_to_forget(before) == 0
