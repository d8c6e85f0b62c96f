"""Pages of emergencies: events, the board with its map and papers, a school's report on a phone."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from khet.base.lib.errors import Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.lib.sheets import write_xlsx
from khet.base.org.api import can, demand, fetch, visible
from khet.base.ui.forms import refuse_on
from khet.modules.emergencies import actions
from khet.modules.emergencies.choices import SHAPES, SILENT, SchoolState, ground_words
from khet.modules.emergencies.forms import CallForm, ClosingForm, EventForm, ReportForm
from khet.modules.emergencies.models import Call, Event
from khet.modules.emergencies.papers import situation_pdf
from khet.modules.emergencies.queries import board_of, kept_areas, newest, struck, with_counts
from khet.modules.emergencies.queries.board import PEOPLE, phone_of
from khet.modules.emergencies.rules import OPEN, REPORT, VIEW, VIEW_ALL
from khet.modules.schools.api import School, area_picture


def event_of(request: HttpRequest, pk: int, code: str | None = None) -> Event:
    return fetch(request.actor, Event.objects.select_related("opened_by"), code, pk=pk)


def refused(form: Any, why: Refusal) -> None:
    """A refusal becomes an error of its field; what is not for this reader goes on as a page of its own."""
    if isinstance(why, (Forbidden, NotFound, FreshSignInNeeded)):
        raise why
    refuse_on(form, why)


@login_required
@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Open events first, then the past; for a school its own standing beside each."""
    demand(request.actor, VIEW)
    events = list(with_counts(visible(request.actor, Event.objects.all()))[:60])
    may_all = request.actor.has(VIEW_ALL)
    mine: dict[int, Call] = {}
    if not may_all:
        calls = visible(request.actor, Call.objects.filter(event__in=events)).select_related(
            "latest", "school"
        )
        mine = {call.event_id: call for call in calls}
    return render(
        request,
        "emergencies/home.html",
        {
            "open": [(event, mine.get(event.pk)) for event in events if event.is_open],
            "past": [(event, mine.get(event.pk)) for event in events if not event.is_open],
            "may_open": request.actor.has(OPEN),
            "may_all": may_all,
        },
    )


