"""Figures of the years before khet as a register: what the old books say, row by row, with the book and the file it came in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.org.api import Actor
from khet.kits.register.bases import Cell, Column, Facet, Fact, Panel, Record, Section, View, register
from khet.kits.register.choices import Kind
from khet.outlets.statistics.actions import correct_past
from khet.outlets.statistics.bases import indicators
from khet.outlets.statistics.choices import Level
from khet.outlets.statistics.models import PastFigure
from khet.outlets.statistics.queries.past import plain
from khet.outlets.statistics.queries.tables import written
from khet.outlets.statistics.records.columns import dims_words, of_words, place_words
from khet.outlets.statistics.records.correcting import CorrectionForm
from khet.outlets.statistics.records.files import PastImport
from khet.outlets.statistics.rules import PAST


def title_of(figure: PastFigure) -> str:
    said = indicators.get(figure.indicator)
    return str(said.title) if said else figure.indicator


def value_of(figure: PastFigure) -> str:
    """16,938 คน, with as many decimals as the document has."""
    said = indicators.get(figure.indicator)
    decimals = max(0, -figure.value.normalize().as_tuple().exponent)  # type: ignore[operator]
    return f"{written(plain(figure.value), decimals)} {said.unit if said else ''}".strip()


def round_of(figure: PastFigure) -> str:
    if figure.number:
        return _("รอบ %(n)d") % {"n": figure.number}
    return _("ภาคเรียนที่ %(n)d") % {"n": figure.term} if figure.term else ""


def page_of(figure: PastFigure) -> Cell | str:
    """The indicator, leading to its trend."""
    if figure.indicator not in indicators:
        return figure.indicator
    place = f"?level={figure.level}&place={figure.place}" if figure.place else ""
    return Cell(
        title_of(figure), href=f"{reverse('statistics:indicator', args=[figure.indicator])}{place}#trend"
    )


class PastFigures(Record[PastFigure]):
    code = "figures"
    model = PastFigure
    label = gettext_lazy("ตัวเลขก่อนใช้ระบบ")
    label_many = gettext_lazy("ตัวเลขก่อนใช้ระบบ")
    counter = pgettext_lazy("counted", "ตัวเลข")
    icon = "book-open"
    key = "code"
    shared = True
    exporting = PAST
    folded = "search_text"
    default_order = "-year"
    columns = (
        Column("year", gettext_lazy("ปีการศึกษา"), "school_year", kind=Kind.CODE),
        Column("indicator", gettext_lazy("ตัวชี้วัด"), "indicator", show=title_of),
        Column("place", gettext_lazy("หน่วย"), "place_name", show=of_words),
        Column("value", gettext_lazy("ค่า"), "value", show=value_of, kind=Kind.DECIMAL),
        Column("source", gettext_lazy("ที่มา"), "source"),
        Column("round", gettext_lazy("รอบหรือภาคเรียน"), "number", show=round_of, shown=False),
        Column("file", gettext_lazy("ไฟล์ที่นำเข้า"), "file", shown=False),
    )
    facets = (
        Facet("year", gettext_lazy("ปีการศึกษา"), "year_words"),
        Facet("level", gettext_lazy("ระดับ"), "level", dict(Level.choices)),
        Facet("indicator", gettext_lazy("รหัสตัวชี้วัด"), "indicator", folded=True),
        Facet("source", gettext_lazy("ที่มา"), "source", folded=True),
        Facet("file", gettext_lazy("ไฟล์ที่นำเข้า"), "file", folded=True),
    )
    views = (View("all", gettext_lazy("ทั้งหมด")), View("area", gettext_lazy("ทั้งเขต"), {"level": ["area"]}))
    panels = (
        Panel(
            "facts", gettext_lazy("ตัวเลขก่อนใช้ระบบ"),
            (
                Fact(gettext_lazy("ตัวชี้วัด"), page_of),
                Fact(gettext_lazy("ปีการศึกษา"), lambda f: f.school_year),
                Fact(gettext_lazy("รอบหรือภาคเรียน"), round_of),
                Fact(gettext_lazy("ระดับ"), lambda f: f.get_level_display()),
                Fact(gettext_lazy("หน่วย"), place_words),
                Fact(gettext_lazy("แยกตาม"), dims_words),
                Fact(gettext_lazy("ค่า"), value_of),
                Fact(gettext_lazy("ที่มา"), lambda f: f.source),
                Fact(gettext_lazy("ไฟล์ที่นำเข้า"), lambda f: f.file),
            ),
        ),
    )  # fmt: skip
    edit = PAST
    form = CorrectionForm
    sections = (Section("figure", gettext_lazy("แก้ตัวเลขนี้"), ["value", "source", "reason"]),)
    update = staticmethod(correct_past)
    imports = PastImport()

    def queryset(self, actor: Actor) -> models.QuerySet[PastFigure]:
        return PastFigure.objects.annotate(
            year_words=models.functions.Cast("school_year", models.CharField())
        )

    def title(self, record: PastFigure) -> str:
        return f"{title_of(record)} {record.short} {place_words(record)}"

    def facts_line(self, record: PastFigure) -> list[tuple[Any, Any]]:
        return [(_("รหัสตัวชี้วัด"), record.indicator)]

    def example(self, number: int) -> dict[str, Any]:
        year = 2540 + number
        return {
            "code": f"{year}.0.0.rooms_by_grade.area..", "school_year": year, "indicator": "rooms_by_grade", "level": "area", "place": "",
            "place_name": "", "dims": {}, "value": Decimal(500 + number), "source": f"สมุดสารสนเทศ {year} หน้า {number}",
        }  # fmt: skip


register(PastFigures())
