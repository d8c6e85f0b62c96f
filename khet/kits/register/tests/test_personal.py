"""Locks, reasons and the record of reading, through the pages of a register about people."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.http import QueryDict

from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, Person, Role
from khet.base.org.testing import freshen
from khet.base.privacy.models import Reading
from khet.kits.register.bases import Column, Facet, Fact, Panel, Record, records
from khet.kits.register.queries.lists import ListState, list_page

pytestmark = pytest.mark.django_db
SECRET = "open.secret"  # stands for a capability such as students.health


class People(Record[Person]):
    code = "people-test"
    model = Person
    reads = ("birth", "address")
    columns = [
        Column("name", "ชื่อ", "first_name"),
        Column("phone", "โทรศัพท์ลับ", "phone", mask=SECRET),
    ]
    facets = [Facet("place", "ที่อยู่", "last_name", mask=SECRET, what="address")]
    panels = [
        Panel("facts", "ข้อเท็จจริง", [
            Fact("ชื่อ", lambda person: person.name),
            Fact("น้ำหนัก", lambda person: "42 กก.", mask=SECRET, what="health"),
        ]),
    ]  # fmt: skip


class Names(Record[Person]):
    """Shows nothing worth a line."""

    code = "names-test"
    model = Person
    columns = [Column("phone", "โทรศัพท์", "phone")]
    panels = [Panel("facts", "ข้อเท็จจริง", [])]


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    monkeypatch.setitem(records._items, People.code, People())
    monkeypatch.setitem(records._items, Names.code, Names())


@pytest.fixture
def office():
    return add_unit(actor=Actor.system(), kind="office", code="9902", name="สพป.", short_name="สพป.")


@pytest.fixture
def person():
    return add_person(actor=Actor.system(), first_name="กล้า", last_name="ใจดี", phone="0811111111")


@pytest.fixture
def sign_in(client, office):
    def sign_in(*codes: str, freshly: bool = False) -> Actor:
        role = Role.objects.create(code="r", name="บทบาท", capabilities=["org.view", *codes], reach="area")
        system = Actor.system()
        post = add_post(
            actor=system, unit=office, kind="officer", title="เจ้าหน้าที่", short_title="จนท.", roles=[role]
        )
        reader = add_person(actor=system, first_name="ผู้อ่าน")
        appoint(actor=system, post=post, person=reader)
        client.force_login(add_account(actor=system, person=reader, username="u", password="x"))
        if freshly:
            freshen(client)
        return Actor.of(reader)

    return sign_in


def url(person: Person, rest: str = "") -> str:
    return f"/register/people-test/{person.pk}/{rest}"


def test_opening_a_record_is_recorded_and_says_which_kinds(client, sign_in, person):
    actor = sign_in()
    assert client.get(url(person)).status_code == 200
    row = Reading.objects.get()
    assert (row.subject, row.person_id, row.via) == (f"org.person:{person.pk}", actor.person.pk, "page")
    assert row.what == ["address", "birth"] and row.reason == ""
    client.get("/register/people-test/999999/")
    assert client.get(f"/register/names-test/{person.pk}/").status_code == 200
    assert Reading.objects.count() == 1  # neither what is not there nor what shows nothing personal


def test_everybody_sees_a_lock_and_who_may_open_it_a_way(client, sign_in, person):
    sign_in(SECRET)
    for page in (client.get(url(person)), client.get("/register/people-test/")):
        words = page.content.decode()
        assert "ปิดบัง" in words and f"/register/people-test/{person.pk}/open/?mask=open.secret" in words
        assert "0811111111" not in words and "42 กก." not in words


def test_without_the_right_the_lock_leads_nowhere(client, sign_in, person):
    sign_in()
    for page in (client.get(url(person)), client.get("/register/people-test/")):
        assert "ปิดบัง" in page.content.decode() and "/open/" not in page.content.decode()
    asked = {"mask": SECRET, "reason": "ตรวจข้อมูลสุขภาพ"}
    assert client.get(url(person, "open/"), asked).status_code == 403
    assert client.post(url(person, "open/"), asked).status_code == 403
    assert not Reading.objects.filter(via="cell").exists()


def test_the_lock_opens_with_a_reason_and_the_opening_is_recorded(client, sign_in, person):
    sign_in(SECRET)
    page = client.get(url(person, "open/"), {"mask": SECRET}).content.decode()
    assert "น้ำหนัก" in page and "โทรศัพท์ลับ" in page and "42 กก." not in page
    for reason in ("", "งาน"):
        refused = client.post(url(person, "open/"), {"mask": SECRET, "reason": reason})
        assert refused.status_code == 422 and "42 กก." not in refused.content.decode()
    assert not Reading.objects.exists()
    opened = client.post(url(person, "open/"), {"mask": SECRET, "reason": "นัดตรวจสุขภาพประจำปี"})
    assert "42 กก." in opened.content.decode() and "0811111111" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    row = Reading.objects.get()
    assert (row.via, row.what, row.reason) == ("cell", ["contact", "health"], "นัดตรวจสุขภาพประจำปี")


@pytest.mark.parametrize("mask", ["", "org.view", "nonsense", "a\x00b"])
def test_a_lock_that_is_not_there(client, sign_in, person, mask):
    sign_in(SECRET)
    assert client.get(url(person, "open/"), {"mask": mask}).status_code in (400, 404)


def test_a_hidden_value_is_neither_sorted_nor_filtered_by(sign_in, person):
    record = records["people-test"]
    other = add_person(actor=Actor.system(), first_name="อื่น", phone="0822222222")
    reader = sign_in()
    state = ListState.read(record, QueryDict("order=phone&place=ใจดี"))
    page = list_page(record, reader, state)
    assert {row.record.pk for row in page.rows} >= {person.pk, other.pk}  # the filter was not obeyed
    assert page.facets == [] and page.state.order == record.default_order and not page.pills
    assert not [head for head in page.heads if head.column.code == "phone" and head.query]


def test_who_may_open_the_value_may_filter_by_it(sign_in, person):
    record = records["people-test"]
    page = list_page(record, sign_in(SECRET), ListState.read(record, QueryDict("place=ใจดี")))
    assert [row.record.pk for row in page.rows] == [person.pk] and len(page.facets) == 1


def test_an_export_of_personal_data_asks_for_a_reason_and_a_fresh_sign_in(client, sign_in, person):
    sign_in(SECRET)
    asked = client.get("/register/people-test/export/", {"format": "xlsx", "q": "กล้า"})
    page = asked.content.decode()
    assert (
        asked["Content-Type"].startswith("text/html") and "วันเกิด" in page and 'name="query" value="q=' in page
    )
    sent = {"query": "q=กล้า", "all": "1", "format": "xlsx"}
    assert client.post("/register/people-test/export/", sent | {"reason": "งาน"}).status_code == 422
    stale = client.post("/register/people-test/export/", sent | {"reason": "ส่งรายชื่อให้โรงพยาบาล"})
    assert stale.status_code == 401 and not Reading.objects.exists()
    freshen(client)
    answer = client.post("/register/people-test/export/", sent | {"reason": "ส่งรายชื่อให้โรงพยาบาล"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["ชื่อ"], ["กล้า"]]
    row = Reading.objects.get()
    assert (row.via, row.subject, row.size) == ("export", f"org.person:{person.pk}", 1)
    assert row.what == ["address", "birth", "name"] and row.reason == "ส่งรายชื่อให้โรงพยาบาล"


def test_everybody_in_an_export_is_recorded_in_as_many_queries_as_one(
    client, sign_in, person, django_assert_max_num_queries
):
    sign_in(freshly=True)
    Person.objects.bulk_create(Person(first_name=f"คนที่ {n}") for n in range(500))
    sent = {"all": "1", "format": "csv", "reason": "ตรวจทะเบียนประจำปี"}
    client.get("/register/names-test/")
    with django_assert_max_num_queries(15):
        b"".join(client.post("/register/people-test/export/", sent).streaming_content)
    assert Reading.objects.filter(via="export").count() == Person.objects.count()
    assert Reading.objects.values("occasion").distinct().count() == 1


def test_a_printed_list_is_recorded(client, sign_in, person):
    sign_in()
    assert client.get("/register/people-test/print/").status_code == 200
    assert set(Reading.objects.values_list("via", flat=True)) == {"print"}
    assert Reading.objects.filter(subject=f"org.person:{person.pk}").exists()


def test_a_list_filtered_by_a_hidden_value_is_a_reading_of_those_in_it(client, sign_in, person):
    add_person(actor=Actor.system(), first_name="อื่น", last_name="ไกล")
    sign_in(SECRET)
    client.get("/register/people-test/")
    assert not Reading.objects.exists()
    client.get("/register/people-test/", {"place": "ใจดี"})
    assert [(row.subject, row.what) for row in Reading.objects.all()] == [
        (f"org.person:{person.pk}", ["address"])
    ]
