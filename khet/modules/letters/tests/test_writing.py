"""Writing: drafts that lose nothing, the chain up, signing for others, the frozen paper, dispatch."""

from __future__ import annotations

import io

import pikepdf
import pytest

from khet.base.lib.errors import Conflict, Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.notices.models import Notice
from khet.base.org.actions import delegate
from khet.base.org.api import visible
from khet.kits.files.api import attachments, read_bytes
from khet.kits.workflow.api import Step, endorse, give_back, sign
from khet.modules.letters.actions import draft, issue, recall, remind, rewrite, submit
from khet.modules.letters.choices import LetterState
from khet.modules.letters.models import Entry, Letter, Receipt

pytestmark = pytest.mark.django_db


def new_draft(cast, who="officer", unit=None, **more):
    facts = {
        "subject": "ขอเชิญประชุมผู้บริหารสถานศึกษา",
        "to_text": "ผู้อำนวยการโรงเรียนทุกโรงเรียน",
        "body": "<p>ด้วยสำนักงานเขตพื้นที่การศึกษา จะจัดประชุม</p>",
        "to_units": [cast.network.pk],
        "is_circular": True,
    }
    return draft(actor=cast.actor(who), unit=unit or cast.group, **(facts | more))


def holding(letter) -> Step:
    return Step.objects.select_related("run", "post").get(run__subject_id=letter.pk, decided_at__isnull=True)


def up_to_the_director(cast, letter):
    submit(actor=cast.actor("officer"), letter=letter)
    endorse(actor=cast.actor("head"), step=holding(letter), note="เห็นควร")
    endorse(actor=cast.actor("deputy"), step=holding(letter), note="เห็นชอบ")
    return holding(letter)


def test_the_whole_way_from_draft_to_the_schools(cast):
    letter = new_draft(cast)
    step = up_to_the_director(cast, letter)
    assert step.post == cast.posts["director"]
    with pytest.raises(FreshSignInNeeded):
        sign(actor=cast.actor("director"), step=step)
    sign(actor=cast.actor("director", fresh=True), step=step)
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT
    assert letter.number_text == "ศธ 04321/ว1"
    assert letter.signer_lines == ["ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา"]
    assert set(Receipt.objects.filter(letter=letter).values_list("unit", flat=True)) == {
        cast.school.pk,
        cast.other_school.pk,
    }
    paper = attachments(letter, "paper").get()
    with pikepdf.open(io.BytesIO(read_bytes(paper))) as pdf, pdf.open_metadata() as facts:
        assert facts.pdfa_status == "2B"
    assert Notice.objects.filter(event__startswith="letters.sent:", person=cast.people["clerk"]).exists()
    assert not Notice.objects.filter(
        event__startswith="letters.sent:", person=cast.people["teacher"]
    ).exists()


def test_acting_stands_on_the_paper(cast):
    delegate(actor=cast.system, post=cast.posts["director"], person=cast.people["deputy"])
    letter = new_draft(cast)
    submit(actor=cast.actor("officer"), letter=letter)
    endorse(actor=cast.actor("head"), step=holding(letter))
    endorse(actor=cast.actor("deputy"), step=holding(letter))
    sign(actor=cast.actor("deputy", fresh=True), step=holding(letter))
    letter.refresh_from_db()
    assert letter.signer_lines == [
        "รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
        "รักษาราชการแทน",
        "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
    ]


def test_a_returned_letter_is_edited_and_goes_up_again(cast):
    letter = new_draft(cast)
    submit(actor=cast.actor("officer"), letter=letter)
    with pytest.raises(Conflict):
        rewrite(actor=cast.actor("officer"), letter=letter, subject="แก้ระหว่างทาง")
    give_back(actor=cast.actor("head"), step=holding(letter), note="แก้วันประชุม")
    letter.refresh_from_db()
    assert letter.state == LetterState.RETURNED
    rewrite(actor=cast.actor("officer"), letter=letter, subject="ขอเชิญประชุม (แก้วัน)")
    submit(actor=cast.actor("officer"), letter=letter)
    assert holding(letter).post == cast.posts["head"]


