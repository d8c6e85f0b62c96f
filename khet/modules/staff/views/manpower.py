"""Manpower by criterion and the retirements to come: pages, prints, spreadsheets. Counts only, no names."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.pdf import ListColumn, ListPaper, list_print
from khet.base.lib.sheets import write_xlsx
from khet.base.lib.thai import thai_date
from khet.base.org.api import Actor, Profile, demand, office, today
from khet.modules.schools.api import School, own_schools
from khet.modules.staff.actions import start_criteria
from khet.modules.staff.choices import Seat, Subject
from khet.modules.staff.models import Criterion
from khet.modules.staff.queries.manpower import Count, SchoolLine, manpower, share, signed, together
from khet.modules.staff.queries.retirement import Forecast, forecast
from khet.modules.staff.rules import CRITERIA, VIEW
from khet.modules.staff.views.asking import BY, SHOW, Asked, AskForm, asked, census_days

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Row:
    """A school, or several together, as the table shows it."""

    school: School | None
    label: str
    pupils: int | None
    rooms: int | None
    whole: Count
    seats: list[Count]
    others: int
    by: str

    @property
    def actual(self) -> int:
        return self.whole.actual(self.by)

    @property
    def gap(self) -> int | None:
        return self.whole.gap(self.by)

    @property
    def gap_words(self) -> str:
        return signed(self.gap)

    @property
    def percent_words(self) -> str:
        return signed(self.percent)

    @property
    def percent(self) -> float | None:
        return share(self.gap, self.whole.wanted)

    @property
    def pairs(self) -> list[tuple[int, int | None]]:
        """(there, wanted) of every seat."""
        return [(count.actual(self.by), count.wanted) for count in self.seats]


def seen_schools(actor: Actor) -> list[School]:
    """The open schools of the area whose people the reader sees."""
    demand(actor, VIEW)
    scope = actor.scope(VIEW)
    rows = own_schools().filter(unit__until__isnull=True)
    if not scope.everywhere:
        rows = rows.filter(scope.q("unit_id"))
    return list(rows.select_related("unit").order_by("sort_name", "pk"))


def row_of(school: School, line: SchoolLine, asked: Asked) -> Row:
    return Row(
        school, school.name, line.pupils, line.rooms, line.count(asked.seat), [line.count(seat) for seat in Seat.values],
        line.others, asked.by,
    )  # fmt: skip


def sum_of(label: str, rows: Iterable[Row], by: str) -> Row:
    rows = list(rows)
    return Row(
        None, label, sum(row.pupils or 0 for row in rows), sum(row.rooms or 0 for row in rows),
        together(row.whole for row in rows if row.whole.wanted is not None),
        [together(seats) for seats in zip(*(row.seats for row in rows), strict=True)] if rows else [Count(None, 0, 0, 0)] * 3,
        sum(row.others for row in rows), by,
    )  # fmt: skip


def _read(request: HttpRequest) -> tuple[Asked, list[tuple[str, str, Any, int, int]], list[Row]]:
    schools = seen_schools(request.actor)
    known = census_days()
    question = asked(request, known)
    lines = manpower(question.day, question.year, question.term, [school.unit_id for school in schools])
    return question, known, [row_of(s, lines[s.unit_id], question) for s in schools if s.unit_id in lines]


def _shown(rows: Sequence[Row], show: str) -> list[Row]:
    """All by name; what is short or over, the worst first."""
    if show == "short":
        return sorted((row for row in rows if (row.gap or 0) < 0), key=lambda row: (row.gap, row.percent))
    if show == "over":
        return sorted((row for row in rows if (row.gap or 0) > 0), key=lambda row: (-row.gap, -row.percent))
    return list(rows)


@login_required
@require_GET
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Criterion, people, short and over of every school, of the districts and of the area."""
    question, known, rows = _read(request)
    criteria = list(Criterion.objects.filter(since__lte=question.day))
    newest = {
        seat: max(row.since for row in criteria if row.seat == seat)
        for seat in {row.seat for row in criteria}
    }
    in_force = [row for row in criteria if row.since == newest[row.seat]]
    districts: dict[str, list[Row]] = {}
    for row in rows:
        districts.setdefault(row.school.amphoe, []).append(row)
    return render(
        request,
        "staff/manpower.html",
        {
            "asked": question,
            "rows": _shown(rows, question.show),
            "area": sum_of(_("รวม"), rows, question.by),
            "districts": [sum_of(name or "–", some, question.by) for name, some in districts.items()]
            if len(districts) > 1
            else [],
            "short": [row for row in rows if (row.gap or 0) < 0],
            "over": [row for row in rows if (row.gap or 0) > 0],
            "missing": -sum(row.gap for row in rows if (row.gap or 0) < 0),
            "surplus": sum(row.gap for row in rows if (row.gap or 0) > 0),
            "unknown": sum(1 for row in rows if row.whole.wanted is None),
            "vacant": sum(row.whole.vacant for row in rows),
            "form": AskForm(question, known),
            "tabs": [(value, words, question.query(show=value)) for value, words in SHOW.items()],
            "criteria": in_force,
            "sources": sorted({row.source for row in in_force}),
            "unconfirmed": any(not row.is_confirmed for row in in_force),
            "may_edit": request.actor.has(CRITERIA),
        },
    )


