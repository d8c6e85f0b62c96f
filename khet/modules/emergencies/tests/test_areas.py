"""Struck ground: loaded from files, which schools lie in it, the press that calls them, who may, what is refused."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khet.base.journal.api import Entry
from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.lib.geodata import Field, Layer, write_shapes
from khet.base.lib.pdf import page_text
from khet.base.lib.sheets import read
from khet.base.notices.models import Notice
from khet.modules.emergencies import actions
from khet.modules.emergencies.actions import areas
from khet.modules.emergencies.api import struck_areas
from khet.modules.emergencies.models import Call, StruckArea
from khet.modules.emergencies.queries import board_of, kept_areas, newest, struck
from khet.modules.schools.models import School


def ring(west, south, east, north):
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


# The schools stand at 100.01/7.41, 100.02/7.42 and 100.03/7.43.
FIRST = [[ring(100.005, 7.405, 100.015, 7.415)]]
NEAR_AND_FAR = [[ring(100.015, 7.415, 100.035, 7.435)]]
ALL_BUT_NEAR = [[ring(100.0, 7.4, 100.04, 7.44), ring(100.015, 7.415, 100.025, 7.425)]]


@pytest.fixture
def event(area):
    return area.open()


@pytest.fixture
def load(area, event):
    def made(coordinates=FIRST, *, hours=1, **given):
        return actions.load_area(
            **{
                "actor": area.planner, "event": event, "name": "ฝั่งทะเลสาบ", "as_at": timezone.now() - timedelta(hours=hours),
                "source": "GISTDA", "coordinates": coordinates, **given,
            }
        )  # fmt: skip

    return made


@pytest.fixture
def as_(client, area):
    def sign_in(word):
        client.force_login(area.accounts[word])
        return client

    return sign_in


def seen(area, event):
    return struck(area.planner, event, board_of(event, Call.objects.all()).calls)


def names(calls):
    return [call.school.name for call in calls]


@pytest.mark.parametrize(
    ("coordinates", "inside", "silent"),
    [
        (FIRST, {"struck"}, ["บ้านปากคลอง"]),
        (NEAR_AND_FAR, {"near", "far"}, ["บ้านดอนตาล", "บ้านพรุนอก"]),
        (ALL_BUT_NEAR, {"struck", "far"}, ["บ้านดอนตาล", "บ้านปากคลอง"]),
        ([*FIRST, *NEAR_AND_FAR], {"struck", "near", "far"}, ["บ้านดอนตาล", "บ้านปากคลอง", "บ้านพรุนอก"]),
        ([[ring(101, 8, 101.1, 8.1)]], set(), []),
    ],
)
def test_schools_lie_in_the_ground_or_not(area, event, load, coordinates, inside, silent):
    """A hole is dry ground, a line belongs to the water, and a school that was not called is found too."""
    load(coordinates)
    found = seen(area, event)
    assert found.inside == {getattr(area, word).pk for word in inside}
    assert names(found.silent) == silent
    assert found.not_called == ([area.far.pk] if "far" in inside else [])


def test_who_has_reported_or_has_no_position_is_not_listed(area, event, load):
    load([*FIRST, *NEAR_AND_FAR])
    actions.report(actor=area.principal, unit=area.struck.unit, event=event, state="open")
    assert names(seen(area, event).silent) == ["บ้านดอนตาล", "บ้านพรุนอก"]
    School.objects.filter(pk=area.near.pk).update(latitude=None, longitude=None)
    assert seen(area, event).inside == {area.struck.pk, area.far.pk}


def test_of_a_name_the_newest_is_shown_and_older_ones_stay(area, event, load):
    new = load(FIRST, hours=1)
    old = load(NEAR_AND_FAR, hours=30)
    other = load([[ring(101, 8, 101.1, 8.1)]], hours=50, name="ลุ่มน้ำอื่น")
    found = seen(area, event)
    assert found.areas == [new, other] and found.older == [old] and found.inside == {area.struck.pk}
    actions.remove_area(actor=area.planner, event=event, area=new.pk)
    found = seen(area, event)
    assert found.areas == [old, other] and found.inside == {area.near.pk, area.far.pk}
    assert StruckArea.objects.count() == 3, "what was taken off stays in the database"
    with pytest.raises(NotFound):
        actions.remove_area(actor=area.planner, event=event, area=new.pk)
    verbs = list(Entry.objects.filter(verb__contains="_area").values_list("verb", flat=True))
    assert sorted(verbs) == ["emergencies.load_area"] * 3 + ["emergencies.remove_area"]


def test_another_event_keeps_its_own_ground(area, event, load):
    mine = load()
    other = area.open(title="อีกเหตุ")
    assert not kept_areas(other).exists() and newest(kept_areas([event, other])) == [mine]
    with pytest.raises(NotFound):
        actions.remove_area(actor=area.planner, event=other, area=mine.pk)


def test_the_press_calls_strangers_and_reminds_the_called_once(area, event, load):
    load(NEAR_AND_FAR)
    found = seen(area, event)
    press = {"event": event, "new": found.not_called, "waiting": found.called, "number": 1}
    assert actions.call_inside(actor=area.planner, **press) == (1, 1)
    assert event.calls.get(school=area.far).called_at
    told = Notice.objects.filter(event=f"emergencies.reminded:{event.pk}:1", channel="app")
    assert {one.person_id for one in told} == {area.accounts["near_principal"].person_id}, (
        "the silent outside the ground are let be"
    )
    with pytest.raises(Conflict):
        actions.call_inside(actor=area.planner, **press)
    assert {"emergencies.call_inside", "emergencies.call", "emergencies.remind"} <= set(
        Entry.objects.values_list("verb", flat=True)
    )
    # Only who lies inside and is silent can be called by it, whatever is sent.
    with pytest.raises(Conflict, match="เมื่อครู่"):
        actions.call_inside(
            actor=area.planner, event=event, new=[area.struck.pk], waiting=[area.struck.pk], number=2
        )
    event.refresh_from_db()
    assert event.reminders == 1


def test_a_second_press_on_strangers_reminds_nobody(area, event, load):
    load([[ring(100.025, 7.425, 100.035, 7.435)]])
    press = {"event": event, "new": [area.far.pk], "waiting": [], "number": 1}
    assert actions.call_inside(actor=area.planner, **press) == (1, 0)
    with pytest.raises(Conflict):
        actions.call_inside(actor=area.planner, **press)
    event.refresh_from_db()
    assert event.reminders == 0 and event.calls.count() == 3


def test_who_runs_emergencies_loads_and_nobody_else(area, event, load):
    mine = load()
    for who in (area.officer, area.principal, area.teacher):
        with pytest.raises(Forbidden):
            load(actor=who, name="อื่น")
        with pytest.raises(Forbidden):
            actions.remove_area(actor=who, event=event, area=mine.pk)
        with pytest.raises(Forbidden):
            actions.call_inside(actor=who, event=event, new=[], waiting=[area.struck.pk], number=1)
    actions.close_event(actor=area.planner, event=event)
    for act in (
        load,
        lambda: actions.remove_area(actor=area.planner, event=event, area=mine.pk),
        lambda: actions.call_inside(
            actor=area.planner, event=event, new=[], waiting=[area.struck.pk], number=1
        ),
    ):
        with pytest.raises(Conflict, match="ปิดแล้ว"):
            act()
    assert seen(area, event).areas == [mine] and struck_areas(area.officer) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": " "}, "ชื่อพื้นที่"),
        ({"source": ""}, "ที่มา"),
        ({"hours": -2}, "อนาคต"),
    ],
)
def test_an_area_without_its_facts_is_refused(load, given, words):
    with pytest.raises(Refusal, match=words):
        load(**given)
    assert not StruckArea.objects.exists()


def test_the_same_moment_twice_is_refused(load):
    moment = timezone.now() - timedelta(hours=3)
    load(as_at=moment)
    with pytest.raises(Refusal, match="แล้ว"):
        load(as_at=moment)


def file_of(format="geojson", rings=FIRST[0], shape="Polygon", **given):
    rows = [({"type": shape, "coordinates": rings}, ["ก"])]
    kind = "Point" if shape == "Point" else "MultiPolygon"
    made = write_shapes(
        [Layer("flood", "น้ำ", kind, [Field("NAME", "ชื่อ")], rows)], name="flood", format=format, **given
    )
    return SimpleUploadedFile(made.name, made.content)


def sent(upload, **more):
    return {
        "file": upload,
        "name": "ฝั่งทะเลสาบ",
        "day": "23/11/2569",
        "hour": "๐๖.๓๐",
        "source": "GISTDA",
        "frame": "",
        **more,
    }


@pytest.mark.parametrize(
    ("format", "frame"), [("geojson", 4326), ("kml", 4326), ("gpkg", 32647), ("shp", 24047), ("shp", 4326)]
)
def test_the_officer_loads_every_kind_of_file(as_, area, event, format, frame):
    client, page = as_("planner"), reverse("emergencies:areas", args=[event.pk])
    answer = client.post(page, sent(file_of(format, frame=frame)))
    assert answer.status_code == 302
    kept = StruckArea.objects.get()
    assert timezone.localtime(kept.as_at).isoformat() == "2026-11-23T06:30:00+07:00"
    (west, south), *_rest = sorted(kept.coordinates[0][0])
    assert (west, south) == (pytest.approx(100.005, abs=3e-5), pytest.approx(7.405, abs=3e-5))
    assert float(kept.square_km) == pytest.approx(1.23, abs=0.03)
    board = client.get(answer.url).content.decode()
    assert "อยู่ในพื้นที่น้ำท่วม ยังไม่รายงาน" in board and "มีโรงเรียนอยู่ในพื้นที่ 1 แห่ง" in board
    assert board.index("อยู่ในพื้นที่น้ำท่วม ยังไม่รายงาน") < board.index("โรงเรียนตามอำเภอ")


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (lambda: file_of(rings=[100.0, 7.4], shape="Point"), "ไม่ใช่รูปหลายเหลี่ยม"),
        (lambda: file_of(rings=[ring(96, 7, 97.5, 8)]), "อยู่นอกประเทศไทย"),
        (lambda: SimpleUploadedFile("f.geojson", b" " * (5 * 1024 * 1024 + 1)), "5.0 MB รับได้ไม่เกิน 5 MB"),
        (lambda: SimpleUploadedFile("f.kml", b"<html></html>"), "ไม่รู้จักไฟล์ชนิดนี้"),
        (lambda: SimpleUploadedFile("f.geojson", b""), "ว่างเปล่า"),
        (lambda: "", "ยังไม่ได้เลือกไฟล์"),
    ],
)
def test_a_bad_file_is_told_in_a_sentence_and_changes_nothing(as_, area, event, upload, words):
    answer = as_("planner").post(reverse("emergencies:areas", args=[event.pk]), sent(upload()))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert 'value="ฝั่งทะเลสาบ"' in answer.content.decode(), "what was typed stays"
    assert not StruckArea.objects.exists()


def test_too_many_corners_are_refused_with_their_number(as_, area, event, monkeypatch):
    monkeypatch.setattr(areas, "MOST_CORNERS", 8)
    rings = [[ring(100 + n / 10, 7, 100.05 + n / 10, 7.05)] for n in range(3)]
    answer = as_("planner").post(
        reverse("emergencies:areas", args=[event.pk]), sent(file_of(rings=rings, shape="MultiPolygon"))
    )
    assert answer.status_code == 422 and "15 จุด" in answer.content.decode()
    assert not StruckArea.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"), [({"hour": "25.00"}, "16.30"), ({"day": "31/02/2569"}, "31/02/2569")]
)
def test_a_moment_that_is_none_is_told(as_, area, event, given, words):
    answer = as_("planner").post(reverse("emergencies:areas", args=[event.pk]), sent(file_of(), **given))
    assert answer.status_code == 422 and words in answer.content.decode()


def test_pages_show_the_ground_to_all_and_acts_to_who_may(as_, area, event, load):
    mine = load([*FIRST, *NEAR_AND_FAR])
    board, page = reverse("emergencies:event", args=[event.pk]), reverse("emergencies:areas", args=[event.pk])
    press, drop = (
        reverse("emergencies:call_inside", args=[event.pk]),
        reverse("emergencies:remove_area", args=[event.pk, mine.pk]),
    )
    said = as_("officer").get(board).content.decode()
    assert "อยู่ในพื้นที่น้ำท่วม ยังไม่รายงาน" in said and "GISTDA" in said and press not in said
    client = as_("officer")
    shown = client.get(page).content.decode()
    assert "GISTDA" in shown and drop not in shown and 'type="file"' not in shown
    for address in (page, press, drop):
        assert client.post(address).status_code == 403
    for word in ("officer", "principal"):
        drawn = as_(word).get(reverse("emergencies:map", args=[event.pk])).content.decode()
        assert drawn.count('<path class="struck-area" d="M') == 1 and "ที่มา GISTDA" in drawn
    client = as_("planner")
    said = client.get(board).content.decode()
    assert press in said and "เรียก 3 โรงเรียนในพื้นที่ให้รายงาน" in said
    form = {"number": "1", "new": str(area.far.pk), "waiting": f"{area.struck.pk},{area.near.pk},x"}
    assert client.post(press, form).status_code == 302 and event.calls.count() == 3
    assert client.post(press, form).status_code == 409
    assert client.post(drop).status_code == 302 and client.post(drop).status_code == 404
    assert "อยู่ในพื้นที่น้ำท่วม" not in client.get(board).content.decode()


def test_the_report_and_the_sheet_say_who_lies_inside(as_, area, event, load):
    load(FIRST)
    client = as_("officer")
    words = page_text(client.get(reverse("emergencies:paper", args=[event.pk])).content, 0).replace(" ", "")
    assert "ที่มาGISTDA" in words and "โรงเรียนอยู่ในพื้นที่๑แห่งยังไม่รายงาน๑แห่ง" in words
    sheet = client.get(reverse("emergencies:sheet", args=[event.pk])).content
    assert {row[1]: row[20] for row in read(io.BytesIO(sheet), "x.xlsx").rows} == {
        "บ้านปากคลอง": "อยู่ในพื้นที่",
        "บ้านพรุนอก": "",
    }


def test_the_board_asks_the_same_with_more_ground_and_schools_inside(as_, area, event, load):
    client, board = as_("planner"), reverse("emergencies:event", args=[event.pk])
    load(NEAR_AND_FAR)
    client.get(board)
    with CaptureQueriesContext(connection) as few:
        client.get(board)
    for n in range(4):
        load(FIRST, hours=n + 2)
    actions.report(actor=area.principal, unit=area.struck.unit, event=event, state="open")
    with CaptureQueriesContext(connection) as many:
        client.get(board)
    assert len(many) == len(few) <= 15


def test_the_door_tells_outlines_only_when_asked(area, event, load, django_assert_num_queries):
    load(FIRST)
    load(FIRST, hours=9)
    with django_assert_num_queries(2):
        (found,) = struck_areas(area.teacher)
    assert (found.event, found.what, found.source, found.coordinates) == (event.pk, "พื้นที่น้ำท่วม", "GISTDA", ())
    with django_assert_num_queries(2):
        (found,) = struck_areas(area.teacher, with_outlines=True)
    assert json.dumps(found.coordinates) == json.dumps(FIRST)
