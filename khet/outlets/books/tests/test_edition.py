"""An edition from its beginning to the reader: verbs, rights, files, figures of real rows."""

from __future__ import annotations

import pypdfium2
import pytest
from django.utils.translation import override

from khet.base.lib import limited
from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.org.api import fetch, visible
from khet.kits.files.api import read_bytes
from khet.kits.search.api import find
from khet.modules.students.api import Pupil
from khet.outlets.books import jobs
from khet.outlets.books.actions import ask, begin, change, publish, withdraw
from khet.outlets.books.models import Edition, Made
from khet.outlets.books.queries.editions import files_of, shelves
from khet.outlets.books.tests.conftest import Area
from khet.outlets.books.working import school_book
from khet.outlets.statistics.models import PastFigure
from tests.read_back import pages_of


def begun(area: Area) -> Edition:
    area.close()
    return begin(actor=area.actor("planner"), school_year=area.year)


def changed(area: Area, edition: Edition, **more: object) -> Edition:
    given = {
        "version": edition.version, "census_ids": edition.census_ids, "chapters": ["pupils", "schools", "lists"], "texts": {}, "thai_digits": True, **more
    }  # fmt: skip
    return change(actor=area.actor("planner"), edition=edition, **given)


def made(area: Area, edition: Edition, kind: str = "book") -> Made:
    one = jobs.run(ask(actor=area.actor("planner"), edition=edition, kind=kind))
    assert one.problem == "" and one.state == "done", one.problem
    return one


def text_of(pdf: bytes) -> str:
    return "".join(pages_of(pdf))


def test_a_book_is_made_of_the_census_and_counts_what_the_register_had(area: Area) -> None:
    edition = changed(area, begun(area), texts={"preface": "<p>คำนำ</p><script>x</script>"})
    assert edition.texts["preface"] == "<p>คำนำ</p>"
    one = made(area, edition)
    content = read_bytes(files_of([one])[one.pk])
    text = text_of(content)
    assert f"มีนักเรียน {Pupil.objects.count()} คน" in text
    assert one.pages == len(pypdfium2.PdfDocument(content)) and one.seconds is not None
    assert one.census_sha256 == [edition_census(edition).sha256]
    assert [school.name in text for school in area.schools] == [True, True]


def edition_census(edition: Edition):
    from khet.kits.rounds.models import Census

    return Census.objects.get(pk=edition.census_ids[0])


def test_making_it_again_gives_the_same_file_until_something_is_changed(area: Area) -> None:
    edition = changed(area, begun(area))
    first, again = made(area, edition), made(area, edition)
    assert first.sha256 == again.sha256
    assert old_of(edition) == ()
    edition = changed(area, edition, chapters=["pupils"])
    assert old_of(edition) == ("เล่มนี้แก้ไขหลังทำไฟล์",)
    assert made(area, edition).sha256 != first.sha256 and old_of(edition) == ()


def old_of(edition: Edition) -> tuple[str, ...]:
    return next(one.old for one in shelves(edition) if one.kind == "book")


def past_figure(year: int, value: int) -> PastFigure:
    return PastFigure.objects.update_or_create(
        code=f"{year}.0.0.pupils_by_grade.area..",
        defaults={"school_year": year, "indicator": "pupils_by_grade", "level": "area", "value": value, "source": f"สมุด {year} หน้า 3"},
    )[0]  # fmt: skip


def test_a_book_is_old_when_what_the_documents_say_of_earlier_years_is_another(area: Area) -> None:
    past_figure(area.year - 2, 1_000)
    edition = changed(area, begun(area))
    first = made(area, edition)
    past_figure(area.year - 2, 1_001)
    assert old_of(edition) == ("ตัวเลขก่อนใช้ระบบเปลี่ยนหลังทำไฟล์",)
    with pytest.raises(Refusal, match=r"ทำ สมุดสารสนเทศ \(PDF\) ใหม่") as told:
        publish(actor=area.actor("planner"), edition=edition)
    assert told.value.code == "books.old"
    past_figure(area.year - 2, 1_000)
    assert old_of(edition) == ()
    # A file of which it is not known what it was made from is not called old for it; nor is any for its own year's documents.
    Made.objects.filter(pk=first.pk).update(past="")
    past_figure(area.year - 2, 1_001)
    assert old_of(edition) == ()
    made(area, edition)
    past_figure(area.year, 5)
    assert old_of(edition) == ()
    past_figure(area.year - 3, 5)
    assert old_of(edition) == ("ตัวเลขก่อนใช้ระบบเปลี่ยนหลังทำไฟล์",)
    assert publish(actor=area.actor("planner"), edition=remade(area, edition)).is_published


