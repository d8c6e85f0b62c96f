"""How long data is kept: who sets it, what it takes, and that nothing below the least is accepted."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from khet.base.lib.errors import Forbidden, FreshSignInNeeded, Refusal
from khet.base.org.testing import freshen
from khet.base.privacy import bases
from khet.base.privacy.actions import cut_off, forget, kept_years, set_years
from khet.base.privacy.bases import Retention

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(monkeypatch):
    """A retention of an invented register with two who are over their time."""
    taken: list[date] = []

    def take(*, actor, before: date) -> int:
        taken.append(before)
        return 2

    one = Retention("invented.kept", "สมุดทดลอง", "ใช้ทดสอบ", "วันที่เข้า", "คน", "หายทั้งแถว", 10, 3, lambda before: 0 if taken else 2, take)  # fmt: skip
    monkeypatch.setitem(bases.retentions._items, one.code, one)
    return taken


def test_the_office_sets_other_years_never_under_the_least(area, kept):
    assert kept_years("invented.kept") == 10
    set_years(actor=area["auditor"], code="invented.kept", years=5)
    assert kept_years("invented.kept") == 5
    with pytest.raises(Refusal) as refused:
        set_years(actor=area["auditor"], code="invented.kept", years=2)
    assert refused.value.field == "years"
    with pytest.raises(Forbidden):
        set_years(actor=area["officer"], code="invented.kept", years=7)
    assert kept_years("invented.kept") == 5


def test_the_page_tells_what_is_due_and_forgetting_wants_a_reason_and_a_fresh_sign_in(area, kept, client):
    client.force_login(area["auditor"].account)
    assert "สมุดทดลอง" in client.get("/privacy/keeping/").content.decode()
    page = "/privacy/keeping/invented.kept/"
    stale = client.post(page, {"do": "forget", "reason": "ครบเวลาตามประกาศ"})
    assert stale.status_code == 401 and not kept, "a stale sign-in is asked again first"
    freshen(client)
    answer = client.post(page, {"do": "forget", "reason": "สั้น"})
    assert answer.status_code == 422 and "สั้น" in answer.content.decode() and not kept
    answer = client.post(page, {"do": "forget", "reason": "ครบเวลาตามประกาศ"}, follow=True)
    assert kept == [cut_off("invented.kept")] and "ลบแล้ว 2 คน" in answer.content.decode()
    client.force_login(area["officer"].account)
    assert client.get(page).status_code == 403
    assert client.get("/privacy/keeping/no.such/").status_code in {403, 404}


def test_a_verb_alone_does_not_forget_without_a_fresh_sign_in(area, kept):
    with pytest.raises(FreshSignInNeeded):
        forget(actor=area["auditor"], code="invented.kept", reason="ครบเวลาตามประกาศ")
    assert not kept


def test_a_retention_speaks_of_whole_years_also_on_the_leap_day(monkeypatch, kept):
    monkeypatch.setattr("khet.base.privacy.actions.today", lambda: date(2028, 2, 29))
    assert cut_off("invented.kept") == date(2018, 2, 28)


def test_every_declared_retention_can_be_counted(area):
    for one in bases.retentions:
        before = len(connection.queries_log)
        assert one.due(date(2000, 1, 1)) == 0, one.code
        assert one.least <= one.years and len(connection.queries_log) - before <= 1
