"""Papers of assets: label sheets, the asset register of a fiscal year, the report of the yearly check."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.lib.pdf import Label, ListColumn, ListPaper, label_sheets, list_print
from khet.base.lib.thai import thai_date
from khet.base.org.api import Profile, Unit, today
from khet.kits.register.bases import Paper
from khet.modules.assets.choices import Seen
from khet.modules.assets.models import Article, YearlyCheck
from khet.modules.assets.queries.checks import expected, progress_of, with_sighting
from khet.modules.assets.queries.values import YearRow

MOST_LABELS = 2000


def article_address(article: Article) -> str:
    """The short address behind the QR code of a label."""
    return settings.SITE_URL.rstrip("/") + reverse("assets:label", args=[article.code])


def article_labels(articles: Sequence[Article], *, per_sheet: int, first: int = 1) -> Paper:
    """Stickers for articles, in the order given."""
    if len(articles) > MOST_LABELS:
        raise Refusal(
            _("พิมพ์ป้ายได้ครั้งละ %(most)d ดวง เลือกทีละโรงเรียนหรือทีละหมวด") % {"most": MOST_LABELS},
            code="assets.labels",
        )
    if first > per_sheet:
        raise Refusal(
            _("แผ่นนี้มี %(n)d ดวง เลือกดวงเริ่มต้นใหม่") % {"n": per_sheet}, code="assets.first", field="first"
        )
    labels = [
        Label(
            address=article_address(article),
            owner=article.unit.name,
            title=article.name,
            number=article.number,
            code=article.code,
        )
        for article in articles
    ]
    content = label_sheets(labels, per_sheet=per_sheet, first=first, title="ป้ายครุภัณฑ์")
    return Paper(f"ป้ายครุภัณฑ์ {len(labels)} ดวง.pdf", content)


def _money(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def asset_register(unit: Unit, year: int, rows: Sequence[YearRow]) -> bytes:
    """ทะเบียนคุมทรัพย์สิน of one unit for one fiscal year, every column of the form, with sums."""
    columns = [
        ListColumn(label="วันที่ได้มา", share=1.4),
        ListColumn(label="เลขที่เอกสาร", share=1.25),
        ListColumn(label="เลขครุภัณฑ์", share=2.1),
        ListColumn(label="รายการ/ยี่ห้อ/รุ่น/หมายเลขเครื่อง", share=2.5),
        ListColumn(label="จำนวน", share=0.65, align="center"),
        ListColumn(label="ราคาต่อหน่วย", share=1.15, align="right"),
        ListColumn(label="มูลค่ารวม", share=1.15, align="right"),
        ListColumn(label="ประเภทเงิน", share=1.0),
        ListColumn(label="วิธีการได้มา", share=0.95),
        ListColumn(label="อายุใช้งาน (ปี)", share=0.65, align="center"),
        ListColumn(label="อัตราค่าเสื่อม/ปี", share=0.85, align="right"),
        ListColumn(label="ค่าเสื่อมประจำปี", share=1.1, align="right"),
        ListColumn(label="ค่าเสื่อมสะสม", share=1.2, align="right"),
        ListColumn(label="มูลค่าสุทธิ", share=1.2, align="right"),
        ListColumn(label="ที่ตั้ง/ผู้รับผิดชอบ", share=1.6),
        ListColumn(label="หมายเหตุ", share=0.95),
    ]
    lines: list[list[str]] = []
    sums = {"price": Decimal(0), "yearly": Decimal(0), "accumulated": Decimal(0), "net": Decimal(0)}
    for row in rows:
        article = row.article
        for name in sums:
            sums[name] += getattr(row, name) or 0
        place = " / ".join(part for part in (article.location, article.responsible_words) if part)
        lines.append(
            [
                thai_date(article.acquired_on) if article.acquired_on else "",
                article.document,
                article.number,
                " ".join(part for part in (article.name, article.make) if part),
                "1",
                _money(article.price),
                _money(article.price),
                article.get_money_display() if article.money else "",
                article.get_method_display() if article.method else "",
                str(article.life_years or ""),
                f"{Decimal(100) / article.life_years:.2f}%" if row.accumulated is not None else "",
                _money(row.yearly),
                _money(row.accumulated),
                _money(row.net),
                place,
                row.remark,
            ]
        )
    if lines:
        lines.append(
            ["", "", "", f"รวม {len(rows):,} รายการ", f"{len(rows):,}", "", _money(sums["price"]), "", "", "", "",
             _money(sums["yearly"]), _money(sums["accumulated"]), _money(sums["net"]), "", ""]
        )  # fmt: skip
    return list_print(
        ListPaper(
            office=unit.name,
            title="ทะเบียนคุมทรัพย์สิน",
            columns=columns,
            rows=lines,
            filtered=f"ปีงบประมาณ พ.ศ. {year} ค่าเสื่อมราคาแบบเส้นตรง ณ วันที่ 30 กันยายน {year}",
            printed=f"พิมพ์ {thai_date(today())}",
            landscape=True,
            size=9,
            thai_digits=Profile.load().thai_digits_on_paper,
        )
    )


_PROPOSALS = {
    Seen.BROKEN: "เสนอซ่อม หรือจำหน่ายถ้าซ่อมไม่คุ้ม",
    Seen.LOST: "เสนอแต่งตั้งคณะกรรมการสอบหาข้อเท็จจริง",
    Seen.MISPLACED: "ย้ายที่ตั้งในทะเบียน",
}


def check_report(check: YearlyCheck) -> bytes:
    """The report of the committee: figures, then every article that is not as it should be, with a proposal."""
    progress = progress_of([check])[check.pk]
    rows = with_sighting(expected(check).select_related("responsible"), check).exclude(seen=Seen.OK)
    order = {Seen.BROKEN: 0, Seen.LOST: 1, Seen.MISPLACED: 2, None: 3}
    found: list[Any] = sorted(rows, key=lambda a: (order[a.seen], a.number, a.pk))
    lines = []
    for number, article in enumerate(found, start=1):
        words = Seen(article.seen).label if article.seen else "ยังไม่ได้ตรวจ"
        place = article.seen_location or article.location
        proposal = _PROPOSALS.get(article.seen, "ตรวจเพิ่ม")
        if article.seen == Seen.BROKEN and article.condition == "waiting_disposal":
            proposal = "เสนอจำหน่าย"
        lines.append(
            [
                str(number),
                article.number,
                article.name,
                place,
                article.responsible_words,
                str(words),
                article.seen_note or "",
                proposal,
            ]
        )
    order_words = f" ตามคำสั่งที่ {check.order_reference}" if check.order_reference else ""
    figures = (
        f"ครุภัณฑ์ทั้งหมด {progress.expected:,} รายการ ตรวจแล้ว {progress.seen:,} รายการ: ใช้การได้ {progress.ok:,} ชำรุด {progress.broken:,} "
        f"หาไม่พบ {progress.lost:,} อยู่ผิดที่ {progress.misplaced:,} · ยังไม่ได้ตรวจ {progress.left:,}"
    )
    members = [line.strip() for line in check.committee.splitlines() if line.strip()]
    return list_print(
        ListPaper(
            office=check.unit.name,
            title=f"รายงานผลการตรวจสอบพัสดุประจำปีงบประมาณ พ.ศ. {check.fiscal_year}",
            columns=[
                ListColumn(label="ที่", share=0.45, align="center"),
                ListColumn(label="เลขครุภัณฑ์", share=1.6),
                ListColumn(label="รายการ", share=2.3),
                ListColumn(label="ที่ตั้ง", share=1.4),
                ListColumn(label="ผู้รับผิดชอบ", share=1.4),
                ListColumn(label="ผลตรวจ", share=0.9),
                ListColumn(label="หมายเหตุ", share=1.7),
                ListColumn(label="ข้อเสนอ", share=1.9),
            ],
            rows=lines,
            filtered=figures,
            intro=(
                f"เริ่มตรวจ {thai_date(check.starts_on)} รายงานภายใน {thai_date(check.due_on)}{order_words}",
                *([f"คณะกรรมการ: {' · '.join(members)}"] if members else []),
            ),
            empty="ครุภัณฑ์ที่ตรวจแล้วใช้การได้ทุกรายการ",
            signatures=members[:5] or ["คณะกรรมการตรวจสอบพัสดุประจำปี"],
            printed=f"พิมพ์ {thai_date(today())}",
            landscape=True,
            thai_digits=Profile.load().thai_digits_on_paper,
        )
    )


__all__ = ["MOST_LABELS", "article_labels", "asset_register", "check_report"]
