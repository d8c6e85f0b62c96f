"""Headers, methods, addresses and the order of acts, as an attacker would have them. B45, B49–B51, B54."""

from __future__ import annotations

import pytest
from django.test import Client

from khet.base.journal.models import Entry
from khet.kits.workflow.models import Step
from khet.modules.letters.models import Letter
from tests.access.visit import body_of, enter, undone

pytestmark = pytest.mark.core


def test_forged_forwarding_headers_change_nothing(world):
    """B49: neither links nor the address in the journal follow what a stranger writes into headers."""
    client = enter(world, "school_clerk")
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "203.0.113.99",
        "X-Forwarded-Proto": "https",
        "Forwarded": "for=203.0.113.99;host=evil.example",
    }
    page = body_of(client.get("/letters/", headers=forged))
    assert b"evil.example" not in page
    pk = world.objects["entry"]["own"]
    client.post(f"/letters/registers/{pk}/note/", {"action": "ทดสอบ"}, headers=forged)
    entry = Entry.objects.filter(verb="letters.note").latest("seq")
    assert str(entry.address) == "127.0.0.1"
    response = Client(raise_request_exception=False).get("/letters/", headers={"Host": "evil.example"})
    assert response.status_code == 400


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_method_override_is_no_method(world, header):
    client = enter(world, "admin")
    pk = world.objects["post"]["own"]
    before = Entry.objects.count()
    assert client.get(f"/office/posts/{pk}/vacate/", headers={header: "POST"}).status_code == 405
    client.get(f"/office/posts/{pk}/vacate/?_method=POST")
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "\thttps://evil.example",
    ],
)
def test_next_stays_at_home(world, wanted):
    """B50, at the door and in every form that says where to return."""
    client = Client()
    page = client.post(
        "/accounts/login/", {"login": "teacher", "password": "รหัสผ่านสำหรับทดสอบ", "next": wanted}
    )
    assert page.status_code == 302
    assert not page.headers["Location"].startswith(("//", "http", "javascript", "\\", "/\\"))
    step = world.objects["step"]["own"]
    with undone():
        answer = enter(world, "principal").post(
            f"/workflow/step/{step}/approve/", {"note": "ทราบ", "next": wanted}
        )
        assert "evil" not in answer.headers.get("Location", "")
    answer = enter(world, "school_clerk").post("/preferences/", {"next": wanted, "theme": "dark"})
    assert "evil" not in answer.headers.get("Location", "") and "javascript" not in answer.headers.get(
        "Location", ""
    )
    answer = enter(world, "planner").post("/register/schools/new/draft/", {"drop": "1", "back": wanted})
    assert "evil" not in answer.headers.get("Location", "")


def test_without_proof_of_origin_nothing_is_taken(world):
    """B51: no token, another session's token, and htmx from elsewhere."""
    pk = world.objects["entry"]["own"]
    signed_in = enter(world, "school_clerk")
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = signed_in.cookies
    before = Entry.objects.count()
    for headers in (
        {},
        {"HX-Request": "true", "Origin": "https://evil.example"},
        {"X-CSRFToken": "ก" * 20},
        {"X-CSRFToken": "a" * 64},
    ):
        answer = strict.post(f"/letters/registers/{pk}/cancel/", {"reason": "ปลอม"}, headers=headers)
        assert answer.status_code == 403
        assert "โหลดใหม่" in body_of(answer).decode() or "ส่งอีกครั้ง" in body_of(answer).decode()
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    "address",
    [
        "/letters/registers/{entry}/cancel/",
        "/letters/inbox/register/",
        "/letters/{letter}/close/",
        "/workflow/sign/",
        "/notices/read-all/",
    ],
)
def test_acts_are_no_links(world, address):
    url = address.format(entry=world.objects["entry"]["own"], letter=world.objects["letter"]["own"])
    assert enter(world, "school_clerk").get(url).status_code == 405


def test_skipping_the_order_of_acts(world):
    """B54: approve before submit, one's own request, what is decided already, edit after it was sent."""
    clerk = enter(world, "school_clerk")
    draft, sent = world.objects["draft"]["own"], world.objects["sent"]["own"]
    assert clerk.post(f"/letters/{draft}/dispatch/").status_code == 409  # not signed yet
    assert clerk.post(f"/letters/{draft}/close/").status_code in {403, 409}
    for url in (f"/letters/{sent}/submit/", f"/letters/{sent}/discard/", f"/letters/{sent}/keep/"):
        assert clerk.post(url, {"reason": "แก้หลังส่ง", "subject": "แก้แล้ว"}).status_code in {400, 403, 409}, url
    clerk.post(f"/letters/{sent}/edit/", {"subject": "แก้แล้ว", "version": 1})
    assert "แก้แล้ว" not in Letter.objects.get(pk=sent).subject
    teacher, own = enter(world, "teacher"), world.objects["step"]["own"]
    for act in ("approve", "sign", "endorse", "finish"):
        assert teacher.post(f"/workflow/step/{own}/{act}/", {"note": "อนุมัติเอง"}).status_code in {
            400,
            403,
            404,
            409,
        }
    kept = world.objects["draft_step"]["own"]
    for act in ("approve", "endorse"):
        assert teacher.post(f"/workflow/step/{kept}/{act}/", {"note": "ข้ามขั้น"}).status_code in {
            400,
            403,
            404,
            409,
        }
    assert Step.objects.get(pk=own).decided_at is None and Step.objects.get(pk=kept).decided_at is None
    principal = enter(world, "principal")
    first = principal.post(f"/workflow/step/{own}/approve/", {"note": "อนุมัติ"})
    assert first.status_code == 302
    again = principal.post(f"/workflow/step/{own}/approve/", {"note": "อนุมัติซ้ำ"})
    assert again.status_code == 409
    assert Step.objects.get(pk=own).note == "อนุมัติ"


