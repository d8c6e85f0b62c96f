"""The kit's pages and POSTs: one effect, words kept, strangers turned away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from khet.base.notices.models import Notice
from khet.base.org.actions import add_account
from khet.base.org.api import Actor
from khet.kits.workflow.actions import keep_draft, save_phrases
from khet.kits.workflow.api import Run, Step, endorse, inbox, panel, prefetch_routes
from khet.kits.workflow.models import Draft, Phrase
from khet.kits.workflow.reminders import remind
from khet.kits.workflow.slips import slip_pdf
from khet.kits.workflow.tests.office import holding


@pytest.fixture
def sign_in(office, client, monkeypatch):
    """Sign somebody in; the second factor is another suite's matter."""
    monkeypatch.setattr("khet.base.signin.middleware.needs_second_factor", lambda actor: False)

    def enter(word: str):
        account = add_account(
            actor=Actor.system(), person=office.people[word], username=word, password="x" * 12
        )
        client.force_login(account)
        return client

    return enter


def post(client, step: Step, code: str, **data):
    return client.post(f"/workflow/step/{step.pk}/{code}/", data)


def test_the_button_names_the_receiver(office):
    run = office.sent()
    shown = panel(office.actor("head"), run)
    assert shown.main.label == "เสนอ รอง ผอ.พรรณี"
    assert [one.code for one in shown.offers] == ["return", "forward", "assign", "ask"]
    elsewhere = panel(office.actor("deputy"), run)
    assert elsewhere.step is None
    assert "สุภาวดี" in elsewhere.where


def test_the_panel_offers_recall_until_opened(office):
    run = office.sent()
    assert panel(office.actor("officer"), run).recallable is not None
    Step.objects.filter(pk=holding(run).pk).update(opened_at=timezone.now())
    assert panel(office.actor("officer"), run).recallable is None


def test_the_same_post_twice_has_one_effect_and_keeps_the_words(office, sign_in):
    run = office.sent()
    step = holding(run)
    client = sign_in("head")
    first = post(client, step, "endorse", note="เห็นชอบ", next="/desk/")
    assert (first.status_code, first.url) == (302, "/desk/")
    second = post(client, step, "endorse", note="เห็นชอบอีกครั้ง", next="/desk/")
    assert second.status_code == 409
    page = second.content.decode()
    assert "ทำไปแล้ว" in page
    assert "เห็นชอบอีกครั้ง" in page
    assert Step.objects.filter(run=run).count() == 3


def test_a_refused_act_keeps_the_typed_note(office, sign_in):
    run = office.sent()
    step = holding(run)
    client = sign_in("head")
    answer = post(client, step, "assign", note="ยาวมาก พิมพ์ไว้แล้ว")
    assert answer.status_code == 400
    assert "ยาวมาก พิมพ์ไว้แล้ว" in answer.content.decode()
    assert Draft.objects.get(step=step).text == "ยาวมาก พิมพ์ไว้แล้ว"
    assert post(client, step, "endorse", note="ส่งแล้ว").status_code == 302
    assert not Draft.objects.exists()


def test_signing_by_post_asks_who_it_is_and_keeps_the_note(office, sign_in):
    run = office.sent()
    endorse(actor=office.actor("head"), step=holding(run), note="x")
    endorse(actor=office.actor("deputy"), step=holding(run), note="x")
    step = holding(run)
    client = sign_in("director")
    answer = post(client, step, "sign", note="ลงนามตามเสนอ")
    assert answer.status_code in {200, 302, 401}
    assert holding(run) == step
    assert Draft.objects.get(step=step).text == "ลงนามตามเสนอ"


def test_strangers_find_nothing_and_get_no_act(office, sign_in):
    run = office.sent()
    step = holding(run)
    client = sign_in("teacher")
    assert client.get(f"/workflow/{run.pk}/").status_code == 404
    assert client.get(f"/workflow/{run.pk}/slip.pdf").status_code == 404
    assert post(client, step, "endorse", note="x").status_code == 404
    assert post(client, step, "draft", note="x").status_code == 404
    client.post("/workflow/sign/", {"step": [step.pk]})
    assert holding(run) == step


def test_one_who_sees_but_does_not_hold_is_told_who_does(office, sign_in):
    run = office.sent()
    client = sign_in("deputy")
    answer = post(client, holding(run), "endorse", note="x")
    assert answer.status_code == 403
    assert "สุภาวดี" in answer.content.decode()
    assert client.get(f"/workflow/step/{holding(run).pk}/endorse/").status_code == 405
    assert post(client, holding(run), "no-such-act").status_code == 404


def test_next_leads_nowhere_else(office, sign_in):
    run = office.sent()
    answer = post(sign_in("head"), holding(run), "endorse", note="x", next="https://evil.example/")
    assert answer.url == run.url


def test_the_draft_is_kept_and_seen_only_by_its_writer(office, sign_in):
    run = office.sent()
    step = holding(run)
    assert post(sign_in("head"), step, "draft", note="ร่างไว้").status_code == 204
    assert panel(office.actor("head"), run).draft == "ร่างไว้"
    keep_draft(office.actor("head"), step, "  ")
    assert not Draft.objects.exists()


def test_the_page_of_a_run_opens_it(office, sign_in):
    run = office.sent()
    page = sign_in("head").get(f"/workflow/{run.pk}/")
    assert page.status_code == 200
    assert "เสนอ รอง ผอ.พรรณี" in page.content.decode()
    assert holding(run).opened_at is not None


def test_the_slip_is_a_pdf(office):
    run = office.sent()
    assert slip_pdf(run).startswith(b"%PDF")


def test_phrases_belong_to_those_who_keep_them(office, sign_in):
    office.posts["officer2"].roles.add(office.roles["saraban"])
    client = sign_in("officer2")
    assert client.post("/workflow/phrases/", {"texts": "ทราบ\nเห็นชอบตามเสนอ\n\nทราบ"}).status_code == 302
    assert list(Phrase.objects.values_list("text", flat=True)) == ["ทราบ", "เห็นชอบตามเสนอ"]
    save_phrases(actor=office.actor("officer2"), texts=["ทราบ"])
    assert client.post("/workflow/phrases/", {"texts": "ก" * 121}).status_code == 400


def test_phrases_are_refused_to_others(office, sign_in):
    assert sign_in("lawyer").get("/workflow/phrases/").status_code == 403


def test_reminders_are_told_once(office, monkeypatch):
    monkeypatch.setattr("khet.kits.workflow.reminders.is_working_day", lambda day, off: True)
    run = office.sent(due=timezone.localdate() - timedelta(days=1))
    before = Notice.objects.count()
    assert remind() > 0
    told = Notice.objects.filter(event__startswith="workflow.late:", channel="app")
    assert {n.person for n in told} == {office.people["head"], office.people["officer"]}
    count = Notice.objects.count()
    assert count > before
    assert remind() == 0
    assert Notice.objects.count() == count
    assert run.is_open


def test_lists_cost_the_same_at_one_and_many_rows(office):
    def draw(rows):
        page = list(inbox(office.actor("head"))[:rows])
        prefetch_routes(page)
        request = RequestFactory().get("/")
        template = Template("{% load workflow %}{% for row in page %}{% route_small row.run %}{% endfor %}")
        return template.render(Context({"page": page, "request": request}))

    counts = []
    for _number in range(2):
        for _more in range(15 if counts else 1):
            office.sent()
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as seen:
            drawn = draw(40)
        counts.append(len(seen))
    assert drawn.count("<svg") == 16
    assert counts[0] == counts[1]
    assert Run.objects.count() == 16
