"""Shortage by criterion, and the criteria the office keeps."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.lib.sheets import read
from khet.base.lib.thai import school_term, school_year
from khet.base.org.api import today
from khet.modules.assets.actions.buildings import add_building
from khet.modules.assets.actions.criteria import (
    add_criterion,
    change_criterion,
    remove_criterion,
    start_criteria,
)
from khet.modules.assets.models import Building, Criterion
from khet.modules.assets.queries.shortage import criteria_on, shortage, wanted
from khet.modules.assets.tests.test_articles import words_of
from khet.modules.schools.models import School
from khet.modules.students.api import Enrolment, Pupil


def lines(need):
    return {
        line.school.smis8: line
        for line in shortage(School.objects.select_related("unit"))
        if line.need == need
    }


def test_what_stands_against_what_is_asked_for(area):
    start_criteria(actor=area.system)
    assert start_criteria(actor=area.system) == 0
    add_building(actor=area.system, unit=area.school.unit, kind="05", seats=3)
    rooms, toilets = lines("classroom"), lines("toilet")
    # 83 pupils, one room for every 40 begun: 3; eight stand. 2 + 3 seats wanted, three stand.
    assert (rooms["99029001"].wanted, rooms["99029001"].actual, rooms["99029001"].over) == (3, 8, 5)
    assert (toilets["99029001"].wanted, toilets["99029001"].short) == (5, 2)
    assert (rooms["99029002"].wanted, rooms["99029002"].short) == (4, 4)
    Building.objects.filter(pk=area.building.pk).update(condition="poor")
    assert lines("classroom")["99029001"].actual == 0
    School.objects.filter(pk=area.school.pk).update(pupils=None)
    assert lines("classroom")["99029001"].wanted is None


def test_pupils_on_the_roll_count_before_the_figure_of_the_register(area):
    start_criteria(actor=area.system)
    day = today()
    for number in range(45):
        pupil = Pupil.objects.create(first_name=f"หนึ่ง{number}", last_name="ใจดี", title="เด็กชาย", sex="m")
        Enrolment.objects.create(
            pupil=pupil,
            school=area.school,
            school_year=school_year(day),
            term=school_term(day),
            grade="p1",
            state="studying",
        )
    rooms = lines("classroom")
    assert (rooms["99029001"].pupils, rooms["99029001"].wanted) == (45, 2)
    assert rooms["99029002"].pupils == 146


def test_the_latest_rows_of_a_day_count(area):
    start_criteria(actor=area.system)
    planner = area.actor("planner")
    add_criterion(
        actor=planner,
        need="classroom",
        since=date(2030, 1, 1),
        low=0,
        high=500,
        fixed=1,
        per=30,
        source="ประกาศใหม่",
    )
    assert wanted(criteria_on(date(2029, 12, 31))["classroom"], 83) == 3
    assert wanted(criteria_on(date(2030, 1, 1))["classroom"], 83) == 4
    assert wanted(criteria_on(date(2030, 1, 1))["classroom"], 900) is None
    with pytest.raises(Conflict):
        add_criterion(
            actor=planner, need="classroom", since=date(2030, 1, 1), low=400, high=900, fixed=1, source="x"
        )
    with pytest.raises(Refusal):
        add_criterion(actor=planner, need="house", since=date(2031, 1, 1), low=0, high=9, fixed=0, source="x")
    with pytest.raises(Forbidden):
        add_criterion(
            actor=area.actor("principal"),
            need="house",
            since=date(2031, 1, 1),
            low=0,
            high=9,
            fixed=1,
            source="x",
        )
    row = Criterion.objects.get(since=date(2030, 1, 1))
    change_criterion(actor=planner, criterion=row, high=900, is_confirmed=True)
    remove_criterion(actor=planner, criterion=row)
    assert not Criterion.objects.filter(since=date(2030, 1, 1)).exists()


def test_page_print_and_export(area, client, django_assert_max_num_queries):
    start_criteria(actor=area.system)
    client.force_login(area.accounts["planner"])
    url = reverse("assets:shortage")
    client.get(url)
    with django_assert_max_num_queries(15):
        page = client.get(url).content.decode()
    assert "วัดเกาะกลางธาราม" in page and "ยังไม่ได้เทียบกับประกาศ" in page
    sheet = read(io.BytesIO(client.get(reverse("assets:shortage_xlsx")).content), "x.xlsx")
    assert list(sheet.columns)[-2:] == ["ขาด", "เกิน"] and len(sheet.rows) == 2
    words = words_of(client.get(reverse("assets:shortage_pdf")).content)
    assert "วัดเกาะกลางธาราม" in words
    client.force_login(area.accounts["principal"])
    assert "วัดเกาะกลางธาราม" not in client.get(url, {"show": "all"}).content.decode()
    assert client.get(reverse("assets:new_criterion")).status_code == 403


def test_the_pages_of_criteria(area, client):
    client.force_login(area.accounts["planner"])
    new = reverse("assets:new_criterion")
    sent = {
        "need": "house",
        "since": "16/05/2570",
        "low": 0,
        "high": 300,
        "fixed": 2,
        "per": "",
        "source": "ประกาศ สพฐ.",
    }
    assert client.post(new, sent | {"source": ""}).status_code == 422
    assert client.post(new, sent).status_code == 302
    row = Criterion.objects.get()
    edit = reverse("assets:edit_criterion", args=[row.pk])
    assert "16/05/2570" in client.get(edit).content.decode()
    assert client.post(edit, sent | {"fixed": 3}).status_code == 302
    row.refresh_from_db()
    assert row.fixed == 3
    assert "ประกาศ สพฐ." in client.get(reverse("assets:criteria")).content.decode()
    assert client.post(reverse("assets:remove_criterion", args=[row.pk])).status_code == 302
