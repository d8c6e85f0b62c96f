"""Pages of statistics: what they say is what the engine counts; what is hidden stays hidden; files read back; few queries."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import numpy as np
import openpyxl
import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khet.kits.rounds.models import Round
from khet.outlets.statistics import cache
from khet.outlets.statistics.api import figures, indicators
from khet.outlets.statistics.panels import Panel, Slot, panels
from khet.outlets.statistics.queries.asked import read
from khet.outlets.statistics.queries.keeping import keep_all
from khet.outlets.statistics.queries.periods import Periods
from khet.outlets.statistics.queries.shown import show
from khet.outlets.statistics.tests.pages_world import SCHOOLS, a_census, an_office, pupils, total

YEARS = range(2566, 2570)
MAIN = "pupils_by_grade"
SMALL = "pupils_by_disability"


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """The same censuses give the same bytes and so the same figures: they are counted once for all tests of this file."""
    return tmp_path_factory.mktemp("figures")


@pytest.fixture
def data(settings, tmp_path, counted, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(cache, "root", lambda: counted)
    return tmp_path


@pytest.fixture
def office(db, data):
    made = an_office()
    for year in YEARS:
        a_census(year)
    return made


@pytest.fixture
def client_of(office):
    def made(word: str) -> Client:
        client = Client()
        client.force_login(office.accounts[word])
        return client

    return made


@pytest.fixture
def planner(client_of):
    return client_of("planner")


def page(client: Client, code: str = MAIN, **query: str) -> str:
    response = client.get(reverse("statistics:indicator", args=[code]), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def cells(html: str, kind: str = "is-wide") -> dict[str, list[str]]:
    """Rows of the table: head → its cells."""
    table = re.search(rf'<table class="table statistics-table {kind}.*?</table>', html, re.S)
    assert table is not None
    found = {}
    for row in re.findall(r"<tr.*?</tr>", table.group(0), re.S):
        parts = [words(one) for one in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        found[parts[0]] = parts[1:]
    return found


def test_the_page_says_what_the_engine_counts_and_what_a_plain_count_gives(planner):
    html = page(planner)
    table = cells(html)
    found = figures(MAIN, [Periods().find("2569-term-1").source])
    for sex, name in (("m", "ชาย"), ("f", "หญิง")):
        told = [f"{row.value:,}" for row in found.rows if row.dims[1] == sex]
        assert table[name] == [*told, f"{total(2569, sex=sex):,}"]
    assert table["รวม"][-1] == f"{total(2569):,}"
    assert table["รวม"][2] == f"{total(2569, grade='p1'):,}"
    text = words(html)
    assert f"{total(2569):,}" in text and "เทียบ 1/2568" in text
    assert f"−{total(2568) - total(2569)}" in text
    assert "แนวโน้ม 4 ปี" in text and "2566–2569" in text


def test_the_source_line_tells_round_day_and_fingerprint(planner):
    census = Periods().find("2569-term-1").census
    text = words(page(planner))
    assert "ที่มา: รอบ 1/2569 ปิดเมื่อ 30 มิ.ย. 2569" in text
    assert f"{census.sha256[:4]}·{census.sha256[4:8]}" in text


def test_rooms_stand_under_the_pupils_and_per_room_is_a_view(planner):
    assert cells(page(planner))["ห้องเรียน"] == ["4", "4", "4", "4", "4", "20"]
    per = cells(page(planner, show="room"))
    assert next(iter(per.values())) and f"{total(2569, grade='p1') / 4:.1f}" in words(
        page(planner, show="room")
    )


def test_per_cent_is_the_share_of_the_whole(planner):
    table = cells(page(planner, show="percent"))
    assert table["รวม"][-1] == "100.0"
    assert table["ชาย"][-1] == f"{total(2569, sex='m') / total(2569) * 100:.1f}"


def test_a_district_and_a_school_by_their_address(planner):
    district = total(2569, school=SCHOOLS[0][0]) + total(2569, school=SCHOOLS[1][0])
    assert cells(page(planner, level="district", place="9901"))["รวม"][-1] == f"{district:,}"
    assert (
        cells(page(planner, level="school", place="99020003"))["รวม"][-1]
        == f"{total(2569, school='99020003'):,}"
    )
    assert (
        planner.get(
            reverse("statistics:indicator", args=[MAIN]), {"level": "school", "place": "1"}
        ).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("by", "name"), [("district", "ธารทอง"), ("network", "ปลายน้ำ"), ("school", "บ้านกอจูดน้อย")]
)
def test_rows_by_place_lead_to_the_place(planner, by, name):
    html = page(planner, by=by)
    table = cells(html, "is-tall")
    mine = [
        code for code, school, _dc, district, _nc, network in SCHOOLS if name in (school, district, network)
    ]
    assert table[name][-2 if "1/2568" in str(table) else -1].replace(",", "") or True
    assert f"{sum(total(2569, school=code) for code in mine):,}" in table[name]
    href = re.search(rf'href="([^"]+)">{name}</a></th>', html)
    assert href is not None and f"level={by}" in href.group(1)
    assert planner.get(href.group(1).replace("&amp;", "&")).status_code == 200


def test_small_cells_are_hidden_from_who_may_not_see_rows(client_of, office):
    """Three children of one kind at one school: neither they nor what would give them away by subtraction."""
    director, head = client_of("director"), client_of("head2")
    table = cells(page(head, SMALL), "is-tall")
    blind = next(row for name, row in table.items() if "เห็น" in name)
    assert "3" not in blind and "*" in blind
    assert "ปิดไว้ เพราะมีคนน้อย" in words(page(head, SMALL))
    seen = cells(page(director, SMALL), "is-tall")
    assert "3" in next(row for name, row in seen.items() if "เห็น" in name), "the director may see every pupil"
    own = cells(page(head, SMALL, level="school", place="99020003"), "is-tall")
    assert "3" in next(row for name, row in own.items() if "เห็น" in name), "a school sees its own"
    other = page(client_of("head0"), SMALL, level="school", place="99020003")
    assert "แสดงรายพื้นที่ไม่ได้" in words(other) and "statistics-table" not in other


def test_what_is_hidden_cannot_be_had_by_taking_other_figures_away(office):
    """All that a stranger can read in any view, as equations over the single cells: no small one follows from them."""
    rows = [row for row in pupils(2569) if row["disability"]]
    actor, periods = office.actor("head0"), Periods()
    districts = {code: district for code, _name, district, *_rest in SCHOOLS}
    views = [
        {}, {"by": "disability"}, {"by": "sex"}, {"by": "school"}, {"by": "district"}, {"level": "district", "place": "9901"},
        {"level": "district", "place": "9902"}, {"level": "school", "place": "99020002"}, {"level": "school", "place": "99020003"},
        {"level": "district", "place": "9902", "by": "disability"},
    ]  # fmt: skip
    known = []
    for view in views:
        asked = read(indicators[SMALL], {"round": "2569-term-1", **view}, periods)
        shown = show(actor, asked, periods)
        grid = shown.grid

        def inside(row, axis, code, asked=asked):
            if axis.code == "place":
                return code in (row["school"], districts[row["school"]])
            return not axis.code or row[axis.code] == code

        def within(row, asked=asked):
            return not asked.place.code or asked.place.code in (row["school"], districts[row["school"]])

        told = [(cell, one, other) for (one, other), cell in grid.cells.items()]
        told += [(cell, one, None) for one, cell in grid.by_category.items()]
        told += [(cell, None, other) for other, cell in grid.by_series.items()]
        told += [(grid.whole, None, None)]
        for cell, one, other in told:
            if not cell.hidden and not shown.missing:
                line = [
                    float(
                        within(row)
                        and (one is None or inside(row, grid.categories, one))
                        and (other is None or inside(row, grid.series, other))
                    )
                    for row in rows
                ]
                assert cell.value == sum(row["pupils"] for row, here in zip(rows, line, strict=True) if here)
                known.append(line)
    matrix = np.array(known)
    for place, row in enumerate(rows):
        if row["pupils"] < 5:
            alone = np.eye(len(rows))[place]
            assert np.linalg.matrix_rank(np.vstack([matrix, alone])) > np.linalg.matrix_rank(matrix), row


def test_hidden_cells_stay_hidden_in_files_and_charts(client_of):
    head = client_of("head0")
    csv = head.get(reverse("statistics:table", args=[SMALL, "csv"])).content.decode("utf-8-sig")
    blind = [line for line in csv.splitlines() if "เห็น" in line and "1/2569" in line]
    assert blind and all('"*"' in line and "3" not in line.split('"*"')[1] for line in blind)
    rows = pq.read_table(
        io.BytesIO(head.get(reverse("statistics:table", args=[SMALL, "parquet"])).content)
    ).to_pylist()
    assert all(row["n"] is None and row["value"] is None for row in rows if row["hidden"]) and any(
        row["hidden"] for row in rows
    )


def test_files_read_back(planner):
    url = {kind: reverse("statistics:table", args=[MAIN, kind]) for kind in ("csv", "xlsx", "parquet")}
    csv = planner.get(url["csv"]).content
    assert csv.startswith(b"\xef\xbb\xbf")
    lines = csv.decode("utf-8-sig").splitlines()
    assert "รอบ" in lines[0] and len(lines) == 1 + 2 * 10
    sheet = openpyxl.load_workbook(io.BytesIO(planner.get(url["xlsx"]).content)).active
    assert sheet.max_row == 21 and sum(
        row[5] for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == "1/2569"
    ) == total(2569)
    table = pq.read_table(io.BytesIO(planner.get(url["parquet"]).content))
    assert sum(row["n"] for row in table.to_pylist() if "2569" in row["round"]) == total(2569)
    assert Periods().find("2569-term-1").census.sha256.encode() == table.schema.metadata[b"census_sha256"]


def test_charts_are_pictures_with_their_typeface_and_stand_in_the_page_once_drawn(planner):
    first = page(planner)
    assert 'hx-get="' in first and "<text" not in first
    for part in ("main", "narrow", "trend", "districts"):
        response = planner.get(reverse("statistics:chart", args=[MAIN]), {"part": part})
        assert response["Content-Type"] == "image/svg+xml" and b"@font-face" in response.content
    html = page(planner)
    assert "hx-trigger" not in html and html.count("<svg xmlns") >= 4 and "style=" not in html
    inline = planner.get(reverse("statistics:chart", args=[MAIN]), {"part": "trend"}, HTTP_HX_REQUEST="true")
    assert b"font-face" not in inline.content and b">2569<" in inline.content
    assert planner.get(reverse("statistics:chart", args=[MAIN]), {"part": "nothing"}).status_code == 404


def test_a_pinned_address_keeps_its_census_when_the_round_is_closed_anew(planner):
    html = page(planner)
    stable = re.search(r'class="statistics-stable" href="([^"]+)"', html)
    assert stable is not None
    address = stable.group(1).replace("&amp;", "&")
    a_census(2569, again=2, more=100)
    assert f"{total(2569) + 100:,}" in words(page(planner))
    old = planner.get(address).content.decode()
    assert f"{total(2569):,}" in words(old) and "ชุดเดิม" in words(old)
    assert (
        planner.get(
            reverse("statistics:indicator", args=[MAIN]), {"round": "2569-term-1~ffffffff"}
        ).status_code
        == 404
    )


def test_an_open_round_is_provisional_and_says_so(planner):
    Round.objects.create(
        kind="term", school_year=2570, number=1, term=1, title="รอบ 1/2570", as_at="2027-06-10", opens_on="2027-06-10",
        due_at=timezone.now() + timedelta(days=5), closes_on="2027-07-10", sheet_codes=["students"], state="open",
    )  # fmt: skip
    closed = page(planner)
    assert "ตัวเลขชั่วคราว" not in words(closed), "the newest closed round comes first"
    live = words(page(planner, round="2570-term-1"))
    assert "ตัวเลขชั่วคราวของรอบ 1/2570" in live and "ที่มา: รอบ 1/2570 ชั่วคราว" in live


def test_home_lists_all_and_finds_by_word(planner):
    keep_all()
    html = planner.get(reverse("statistics:home")).content.decode()
    assert f"{total(2569):,}" in words(html)
    hit = words(planner.get(reverse("statistics:home"), {"q": "พิการ"}).content.decode())
    assert "นักเรียนพิการ" in hit and "นักเรียนต่อห้องเรียน" not in hit
    assert "ไม่พบตัวชี้วัดที่ค้น" in words(planner.get(reverse("statistics:home"), {"q": "มังกร"}).content.decode())


def test_the_search_finds_figures_of_the_newest_round_and_of_past_years(planner):
    keep_all()
    found = words(planner.get(reverse("search:home"), {"q": "นักเรียนพิการ"}).content.decode())
    assert "ตัวเลขและสถิติ" in found and "นักเรียนพิการ" in found and "1/2569" in found
    answer = planner.get(reverse("search:home"), {"q": "ตามชั้น", "year": "2567", "kind": "figures"})
    (group,) = answer.context["results"].groups
    hit = next(one for one in group.hits if one.url.endswith(f"/{MAIN}/?round=2567-term-1"))
    assert hit.note == f"{total(2567):,} คน · 1/2567" and hit.year == 2567
    assert [one.value for one in answer.context["results"].years] == ["2569", "2568", "2567", "2566"]
    page(planner, round=hit.url.partition("round=")[2])
    assert planner.get(reverse("search:home"), {"q": "ตามชั้น", "year": "2550"}).context["results"].groups == []


def test_the_directors_page(client_of):
    keep_all()
    text = words(client_of("director").get(reverse("statistics:director")).content.decode())
    assert f"{total(2569):,}" in text and f"−{total(2568) - total(2569)}" in text


def test_a_school_beside_the_mean_of_the_area(client_of):
    keep_all()
    client = client_of("head2")
    assert client.get(reverse("statistics:my_school"))["Location"] == reverse(
        "statistics:school", args=["99020003"]
    )
    text = words(client.get(reverse("statistics:school", args=["99020003"])).content.decode())
    assert f"{total(2569, school='99020003'):,}" in text and f"{total(2569) / 3:,.1f}" in text
    assert client.get(reverse("statistics:school", args=["11111111"])).status_code == 404


def test_rows_behind_for_who_may_see_them(client_of):
    assert "เปิดทะเบียน" in page(client_of("planner"))
    html = page(client_of("head0"), level="school", place="99020001")
    assert reverse("register:list", args=["pupils"]) in html


def test_another_outlet_fills_the_slot_beside(planner, monkeypatch):
    seen: list[Slot] = []

    def draw(slot: Slot) -> str:
        seen.append(slot)
        return "แผนที่ทดสอบ"

    monkeypatch.setattr(panels, "_items", {"map": Panel("map", draw, lambda slot: "/maps/?x")})
    html = page(planner)
    assert "แผนที่ทดสอบ" in html and 'href="/maps/?x"' in html
    assert seen[0].names == {"9901": "เขาแก้ว", "9902": "ธารทอง"}
    assert sum(seen[0].values.values()) == total(2569)


def test_before_the_first_closing_the_page_says_what_to_do(db, data):
    office = an_office()
    client = Client()
    client.force_login(office.accounts["planner"])
    assert "ยังไม่มีรอบที่ปิด" in words(page(client))
    assert client.get(reverse("statistics:home")).status_code == 200
    assert client.get(reverse("statistics:director")).status_code == 200


@pytest.mark.parametrize("name", ["indicator", "by_school", "home", "director", "school"])
def test_few_questions_to_the_database_whatever_the_rounds(planner, name, django_assert_max_num_queries):
    url = {
        "indicator": reverse("statistics:indicator", args=[MAIN]),
        "by_school": reverse("statistics:indicator", args=[MAIN]) + "?by=school",
        "home": reverse("statistics:home"),
        "director": reverse("statistics:director"),
        "school": reverse("statistics:school", args=["99020003"]),
    }[name]
    keep_all()
    planner.get(url)
    with django_assert_max_num_queries(15) as asked:
        assert planner.get(url).status_code == 200
    few = len(asked)
    for year in (2564, 2565):
        a_census(year)
    keep_all()
    planner.get(url)
    planner.get(url)  # the session says at most so often that it was seen
    with django_assert_max_num_queries(few):
        planner.get(url)


def test_a_page_of_many_figures_waits_for_nobody_to_count_them(planner, data, tmp_path, monkeypatch):
    """Not one of the hundred indicators is counted within the request: the page says so and has the job called, once."""
    monkeypatch.setattr(cache, "root", lambda: tmp_path / "none")
    monkeypatch.setattr(cache, "_counting", None)  # who counts fails
    for name in ("home", "director", "home"):
        assert "กำลังนับตัวเลข" in words(planner.get(reverse(f"statistics:{name}")).content.decode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'statistics.count'")
        assert cursor.fetchone() == (1,)
