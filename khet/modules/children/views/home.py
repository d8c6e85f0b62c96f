"""Figures of a school year, by age and by school; matching by one press."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.sheets import write_xlsx
from khet.base.org.api import Actor, demand, visible
from khet.modules.children.actions import match
from khet.modules.children.choices import FROM, OVER
from khet.modules.children.models import Case, Child, Standing
from khet.modules.children.queries.children import intake, now_year
from khet.modules.children.queries.figures import COLUMNS, OLDEST, YOUNGEST, Figures, figures, years_known
from khet.modules.children.rules import EXPORT, IMPORT, MATCH, RECORD, VIEW
from khet.modules.schools.api import own_schools

HEADS = {
    "service": gettext_lazy("ในเขตบริการ"), "area": gettext_lazy("โรงเรียนอื่นในเขต"), "outside": gettext_lazy("เรียนที่อื่น"),
    "exempt": gettext_lazy("ผ่อนผัน"), "none": gettext_lazy("ไม่ได้เรียน"), "other": gettext_lazy("ยังไม่ถึง จบ หรือพ้นเกณฑ์"),
}  # fmt: skip


def chosen(request: HttpRequest) -> tuple[Figures, list[int], int | None]:
    """Figures of the year and school in the address, the years there are, the school."""
    actor: Actor = request.actor
    demand(actor, VIEW)
    years = years_known()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else now_year()
    rows = visible(actor, Standing.objects.all())
    school = request.GET.get("school", "")
    pk = int(school) if school.isdecimal() and len(school) < 12 else None
    if pk:
        rows = rows.filter(child__school=pk)
    return figures(rows, year), years, pk


def age_words(age: int) -> str:
    if age < YOUNGEST:
        return _("ต่ำกว่า %(age)d ปี") % {"age": YOUNGEST}
    return _("เกิน %(age)d ปี") % {"age": OLDEST} if age > OLDEST else _("%(age)d ปี") % {"age": age}


@login_required
@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Who is at school where, by age; school by school; who comes of age next."""
    found, years, school = chosen(request)
    actor: Actor = request.actor
    everywhere = actor.scope(VIEW).everywhere
    next_year = now_year() + 1
    coming = intake(next_year, visible(actor, Child.objects.all()))
    if school:
        coming = coming.filter(school=school)
    schools = list(own_schools().order_by("sort_name", "pk").values_list("pk", "name")) if everywhere else []
    cases = visible(actor, Case.objects.filter(closed_at__isnull=True))
    context: dict[str, Any] = {
        "figures": found, "years": years, "year": found.year, "heads": [str(HEADS[code]) for code, _states in COLUMNS],
        "ages": [(age_words(line.key), FROM <= line.key < OVER, line) for line in found.ages],
        "schools": sorted(found.schools, key=lambda line: -line.none) if everywhere and not school else [],
        "choices": schools, "school": school, "school_name": dict(schools).get(school, ""), "intake": coming.count(), "next_year": next_year,
        "open_cases": cases.filter(school=school).count() if school else cases.count(), "is_now": found.year == now_year(),
        "may_match": actor.has(MATCH), "may_import": actor.has(IMPORT), "may_print": actor.has(EXPORT), "may_add": actor.has(RECORD),
        "everywhere": everywhere,
    }  # fmt: skip
    listed = reverse("register:list", args=["children"])
    at = f"&school={quote(context['school_name'])}" if context["school_name"] else ""
    context |= {
        "none_url": f"{listed}?state=none{at}", "intake_url": f"{listed}?born={next_year - FROM}{at}",
        "sheet_href": f"{reverse('children:sheet')}?year={found.year}" if context["may_print"] else "",
        "rate_words": f"{found.whole.rate:.1f}%" if found.whole.rate is not None else "",
        "intake_words": _("เข้า ป.1 ปี %(year)d") % {"year": next_year},
    }  # fmt: skip
    return render(request, "children/home.html", context)


@login_required
@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """The figures as a spreadsheet: a row per school, without names of children."""
    demand(request.actor, EXPORT)
    found, _years, _school = chosen(request)
    heads = [
        _("โรงเรียนเขตบริการ"), *(str(HEADS[code]) for code, _states in COLUMNS), _("รวม"), _("อยู่ในเกณฑ์บังคับ"), _("ในเกณฑ์ที่เรียนอยู่"),
        _("ในเกณฑ์ที่ไม่ได้เรียน"), _("ร้อยละที่เรียน"),
    ]  # fmt: skip
    rows = [
        [line.label, *line.cells, line.total, line.bound, line.at_school, line.none, round(line.rate, 2) if line.rate is not None else ""]
        for line in [*found.schools, found.whole]
    ]  # fmt: skip
    rows[-1][0] = _("รวม")
    out = io.BytesIO()
    write_xlsx(rows, heads, out, title=_("เด็กในเขตบริการ %(year)d") % {"year": found.year})
    response = HttpResponse(
        out.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="children-{found.year}.xlsx"'
    return response


@login_required
@require_POST
def match_now(request: HttpRequest) -> HttpResponse:
    """Match the present year now, instead of tonight."""
    counts = match(actor=request.actor)
    messages.success(
        request,
        _("จับคู่แล้ว %(children)d คน ไม่ได้เรียน %(none)d คน เปิดเรื่องติดตามใหม่ %(opened)d ปิด %(closed)d") % counts,
    )
    return redirect("children:home")
