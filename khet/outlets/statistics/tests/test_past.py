"""Figures of the years before khet: read from a sheet, refused row by row, shown marked in trends, never in a census nor outside."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from khet.base.journal.api import Entry
from khet.base.lib.errors import Forbidden
from khet.base.lib.sheets import write_xlsx
from khet.base.org.actions import add_unit
from khet.base.org.api import Actor
from khet.kits.register.api import export_file, import_file
from khet.kits.register.models import Batch
from khet.outlets.statistics import cache
from khet.outlets.statistics.api import figures, indicators, past_by_place
from khet.outlets.statistics.models import PastFigure
from khet.outlets.statistics.queries.keeping import keep_all
from khet.outlets.statistics.queries.periods import Periods
from khet.outlets.statistics.records import files
from khet.outlets.statistics.tests.pages_world import SCHOOLS, a_census, an_office, total
from khet.outlets.statistics.tests.test_pages import MAIN, SMALL, cells, page, words

HEADS = ["ปีการศึกษา", "รอบ", "รหัสตัวชี้วัด", "ระดับ", "หน่วย", "ชั้น", "เพศ", "ค่า", "ที่มา"]
MARK = "จากเอกสารก่อนใช้ระบบ"
BOOK = "สมุดสารสนเทศ %d หน้า 12"


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    return tmp_path_factory.mktemp("figures")


@pytest.fixture
def office(db, settings, tmp_path, counted, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.setattr(cache, "root", lambda: counted)
    made = an_office()
    add_unit(
        actor=Actor.system(),
        kind="network",
        code="n-2",
        name="ศูนย์เครือข่ายปลายน้ำ",
        short_name="ปลายน้ำ",
        parent=made.unit,
    )
    for code, _name, district, amphoe, _network, _words in SCHOOLS:
        school = made.schools[code].school
        school.amphoe_code, school.amphoe = district, amphoe
        school.save()
    for year in (2568, 2569):
        a_census(year)
    return made


def client_of(office, word: str) -> Client:
    client = Client()
    client.force_login(office.accounts[word])
    return client


@pytest.fixture
def planner(office):
    return client_of(office, "planner")


def row(year, code=MAIN, value=100, *, level="เขต", place="", grade="", sex="", number="", source=None):
    return [year, number, code, level, place, grade, sex, value, BOOK % year if source is None else source]


def ten_years(**more):
    return [row(year, value=10_000 - (year - 2557) * 100, **more) for year in range(2557, 2567)]


def sheet(tmp_path, rows, heads=HEADS, encoding="xlsx"):
    path = tmp_path / f"past.{'xlsx' if encoding == 'xlsx' else 'csv'}"
    if encoding == "xlsx":
        with path.open("wb") as file:
            write_xlsx(rows, heads, file)
    else:
        text = io.StringIO()
        csv.writer(text).writerows([heads, *rows])
        path.write_bytes(text.getvalue().encode(encoding))
    return path


def brought(tmp_path, rows, *, confirm=True, **more):
    return import_file(
        actor=Actor.system(), kind="figures", path=sheet(tmp_path, rows, **more), confirm=confirm
    )


def faults(tmp_path, *rows, heads=HEADS):
    found = brought(tmp_path, rows, heads=heads, confirm=False)
    assert found.new == 0 and found.wrong == len(rows), found.as_json()
    return " ".join(one["sentence"] for one in found.faults)


@pytest.mark.parametrize("encoding", ["xlsx", "utf-8", "utf-8-sig", "cp874"])
def test_a_sheet_comes_in_and_the_second_time_nothing_changes(office, tmp_path, encoding):
    first = brought(tmp_path, ten_years(), encoding=encoding)
    assert (first.rows, first.new, first.wrong) == (10, 10, 0), first.faults
    again = brought(tmp_path, ten_years(), encoding=encoding)
    assert (again.new, again.changed, again.wrong) == (0, 0, 0) and again.sentence.startswith("ไม่มีอะไรเปลี่ยน")
    kept = PastFigure.objects.get(school_year=2560)
    assert (kept.value, kept.source, kept.level, kept.place) == (9_700, BOOK % 2560, "area", "")
    assert kept.file.startswith("past.")
    entry = Entry.objects.get(verb="statistics.import_past")
    assert entry.facts["new"] == 10 and entry.facts["years"] == list(range(2557, 2567))


def test_a_corrected_figure_is_told_and_changes(office, tmp_path):
    brought(tmp_path, [row(2560, value=9_700)])
    checked = brought(tmp_path, [row(2560, value=9_701)], confirm=False)
    assert (checked.new, checked.changed) == (0, 1) and PastFigure.objects.get().value == 9_700
    brought(tmp_path, [row(2560, value=9_701)])
    assert PastFigure.objects.get().value == 9_701


def test_indicator_by_title_units_by_name_and_values_by_words_or_codes(office, tmp_path):
    title = str(indicators[MAIN].title)
    found = brought(tmp_path, [
        row(2560, title), row("พ.ศ. ๒๕๖๑", level="อำเภอ", place="อ.เขาแก้ว", source="เล่ม 61"), row(2562, level="อำเภอ", place="9902"),
        row(2560, level="โรงเรียน", place="โรงเรียนวัดปากน้ำเงิน", grade="ป.1", sex="ชาย"), row(2560, level="โรงเรียน", place="99020001", grade="p1", sex="f"),
        row(2559, grade="รวม", sex="รวม"), row(2558, "girls_share", "48.25"), row(2557, "girls_share", "49.5%"),
        row(2560, level="เครือข่าย", place="เครือข่ายปลายน้ำ"), row(2561, level="เครือข่ายโรงเรียน", place="n-2"),
    ])  # fmt: skip
    assert (found.new, found.wrong) == (10, 0), found.faults
    told = {(one.school_year, one.level, one.place): one.dims for one in PastFigure.objects.all()}
    assert (2560, "network", "n-2") in told and (2561, "network", "n-2") in told
    assert told[2561, "district", "9901"] == {} and told[2562, "district", "9902"] == {}
    assert told[2560, "school", "99020002"] == {"grade": "p1", "sex": "m"}
    assert told[2560, "school", "99020001"] == {"grade": "p1", "sex": "f"} and told[2559, "area", ""] == {}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (row(2568), "ปีการศึกษา 2568 มีข้อมูลของรอบ 1/2568 ที่ปิดในระบบแล้ว"),
        (row(2017), "ปี 2017 เป็น ค.ศ. ใส่เป็น พ.ศ. 2560"),
        (row(60), "พ.ศ. สี่หลัก"),
        (row(2560, value="12.5"), "มีเศษ"),
        (row(2560, value="-4"), "ติดลบไม่ได้"),
        (row(2560, value="มาก"), "ไม่ใช่ตัวเลข"),
        (row(2560, value=""), "ค่า ว่างอยู่"),
        (row(2560, "girls_share", "100.5"), "ไม่อยู่ระหว่าง 0 ถึง 100"),
        (row(2560, "pupils_by_grad"), "ไม่รู้จักตัวชี้วัด “pupils_by_grad” ใกล้ที่สุดคือ “pupils_by_grade”"),
        (row(2560, "forecast_5"), "เป็นการคาดประมาณ"),
        (row(2560, level="โรงเรียน", place="บ้านไร่ธานใส"), "ใกล้ที่สุดคือ “บ้านไร่ธารใส”"),
        (row(2560, level="อำเภอ", place="เขาแกว่น"), "“เขาแก้ว”"),
        (row(2560, level="อำเภอ"), "ระดับอำเภอต้องบอกหน่วย"),
        (row(2560, level="จังหวัด"), "ไม่รู้จักระดับ"),
        (row(2560, place="บ้านไร่ธารใส"), "ระดับเขตเว้นหน่วยว่าง"),
        (row(2560, level="", place="บ้านไร่ธารใส"), "ไม่ได้บอกระดับ"),
        (row(2560, grade="ป.7"), "ไม่รู้จักชั้น “ป.7”"),
        (row(2560, "pupils_per_room", sex="ชาย"), "ไม่ได้แยกตามช่องนี้"),
        (row(2560, number="5"), "ต้องเป็น 1, 2, 3"),
        (row(2560, source=""), "ที่มา ว่างอยู่"),
    ],
    ids=lambda one: "" if isinstance(one, list) else one[:24],
)  # fmt: skip
def test_a_wrong_row_is_told_in_a_sentence(office, tmp_path, wrong, said):
    assert said in faults(tmp_path, wrong)
    assert not PastFigure.objects.exists()


def test_a_year_that_is_not_over_is_counted_by_rounds(office, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "school_year", lambda _day: 2567)
    assert "ยังไม่สิ้นปี" in faults(tmp_path, row(2567))


def test_doubles_within_a_file_name_each_other(office, tmp_path):
    said = faults(tmp_path, row(2560, value=1), row(2560, str(indicators[MAIN].title), value=2))
    assert f"{indicators[MAIN].title} 2560" in said and "พบซ้ำที่แถว 3" in said and "พบซ้ำที่แถว 2" in said


def test_parts_that_do_not_agree_with_their_whole_are_worth_a_look(office, tmp_path):
    rows = [row(2560, value=10), row(2560, sex="ชาย", value=6), row(2560, sex="หญิง", value=5)]
    rows += [row(2561, sex="ชาย", value=6), row(2561, sex="หญิง", value=5)]
    found = brought(tmp_path, rows)
    said = " ".join(one["sentence"] for one in found.faults) + str(
        list(Batch.objects.get().rows.values_list("faults", flat=True))
    )
    assert (found.new, found.wrong) == (5, 0) and "รวมได้ 11" in said and "ไม่มีแถวรวมของปีนี้" in said
    years = past_by_place(indicators[MAIN], "area")[""]
    assert [(one.school_year, one.cell.value) for one in years] == [(2560, 10), (2561, 11)]


def test_the_template_comes_back_filled_in_and_what_nobody_filled_is_left_out(planner, tmp_path):
    answer = planner.get(reverse("register:import_blank", args=["figures"]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    table = book.active
    heads = [cell.value for cell in table[1]]
    assert {"ปีการศึกษา", "รอบ", "ภาคเรียน", "รหัสตัวชี้วัด", "ระดับ", "หน่วย", "ค่า", "ที่มา"} <= set(heads) and len(
        heads
    ) < 14
    at = {head: place for place, head in enumerate(heads, start=1)}
    codes = [table.cell(n, at["รหัสตัวชี้วัด"]).value for n in range(2, table.max_row + 1)]
    assert MAIN in codes and "forecast_5" not in codes and len(codes) > 100
    filled = codes.index(MAIN) + 2
    for head, value in (("ปีการศึกษา", 2560), ("ค่า", 9_700), ("ที่มา", "เล่ม 60")):
        table.cell(filled, at[head]).value = value
    path = tmp_path / "filled.xlsx"
    book.save(path)
    found = import_file(actor=Actor.system(), kind="figures", path=path, confirm=True)
    assert (found.rows, found.new, found.wrong) == (1, 1, 0), found.faults


def test_upload_check_confirm_and_undo_on_the_page(planner, office, tmp_path):
    rows = [*ten_years(), row(2569)]
    with sheet(tmp_path, rows).open("rb") as file:
        answer = planner.post(reverse("register:imports", args=["figures"]), {"file": file})
    batch = Batch.objects.get()
    assert answer["Location"] == reverse("register:import", args=["figures", batch.pk])
    checked = words(planner.get(answer["Location"]).content.decode())
    assert "รอบ 1/2569" in checked and not PastFigure.objects.exists()
    planner.post(reverse("register:import_confirm", args=["figures", batch.pk]))
    assert PastFigure.objects.count() == 10
    done = words(planner.get(reverse("register:import", args=["figures", batch.pk])).content.decode())
    assert str(indicators[MAIN].title) in done
    found = PastFigure.objects.get(school_year=2560)
    history = words(
        planner.get(reverse("register:tab", args=["figures", found.pk, "history"])).content.decode()
    )
    assert "past.xlsx" in history
    planner.post(reverse("register:import_undo", args=["figures", batch.pk]))
    assert not PastFigure.objects.exists() and Entry.objects.filter(verb="statistics.remove_past").exists()


def test_who_may(office, tmp_path):
    for word, status in (("planner", 200), ("director", 403), ("head0", 403)):
        assert (
            client_of(office, word).get(reverse("register:imports", args=["figures"])).status_code == status
        )
    for word, status in (("planner", 200), ("director", 200), ("head0", 403)):
        assert client_of(office, word).get(reverse("register:list", args=["figures"])).status_code == status
    with pytest.raises(Forbidden):
        import_file(actor=office.actor("head0"), kind="figures", path=sheet(tmp_path, ten_years()))


def test_it_goes_out_as_the_same_sheet(office, tmp_path):
    rows = [
        *ten_years(),
        row(2560, level="โรงเรียน", place="99020001", grade="ป.1", sex="ชาย"),
        row(2560, "girls_share", "48.25", number=2),
    ]
    brought(tmp_path, rows)
    path = tmp_path / "out.csv"
    export_file(actor=Actor.system(), kind="figures", path=path)
    table = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert "อายุ (ปี)" not in table[0] and "แยกได้ตาม" not in table[0]
    one = next(line for line in table if line["หน่วย"] == "99020001")
    assert (one["ชั้น"], one["เพศ"], one["ระดับ"], one["ค่า"]) == ("ป.1", "ชาย", "โรงเรียน", "100")
    again = import_file(actor=Actor.system(), kind="figures", path=path, confirm=True)
    assert (again.rows, again.new, again.changed, again.wrong) == (12, 0, 0, 0), again.faults


def test_the_trend_reaches_back_and_says_where_each_figure_is_from(planner, tmp_path):
    brought(tmp_path, ten_years())
    html = page(planner)
    text = words(html)
    assert "แนวโน้ม 12 ปี" in text and "2557–2569" in text
    years = re.search(r'<details class="statistics-numbers".*?</details>', html, re.S)
    assert years is not None
    told = words(years.group(0))
    newer, _mark, older = told.partition(MARK)
    assert f"2569 {total(2569):,}" in newer and "2566" not in newer and f"2560 {BOOK % 2560} 9,700" in older
    assert older.count("หน้า 12") == 10 and MARK not in words(html.replace(years.group(0), ""))
    svg = planner.get(reverse("statistics:chart", args=[MAIN]), {"part": "trend"}).content.decode()
    assert MARK in svg
    assert cells(html)["รวม"][-1] == f"{total(2569):,}", "the table of the round is that of the census alone"


def test_a_place_has_its_own_and_a_round_the_figures_that_know_it_best(planner, tmp_path):
    rows = [
        row(2560, value=9_000),
        row(2560, value=9_100, number=1),
        row(2560, value=9_200, number=2),
        row(2561, value=8_000, number=2),
    ]
    rows += [row(2560, level="โรงเรียน", place="99020003", value=321)]
    assert brought(tmp_path, rows).new == 5
    text = words(page(planner))
    assert "9,100" in text and "9,000" not in text and "9,200" not in text and "8,000" not in text
    assert "321" in words(page(planner, level="school", place="99020003")) and "321" not in text


def test_files_have_them_with_their_source(planner, tmp_path):
    brought(tmp_path, [*ten_years(), row(2560, grade="ป.1", sex="ชาย", value=77)])
    lines = (
        planner.get(reverse("statistics:table", args=[MAIN, "csv"])).content.decode("utf-8-sig").splitlines()
    )
    table = list(csv.DictReader(io.StringIO("\n".join(lines))))
    old = [line for line in table if MARK in line["ที่มา"]]
    assert len(old) == 11 and all(line["ที่มา"].endswith("หน้า 12") for line in old)
    assert next(line for line in old if line["ชั้น"] == "ป.1")["ค่า"] == "77"
    assert sum(float(line["ค่า"]) for line in table if line["รอบ"] == "1/2569") == total(2569)
    xlsx = openpyxl.load_workbook(
        io.BytesIO(planner.get(reverse("statistics:table", args=[MAIN, "xlsx"])).content)
    ).active
    assert xlsx.max_row == len(table) + 1


def test_the_search_finds_them_with_their_year(planner, tmp_path):
    keep_all()
    brought(tmp_path, ten_years())
    answer = planner.get(reverse("search:home"), {"q": "ตามชั้น", "year": "2560", "kind": "figures"})
    (group,) = answer.context["results"].groups
    hit = next(one for one in group.hits if f"/{MAIN}/" in one.url)
    assert hit.note == f"9,700 คน · 2560 · {MARK}: {BOOK % 2560}" and hit.year == 2560
    assert {"2560", "2569"} <= {one.value for one in answer.context["results"].years}
    newest = planner.get(reverse("search:home"), {"q": "ตามชั้น", "kind": "figures"}).context["results"].groups
    assert any(
        one.note.endswith("1/2569") for group in newest for one in group.hits if f"/{MAIN}/" in one.url
    )


def test_small_cells_are_hidden_from_who_may_not_see_rows(office, tmp_path):
    rows = [
        row(2560, SMALL, 3),
        row(2561, SMALL, 40),
        row(2561, SMALL, 3, sex="ชาย"),
        row(2561, SMALL, 37, sex="หญิง"),
    ]
    assert brought(tmp_path, rows).new == 4
    head, director = client_of(office, "head0"), client_of(office, "director")
    shown = words(page(head, SMALL))
    assert f"2561 {BOOK % 2561} 40" in shown and f"2560 {BOOK % 2560} *" in shown
    assert f"2560 {BOOK % 2560} 3" in words(page(director, SMALL))
    taken = head.get(reverse("statistics:table", args=[SMALL, "csv"])).content.decode("utf-8-sig")
    old = [line for line in taken.splitlines() if MARK in line]
    assert len(old) == 2 and not any('"3"' in line.split(MARK)[0] or '"37"' in line for line in old)


def test_they_never_enter_a_census(office, tmp_path):
    before = figures(MAIN, [one.source for one in Periods().closed]).rows
    brought(tmp_path, [*ten_years(), row(2560, grade="ป.1", sex="ชาย", value=7)])
    assert figures(MAIN, [one.source for one in Periods().closed]).rows == before


def test_a_year_that_khet_counts_later_is_the_censuss_alone(planner, tmp_path):
    brought(tmp_path, ten_years())
    a_census(2566)
    text = words(page(planner))
    assert f"{total(2566):,}" in text and BOOK % 2566 not in text and BOOK % 2565 in text
    again = brought(tmp_path, ten_years())
    assert (again.new, again.changed, again.wrong) == (0, 0, 0), (
        "what came in before the round closed is not wrong now"
    )
    assert "รอบ 1/2566" in faults(tmp_path, row(2566, value=1))


def test_before_the_first_closing_the_documents_stand_alone(db, settings, tmp_path):
    settings.DATA = tmp_path
    client = client_of(an_office(), "planner")
    brought(tmp_path, ten_years())
    text = words(page(client))
    assert "ยังไม่มีรอบที่ปิด" in text and f"2560 {BOOK % 2560} 9,700" in text
    assert MARK in client.get(reverse("statistics:chart", args=[MAIN]), {"part": "trend"}).content.decode()


@pytest.mark.parametrize("name", ["indicator", "director", "search"])
def test_few_questions_to_the_database_whatever_the_years(
    planner, tmp_path, name, django_assert_max_num_queries
):
    url = {
        "indicator": reverse("statistics:indicator", args=[MAIN]), "director": reverse("statistics:director"),
        "search": reverse("search:home") + "?q=นักเรียน&kind=figures",
    }[name]  # fmt: skip
    keep_all()
    brought(tmp_path, [row(2560)])
    planner.get(url)
    with django_assert_max_num_queries(25) as asked:
        planner.get(url)
    few = len(asked)
    brought(tmp_path, [*ten_years(), *ten_years(level="โรงเรียน", place="99020001")])
    planner.get(url)
    with django_assert_max_num_queries(few):
        planner.get(url)


def correcting(office, tmp_path) -> tuple[Client, str, PastFigure]:
    brought(tmp_path, ten_years())
    found = PastFigure.objects.get(school_year=2560)
    return client_of(office, "planner"), reverse("register:edit", args=["figures", found.pk]), found


def corrected(client: Client, url: str, **more: str):
    opened = client.get(url)
    assert opened.status_code == 200, opened.status_code
    given = {
        "version": opened.context["version"], "value": "9,700", "source": BOOK % 2560, "reason": "พิมพ์ผิดจากเล่ม", **more
    }  # fmt: skip
    return client.post(url, given)


def test_one_figure_is_corrected_on_its_page_with_the_reason_in_its_history(office, tmp_path):
    planner, url, found = correcting(office, tmp_path)
    assert 'value="9,700"' in planner.get(url).content.decode()
    answer = corrected(planner, url, value="๙,๗๗๗", source="เล่มจริง หน้า 13")
    assert answer.status_code == 302, words(answer.content.decode())
    found.refresh_from_db()
    assert (found.value, found.source, found.file) == (9_777, "เล่มจริง หน้า 13", "past.xlsx")
    assert "9,777" in words(page(planner)) and "เล่มจริง หน้า 13" in words(page(planner))
    history = words(
        planner.get(reverse("register:tab", args=["figures", found.pk, "history"])).content.decode()
    )
    assert (
        "พิมพ์ผิดจากเล่ม" in history and "9777" in history.replace(",", "") and "9700" in history.replace(",", "")
    )
    assert "9700.0000" not in history, "as people write it, not as the database keeps it"
    for words_of in ("เล่มจริง", "ชั้น 2560", "๒๕๖๐"):
        listed = planner.get(reverse("register:list", args=["figures"]), {"q": words_of}).content.decode()
        assert "9,777" in listed and "9,600" not in listed, words_of
    again = brought(tmp_path, ten_years(), confirm=False)
    assert (again.new, again.changed) == (0, 1), (
        "the file still says what it said, and shows before and after"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reason": "", "value": "9,701"}, "จำเป็น"),
        ({"reason": "ผิด"}, "อย่างน้อย 5 ตัวอักษร"),
        ({}, "ไม่มีอะไรให้แก้"),
        ({"value": "มาก"}, "ไม่ใช่ตัวเลข"),
        ({"value": "12.5"}, "ต้องเป็นจำนวนเต็ม"),
        ({"value": "-3"}, "ติดลบไม่ได้"),
        ({"source": " "}, "ที่มา"),
    ],
)
def test_a_correction_that_cannot_be_is_told_in_a_sentence(office, tmp_path, given, said):
    planner, url, found = correcting(office, tmp_path)
    answer = corrected(planner, url, **given)
    assert answer.status_code == 422 and said in words(answer.content.decode())
    found.refresh_from_db()
    assert (found.value, found.source) == (9_700, BOOK % 2560)


def test_a_year_that_a_round_has_closed_is_not_corrected(office, tmp_path):
    planner, url, found = correcting(office, tmp_path)
    a_census(2560)
    answer = corrected(planner, url, value="1")
    assert answer.status_code == 422 and "รอบ 1/2560" in words(answer.content.decode())
    found.refresh_from_db()
    assert found.value == 9_700


def test_who_may_correct(office, tmp_path):
    _planner, url, _found = correcting(office, tmp_path)
    for word in ("director", "head0"):
        assert client_of(office, word).get(url).status_code == 403
    assert url not in client_of(office, "director").get(url.replace("edit/", "")).content.decode()
