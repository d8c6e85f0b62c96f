"""The pages of correspondence: every role's sight, secret words, constant queries, the time of a dispatch."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khet.base.lib.pdf import page_text
from khet.base.org.models import Account
from khet.base.signin import sessions
from khet.kits.workflow.api import Step, endorse, finish
from khet.modules.letters.actions import draft, receive, register, send_ready, submit
from khet.modules.letters.flows import send_inside
from khet.modules.letters.models import Entry, Letter, Receipt, Reminder

pytestmark = pytest.mark.django_db


def blank_pdf() -> bytes:
    out = io.BytesIO()
    page = pikepdf.new()
    page.add_blank_page()
    page.save(out)
    return out.getvalue()


@pytest.fixture
def sign_in(cast):
    """A browser of somebody of the cast, past the second factor."""

    def browser(key: str) -> Client:
        account, made = Account.objects.get_or_create(username=key, person=cast.people[key])
        if made:
            account.set_unusable_password()
            account.save()
        client = Client()
        client.force_login(account)
        session = client.session
        session[sessions.SECOND_FACTOR] = True
        session.save()
        return client

    return browser


def circular(cast, n=0, **more):
    facts = {"subject": f"ขอเชิญประชุม ครั้งที่ {n}", "to_text": "ผู้อำนวยการโรงเรียน", "units": [cast.network.pk]}
    return send_ready(actor=cast.actor("saraban"), unit=cast.office, is_circular=True, **(facts | more))


def test_lists_and_pages_agree_and_a_foreign_school_finds_nothing(cast, sign_in):
    mine = circular(cast, units=[cast.school.pk])
    clerk, other = sign_in("clerk"), sign_in("other_clerk")
    address = reverse("letters:letter", args=[mine.pk])
    assert clerk.get(address).status_code == 200
    assert mine.subject in clerk.get(reverse("letters:inbox")).content.decode()
    assert other.get(address).status_code == 404
    assert mine.subject not in other.get(reverse("letters:inbox")).content.decode()
    assert clerk.get(reverse("letters:board", args=[mine.pk])).status_code == 403
    assert other.get(reverse("letters:board", args=[mine.pk])).status_code == 404
    assert clerk.get(f"{reverse('letters:registers')}?unit={cast.other_school.pk}").status_code == 404
    assert other.post(reverse("letters:register_one", args=[mine.pk])).status_code == 404
    assert Receipt.objects.get(letter=mine).opened_at is not None, "the clerk's reading opened it"


def test_one_press_registers_and_the_second_says_so(cast, sign_in):
    letter = circular(cast)
    clerk = sign_in("clerk")
    address = reverse("letters:register_one", args=[letter.pk])
    assert clerk.post(address).status_code == 302
    assert clerk.post(address).status_code == 409
    assert Entry.objects.filter(register__unit=cast.school).count() == 1
    assert clerk.get(address).status_code == 405


def test_the_receive_form_registers_shows_the_twin_and_keeps_what_was_typed(cast, sign_in):
    saraban = sign_in("saraban")
    facts = {
        "form_key": "a" * 32, "number_text": "ศธ 04006/ว3412", "dated_on": "๒๐ พ.ย. ๒๕๖๙", "from_text": "สพฐ.",
        "subject": "<script>alert(1)</script>เรื่อง {{7*7}}", "kind": "external", "route_to": f"unit:{cast.group.pk}",
        "state": "cancelled", "unit": "1",
    }  # fmt: skip
    assert saraban.post(reverse("letters:receive"), facts).status_code == 302
    letter = Letter.objects.get()
    assert (letter.dated_on, letter.state, letter.unit) == (date(2026, 11, 20), "received", cast.office)
    assert Step.objects.get(run__subject_id=letter.pk).unit == cast.group
    page = saraban.get(reverse("letters:letter", args=[letter.pk])).content.decode()
    assert "<script>alert" not in page and "{{7*7}}" in page
    again = saraban.post(reverse("letters:receive"), facts | {"form_key": "b" * 32})
    assert again.status_code == 409 and "สพฐ." in again.content.decode()
    assert Letter.objects.count() == 1
    assert saraban.post(reverse("letters:receive"), {"form_key": "c" * 32}).status_code == 400
    assert sign_in("teacher").get(reverse("letters:receive")).status_code == 403


def test_copies_go_to_more_groups_and_never_twice(cast, sign_in):
    row = receive(
        actor=cast.actor("saraban"), unit=cast.office, subject="แนวปฏิบัติ", from_text="สพฐ.", number_text="ศธ 04006/ว9",
    )  # fmt: skip
    saraban = sign_in("saraban")
    address = reverse("letters:forward", args=[row.letter_id])
    assert address in saraban.get(reverse("letters:letter", args=[row.letter_id])).content.decode()
    assert saraban.post(address, {"note": "เพื่อทราบ"}).status_code == 400
    assert saraban.post(address, {"units": [cast.school.pk]}).status_code == 400
    sent = {"units": [cast.group.pk, cast.other_group.pk], "note": "เพื่อทราบ"}
    assert saraban.post(address, sent).status_code == 302
    assert saraban.post(address, sent).status_code == 302
    copies = Receipt.objects.filter(letter=row.letter)
    assert {copy.unit_id for copy in copies} == {cast.group.pk, cast.other_group.pk}
    assert {(copy.via_id, copy.reason) for copy in copies} == {(cast.office.pk, "เพื่อทราบ")}
    assert sign_in("head").get(reverse("letters:letter", args=[row.letter_id])).status_code == 200
    assert sign_in("head").get(address).status_code == 403
    assert sign_in("other_clerk").get(address).status_code == 404


def test_a_letter_of_the_system_is_copied_on_only_once_registered(cast, sign_in):
    letter = send_ready(
        actor=cast.actor("clerk"), unit=cast.school, subject="ขอสนับสนุน", to_text="x", units=[cast.office.pk]
    )
    saraban = sign_in("saraban")
    address = reverse("letters:forward", args=[letter.pk])
    assert address not in saraban.get(reverse("letters:letter", args=[letter.pk])).content.decode()
    refused = saraban.post(address, {"units": [cast.group.pk]})
    assert refused.status_code == 400 and "ลงรับหนังสือก่อน" in refused.content.decode()
    assert sign_in("clerk").get(address).status_code == 404


def test_secret_words_are_kept_back_everywhere_until_signed_in_again(cast, sign_in):
    row = receive(
        actor=cast.actor("saraban"), unit=cast.office, subject="ผลการสืบสวนข้อเท็จจริง", from_text="ป.ป.ท.",
        number_text="ปป 1/ล14", dated_on=date(2026, 11, 20), secrecy=1,
    )  # fmt: skip
    send_inside(actor=cast.actor("saraban"), letter=row.letter, unit=cast.office, to=cast.posts["director"])
    assert row.register.is_secret
    saraban = sign_in("saraban")
    for address in (
        reverse("letters:home"),
        f"{reverse('letters:registers')}?secret=1",
        f"{reverse('letters:registers')}?secret=1&q=สืบสวน",
        reverse("letters:letter", args=[row.letter_id]),
        reverse("letters:entry", args=[row.pk]),
        f"{reverse('letters:register_csv')}?secret=1",
        f"{reverse('search:home')}?q=สืบสวน",
    ):
        answer = saraban.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert "สืบสวนข้อเท็จจริง" not in body.decode("utf-8", "ignore"), address
    assert (
        "สืบสวน"
        not in sign_in("director").get(reverse("letters:letter", args=[row.letter_id])).content.decode()
    )


@pytest.mark.parametrize(
    "name",
    [
        "letters:home",
        "letters:inbox",
        "letters:registers",
        "letters:sent",
        "letters:drafts",
        "letters:statistics",
    ],
)
def test_queries_do_not_grow_with_rows(cast, sign_in, name, django_assert_max_num_queries):
    def fill(count):
        for n in range(count):
            circular(cast, n)
            draft(actor=cast.actor("saraban"), unit=cast.office, subject=f"ร่าง {n}")
            send_ready(
                actor=cast.actor("clerk"),
                unit=cast.school,
                subject=f"ส่ง {n}",
                to_text="x",
                units=[cast.office.pk],
            )

    saraban = sign_in("saraban")
    counts = []
    for rows in (1, 6):
        fill(rows)
        saraban.get(reverse(name))
        with django_assert_max_num_queries(60) as asked:
            assert saraban.get(reverse(name)).status_code == 200
        counts.append(len(asked))
    assert counts[1] <= counts[0], counts
    assert counts[1] <= 15, counts


def test_a_letters_page_asks_little_whatever_lies_on_the_desk(cast, sign_in, django_assert_max_num_queries):
    """The whole page: paper with its stamp, route, decision, the list of what waits."""

    def arrive(n):
        row = receive(
            actor=cast.actor("saraban"), unit=cast.office, subject=f"เรื่อง {n}", from_text="สพฐ.",
            number_text=f"ศธ 04006/ว{n}", paper=[SimpleUploadedFile("a.pdf", blank_pdf())],
        )  # fmt: skip
        send_inside(actor=cast.actor("saraban"), letter=row.letter, unit=cast.office, to=cast.posts["head"])
        return row.letter

    letter = arrive(1)
    address = reverse("letters:letter", args=[letter.pk])
    counts = []
    head = sign_in("head")
    for more in (0, 5):
        for n in range(more):
            arrive(10 + n)
        head.get(address)
        with django_assert_max_num_queries(60) as asked:
            page = head.get(address).content.decode()
        assert "เลขรับ 1/" in page and "ลงความเห็น" in page
        counts.append(len(asked))
    assert counts[1] <= counts[0] <= 15, counts
    endorse(actor=cast.actor("head"), step=Step.objects.get(run__subject_id=letter.pk))
    for key in ("deputy", "saraban", "director"):
        browser = sign_in(key)
        browser.get(address)
        with django_assert_max_num_queries(15):
            assert browser.get(address).status_code == 200


def test_the_page_shows_the_open_route_before_a_closed_one(cast, sign_in):
    """What a school signed arrives at the office: its own route is over, the office's begins."""
    row = receive(actor=cast.actor("saraban"), unit=cast.office, subject="สองเส้นทาง", from_text="สพฐ.")
    send_inside(actor=cast.actor("saraban"), letter=row.letter, unit=cast.office, to=cast.posts["head"])
    finish(actor=cast.actor("head"), step=Step.objects.get(run__subject_id=row.letter_id))
    run = send_inside(
        actor=cast.actor("saraban"), letter=row.letter, unit=cast.office, to=cast.posts["deputy"]
    )
    page = sign_in("director").get(reverse("letters:letter", args=[row.letter_id]))
    assert page.context["run"].pk == run.pk


