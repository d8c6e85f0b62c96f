"""The yearly check: opened, looked at from a label, closed into the register."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.notices.models import Notice
from khet.base.org.api import Holiday
from khet.modules.assets.actions.articles import add_article
from khet.modules.assets.actions.checks import change_check, close_check, open_checks, sight, sight_many
from khet.modules.assets.models import Article, Sighting, YearlyCheck
from khet.modules.assets.papers import check_report
from khet.modules.assets.queries.checks import check_days, progress_of, year_to_check
from khet.modules.assets.tests.test_articles import words_of


@pytest.fixture
def five(area):
    """Five more articles at the school, one bought after the year."""
    return [
        add_article(
            actor=area.system, unit=area.school.unit, number=f"7110-001-000{n}", name=f"ตู้ {n}", location="ห้อง 1",
            acquired_on=date(2020, 1, 1) if n < 5 else date(2026, 11, 1), price=5_000,
        )
        for n in range(1, 6)
    ]  # fmt: skip


@pytest.fixture
def check(area, five):
    return open_checks(
        actor=area.actor("clerk"), units=[area.school.unit], fiscal_year=2569, committee="ครูหนึ่ง\nครูสอง"
    )[0]


def test_the_days_follow_the_holidays(db):
    # 30 September 2026 is a Wednesday; 1 October is a working day.
    assert check_days(2569)[0] == date(2026, 10, 1)
    Holiday.objects.create(day=date(2026, 10, 1), name="วันหยุดพิเศษ")
    Holiday.objects.create(day=date(2026, 10, 13), name="วันนวมินทรมหาราช")
    starts, due = check_days(2569)
    assert (starts, due) == (date(2026, 10, 2), date(2026, 11, 16))
    assert year_to_check(date(2026, 11, 23)) == 2569 and year_to_check(date(2026, 9, 10)) == 2569
    assert year_to_check(date(2026, 8, 10)) == 2568


def test_opening_is_once_a_year_and_tells(area, five):
    made = open_checks(
        actor=area.actor("planner"), units=[area.school.unit, area.other.unit], fiscal_year=2569
    )
    assert [check.unit_id for check in made] == [area.school.unit_id]  # the other has no articles
    assert Notice.objects.filter(person=area.accounts["teacher"].person).exists()
    with pytest.raises(Refusal):
        open_checks(actor=area.actor("planner"), units=[area.school.unit], fiscal_year=2569)
    with pytest.raises(Forbidden):
        open_checks(actor=area.actor("clerk"), units=[area.other.unit], fiscal_year=2570)
    with pytest.raises(Forbidden):
        open_checks(actor=area.actor("teacher"), units=[area.school.unit], fiscal_year=2570)


def test_what_was_seen_goes_into_the_register_once(area, five, check):
    teacher = area.actor("teacher")
    assert (
        progress_of([check])[check.pk].expected == 5
    )  # what was bought in November belongs to the next year
    sight(actor=teacher, article=five[0], check=check, seen="ok")
    with pytest.raises(Refusal) as why:
        sight(actor=teacher, article=five[1], check=check, seen="broken")
    assert why.value.field == "note"
    sight(actor=teacher, article=five[1], check=check, seen="broken", note="ขาหัก")
    sight(actor=teacher, article=five[2], check=check, seen="lost", note="หาไม่เจอ")
    with pytest.raises(Refusal):
        sight(actor=teacher, article=five[3], check=check, seen="misplaced")
    sight(actor=teacher, article=five[3], check=check, seen="misplaced", location="ห้องครู")
    # Looked at again: the last word counts, and stands once.
    sight(actor=teacher, article=five[0], check=check, seen="broken", note="บานพับหลุด")
    progress = progress_of([check])[check.pk]
    assert (progress.seen, progress.left, progress.broken, Sighting.objects.count()) == (4, 1, 2, 4)
    with pytest.raises(Forbidden):
        close_check(actor=teacher, check=check)
    with pytest.raises(Refusal) as why:
        close_check(actor=area.actor("clerk"), check=check)
    assert why.value.code == "assets.unseen"
    assert Article.objects.get(pk=five[2].pk).condition == "in_use"
    assert close_check(actor=area.actor("clerk"), check=check, and_unseen=True) == 4
    now = {a.pk: a for a in Article.objects.all()}
    assert [now[a.pk].condition for a in five] == [
        "waiting_repair",
        "waiting_repair",
        "missing",
        "in_use",
        "in_use",
    ]
    assert now[five[3].pk].location == "ห้องครู" and now[five[0].pk].checked_on == timezone.localdate()
    assert now[area.article.pk].checked_on is None
    for verb in (
        lambda: sight(actor=teacher, article=five[0], check=check, seen="ok"),
        lambda: close_check(actor=area.actor("clerk"), check=check, and_unseen=True),
        lambda: change_check(actor=area.actor("clerk"), check=check, committee="x", order_reference=""),
    ):
        with pytest.raises(Conflict):
            verb()


def test_a_whole_room_is_one_statement(area, five, check, django_assert_max_num_queries):
    foreign = add_article(actor=area.system, unit=area.other.unit, number="9", name="ของอื่น")
    with django_assert_max_num_queries(14):
        done = sight_many(
            actor=area.actor("teacher"), check=check, articles=[a.pk for a in five] + [foreign.pk]
        )
    assert done == 4 and not Sighting.objects.filter(article=foreign).exists()
    assert sight_many(actor=area.actor("teacher"), check=check, articles=[a.pk for a in five]) == 0
    with pytest.raises(Refusal):
        sight_many(actor=area.actor("teacher"), check=check, articles=[five[0].pk], seen="lost")
    with pytest.raises(Refusal):
        sight(actor=area.system, article=foreign, check=check, seen="ok")


def test_the_label_leads_to_two_taps(area, five, check, client):
    label = reverse("assets:label", args=[five[0].code])
    assert client.get(label).status_code == 302  # the sign-in page comes first
    client.force_login(area.accounts["teacher"])
    page = client.get(label).content.decode()
    assert page.count("seen-button") == 4 and "ตู้ 1" in page
    assert client.get(label.lower()).status_code == 200
    done = client.post(label, {"seen": "ok"})
    assert done.status_code == 302 and Sighting.objects.get().seen == "ok"
    broken = client.post(label, {"seen": "broken"})
    assert broken["Location"] == reverse("assets:seen", args=[five[0].pk, "broken"])
    assert client.post(broken["Location"], {"note": ""}).status_code == 422
    assert client.post(broken["Location"], {"note": "ขาหัก"}).status_code == 302
    assert Sighting.objects.get().seen == "broken"
    assert "ขาหัก" in client.get(label).content.decode()
    assert client.post(label, {"seen": "eaten"}).status_code == 400
    client.force_login(area.accounts["other_principal"])
    assert client.get(label).status_code == 404
    client.force_login(area.accounts["finance"])
    assert client.get(label).status_code == 200


def test_finding_by_code_address_and_number(area, five, check, client):
    client.force_login(area.accounts["teacher"])
    find = reverse("assets:find", args=[check.pk])
    to = reverse("assets:label", args=[five[0].code])
    for text in (five[0].code.lower(), f"http://x.example{to}", "7110 001 0001", "๗๑๑๐-๐๐๑-๐๐๐๑/63"):
        assert client.get(find, {"code": text})["Location"] == to, text
    assert client.get(find, {"code": "ตู้"}).content.decode().count("check-row") == 5
    assert "ไม่พบครุภัณฑ์นี้" in client.get(find, {"code": "ไม่มีแน่"}).content.decode()


def test_pages_of_the_check_without_growing_queries(area, five, check, client, django_assert_max_num_queries):
    client.force_login(area.accounts["clerk"])
    url = reverse("assets:check", args=[check.pk])
    client.get(url)
    with django_assert_max_num_queries(15):
        page = client.get(url).content.decode()
    assert "ตู้ 1" in page and "ครูหนึ่ง" in page
    picked = client.post(reverse("assets:seen_many", args=[check.pk]), {"article": [a.pk for a in five[:3]]})
    assert picked.status_code == 302 and Sighting.objects.count() == 3
    assert "ตู้ 1" in client.get(url, {"show": "ok"}).content.decode()
    close = reverse("assets:close_check", args=[check.pk])
    assert client.post(close, {}).status_code == 422
    assert client.post(close, {"and_unseen": "on"}).status_code == 302
    assert YearlyCheck.objects.get().state == "closed"
    client.force_login(area.accounts["planner"])
    client.get(reverse("assets:checks"))
    with django_assert_max_num_queries(15):
        assert "บ้านไร่ธารใส" in client.get(reverse("assets:checks")).content.decode()


def test_the_report_proposes(area, five, check, client):
    sight(actor=area.actor("teacher"), article=five[0], check=check, seen="broken", note="ขาหัก")
    words = words_of(check_report(check))
    assert "ขาหัก" in words and "ครูสอง" in words and words.count("ลงชื่อ") == 2
    client.force_login(area.accounts["teacher"])
    assert client.get(reverse("assets:check_report", args=[check.pk])).content.startswith(b"%PDF")


def test_each_school_names_its_committee(area, five, check, client):
    client.force_login(area.accounts["clerk"])
    url = reverse("assets:change_check", args=[check.pk])
    assert "ครูหนึ่ง" in client.get(url).content.decode()
    assert client.post(url, {"committee": ""}).status_code == 422
    assert client.post(url, {"committee": "ครูสาม", "order_reference": "7/2569"}).status_code == 302
    check.refresh_from_db()
    assert (check.committee, check.order_reference) == ("ครูสาม", "7/2569")
    client.force_login(area.accounts["teacher"])
    assert client.get(url).status_code == 403