HEADS = (
    "รหัสโรงเรียน", "โรงเรียน", "อำเภอ", "นักเรียน", "ห้องเรียน",
    "เกณฑ์ ผอ.", "มี ผอ.", "เกณฑ์ รอง", "มี รอง", "เกณฑ์ ครู", "มี ครู", "เกณฑ์ รวม", "มี รวม", "ขาด/เกิน", "ร้อยละ", "อัตราว่าง", "ครูอื่น",
)  # fmt: skip


def cells_of(row: Row) -> list[Any]:
    """A row as numbers; what is not known stays empty."""
    pairs = [n for count in row.seats for n in (count.wanted, count.actual(row.by))]
    percent = None if row.percent is None else round(row.percent, 2)
    values = [
        row.pupils,
        row.rooms,
        *pairs,
        row.whole.wanted,
        row.actual,
        row.gap,
        percent,
        row.whole.vacant,
        row.others,
    ]
    place = [row.school.unit.code, row.school.name, row.school.amphoe] if row.school else ["", row.label, ""]
    return [*place, *("" if value is None else value for value in values)]


@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The table as a spreadsheet, with the sum of the area last."""
    question, _known, rows = _read(request)
    shown = _shown(rows, question.show)
    buffer = io.BytesIO()
    write_xlsx((cells_of(row) for row in [*shown, sum_of("รวม", shown, question.by)]), list(HEADS), buffer)
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="manpower-{question.day.isoformat()}.xlsx"'
    return response


def _text(value: Any) -> str:
    return "" if value is None or value == "" else f"{value:,}" if isinstance(value, int) else str(value)


@login_required
@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """The same on paper, with the criterion and its source over the table."""
    question, _known, rows = _read(request)
    shown = _shown(rows, question.show)
    sources = sorted(set(Criterion.objects.filter(since__lte=question.day).values_list("source", flat=True)))
    table = [*shown, sum_of("รวม", shown, question.by)] if shown else []
    heads = ("โรงเรียน", "อำเภอ", "นักเรียน", "ห้อง", "ผอ.", "รอง", "ครู", "เกณฑ์", "มี", "ขาด/เกิน", "ร้อยละ", "ว่าง")
    shares = (2.6, 1.3, 0.9, 0.7, 0.8, 0.8, 0.9, 0.8, 0.8, 0.9, 0.9, 0.7)
    content = list_print(
        ListPaper(
            office=office().name,
            title="อัตรากำลังข้าราชการครูเทียบเกณฑ์",
            columns=[ListColumn(label="ที่", share=0.5, align="center")]
            + [ListColumn(label=h, share=s, align="left" if n < 2 else "right") for n, (h, s) in enumerate(zip(heads, shares, strict=True))],
            rows=[
                [
                    str(place) if row.school else "", row.label, row.school.amphoe if row.school else "", _text(row.pupils), _text(row.rooms),
                    *(f"{there}/{'–' if wanted is None else wanted}" for there, wanted in row.pairs), _text(row.whole.wanted), _text(row.actual),
                    row.gap_words, row.percent_words,
                    _text(row.whole.vacant or None),
                ]
                for place, row in enumerate(table, start=1)
            ],
            filtered=f"บุคลากร ณ วันที่ {thai_date(question.day)} นักเรียนภาคเรียนที่ {question.term}/{question.year}",
            intro=[f"นับ{BY[question.by]} ช่อง ผอ. รอง และครู แสดงจำนวนที่มี/เกณฑ์", *(f"เกณฑ์: {source}" for source in sources)],
            empty="ไม่มีโรงเรียนตามที่เลือก",
            printed=f"พิมพ์ {thai_date(today())}",
            thai_digits=Profile.load().thai_digits_on_paper,
            size=12,
        )
    )  # fmt: skip
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="manpower.pdf"'
    return response


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Put in the criterion to begin with."""
    start_criteria(actor=request.actor)
    messages.success(request, _("ใส่เกณฑ์ตั้งต้นแล้ว ตรวจตัวเลขกับหนังสือของ ก.ค.ศ. ก่อนใช้"))
    return redirect("staff:manpower")


@dataclass
class ForecastRow:
    label: str
    serving: int
    cells: list[tuple[int, str]]
    href: str = ""

    @property
    def total(self) -> int:
        return sum(n for n, _href in self.cells)