def test_the_board_counts_reminds_once_and_exports(cast, sign_in):
    letter = circular(cast, answer_by=date(2027, 1, 10))
    saraban = sign_in("saraban")
    board = reverse("letters:board", args=[letter.pk])
    assert saraban.get(board).status_code == 200 and saraban.get(f"{board}?view=table").status_code == 200
    sent = {"number": "1", "unit": [cast.school.pk, cast.other_school.pk], "channel": ["email"]}
    assert saraban.post(reverse("letters:remind", args=[letter.pk]), sent).status_code == 302
    assert saraban.post(reverse("letters:remind", args=[letter.pk]), sent).status_code == 409
    assert Reminder.objects.count() == 1
    sheet = b"".join(saraban.get(reverse("letters:board_csv", args=[letter.pk])).streaming_content).decode(
        "utf-8-sig"
    )
    assert "โรงเรียนบ้านธารทอง" in sheet


def test_a_draft_is_kept_edited_in_one_tab_only_and_sent_up(cast, sign_in):
    officer = sign_in("officer")
    officer.post(reverse("letters:write"), {"kind": "external", "form_key": "d" * 32})
    officer.post(reverse("letters:write"), {"kind": "external", "form_key": "d" * 32})
    letter = Letter.objects.get()
    edit = reverse("letters:edit", args=[letter.pk])
    assert officer.post(reverse("letters:keep", args=[letter.pk]), {"subject": "พิมพ์ค้างไว้"}).status_code == 200
    assert "พิมพ์ค้างไว้" in officer.get(edit).content.decode()
    facts = {
        "version": "1", "kind": "external", "subject": "เรื่อง", "to_text": "ผู้อำนวยการ", "body": "บรรทัดแรก\nบรรทัดสอง",
        "to_units": [cast.school.pk], "signer_post": cast.posts["director"].pk,
    }  # fmt: skip
    assert officer.post(edit, facts).status_code == 302
    letter.refresh_from_db()
    assert letter.body == "<p>บรรทัดแรก</p><p>บรรทัดสอง</p>"
    stale = officer.post(edit, facts | {"subject": "จากแท็บเก่า"})
    assert stale.status_code == 409 and "จากแท็บเก่า" in stale.content.decode()
    assert (
        officer.get(f"{reverse('letters:preview', args=[letter.pk])}?page=1")["Content-Type"] == "image/png"
    )
    assert officer.post(edit, facts | {"version": letter.version, "then": "submit"}).status_code == 302
    assert sign_in("stranger").get(edit).status_code == 404
    assert officer.get(edit).status_code == 302, "a letter on its way is read, not edited"
    with pytest.raises(Exception, match="เสนอหรือลงนามแล้ว"):
        submit(actor=cast.actor("officer"), letter=letter)


