"""Findings: lists by school, rule and officer; one finding with its explanation; what to mend in the ministry's program."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khet.base.lib.errors import Refusal
from khet.base.lib.sheets import write_xlsx
from khet.base.org.api import Post, Unit, can, fetch
from khet.kits.rounds.actions import accept, explain, refuse, settle
from khet.kits.rounds.bases import checks
from khet.kits.rounds.choices import FindingState
from khet.kits.rounds.models import Finding, Round
from khet.kits.rounds.queries import findings as reads
from khet.kits.rounds.queries.periods import sheets_of
from khet.kits.rounds.rules import CONFIRM, VERIFY, VIEW_ALL

PER_PAGE = 50


@require_GET
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The findings of a round that the reader may see, narrowed by the address, with counts by rule and school."""
    actor = request.actor
    round_ = fetch(actor, Round.objects.all(), pk=pk)
    every = reads.findings(actor, round_)
    rows = reads.narrowed(every, request.GET, actor)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = reads.dress(page.object_list)
    area = actor.has(VIEW_ALL)
    by_rule = reads.by(every, "code")
    for row in by_rule:
        declared = checks.get(row["code"])
        row["title"] = declared.title if declared else row["code"]
    by_unit, by_officer = [], []
    if area:
        names = dict(
            Unit.objects.filter(pk__in=every.order_by().values("unit")).values_list("pk", "short_name")
        )
        by_unit = [
            {**row, "title": names.get(row["unit"], "")}
            for row in reads.by(every, "unit")[:40]
            if row["left"] or row["explained"]
        ]
        posts = dict(
            Post.objects.filter(pk__in=every.order_by().values("post")).values_list("pk", "short_title")
        )
        by_officer = [
            {**row, "title": posts.get(row["post"], "–")}
            for row in reads.by(every, "post")[:20]
            if row["left"]
        ]
    return render(
        request,
        "rounds/findings.html",
        {
            "round": round_,
            "page": page,
            "by_rule": by_rule,
            "by_unit": by_unit,
            "by_officer": by_officer,
            "area": area,
            "given": request.GET,
            "states": [("unsettled", _("ยังไม่เรียบร้อย")), *FindingState.choices, ("all", _("ทั้งหมด"))],
            "state": request.GET.get("state", "unsettled"),
            "sheets": sheets_of(round_),
            "may_accept": actor.has(VERIFY) and round_.is_open,
            "own_unit": None if area else actor.unit,
            "covered": reads.covered(actor, round_),
        },
    )


def _fetch(request: HttpRequest, pk: int, capability: str | None = None) -> Finding:
    rows = Finding.objects.select_related("unit", "other_unit", "post", "round", "explained_by", "settled_by")
    return fetch(request.actor, rows, capability, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: what is wrong, where to mend it, and the place for a reason. POST explains."""
    actor = request.actor
    finding = _fetch(request, pk, CONFIRM if request.method == "POST" else None)
    refusal = None
    if request.method == "POST":
        try:
            explain(actor=actor, finding=finding, reason=request.POST.get("reason", ""))
        except Refusal as why:
            if why.status not in (400, 409):
                raise
            refusal = why
        else:
            messages.success(request, _("บันทึกคำชี้แจงแล้ว"))
            return redirect(_back(finding))
    return _page(request, finding, refusal)


def _page(request: HttpRequest, finding: Finding, refusal: Refusal | None = None) -> HttpResponse:
    actor = request.actor
    [finding] = reads.dress([finding])
    open_ = finding.round.is_open
    return render(
        request,
        "rounds/finding.html",
        {
            "finding": finding,
            "round": finding.round,
            "refusal": refusal.sentence if refusal else "",
            "typed": request.POST.get("reason") or request.POST.get("answer") or finding.reason,
            "may_explain": open_
            and finding.level == "explain"
            and finding.state in ("open", "reopened", "explained")
            and can(actor, CONFIRM, finding),
            "may_answer": open_ and actor.has(VERIFY) and finding.state in ("explained", "accepted"),
            "may_settle": open_
            and actor.has(VERIFY)
            and finding.other_unit_id is not None
            and not finding.settled_at
            and finding.state != "corrected",
        },
        status=refusal.status if refusal else 200,
    )


def _back(finding: Finding) -> str:
    return f"/rounds/{finding.round_id}/findings/?unit={finding.unit_id}"


@require_POST
def accept_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the explanations chosen on the list."""
    round_ = fetch(request.actor, Round.objects.all(), VERIFY, pk=pk)
    ids = [int(v) for v in request.POST.getlist("finding") if v.isdecimal() and len(v) < 19]
    done = accept(actor=request.actor, findings=Finding.objects.filter(round=round_, pk__in=ids))
    messages.success(request, _("รับคำชี้แจง %(n)d รายการแล้ว") % {"n": done})
    return redirect("rounds:findings", pk)


@require_POST
def answer(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """The area's word on one finding: accept, refuse, or settle between two schools."""
    actor = request.actor
    finding = _fetch(request, pk, VERIFY)
    try:
        if act == "accept":
            accept(actor=actor, findings=[finding.pk])
        elif act == "refuse":
            refuse(actor=actor, finding=finding, answer=request.POST.get("answer", ""))
        else:
            wanted = request.POST.get("keeper", "")
            keeper = next((u for u in (finding.unit, finding.other_unit) if u and str(u.pk) == wanted), None)
            if keeper is None:
                raise Refusal(_("เลือกหนึ่งในสองโรงเรียนที่ซ้ำกัน"), code="rounds.keeper", field="keeper")
            settle(actor=actor, finding=finding, keeper=keeper, reason=request.POST.get("answer", ""))
    except Refusal as why:
        if why.status not in (400, 409):
            raise
        return _page(request, finding, why)
    messages.success(request, _("บันทึกแล้ว แจ้งโรงเรียนแล้ว") if act != "accept" else _("รับคำชี้แจงแล้ว"))
    return redirect("rounds:finding", pk)


def _to_fix(request: HttpRequest, pk: int, unit: int) -> tuple[Round, Unit, list[Finding]]:
    actor = request.actor
    round_ = fetch(actor, Round.objects.all(), pk=pk)
    found = fetch(actor, Unit.objects.all(), pk=unit)
    if not actor.has(VIEW_ALL) and not can(actor, "rounds.view", found):
        from khet.base.lib.errors import NotFound  # noqa: PLC0415

        raise NotFound(_("ไม่พบรายการนี้ อาจถูกย้าย หรืออยู่นอกขอบเขตที่คุณดูได้"), code="not_found")
    return round_, found, reads.to_fix(actor, round_, unit)


@require_GET
def fix(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """What this school must also mend in the ministry's program, for paper."""
    round_, found, rows = _to_fix(request, pk, unit)
    return render(
        request,
        "rounds/fix.html",
        {
            "round": round_,
            "unit": found,
            "rows": rows,
            "covered": reads.covered(request.actor, round_),
            "now": timezone.now(),
        },
    )


@require_GET
def fix_sheet(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    round_, found, rows = _to_fix(request, pk, unit)
    heads = [_("ที่"), _("กฎ"), _("สิ่งที่ต้องแก้"), _("ระดับ"), _("สถานะ"), _("แก้ในระบบต้นทางแล้ว")]
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    lines = [
        [number, str(row.title), row.words, row.get_level_display(), row.get_state_display(), ""]
        for number, row in enumerate(rows, start=1)
    ]
    write_xlsx(lines, heads, out)
    out.seek(0)
    return FileResponse(
        out,
        as_attachment=True,
        filename=f"fix-{round_.school_year}-{round_.number}-{found.code}.xlsx",
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
