"""Papers of compulsory education: chosen, with a reason, printed; everybody on them is recorded as read about."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from khet.base.lib.errors import FreshSignInNeeded, Refusal
from khet.base.org.api import Actor, demand, visible
from khet.base.privacy.api import Subject, Via, record_reading, typed_reason
from khet.base.ui.forms import refuse_on
from khet.modules.children.choices import Paper
from khet.modules.children.forms import PaperForm
from khet.modules.children.models import Child
from khet.modules.children.papers import first_year_pdf, first_year_sheet, list_pdf, notices_pdf
from khet.modules.children.queries.children import intake, now_year
from khet.modules.children.rules import EXPORT, READ_IDS
from khet.modules.schools.api import School, own_schools

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@never_cache
def papers(request: HttpRequest) -> HttpResponse:
    """Choose a paper; POST gives the file."""
    actor: Actor = request.actor
    demand(actor, EXPORT)
    schools = (
        visible(actor, own_schools(), None)
        .filter(unit__in=actor.scope(EXPORT).unit_ids())
        .order_by("sort_name", "pk")
    )
    first = schools.first()
    form = PaperForm(
        request.POST or None,
        schools=schools,
        year=now_year(),
        may_ids=actor.has(READ_IDS),
        initial={"school": first},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _paper(actor, as_sheet="sheet" in request.POST, **form.cleaned_data)
        except FreshSignInNeeded:
            raise
        except Refusal as why:
            refuse_on(form, why)
    return render(request, "children/papers.html", {"form": form}, status=422 if form.errors else 200)


def _paper(
    actor: Actor,
    *,
    school: School,
    paper: str,
    year: int,
    reason: str,
    full_ids: bool = False,
    as_sheet: bool = False,
) -> HttpResponse:
    """The file, after everybody on it has been recorded as read about."""
    reason = typed_reason(reason)
    paper = Paper.FIRST_YEAR if as_sheet else paper  # the one that is sent as a spreadsheet
    if full_ids and not actor.fresh_sign_in:
        raise FreshSignInNeeded(_("ยืนยันตัวตนอีกครั้งก่อนพิมพ์เลขเต็ม"), code="fresh_sign_in_needed")
    children = list(intake(year, visible(actor, Child.objects.filter(school=school), EXPORT)))
    what = {"birth", "address", "family", "schooling"} | ({"citizen_id"} if full_ids else set())
    record_reading(
        actor=actor, what=what, subjects=[Subject.of(child, child.full_name, school.unit_id) for child in children],
        reason=reason, via=Via.PRINT,
    )  # fmt: skip
    title = {Paper.LIST: "พฐ.03", Paper.FIRST_YEAR: "เด็กเข้า ป.1 แนบ 386", Paper.NOTICES: "แจ้งผู้ปกครอง"}[
        Paper(paper)
    ]
    if as_sheet:
        content, kind, ending = first_year_sheet(school, year, children, full_ids=full_ids), XLSX, "xlsx"
    else:
        make = {Paper.LIST: list_pdf, Paper.FIRST_YEAR: first_year_pdf, Paper.NOTICES: notices_pdf}[
            Paper(paper)
        ]
        content, kind, ending = make(school, year, children, full_ids=full_ids), "application/pdf", "pdf"
    response = HttpResponse(content, content_type=kind)
    name = quote(f"{title} {school.name} {year}.{ending}")
    response["Content-Disposition"] = (
        f"inline; filename=\"children-{paper}.{ending}\"; filename*=UTF-8''{name}"
    )
    return response