@pytest.mark.parametrize(
    "name",
    [
        "ก" * 300 + ".pdf",
        "a\r\nSet-Cookie: x=1.pdf",
        "a\"b'c.pdf",
        "con.pdf",
        ".htaccess.pdf",
        "%00.pdf",
        "../../etc/passwd.pdf",
        "a\u202efdp.exe.pdf",
    ],
)
def test_names_of_files(world, name):
    """B45: kept under its own number, given out with a clean header whatever it was called."""
    from khet.kits.files.api import attachments
    from khet.modules.desk.models import Matter
    from tests.access.world import a_paper

    paper = a_paper("แฟ้ม")
    paper.name = name
    client = enter(world, "teacher")
    answer = client.post(
        "/desk/write/",
        {"subject": "ชื่อแฟ้ม", "body": "ทดสอบ", "urgency": 0, "secrecy": 0, "files": paper, "do": "keep"},
    )
    assert answer.status_code == 302, body_of(answer).decode()[:2000]
    held = attachments(Matter.objects.latest("pk")).get()
    given = client.get(f"/files/{held.public_id}/x.pdf")
    header = given.headers["Content-Disposition"]
    body_of(given)
    assert "\r" not in header and "\n" not in header and header.startswith("attachment")
    assert "/" not in held.name and "\u202e" not in held.name and len(header) < 4000
    assert "Set-Cookie" not in {key for key, _value in given.items()} or "x=1" not in str(
        given.headers.get("Set-Cookie")
    )


def test_markup_stays_text_on_paper_and_in_mail(world, mailoutbox):
    """B15–B17 where it leaves the system: the typeset letter, the slip, the mail of a notice."""
    from khet.base.notices.actions import carry
    from khet.base.notices.api import tell
    from tests.access.crawl import words_of

    words = "<script>alert(1)</script> {{7*7}} #panic() $x$ *a* @b"
    client = enter(world, "officer")
    draft = world.objects["draft"]["office"]
    answer = client.post(
        f"/letters/{draft}/preview/",
        {
            "subject": words,
            "kind": "external",
            "to_text": words,
            "body": "<p>เนื้อ</p>",
            "speed": 0,
            "secrecy": 0,
        },
    )
    assert answer.headers["Content-Type"] == "application/pdf", body_of(answer).decode()[:500]
    text = words_of("", body_of(answer)).decode().replace("\r", "").replace("\n", "")
    assert "<script>alert(๑)" in text or "<script>alert(1)" in text
    assert "{{" in text and "49" not in text
    tell(
        event="hostile",
        title=words,
        body=words,
        url="/desk/",
        people=[world.people["teacher"]],
        channels=("email",),
        urgent=True,
    )
    carry()
    mail = [m for m in mailoutbox if "teacher" in m.to[0]]
    assert mail
    for message in mail:
        assert "\n" not in message.subject
        for content, kind in getattr(message, "alternatives", []):
            assert kind != "text/html" or "<script>" not in content


def test_formulas_leave_as_text(world):
    """B22 through the real exports: the sheet of a register and of the schools, opened again."""
    import io

    import openpyxl

    from khet.base.org.api import Actor
    from khet.modules.letters.actions import receive
    from khet.modules.schools.actions import change_school

    bad = '=HYPERLINK("http://evil.example","x")'
    for number, first in enumerate([bad, "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"]):
        receive(
            actor=world.actor("saraban"), unit=world.units["office"], subject=first, from_text=first, number_text=f"ส {number}",
        )  # fmt: skip
    change_school(actor=Actor.system(), school=world.schools["own"], name_en=bad, address="+1 หมู่ 4")
    sheet = body_of(enter(world, "saraban").get("/letters/registers/sheet.csv")).decode("utf-8-sig")
    import csv

    cells = [cell for row in csv.reader(io.StringIO(sheet)) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
    for form in ("xlsx", "csv"):
        book = body_of(enter(world, "planner").get("/register/schools/export/", {"format": form}))
        if form == "csv":
            rows = [c for row in csv.reader(io.StringIO(book.decode("utf-8-sig"))) for c in row]
            assert not [c for c in rows if c.startswith(("=", "+", "-", "@"))]
        else:
            opened = openpyxl.load_workbook(io.BytesIO(book))
            assert not [
                c for s in opened for row in s.iter_rows() for c in row if c.data_type == "f" or c.hyperlink
            ]