def test_two_tabs_lose_nothing(cast):
    letter = new_draft(cast)
    rewrite(actor=cast.actor("officer"), letter=letter, version=1, subject="จากแท็บแรก")
    with pytest.raises(Conflict) as refusal:
        rewrite(actor=cast.actor("head"), letter=letter, version=1, subject="จากแท็บสอง")
    assert refusal.value.code == "letters.edited_elsewhere"
    assert Letter.objects.get(pk=letter.pk).subject == "จากแท็บแรก"


def test_no_shortcut_to_a_number(cast):
    letter = new_draft(cast)
    with pytest.raises(Conflict) as refusal:
        issue(actor=cast.actor("director", fresh=True), letter=letter, post=cast.posts["director"])
    assert refusal.value.code == "letters.not_submitted"
    with pytest.raises(Forbidden):
        issue(actor=cast.actor("officer", fresh=True), letter=letter, post=cast.posts["director"])
    with pytest.raises(Refusal):
        submit(actor=cast.actor("officer"), letter=new_draft(cast, subject=""))
    assert not Entry.objects.exists()
    step = up_to_the_director(cast, letter)
    sign(actor=cast.actor("director", fresh=True), step=step)
    with pytest.raises(Conflict):
        sign(actor=cast.actor("director", fresh=True), step=step)
    with pytest.raises(Conflict):
        rewrite(actor=cast.actor("officer"), letter=letter, subject="หลังลงนาม")
    assert Entry.objects.count() == 1


def test_a_stranger_sees_and_edits_nothing(cast):
    letter = new_draft(cast)
    assert not visible(cast.actor("stranger"), Letter.objects.all()).exists()
    assert not visible(cast.actor("clerk"), Letter.objects.all()).exists()
    with pytest.raises(Forbidden):
        rewrite(actor=cast.actor("stranger"), letter=letter, subject="x")
    with pytest.raises(Forbidden):
        new_draft(cast, who="teacher", unit=cast.school)


def test_a_principal_signs_what_the_principal_wrote(cast):
    letter = new_draft(cast, who="principal", unit=cast.school, to_units=[cast.office.pk], is_circular=False)
    issue(actor=cast.actor("principal", fresh=True), letter=letter, post=cast.posts["principal"])
    letter.refresh_from_db()
    assert letter.number_text == "ศธ 04321.012/1"
    assert Receipt.objects.get(letter=letter).unit == cast.office
    with pytest.raises(NotFound):
        from khet.base.org.api import fetch

        fetch(cast.actor("other_clerk"), Letter.objects.all(), pk=letter.pk)


def test_reminding_is_once_a_press_and_recall_takes_the_unopened(cast):
    letter = new_draft(cast)
    sign(actor=cast.actor("director", fresh=True), step=up_to_the_director(cast, letter))
    letter.refresh_from_db()
    saraban = cast.actor("saraban")
    both = [cast.school.pk, cast.other_school.pk]
    reminder = remind(actor=saraban, letter=letter, units=both, number=1)
    assert reminder.units == sorted(both)
    with pytest.raises(Conflict):
        remind(actor=saraban, letter=letter, units=both, number=1)
    with pytest.raises(Forbidden):
        remind(actor=cast.actor("clerk"), letter=letter, units=both, number=2)
    assert recall(actor=saraban, letter=letter, reason="ผิดวัน") == 2
    with pytest.raises(Conflict):
        recall(actor=saraban, letter=letter, reason="อีก")


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>ก",
        "<svg onload=alert(1)>ก</svg>",
        '<a href="javascript:alert(1)">ก</a>',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        '<p style="x" onclick="x">ก</p>',
        "<img src=x onerror=alert(1)>",
    ],
)
def test_a_body_keeps_no_markup_but_ours(cast, body):
    letter = new_draft(cast, body=body)
    for word in ("script", "svg", "onload", "onerror", "javascript", "style", "onclick", "img", "math"):
        assert word not in letter.body
