"""The frame: landmarks, menu by rights, preferences, what it costs."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from khet.base.ui import dates, frame
from khet.base.ui.menu import RAIL_LIMIT, Item, menu, places

pytestmark = pytest.mark.django_db

PARTS = ["", "controls/", "feedback/", "views/"]


@pytest.mark.parametrize("part", PARTS)
def test_a_page_has_its_landmarks_and_one_heading(staff, part):
    text = staff.get(f"/gallery/{part}").content.decode()
    assert '<html lang="th"' in text
    assert text.count("<h1") == 1 and text.count("<main") == 1
    assert 'href="#main"' in text and 'id="main"' in text
    assert "ปิยะนุช ทองสลวย" in text and "นักวิเคราะห์นโยบายและแผน" in text and "สพป.ศรีธารา เขต 2" in text
    names = re.findall(r'<nav[^>]*aria-label="([^"]+)"', text)
    assert len(names) == len(set(names)) >= 2
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)


@pytest.mark.parametrize("part", PARTS)
def test_no_picture_without_a_name_or_hidden(staff, part):
    text = staff.get(f"/gallery/{part}").content.decode()
    for drawing in re.findall(r"<svg[^>]*>", text):
        assert "aria-hidden" in drawing or "aria-label" in drawing, drawing


def test_strangers_sign_in_first(db):
    response = Client().get("/gallery/")
    assert response.status_code == 302 and "login" in response.headers["Location"]


def test_the_frame_asks_little_of_the_database(staff, django_assert_max_num_queries):
    staff.get("/gallery/")
    with django_assert_max_num_queries(15):
        staff.get("/gallery/")


def test_a_page_weighs_less_than_200_kb_fonts_and_all(staff):
    text = staff.get("/gallery/controls/").content
    weight = len(brotli.compress(text))
    addresses = set(re.findall(rb'(?:href|src)="/static/([^"?]+)"', text))
    assert b"ui/css/tokens.css" in addresses
    modules = [f"ui/js/{name}" for name in re.findall(r'import "\./([a-z]+\.js)"', _read("ui/js/khet.js"))]
    fonts = [f"ui/fonts/sarabun-{weight}.woff2" for weight in (400, 500, 600)]
    for name in {*(a.decode() for a in addresses), *modules, *fonts}:
        data = Path(finders.find(name)).read_bytes()
        weight += len(data) if name.endswith(".woff2") else len(brotli.compress(data))
    assert weight < 200_000, weight


def _read(name: str) -> str:
    return Path(finders.find(name)).read_text()


# --- the menu --------------------------------------------------------------------------------------------


class Somebody:
    def __init__(self, *codes):
        self.codes = codes

    def has(self, code):
        return code in self.codes


@pytest.fixture
def declared(monkeypatch):
    items: dict[str, Item] = {}
    monkeypatch.setattr(menu, "_items", items)
    return items


def shown(rf, path="/gallery/", *codes):
    request = rf.get(path)
    request.actor = Somebody(*codes)
    return places(request)


def test_the_menu_shows_what_the_reader_may_enter_in_order(rf, declared):
    declared["b"] = Item("b", "ข", "mail", "ui:keys", order=2)
    declared["a"] = Item("a", "ก", "mail", "ui:menu", order=1, capability="letters.view")
    declared["gone"] = Item("gone", "ค", "mail", "no:such", order=0)
    assert [p.code for p in shown(rf)] == ["b"]
    assert [p.code for p in shown(rf, "/gallery/", "letters.view")] == ["a", "b"]


def test_the_longest_address_is_the_current_place(rf, declared):
    declared["a"] = Item("a", "ก", "mail", "ui:gallery", order=1)
    declared["b"] = Item("b", "ข", "mail", "ui:gallery", order=2, prefix="/gallery/controls/")
    assert [p.code for p in shown(rf, "/gallery/controls/") if p.current] == ["b"]
    assert [p.code for p in shown(rf, "/gallery/feedback/") if p.current] == ["a"]
    assert not [p for p in shown(rf, "/menu/") if p.current]


def test_badges_are_asked_for_the_rail_only(rf, declared):
    asked = []
    declared["a"] = Item("a", "ก", "mail", "ui:menu", badge=lambda r: asked.append("a") or 7)
    declared["b"] = Item("b", "ข", "mail", "ui:keys", badge=lambda r: asked.append("b") or 1, rail=False)
    assert [p.count for p in shown(rf)] == [7, None] and asked == ["a"]


def test_the_rail_holds_at_most_nine(staff, declared):
    for n in range(12):
        declared[str(n)] = Item(str(n), f"ที่ {n}", "mail", "ui:menu", order=n)
    text = staff.get("/keys/").content.decode()
    rail = text.split('<ul class="rail-list">')[1].split("</ul>")[0]
    assert rail.count("<li>") == RAIL_LIMIT
    assert all(f"ที่ {n}" in staff.get("/menu/").content.decode() for n in range(12))


def test_the_frame_knows_whom_it_asks(monkeypatch):
    monkeypatch.setattr(frame, "_providers", {})
    assert frame.ask("office") is None
    frame.provide("office", lambda: "ก")
    assert frame.ask("office") == "ก"
    with pytest.raises(RuntimeError):
        frame.provide("office", lambda: "ข")
    with pytest.raises(LookupError):
        frame.provide("weather", lambda: "ฝน")


# --- preferences -----------------------------------------------------------------------------------------


def test_theme_and_text_size_stay_in_the_browser(staff):
    staff.post("/preferences/", {"theme": "dark", "next": "/gallery/"})
    staff.post("/preferences/", {"text": "large", "next": "/gallery/"})
    text = staff.get("/gallery/").content.decode()
    assert 'data-theme="dark"' in text and 'data-text="large"' in text
    staff.post("/preferences/", {"theme": "auto"})
    assert "data-theme" not in staff.get("/gallery/").content.decode()


def test_thai_unless_chosen_otherwise(staff):
    assert '<html lang="th"' in staff.get("/gallery/", headers={"Accept-Language": "en"}).content.decode()
    staff.post("/preferences/", {"language": "en"})
    response = staff.get("/gallery/")
    assert '<html lang="en"' in response.content.decode() and response.headers["Content-Language"] == "en"
    staff.post("/preferences/", {"language": "xx"})
    assert '<html lang="en"' in staff.get("/gallery/").content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_preferences_lead_nowhere_else(staff, elsewhere):
    assert staff.post("/preferences/", {"theme": "dark", "next": elsewhere}).headers["Location"] == "/"


def test_preferences_are_only_set_by_post(staff):
    assert staff.get("/preferences/").status_code == 405


def test_holidays_for_the_calendar(staff, monkeypatch):
    monkeypatch.setattr(dates, "holiday_names", lambda: {date(2026, 12, 7): "ชดเชย"})
    assert staff.get("/holidays/").json() == {"2026-12-07": "ชดเชย"}


def test_a_toast_travels_in_an_ascii_header(staff):
    response = staff.post("/gallery/")
    assert response.status_code == 204
    assert response.headers["HX-Trigger"].isascii() and "khet:toast" in response.headers["HX-Trigger"]