def remade(area: Area, edition: Edition) -> Edition:
    made(area, edition)
    return edition


def test_the_page_says_why_a_file_is_old_and_offers_it_made_again(area: Area, client) -> None:
    edition = changed(area, begun(area))
    made(area, edition)
    changed(area, edition, texts={"preface": "<p>คำนำใหม่</p>"})
    client.force_login(area.accounts["planner"])
    page = client.get(f"/books/{edition.school_year}/").content.decode()
    assert (
        "เล่มนี้แก้ไขหลังทำไฟล์" in page
        and "ทำใหม่" in page
        and f"/books/{edition.school_year}/publish/" not in page
    )
    edition.refresh_from_db()
    made(area, edition)
    page = client.get(f"/books/{edition.school_year}/").content.decode()
    assert "เล่มนี้แก้ไขหลังทำไฟล์" not in page and f"/books/{edition.school_year}/publish/" in page


@pytest.mark.parametrize(
    ("kind", "sign"), [("leaflet", b"%PDF"), ("sheets", b"PK"), ("words", b"PK"), ("schools", b"PK")]
)
def test_every_kind_of_file_is_made_and_accepted(area: Area, kind: str, sign: bytes) -> None:
    one = made(area, changed(area, begun(area)), kind)
    assert read_bytes(files_of([one])[one.pk]).startswith(sign)


def test_the_small_book_of_a_school_and_of_none(area: Area) -> None:
    edition = begun(area)
    content = school_book(edition, area.schools[1].smis8)
    assert content is not None and area.schools[1].name in text_of(content)
    assert school_book(edition, "00000000") is None


def test_a_reader_sees_it_once_published_and_no_longer_when_withdrawn(area: Area) -> None:
    edition = changed(area, begun(area))
    teacher = area.actor("teacher")
    with pytest.raises(Refusal, match="ทำสมุด"):
        publish(actor=area.actor("planner"), edition=edition)
    one = made(area, edition)
    assert not visible(teacher, Edition.objects.all()).exists()
    publish(actor=area.actor("planner"), edition=edition)
    assert fetch(teacher, Made.objects.all(), pk=one.pk) == one
    with pytest.raises(Forbidden):
        ask(actor=teacher, edition=edition, kind="book")
    withdraw(actor=area.actor("planner"), edition=edition)
    with pytest.raises(NotFound):
        fetch(teacher, Made.objects.all(), pk=one.pk)


def test_the_search_finds_the_book_of_a_year_for_who_may_read_it(area: Area) -> None:
    edition = begun(area)

    def found(word: str, year: int | None = None) -> list[str]:
        groups = find(area.actor(word), f"สารสนเทศ {area.year}", year=year).groups
        return [hit.url for group in groups if group.kind.code == "books" for hit in group.hits]

    assert found("planner") == [f"/books/{edition.school_year}/"]
    assert found("planner", year=2550) == found("teacher") == []


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(
    "words", ["สมุดสารสนเทศ", "หนังสือสารสนเทศ", "สมุดสารสนเทศ {year}", "สารสนเทศทางการศึกษา"]
)
def test_the_search_finds_it_by_what_people_call_it(area: Area, words: str, language: str) -> None:
    edition = begun(area)
    with override(language):
        groups = find(area.actor("planner"), words.format(year=area.year)).groups
    assert [hit.url for group in groups if group.kind.code == "books" for hit in group.hits] == [
        f"/books/{edition.school_year}/"
    ]


