import datetime as dt
import io

import pikepdf
import pytest
from PIL import Image

from khet.base.lib import pdf
from khet.base.lib.errors import Refusal
from khet.base.lib.pdf.markup import blocks_of, paper_text
from khet.base.lib.pdf.tests import samples


def text_of(data: bytes) -> str:
    return pdf.page_text(data).replace("\n", " ").replace("\u00a0", " ")


def is_archival(data: bytes) -> bool:
    with pikepdf.open(io.BytesIO(data)) as opened, opened.open_metadata() as meta:
        return meta.get("pdfaid:part") == "2" and meta.get("pdfaid:conformance") == "B"


PAPERS = {
    "letter": lambda **more: pdf.external_letter(samples.letter(**more)),
    "memo": lambda **more: pdf.memo(
        pdf.MemoPaper(
            sender="กลุ่มนโยบายและแผน",
            number="นผ 5/2569",
            date=samples.DAY,
            **{"subject": "ขออนุมัติ", "to": "ผอ.สพป.", "body": samples.BODY, **more},
        )
    ),
    "order": lambda **more: pdf.order(
        pdf.OrderPaper(
            office=samples.OFFICE,
            number="215/2569",
            date=samples.DAY,
            **{"subject": "แต่งตั้ง", "body": samples.BODY, **more},
        )
    ),
    "announcement": lambda **more: pdf.announcement(
        pdf.OrderPaper(
            office=samples.OFFICE,
            number=None,
            date=samples.DAY,
            **{"subject": "เรื่อง", "body": samples.BODY, **more},
        )
    ),
    "stamped": lambda **more: pdf.stamped_letter(
        pdf.StampedPaper(
            number="ศธ 04999/7",
            sender=samples.OFFICE,
            date=samples.DAY,
            **{"to": "โรงเรียนบ้านนาทอง", "body": samples.BODY, **more},
        )
    ),
}


@pytest.mark.parametrize("kind", PAPERS)
def test_every_paper_is_archival_and_in_thai_digits(kind):
    data = PAPERS[kind]()
    assert is_archival(data)
    said = text_of(data)
    assert "๒๕๖๙" in said and "2569" not in said.replace("dmc2569", "")


@pytest.mark.parametrize("kind", PAPERS)
def test_what_people_type_is_never_run(kind):
    nasty = "{{7*7}} #panic(1) $x^2$ \\n <script>alert(1)</script> @ref *bold* _it_ `raw` //c"
    said = text_of(
        PAPERS[kind](
            body="<p>" + nasty.replace("<", "&lt;") + "</p>",
            thai_digits=False,
            **({} if kind == "stamped" else {"subject": nasty}),
        )
    )
    for part in (
        "{{7*7}}",
        "#panic(1)",
        "$x^2$",
        "<script>alert(1)</script>",
        "@ref",
        "*bold*",
        "_it_",
        "`raw`",
        "//c",
    ):
        assert said.count(part) >= (1 if kind == "stamped" else 2), part


def test_a_letter_says_all_its_parts():
    said = text_of(pdf.external_letter(samples.letter()))
    for part in (
        "ศธ ๐๔๙๙๙/ว ๓๔๑๒",
        "๒๓ พฤศจิกายน ๒๕๖๙",
        "เรื่อง",
        "เรียน",
        "อ้างถึง",
        "สิ่งที่ส่งมาด้วย",
        "ขอแสดงความนับถือ",
        "(นายวิทยา ธารสุวรรณ)",
        "โทร. ๐ ๙๙๙๙ ๑๒๓๔",
    ):
        assert part in said
    assert "saraban2@sritara.example.go.th" in said
    assert "(https://data.example.go.th/dmc2569)" in said


def test_a_letter_that_barely_runs_over_is_set_on_one_page():
    assert pdf.page_count(pdf.external_letter(samples.letter())) == 1
    assert pdf.page_count(pdf.external_letter(samples.letter(body=samples.BODY * 2))) == 2


def test_copied_text_is_what_is_read():
    told = "คำสั่ง ขั้นพื้นฐาน นั้น ทั้งนี้ ปี้ ที่ ฝั่น ต่ำ น้ำ กั่น ตั้ง ปั้น เกียรติ์ ปู่ ฎุ ญู่ สั่ง ส ก ขั้น"
    said = text_of(pdf.external_letter(samples.letter(body=f"<p>{told}</p><p>{told}</p>")))
    assert said.replace(" ", "").count(told.replace(" ", "")) == 2


def test_speed_secrecy_acting_and_electronic_signature():
    who = pdf.Signature(
        name="นางสาวพรรณี แก้วมณีรัตน์",
        position="รองผู้อำนวยการ",
        acting="ปฏิบัติราชการแทน ผู้อำนวยการ",
        electronic="ลงนามแล้วโดยระบบ 23 พ.ย. 2569",
    )
    data = pdf.external_letter(
        samples.letter(speed="ด่วนที่สุด", secrecy="ลับมาก", signature=who, body=samples.BODY * 3)
    )
    said = text_of(data)
    assert said.count("ลับมาก") == 2 * pdf.page_count(data)
    assert said.count("ด่วนที่สุด") == 1
    assert "ปฏิบัติราชการแทน" in said and "(ลงนามแล้วโดยระบบ ๒๓ พ.ย. ๒๕๖๙)" in said


