"""Shortage of classrooms, toilets and teachers' houses by criterion: page, print, export; the criteria themselves."""

from __future__ import annotations

import io
from functools import partial

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.pdf import ListColumn, ListPaper, list_print
from khet.base.lib.sheets import write_xlsx
from khet.base.lib.thai import thai_date
from khet.base.org.api import Profile, can, demand, fetch, office, today
from khet.base.ui.forms import ThaiDateField
from khet.modules.assets.actions.criteria import add_criterion, change_criterion, remove_criterion
from khet.modules.assets.choices import Need
from khet.modules.assets.models import Criterion
from khet.modules.assets.queries.shortage import Line, criteria_on, shortage
from khet.modules.assets.queries.units import seen_units
from khet.modules.assets.rules import CRITERIA, EXPORT, VIEW
from khet.modules.assets.views.asking import ask, posted
from khet.modules.schools.api import School


class CriterionForm(forms.ModelForm):
    since = ThaiDateField()

    class Meta:
        model = Criterion
        fields = ("need", "since", "low", "high", "fixed", "per", "source", "is_confirmed")


def _lines(request: HttpRequest) -> tuple[list[Line], str, str]:
    """The lines asked for: of one need, or all; only what is short."""
    demand(request.actor, VIEW)
    schools = (
        School.objects.filter(unit__in=seen_units(request.actor))
        .select_related("unit")
        .order_by("sort_name", "pk")
    )
    need = request.GET.get("need", "")
    need = need if need in Need.values else Need.CLASSROOM
    show = "all" if request.GET.get("show") == "all" else "short"
    lines = [line for line in shortage(schools) if line.need == need]
    return lines, need, show


@login_required
@require_GET
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Criterion, what stands, short and over, per school; the worst first."""
    lines, need, show = _lines(request)
    short = sorted((line for line in lines if line.short), key=lambda line: -line.short)
    shown = short if show == "short" else lines
    rows = criteria_on().get(need, [])
    return render(
        request,
        "assets/shortage.html",
        {
            "lines": shown,
            "need": need,
            "need_words": Need(need).label,
            "show": show,
            "tabs": [(value, words, value == need) for value, words in Need.choices],
            "criteria": rows,
            "unconfirmed": any(not row.is_confirmed for row in rows),
            "schools": len(lines),
            "short": len(short),
            "missing": sum(line.short for line in short),
            "unknown": sum(1 for line in lines if line.wanted is None),
            "may_edit": can(request.actor, CRITERIA),
            "may_export": can(request.actor, EXPORT),
        },
    )


_HEADS = ("รหัสโรงเรียน", "โรงเรียน", "อำเภอ", "นักเรียน", "เกณฑ์", "มีอยู่", "ขาด", "เกิน")


@login_required
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """All lines of a need as a spreadsheet."""
    demand(request.actor, EXPORT)
    lines, need, _show = _lines(request)
    buffer = io.BytesIO()
    write_xlsx(
        (
            [
                line.unit.code, line.school.name, line.school.amphoe, "" if line.pupils is None else line.pupils,
                "" if line.wanted is None else line.wanted, line.actual, line.short, line.over,
            ]
            for line in lines
        ),
        list(_HEADS),
        buffer,
    )  # fmt: skip
    response = HttpResponse(
        buffer.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="shortage-{need}.xlsx"'
    return response


@login_required
@require_GET
def paper(request: HttpRequest) -> HttpResponse:
    """The same as PDF, with the criterion and its source over the table."""
    lines, need, show = _lines(request)
    shown = [line for line in lines if line.short] if show == "short" else lines
    words = str(Need(need).label)
    intro = [
        f"นักเรียน {row.low:,}–{row.high:,} คน: {row.fixed} และเพิ่ม 1 ต่อ {row.per} คน ({row.source})"
        if row.per
        else f"นักเรียน {row.low:,}–{row.high:,} คน: {row.fixed} ({row.source})"
        for row in criteria_on().get(need, [])
    ]
    content = list_print(
        ListPaper(
            office=office().name,
            title=f"ความขาดแคลน{words}",
            columns=[ListColumn(label="ที่", share=0.4, align="center")]
            + [ListColumn(label=head, share=share, align=align) for head, share, align in zip(
                _HEADS, (1.1, 2.4, 1.3, 0.9, 0.8, 0.8, 0.8, 0.8), ("left", "left", "left", *["right"] * 5), strict=True)],
            rows=[
                [
                    str(place), line.unit.code, line.school.name, line.school.amphoe,
                    "" if line.pupils is None else f"{line.pupils:,}", "" if line.wanted is None else str(line.wanted),
                    str(line.actual), str(line.short or ""), str(line.over or ""),
                ]
                for place, line in enumerate(shown, start=1)
            ],
            filtered=f"ณ วันที่ {thai_date(today())}",
            intro=intro,
            empty="ไม่มีโรงเรียนที่ขาดตามเกณฑ์",
            printed=f"พิมพ์ {thai_date(today())}",
            landscape=False,
            thai_digits=Profile.load().thai_digits_on_paper,
        )
    )  # fmt: skip
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="shortage-{need}.pdf"'
    return response


@login_required
@require_GET
@never_cache
def criteria(request: HttpRequest) -> HttpResponse:
    """The rows of all criteria, those in force first."""
    demand(request.actor, VIEW)
    in_force = {row.pk for rows in criteria_on().values() for row in rows}
    rows = list(Criterion.objects.all())
    return render(
        request,
        "assets/criteria.html",
        {"rows": [(row, row.pk in in_force) for row in rows], "may_edit": can(request.actor, CRITERIA)},
    )


def _path() -> list[tuple[str, str]]:
    return [(_("ความขาดแคลน"), reverse("assets:shortage")), (_("เกณฑ์"), reverse("assets:criteria"))]


@login_required
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Add a row."""
    demand(request.actor, CRITERIA)
    return ask(
        request,
        form=CriterionForm(posted(request)),
        act=partial(add_criterion, actor=request.actor),
        title=_("เพิ่มเกณฑ์"),
        button=_("เพิ่มเกณฑ์"),
        done=_("เพิ่มเกณฑ์แล้ว"),
        back=reverse("assets:criteria"),
        path=_path(),
    )


@login_required
@never_cache
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a row."""
    row = fetch(request.actor, Criterion.objects.all(), CRITERIA, pk=pk)
    return ask(
        request,
        form=CriterionForm(posted(request), instance=Criterion.objects.get(pk=row.pk)),
        act=partial(change_criterion, actor=request.actor, criterion=row),
        title=_("แก้ไขเกณฑ์"),
        button=_("บันทึกเกณฑ์"),
        done=_("บันทึกเกณฑ์แล้ว"),
        back=reverse("assets:criteria"),
        path=_path(),
    )


@login_required
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a row away."""
    row = fetch(request.actor, Criterion.objects.all(), CRITERIA, pk=pk)
    remove_criterion(actor=request.actor, criterion=row)
    messages.success(request, _("ลบเกณฑ์แล้ว"))
    return redirect("assets:criteria")
