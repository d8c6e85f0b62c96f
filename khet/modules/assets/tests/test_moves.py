"""Transfers and disposals: nobody skips a side or an order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.org.api import can, today, visible
from khet.modules.assets.actions.articles import add_article
from khet.modules.assets.actions.moves import (
    accept_transfer,
    ask_transfer,
    drop_disposal,
    finish_disposal,
    order_disposal,
    propose_disposal,
    refuse_transfer,
    withdraw_transfer,
)
from khet.modules.assets.models import Article, Transfer
from khet.modules.assets.rules import RECEIVE


def test_articles_move_when_the_other_side_accepts(area):
    asked = ask_transfer(
        actor=area.actor("clerk"), articles=[area.article], target=area.other.unit, reason="เกินจำเป็น"
    )
    with pytest.raises(Conflict):
        propose_disposal(actor=area.actor("clerk"), articles=[area.article], way="sale", reason="x")
    assert Article.objects.get().unit_id == area.school.unit_id
    with pytest.raises(Forbidden):
        accept_transfer(actor=area.actor("principal"), transfer=asked)
    assert list(visible(area.actor("other_principal"), Transfer.objects.all())) == [asked]
    assert can(area.actor("other_principal"), RECEIVE, asked)
    accept_transfer(actor=area.actor("other_principal"), transfer=asked)
    moved = Article.objects.get()
    assert (moved.unit_id, moved.location, moved.code) == (area.other.unit_id, "", area.article.code)
    with pytest.raises(Conflict):
        withdraw_transfer(actor=area.actor("clerk"), transfer=asked)


def test_a_refusal_has_a_reason_and_frees_the_article(area):
    asked = ask_transfer(
        actor=area.actor("clerk"), articles=[area.article], target=area.other.unit, reason="x"
    )
    with pytest.raises(Refusal):
        refuse_transfer(actor=area.actor("other_principal"), transfer=asked, answer=" ")
    refuse_transfer(actor=area.actor("other_principal"), transfer=asked, answer="มีแล้ว")
    again = ask_transfer(actor=area.actor("clerk"), articles=[area.article], target=area.office, reason="x")
    withdraw_transfer(actor=area.actor("clerk"), transfer=again)
    with pytest.raises(Refusal):
        ask_transfer(actor=area.actor("clerk"), articles=[area.article], target=area.school.unit, reason="x")
    foreign = add_article(actor=area.system, unit=area.other.unit, number="1", name="x")
    with pytest.raises(Forbidden):
        ask_transfer(actor=area.actor("clerk"), articles=[foreign], target=area.office, reason="x")
    with pytest.raises(Refusal):
        ask_transfer(actor=area.system, articles=[foreign, area.article], target=area.office, reason="x")


def test_a_disposal_from_the_proposal_to_the_end(area):
    proposed = propose_disposal(actor=area.actor("clerk"), articles=[area.article], way="sale", reason="เสื่อม")
    assert Article.objects.get().condition == "waiting_disposal"
    with pytest.raises(Forbidden):
        order_disposal(actor=area.actor("clerk"), disposal=proposed, order_reference="1", committee="ก")
    with pytest.raises(Refusal):
        order_disposal(actor=area.actor("principal"), disposal=proposed, order_reference="1", committee=" ")
    with pytest.raises(Conflict):
        finish_disposal(actor=area.actor("clerk"), disposal=proposed, done_on=today())
    order_disposal(
        actor=area.actor("principal"), disposal=proposed, order_reference="5/2569", committee="ครู ก"
    )
    with pytest.raises(Conflict):
        drop_disposal(actor=area.actor("clerk"), disposal=proposed)
    with pytest.raises(Refusal):
        finish_disposal(actor=area.actor("clerk"), disposal=proposed, done_on=today() + timedelta(days=1))
    finish_disposal(actor=area.actor("clerk"), disposal=proposed, done_on=today(), proceeds=350)
    gone = Article.objects.get()
    assert (gone.condition, gone.disposed_on) == ("disposed", today())
    with pytest.raises(Refusal):
        propose_disposal(actor=area.actor("clerk"), articles=[gone], way="sale", reason="x")


def test_the_pages_lead_through(area, client):
    client.force_login(area.accounts["clerk"])
    url = reverse("assets:ask_transfer", args=[area.article.pk])
    assert client.post(url, {"target": "", "reason": "พิมพ์ไว้"}).status_code == 422
    assert client.post(url, {"target": area.other.unit_id, "reason": "เกินจำเป็น"}).status_code == 302
    asked = Transfer.objects.get()
    page = client.get(reverse("assets:transfer", args=[asked.pk])).content.decode()
    assert "ถอนคำขอ" in page and "ไม่รับโอน" not in page
    client.force_login(area.accounts["other_principal"])
    assert "เกินจำเป็น" in client.get(reverse("assets:transfers")).content.decode()
    page = client.get(reverse("assets:transfer", args=[asked.pk])).content.decode()
    assert "ไม่รับโอน" in page
    assert client.get(reverse("register:detail", args=["articles", area.article.pk])).status_code == 404
    assert client.post(reverse("assets:accept_transfer", args=[asked.pk]), {}).status_code == 302
    assert client.get(reverse("register:detail", args=["articles", area.article.pk])).status_code == 200
    propose = reverse("assets:propose_disposal", args=[area.article.pk])
    assert client.post(propose, {"way": "destroy", "reason": "ไฟไหม้"}).status_code == 302
    assert "ไฟไหม้" in client.get(reverse("assets:disposals")).content.decode()


def test_many_by_bulk(area, client):
    more = add_article(actor=area.system, unit=area.school.unit, number="2", name="x")
    client.force_login(area.accounts["clerk"])
    url = reverse("register:bulk", args=["articles", "move"])
    sent = {"pk": [area.article.pk, more.pk], "target": area.other.unit_id, "reason": "ย้าย"}
    assert client.post(url, {**sent, "step": "preview"}).context["changing"] == 2
    assert client.post(url, {**sent, "step": "do", "agreed": "2"}).status_code == 302
    assert Transfer.objects.get().items.count() == 2