def test_pictures_are_set_and_wrong_ones_refused():
    one = io.BytesIO()
    Image.new("RGB", (40, 40), "black").save(one, "PNG")
    who = pdf.Signature(name="ก", image=one.getvalue())
    with pikepdf.open(
        io.BytesIO(pdf.external_letter(samples.letter(garuda=one.getvalue(), signature=who)))
    ) as opened:
        assert len(opened.pages[0].get_images()) >= 1
    with pytest.raises(Refusal):
        pdf.external_letter(samples.letter(garuda=b"GIF89a"))


def test_a_draft_may_lack_everything():
    data = pdf.external_letter(
        pdf.LetterPaper(number=None, address=[], date=None, subject="", to="", body="", draft=True)
    )
    assert pdf.page_count(data) == 1


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td colspan='99' rowspan='99'>a</td></tr><tr><td>b</td></tr></table>",
        "<table></table><ul></ul><p></p><li>x</li></table>",
        "<ul><li>a<ul><li>b<ol start=3><li>c</li></ol></li></ul></li></ul>",
        "<ul>" * 50 + "<li>x" + "</ul>" * 50,
        "<td>x</td></td></table></p>",
        "<p>a<br>b<br><br>c</p>text",
        "<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
        "<script>alert(1)</script><style>p{}</style><p>ok</p>",
    ],
)
def test_any_html_is_set(html):
    assert pdf.page_count(pdf.external_letter(samples.letter(body=html))) >= 1
    assert "alert" not in str(blocks_of(html, False))


def test_editor_html_becomes_runs():
    [first, second] = blocks_of(
        "<p>ก <strong>ข</strong> <u>ค</u></p><ol start='2'><li><p>ง</p></li></ol>", False
    )
    assert [(run["t"], run.get("b"), run.get("u")) for run in first["runs"]] == [
        ("ก ", None, None),
        ("ข", True, None),
        (" ", None, None),
        ("ค", None, True),
    ]
    assert second["start"] == 2 and second["items"][0][0]["runs"] == [{"t": "ง"}]


def test_codes_and_addresses_stay_latin():
    assert (
        paper_text("ปี 2569 GFMIS2 a1@b.th https://x.th/12 ว12", True)
        == "ปี ๒๕๖๙ GFMIS2 a1@b.th https://x.th/12 ว๑๒"
    )


def rows(count: int) -> list[pdf.RegisterRow]:
    return [
        pdf.RegisterRow(
            register_number=str(n),
            number=f"ศธ 04006/{n}",
            dated=samples.DAY,
            sender="สพฐ.",
            to="ผอ.สพป.",
            subject="เรื่องที่ส่งมาให้ดำเนินการ {{7*7}}",
            action="กลุ่มอำนวยการ",
            struck=n % 50 == 7,
        )
        for n in range(1, count + 1)
    ]


def test_registers_have_their_official_heads_on_every_page():
    for kind, form, head in (("received", "แบบที่ ๑๓", "เลขทะเบียนรับ"), ("sent", "แบบที่ ๑๔", "เลขทะเบียนส่ง")):
        data = pdf.register_sheet(rows(80), kind=kind, office=samples.OFFICE, period="ประจำปี พ.ศ. 2569")
        assert is_archival(data)
        count = pdf.page_count(data)
        assert count > 1
        for page in range(count):
            said = pdf.page_text(data, page).replace("\n", "").replace("\r", "")
            assert head in said
            assert "หมายเหตุ" in said
        assert form in text_of(data)
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert float(opened.pages[0].mediabox[2]) > float(opened.pages[0].mediabox[3])


def test_three_thousand_rows_are_set():
    data = pdf.register_sheet(rows(3_000), kind="received", office=samples.OFFICE)
    assert pdf.page_count(data) > 60


def test_orders_lists_and_slips():
    orders = [pdf.OrderRow(number="1/2569", dated=samples.DAY, subject="แต่งตั้งคณะกรรมการ", signer="ผอ.สพป.")]
    assert "แต่งตั้งคณะกรรมการ" in text_of(pdf.order_register(orders, office=samples.OFFICE))
    plain = pdf.ListPaper(
        office=samples.OFFICE,
        title="โรงเรียน",
        columns=[pdf.ListColumn(label="ชื่อ"), pdf.ListColumn(label="นักเรียน", align="right")],
        rows=[["บ้านนาทอง", "1,125"], ["สั้น"]],
        filtered="อำเภอนาทอง",
    )
    said = text_of(pdf.list_print(plain))
    assert "อำเภอนาทอง" in said and "1,125" in said
    steps = [
        pdf.SlipStep(
            who="นางมาลี", note="เห็นควรแจ้ง #x\nบรรทัดสอง", at=dt.datetime(2026, 11, 23, 2, 5, tzinfo=dt.UTC)
        ),
        *(pdf.SlipStep(who=f"คนที่ {mark}", mark=mark) for mark in ("returned", "opinion", "now", "waiting")),
    ]
    said = text_of(
        pdf.routing_slip(
            pdf.RoutingSlip(office=samples.OFFICE, subject="เรื่อง", facts=[("เลขรับ", "1/2569")], steps=steps)
        )
    )
    assert "23 พ.ย. 2569 09.05 น." in said and "เห็นควรแจ้ง #x" in said and "ส่งคืน" in said
    assert "ไม่มีรายการ" in text_of(pdf.order_register([], office="ก"))