def _forecast(request: HttpRequest) -> tuple[Forecast, str, list[ForecastRow]]:
    """Rows of the table, by learning area or by school; a cell leads to the people behind it."""
    demand(request.actor, VIEW)
    scope = request.actor.scope(VIEW)
    by = "unit" if request.GET.get("by") == "unit" else "subject"
    schools = seen_schools(request.actor)
    found = forecast(None if scope.everywhere else [school.unit_id for school in schools], by=by)
    if by == "unit":
        names: list[tuple[str | int, str, str]] = [
            (s.unit_id, s.name, f"unit={s.unit.short_name}") for s in schools
        ]
        known = {s.unit_id for s in schools}
        rest = [key for key in found.groups() if key not in known]
        rows = [_row(found, [key], words, extra) for key, words, extra in names if found.serving[key]]
        if rest:
            rows.append(_row(found, rest, _("สำนักงานเขตพื้นที่และอื่น ๆ"), ""))
        return found, by, rows
    areas = [(value, words) for value, words in Subject.choices if value in found.serving]
    rows = (
        [_row(found, ["heads"], _("ผู้บริหารสถานศึกษา"), "job=principal&job=vice_principal")]
        if found.serving["heads"]
        else []
    )
    rows += [
        _row(found, [value], str(words), f"job=teacher&job=assistant&subject={value}")
        for value, words in areas
    ]
    if found.serving["none"]:
        rows.append(_row(found, ["none"], _("ครูที่ไม่ระบุวิชาเอก"), ""))
    if found.serving["rest"]:
        rows.append(_row(found, ["rest"], _("บุคลากรอื่น"), ""))
    return found, by, rows


def _row(found: Forecast, keys: Sequence[str | int], label: str, extra: str) -> ForecastRow:
    numbers = [sum(found.cells[key, year] for key in keys) for year in found.years]
    cells = [
        (n, f"{extra}&retires={year}" if n and extra else "")
        for n, year in zip(numbers, found.years, strict=True)
    ]
    return ForecastRow(label, sum(found.serving[key] for key in keys), cells)


@login_required
@require_GET
@never_cache
def retirement(request: HttpRequest) -> HttpResponse:
    """How many leave at the end of each of the next ten fiscal years, and what they teach."""
    found, by, rows = _forecast(request)
    total = found.total()
    highest = max(total, default=0) or 1
    bars = [
        {
            "year": year,
            "n": n,
            "height": round(96 * n / highest),
            "x": place * 60,
            "top": 110 - round(96 * n / highest),
        }
        for place, (year, n) in enumerate(zip(found.years, total, strict=True))
    ]
    return render(
        request,
        "staff/retirement.html",
        {
            "found": found, "by": by, "rows": rows, "total": total, "all": sum(total), "bars": bars, "serving": sum(found.serving.values()),
            "five": sum(total[:5]),
        },
    )  # fmt: skip


@login_required
@require_GET
def retirement_export(request: HttpRequest) -> HttpResponse:
    found, by, rows = _forecast(request)
    buffer = io.BytesIO()
    heads = ["โรงเรียน" if by == "unit" else "กลุ่มวิชาเอก", "มีอยู่", *(str(year) for year in found.years), "รวม"]
    write_xlsx(
        [
            *([row.label, row.serving, *(n for n, _href in row.cells), row.total] for row in rows),
            ["รวม", sum(found.serving.values()), *found.total(), sum(found.total())],
        ],
        heads,
        buffer,
    )
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="retirement-{by}.xlsx"'
    return response


@login_required
@require_GET
def retirement_paper(request: HttpRequest) -> HttpResponse:
    found, by, rows = _forecast(request)
    first = "โรงเรียน" if by == "unit" else "กลุ่มวิชาเอก"
    content = list_print(
        ListPaper(
            office=office().name,
            title="คาดการณ์การเกษียณอายุราชการ 10 ปี",
            columns=[ListColumn(label=first, share=2.6, align="left"), ListColumn(label="มีอยู่", share=0.8, align="right")]
            + [ListColumn(label=str(year), share=0.7, align="right") for year in found.years] + [ListColumn(label="รวม", share=0.8, align="right")],
            rows=[
                *([row.label, f"{row.serving:,}", *(str(n or "") for n, _href in row.cells), str(row.total)] for row in rows),
                ["รวม", f"{sum(found.serving.values()):,}", *(str(n) for n in found.total()), str(sum(found.total()))],
            ],
            filtered="ครบเกษียณ 30 กันยายนของปีงบประมาณ คิดจากวันเกิดในทะเบียนบุคลากร",
            printed=f"พิมพ์ {thai_date(today())}",
            thai_digits=Profile.load().thai_digits_on_paper,
            size=12,
        )
    )  # fmt: skip
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="retirement.pdf"'
    return response