def test_refusals_say_what_to_do(area: Area) -> None:
    with pytest.raises(Refusal, match="ปิดรอบก่อน"):
        begin(actor=area.actor("planner"), school_year=area.year)
    edition = begun(area)
    with pytest.raises(Conflict, match="คัดลอกข้อความ"):
        changed(area, edition, version=edition.version + 1)
    with pytest.raises(Refusal, match="เลือกบท"):
        changed(area, edition, chapters=["nothing"])
    with pytest.raises(Refusal, match="เลือกใหม่"):
        changed(area, edition, census_ids=[999_999])
    with pytest.raises(Forbidden):
        begin(actor=area.actor("finance"), school_year=area.year)
    with pytest.raises(Conflict, match="มีสมุด"):
        begin(actor=area.actor("planner"), school_year=area.year)


def test_one_of_a_kind_is_made_at_a_time_and_a_second_run_changes_nothing(area: Area) -> None:
    edition = changed(area, begun(area))
    first = ask(actor=area.actor("planner"), edition=edition, kind="leaflet")
    assert ask(actor=area.actor("planner"), edition=edition, kind="leaflet") == first
    jobs.run(first)
    jobs.make_later(made_id=first.pk)
    assert Made.objects.count() == 1


def test_a_book_whose_census_no_longer_counts_says_so(area: Area) -> None:
    edition = begun(area)
    Edition.objects.filter(pk=edition.pk).update(census_ids=[999_999])
    edition.refresh_from_db()
    one = jobs.run(ask(actor=area.actor("planner"), edition=edition, kind="book"))
    assert one.state == "failed" and "เลือกข้อมูลอีกครั้ง" in one.problem


@pytest.mark.parametrize("kind", ["book", "schools"])
def test_a_setter_that_is_killed_leaves_it_failed_and_it_can_be_begun_again(
    area: Area, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = changed(area, begun(area))
    start = limited._begun

    def killed(*given: object, **more: object) -> object:
        child = start(*given, **more)
        child.kill()
        return child

    monkeypatch.setattr(limited, "_begun", killed)
    one = jobs.run(ask(actor=area.actor("planner"), edition=edition, kind=kind))
    assert one.state == "failed" and one.problem.endswith("สั่งทำอีกครั้ง") and not one.sha256
    monkeypatch.setattr(limited, "_begun", start)
    assert made(area, edition, kind).sha256 == made(area, edition, kind).sha256


def test_pages_of_the_maker_and_of_the_reader(area: Area, client) -> None:
    edition = changed(area, begun(area))
    made(area, edition)
    year = edition.school_year
    client.force_login(area.accounts["planner"])
    for path in ("", f"{year}/", f"{year}/edit/", f"{year}/files/", f"{year}/schools/"):
        answer = client.get(f"/books/{path}")
        assert answer.status_code == 200, (path, answer.status_code)
    answer = client.post(f"/books/{year}/preview/preface/", {"text_preface": "ข้อความใหม่"})
    assert answer.status_code == 200 and "ข้อความใหม่" in text_of(answer.content)
    assert client.get(f"/books/{year}/schools/{area.schools[0].smis8}/").content.startswith(b"%PDF")
    given = {
        "version": edition.version,
        "census_ids": edition.census_ids,
        "chapters": ["pupils"],
        "thai_digits": "on",
        "text_preface": "บรรทัดหนึ่ง\nบรรทัดสอง",
    }
    assert client.post(f"/books/{year}/edit/", given).status_code == 302
    edition.refresh_from_db()
    assert edition.texts["preface"] == "<p>บรรทัดหนึ่ง</p><p>บรรทัดสอง</p>" and edition.chapters == ["pupils"]
    client.force_login(area.accounts["teacher"])
    assert client.get(f"/books/{year}/").status_code == 404
    publish(actor=area.actor("planner"), edition=remade(area, edition))
    answer = client.get(f"/books/{year}/")
    assert answer.status_code == 200 and "ทำใหม่" not in answer.content.decode()
    assert client.get(f"/books/{year}/edit/").status_code == 403