def test_a_circular_to_130_schools_and_2000_people_is_sent_within_a_second(cast):
    from khet.base.org.models import Holding, Person, Post, Unit

    schools = Unit.objects.bulk_create(
        Unit(kind="school", code=f"x{n}", name=f"โรงเรียน {n}", short_name=f"{n}", parent=cast.office)
        for n in range(130)
    )
    for school in schools:
        school.ancestors = [cast.office.pk, school.pk]
    Unit.objects.bulk_update(schools, ["ancestors"])
    posts = Post.objects.bulk_create(
        Post(unit=schools[n % 130], kind="teacher", title="ครู", short_title="ครู") for n in range(2000)
    )
    people = Person.objects.bulk_create(
        Person(first_name=f"ค{n}", email=f"t{n}@example.org") for n in range(2000)
    )
    Holding.objects.bulk_create(
        Holding(post=post, person=who) for post, who in zip(posts, people, strict=True)
    )
    Post.roles.through.objects.bulk_create(
        Post.roles.through(post_id=post.pk, role_id=cast.roles["school_clerk"].pk) for post in posts
    )
    actor = cast.actor("saraban")
    letter = send_ready(
        actor=actor,
        unit=cast.office,
        subject="ด่วน",
        to_text="ทุกโรงเรียน",
        units=[s.pk for s in schools],
        is_circular=True,
    )
    assert Receipt.objects.filter(letter=letter).count() == 130
    row = register(
        actor=cast.actor("saraban"),
        unit=cast.office,
        receipts=[
            Receipt.objects.get(
                letter=send_ready(
                    actor=cast.actor("clerk"),
                    unit=cast.school,
                    subject="ตอบ",
                    to_text="x",
                    units=[cast.office.pk],
                )
            ).pk
        ],
    )
    assert row[0].number == 1


def test_the_register_of_orders_is_printed_in_its_own_form(cast, sign_in):
    send_ready(
        actor=cast.actor("saraban"), unit=cast.office, subject="แต่งตั้งคณะทำงาน", to_text="x", kind="order"
    )
    answer = sign_in("saraban").get(f"{reverse('letters:register_paper')}?kind=order")
    assert answer.status_code == 200
    said = page_text(answer.content)
    assert "ทะเบียนคำสั่ง" in said and "แต่งตั้งคณะทำงาน" in said and "ทะเบียนหนังสือส่ง" not in said
