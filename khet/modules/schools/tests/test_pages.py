"""Pages of the register of schools: forms, two writers, drafts, bulk, imports on screen, map, position."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khet.base.lib.sheets import read
from khet.base.org.actions import add_unit
from khet.kits.register.models import Batch, Draft, SavedView
from khet.modules.schools.actions import change_school, close
from khet.modules.schools.models import School
from khet.modules.schools.tests.conftest import line


@pytest.fixture
def planner(client, area):
    client.force_login(area.planner_account)
    return client


def filled(client, url, **changes):
    context = client.get(url).context
    form = context["form"]
    values = {name: form[name].value() for name in form.fields}
    return (
        {name: "" if value is None else value for name, value in values.items()}
        | {"version": context["version"]}
        | changes
    )


def test_a_form_keeps_what_was_typed_and_names_the_field(planner, area):
    url = reverse("register:edit", args=["schools", area.school.pk])
    answer = planner.post(url, filled(planner, url, smis8="12", name="บ้านพิมพ์ไว้"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "บ้านพิมพ์ไว้" in page and "ต้องเป็นตัวเลข 8 หลัก" in page and 'href="#id_smis8"' in page
    assert Draft.objects.get().data["name"] == "บ้านพิมพ์ไว้"
    assert "มีร่างที่คุณพิมพ์ไว้" in planner.get(url).content.decode()
    assert planner.get(url, {"draft": "use"}).context["form"]["name"].value() == "บ้านพิมพ์ไว้"
    assert planner.post(url, filled(planner, url, name="บ้านถูกต้อง")).status_code == 302
    assert not Draft.objects.exists() and School.objects.get(pk=area.school.pk).name == "บ้านถูกต้อง"


def test_a_second_writer_sees_what_the_first_wrote(planner, area):
    url = reverse("register:edit", args=["schools", area.school.pk])
    mine = filled(planner, url, phone="0 7000 2222")
    change_school(actor=area.planner, school=area.school, name="บ้านผู้อื่นแก้")
    answer = planner.post(url, mine)
    assert answer.status_code == 409 and "บ้านผู้อื่นแก้" in answer.content.decode()
    assert School.objects.get(pk=area.school.pk).phone == ""
    assert planner.post(url, mine | {"version": answer.context["version"]}).status_code == 302
    assert School.objects.get(pk=area.school.pk).phone == "0 7000 2222"


def test_the_principal_sees_only_what_the_school_keeps(client, area):
    client.force_login(area.principal_account)
    url = reverse("register:edit", args=["schools", area.school.pk])
    assert set(client.get(url).context["form"].fields) == {
        "phone",
        "fax",
        "email",
        "website",
        "line_id",
        "saraban_name",
        "saraban_phone",
    }
    assert client.post(url, filled(client, url, phone="0 7000 3333", name="แอบแก้")).status_code == 302
    school = School.objects.get(pk=area.school.pk)
    assert (school.phone, school.name) == ("0 7000 3333", "บ้านไร่ธารใส")
    assert client.get(reverse("schools:position", args=[area.other.pk])).status_code == 404
    assert client.get(reverse("schools:status", args=[area.school.pk])).status_code == 403
    assert "วัดเกาะกลางธาราม" not in client.get(reverse("schools:map")).content.decode()


def test_the_list_answers_filters_searches_and_htmx(planner, area):
    url = reverse("register:list", args=["schools"])
    assert planner.get(url).context["list"].count == 2
    part = planner.get(url, {"size": "1"}, headers={"HX-Request": "true", "HX-Target": "register"})
    assert (
        part.context["list"].count == 1 and b"<html" not in part.content and b'id="register"' in part.content
    )
    for text, found in (("ไรธารใส", 1), ("99029002", 1), ("๙๙๐๒๙๐๐๒", 1), ("ปากน้ำเงิน", 1), ("ไม่มีแน่", 0)):
        assert planner.get(url, {"q": text}).context["list"].count == found, text
    close(actor=area.planner, school=area.school, into=area.other)
    assert planner.get(url).context["list"].count == 1
    assert planner.get(url, {"q": "99029001"}).context["list"].count == 2, (
        "the closed school and the one that took it over"
    )
    assert planner.get(url, {"status": "closed"}).context["list"].count == 1


def test_a_view_is_kept_for_its_owner(planner, area):
    planner.post(
        reverse("register:keep_view", args=["schools"]),
        {"name": "ของฉัน", "query": "size=1&order=password&next=//x"},
    )
    view = SavedView.objects.get()
    assert view.query == "size=1"
    tab = planner.get(reverse("register:list", args=["schools"])).context["list"].tabs[-1]
    assert (tab.label, tab.count) == ("ของฉัน", 1)
    planner.force_login(area.principal_account)
    assert planner.post(reverse("register:drop_view", args=["schools", view.pk])).status_code == 404


def test_a_bulk_verb_shows_first_and_counts_again(planner, area):
    network = add_unit(
        actor=area.system,
        kind="network",
        code="n1",
        name="เครือข่ายทุ่งไพล",
        short_name="ทุ่งไพล",
        parent=area.office,
    )
    url = reverse("register:bulk", args=["schools", "network"])
    start = {"all": "1", "query": "", "network": network.pk, "since": ""}
    shown = planner.post(url, start | {"step": "preview"})
    assert shown.context["changing"] == 2 and not network.groupings.exists()
    assert planner.post(url, start | {"step": "do", "agreed": "7"}).status_code == 409
    assert not network.groupings.exists()
    assert planner.post(url, start | {"step": "do", "agreed": "2"}).status_code == 302
    assert network.groupings.count() == 2
    assert planner.get(url).status_code == 405


def test_an_import_on_screen_from_choosing_to_undo(planner, area, sheet):
    rows = [line(1), line(2), line(3, smis_code8="9902x003")]
    upload = SimpleUploadedFile("รายชื่อ.csv", sheet(rows).read_bytes())
    answer = planner.post(reverse("register:imports", args=["schools"]), {"file": upload}, follow=True)
    page = answer.content.decode()
    assert "ตรวจไฟล์ก่อนนำเข้า" in page and "ยืนยันนำเข้า 2 แถว" in page and "ตัวอักษร x ในหลักที่ 5" in page
    batch = Batch.objects.get()
    returned = planner.get(reverse("register:import_sheet", args=["schools", batch.pk]))
    back = read(io.BytesIO(b"".join(returned.streaming_content)), "x.xlsx")
    assert back.columns[-1] == "ข้อผิดพลาด" and "หลักที่ 5" in back.rows[2][-1]
    planner.post(
        reverse("register:import_skip", args=["schools", batch.pk, 3]), {"skipped": "1", "state": "new"}
    )
    done = planner.post(reverse("register:import_confirm", args=["schools", batch.pk]), follow=True)
    assert "นำเข้า 1 แถว" in done.content.decode() and School.objects.count() == 3
    history = planner.get(
        reverse("register:tab", args=["schools", School.objects.get(smis8="99020001").pk, "history"])
    )
    assert "นำเข้าจากไฟล์ รายชื่อ.csv แถว 2" in history.content.decode()
    planner.post(reverse("register:import_undo", args=["schools", batch.pk]))
    assert School.objects.count() == 2
    planner.force_login(area.principal_account)
    assert planner.get(reverse("register:import", args=["schools", batch.pk])).status_code == 403


def test_a_file_that_cannot_be_read_says_why(planner, area):
    upload = SimpleUploadedFile("ภาพ.xlsx", b"\x89PNG\r\n\x1a\n0000")
    answer = planner.post(reverse("register:imports", args=["schools"]), {"file": upload}, follow=True)
    assert answer.status_code == 200 and "เลือกไฟล์ใหม่" in answer.content.decode()


def test_the_map_draws_every_placed_school(planner, area):
    planner.post(
        reverse("schools:position", args=[area.school.pk]), {"latitude": "7.41826", "longitude": "100.02417"}
    )
    page = planner.get(reverse("schools:map")).content.decode()
    assert page.count('class="map-dot') == 3 and "บ้านไร่ธารใส" in page  # one school, two of the legend
    wrong = planner.post(
        reverse("schools:position", args=[area.school.pk]), {"latitude": "1", "longitude": "x"}
    )
    assert wrong.status_code == 422