@login_required
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Open an event: kind, name, where. Without a place it is the whole area."""
    demand(request.actor, OPEN)
    form, where = EventForm(request.POST or None), CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and where.is_valid():
        try:
            event = actions.open_event(actor=request.actor, **form.cleaned_data, **where.called())
        except Refusal as why:
            refused(form if why.field in form.fields else where, why)
        else:
            messages.success(request, _("เปิดเหตุ “%(title)s” และแจ้งโรงเรียนแล้ว") % {"title": event.title})
            return redirect("emergencies:event", event.pk)
    wrong = form.errors or where.errors
    return render(
        request, "emergencies/new.html", {"form": form, "where": where}, status=422 if wrong else 200
    )


def _filters(request: HttpRequest) -> dict[str, str]:
    return {
        name: request.GET.get(name, "").replace("\x00", "")[:80] for name in ("state", "need", "district")
    }


@login_required
@require_GET
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """The board of an event; a school is led to its own page."""
    found = event_of(request, pk)
    if not request.actor.has(VIEW_ALL):
        own = visible(request.actor, School.objects.filter(unit__until__isnull=True)).first()
        if own is None:
            raise NotFound(_("ไม่พบโรงเรียนของคุณในเหตุนี้"), code="not_found")
        return redirect("emergencies:school", pk, own.pk)
    board = board_of(found, visible(request.actor, Call.objects.all()))
    ground = struck(request.actor, found, board.calls)
    chosen = _filters(request)
    context = {
        "event": found,
        "board": board,
        "whole": board.whole,
        "people": board.people,
        "grave": "{hurt} / {lost}".format(**board.people),
        "struck": ground,
        "ground": ground_words(found.kind),
        "not_called": ",".join(map(str, ground.not_called)),
        "waiting": ",".join(map(str, ground.called)),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "calls": board.chosen(**chosen) if any(chosen.values()) else [],
        "recent": sorted(
            (c for c in board.calls if c.latest), key=lambda c: c.latest.reported_at, reverse=True
        )[:8],
        "legend": [*((SHAPES[state], state.label) for state in SchoolState), (SHAPES[""], SILENT)],
        "may_open": request.actor.has(OPEN),
        "next_reminder": found.reminders + 1,
        "closing": ClosingForm(),
    }
    partial = request.htmx and request.htmx.target == "emergency-board"
    return render(request, "emergencies/parts/board.html" if partial else "emergencies/event.html", context)


@login_required
@require_GET
@never_cache
def event_map(request: HttpRequest, pk: int) -> HttpResponse:
    """The schools of an event where they stand, by state, over the ground it struck."""
    found = event_of(request, pk)
    board = board_of(found, visible(request.actor, Call.objects.all()))
    by_school = {call.school_id: call for call in board.calls}
    picture = area_picture([call.school for call in board.calls])
    dots = [(dot, by_school[dot.school.pk]) for dot in picture.dots] if picture else []
    areas = newest(kept_areas(found).defer(None)) if picture else []
    # The closed are drawn last, over the others.
    order = {"": 0, SchoolState.OPEN: 1, SchoolState.PARTLY: 2, SchoolState.CLOSED: 3}
    dots.sort(key=lambda pair: order[pair[1].state])
    return render(
        request,
        "emergencies/map.html",
        {
            "event": found,
            "board": board,
            "picture": picture,
            "areas": areas,
            "drawn": [picture.path_of(area.coordinates) for area in areas],
            "dots": dots,
            "unplaced": [call for call in board.calls if call.school.latitude is None],
            "states": [*((state.value, state.label) for state in SchoolState), ("", SILENT)],
        },
    )


@login_required
@never_cache
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the words of an event, or call further schools."""
    found = event_of(request, pk, OPEN)
    form = EventForm(
        request.POST or None, initial={"kind": found.kind, "title": found.title, "note": found.note}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_event(actor=request.actor, event=found, **form.cleaned_data)
        except Refusal as why:
            refused(form, why)
        else:
            messages.success(request, _("บันทึกแล้ว"))
            return redirect("emergencies:event", pk)
    return render(
        request,
        "emergencies/edit.html",
        {"event": found, "form": form, "where": CallForm()},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Call further districts or schools."""
    found = event_of(request, pk, OPEN)
    where = CallForm(request.POST)
    if where.is_valid():
        try:
            count = actions.call_schools(actor=request.actor, event=found, **where.called())
        except Refusal as why:
            refused(where, why)
        else:
            messages.success(request, _("เรียกเพิ่ม %(n)d โรงเรียน และแจ้งแล้ว") % {"n": count})
            return redirect("emergencies:event", pk)
    form = EventForm(initial={"kind": found.kind, "title": found.title, "note": found.note})
    return render(
        request, "emergencies/edit.html", {"event": found, "form": form, "where": where}, status=422
    )


@login_required
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the silent again."""
    found = event_of(request, pk, OPEN)
    number = request.POST.get("number", "")
    count = actions.remind_silent(
        actor=request.actor, event=found, number=int(number) if number.isdecimal() else 0
    )
    messages.success(request, _("เตือนแล้ว %(n)d โรงเรียน") % {"n": count})
    return redirect("emergencies:event", pk)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found = event_of(request, pk, OPEN)
    form = ClosingForm(request.POST)
    if form.is_valid():
        actions.close_event(actor=request.actor, event=found, **form.cleaned_data)
        messages.success(request, _("ปิดเหตุแล้ว กระดานและรายงานยังดูได้"))
    else:
        messages.error(request, _("สรุปยาวเกิน 1,000 ตัวอักษร ย่อให้สั้นลง"))
    return redirect("emergencies:event", pk)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    found = event_of(request, pk, OPEN)
    actions.reopen_event(actor=request.actor, event=found)
    messages.success(request, _("เปิดเหตุอีกครั้งแล้ว โรงเรียนรายงานได้ต่อ"))
    return redirect("emergencies:event", pk)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    plain = "event." + name.rsplit(".", 1)[-1]
    response["Content-Disposition"] = f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


@login_required
@require_GET
@never_cache
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The situation report as PDF."""
    found = event_of(request, pk)
    demand(request.actor, VIEW_ALL)
    board = board_of(found, visible(request.actor, Call.objects.all()))
    ground = struck(request.actor, found, board.calls)
    return _file(situation_pdf(board, ground), "application/pdf", f"รายงานสถานการณ์ {found.title}.pdf")


@login_required
@require_GET
@never_cache
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The board as a spreadsheet: one row per school."""
    found = event_of(request, pk)
    demand(request.actor, VIEW_ALL)
    board = board_of(found, visible(request.actor, Call.objects.all()))
    heads = [
        _("รหัส 8 หลัก"), _("โรงเรียน"), _("อำเภอ"), _("สถานะ"), _("ตั้งแต่วันที่"), _("คาดว่าเปิดเรียนวันที่"), _("ระดับน้ำ (ซม.)"), _("ความเสียหาย"), _("เสียหายอะไรบ้าง"),
        _("มูลค่าโดยประมาณ (บาท)"), _("นักเรียนเดือดร้อน"), _("ครูและบุคลากรเดือดร้อน"), _("บาดเจ็บ"), _("เสียชีวิตหรือสูญหาย"), _("ผู้พักพิงในโรงเรียน"), _("ต้องการด่วน"),
        _("ข้อความเพิ่มเติม"), _("รายงานเมื่อ"), _("ผู้รายงาน"), _("โทรศัพท์"), ground_words(found.kind),
    ]  # fmt: skip
    ground = struck(request.actor, found, board.calls)
    rows = []
    for one in board.calls:
        said = one.latest
        row = [one.school.smis8, one.school.name, one.school.amphoe, one.state_words]
        if said:
            row += [
                said.since, said.until, said.depth_cm, ", ".join(f"{a} {b}" for a, b in said.harms), said.damage_words, said.baht,
                *(getattr(said, name) for name in PEOPLE), ", ".join(said.need_words), said.words, said.reported_at, said.by_name,
            ]  # fmt: skip
        else:
            row += [None] * 15
        within = (_("อยู่ในพื้นที่") if one.school_id in ground.inside else "") if ground.areas else None
        rows.append([*row, phone_of(one), within])
    out = io.BytesIO()
    write_xlsx(rows, heads, out, title=_("เหตุภัย"))
    return _file(
        out.getvalue(),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        f"{found.title}.xlsx",
    )


def _school(request: HttpRequest, event: int, school: int) -> tuple[Event, School, Call | None]:
    found = event_of(request, event)
    where = fetch(request.actor, School.objects.select_related("unit"), pk=school)
    standing = (
        visible(request.actor, Call.objects.filter(event=found, school=where))
        .select_related("latest", "event", "school")
        .first()
    )
    return found, where, standing


@login_required
@require_GET
@never_cache
def school(request: HttpRequest, event: int, school: int) -> HttpResponse:
    """What one school said in an event, newest first, with its photographs."""
    found, where, standing = _school(request, event, school)
    return render(
        request,
        "emergencies/school.html",
        {
            "event": found,
            "school": where,
            "call": standing,
            "reports": list(standing.reports.all()[:40]) if standing else [],
            "photos": list(actions.photos(standing)) if standing else [],
            "may_report": found.is_open and can(request.actor, REPORT, where.unit),
            "may_all": request.actor.has(VIEW_ALL),
        },
    )


@login_required
@never_cache
def report(request: HttpRequest, event: int, school: int) -> HttpResponse:
    """The form a principal fills on a phone; what was said last stands in it."""
    found, where, standing = _school(request, event, school)
    demand(request.actor, REPORT, where.unit)
    latest = standing.latest if standing else None
    initial: dict[str, Any] = {}
    if latest:
        initial = {name: getattr(latest, name) for name in ReportForm.Meta.fields}
    form = ReportForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        uploads = values.pop("photos")
        try:
            actions.report(actor=request.actor, unit=where.unit, event=found, uploads=uploads, **values)
        except Refusal as why:
            refused(form, why)
        else:
            messages.success(request, _("ส่งรายงานแล้ว แก้ได้โดยรายงานอีกครั้ง"))
            return redirect("emergencies:school", event, where.pk)
    return render(
        request,
        "emergencies/report.html",
        {"event": found, "school": where, "form": form, "latest": latest},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def drop_photo(request: HttpRequest, event: int, school: int, photo: str) -> HttpResponse:
    _found, where, standing = _school(request, event, school)
    demand(request.actor, REPORT, where.unit)
    if standing is None:
        raise NotFound(_("ไม่พบภาพนี้ อาจมีผู้นำออกแล้ว"), code="emergencies.no_photo")
    actions.remove_photo(actor=request.actor, unit=where.unit, call=standing, photo=photo)
    messages.success(request, _("นำภาพออกแล้ว"))
    return redirect("emergencies:school", event, where.pk)
