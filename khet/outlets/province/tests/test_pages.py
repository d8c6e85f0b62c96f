"""The pages as a planner walks them; what a school's people are answered."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from khet.outlets.province.models import Export
from khet.outlets.province.tests.conftest import freeze
from khet.outlets.province.tests.test_exports import BAD
from khet.outlets.province.tests.test_formats import SMALL


@pytest.fixture
def planner(client, seat):
    client.force_login(seat("planner"))
    return client


def test_looked_at_made_and_downloaded(planner, term):
    page = planner.get("/province/")
    assert page.status_code == 200
    page = planner.get("/province/?format=province-basic@1.0")
    assert "บ้านธารทอง" in page.content.decode()
    assert "พร้อมทำแฟ้ม" in page.content.decode()
    answer = planner.post("/province/make/", {"format": "province-basic@1.0", "round": term.pk}, follow=True)
    export = Export.objects.get()
    assert answer.redirect_chain[-1][0] == f"/province/exports/{export.pk}/"
    text = answer.content.decode()
    assert export.sha256 in text
    assert "STUDENT.csv" in text
    package = planner.get(answer.context["package"].url)
    assert package.status_code == 200
    again = planner.post("/province/make/", {"format": "province-basic@1.0", "round": term.pk}, follow=True)
    assert "ที่ทำไว้แล้ว" in again.content.decode()
    assert Export.objects.count() == 1


def test_faults_stand_on_the_page(planner, area):
    census = freeze(BAD)
    page = planner.get(f"/province/?format=province-basic@1.0&round={census.pk}").content.decode()
    assert "บ้านธาร✓" in page
    assert "ทำแฟ้มส่งจังหวัด" not in page
    answer = planner.post(
        "/province/make/", {"format": "province-basic@1.0", "round": census.pk}, follow=True
    )
    assert answer.status_code == 200
    assert not Export.objects.exists()


def test_a_format_is_uploaded_looked_at_and_retired(planner, area):
    bad = planner.post("/province/formats/", {"file": ContentFile(b"code = 3", name="x.toml")})
    assert bad.status_code == 422
    good = planner.post(
        "/province/formats/", {"file": ContentFile(SMALL.encode(), name="x.toml")}, follow=True
    )
    assert "รูปแบบเล็ก" in good.content.decode()
    assert planner.get("/province/formats/small-one/1/source/").content.decode() == SMALL
    planner.post(f"/province/formats/retire/{good.context['row'].pk}/")
    assert "เลิกใช้" in planner.get("/province/formats/").content.decode()


def test_not_for_schools(client, seat, term):
    client.force_login(seat("principal"))
    for path in ("/province/", "/province/formats/", "/province/formats/province-basic/1.0/"):
        assert client.get(path).status_code == 403
    assert client.post("/province/make/", {"format": "province-basic@1.0"}).status_code == 403


def test_few_questions_to_the_database(planner, term, django_assert_max_num_queries):
    planner.get("/province/?format=province-basic@1.0")
    with django_assert_max_num_queries(15):
        planner.get("/province/?format=province-basic@1.0")
