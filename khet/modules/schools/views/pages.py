"""Pages of schools beyond the register: position, map, state, photographs."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import Forbidden, FreshSignInNeeded, NotFound, Refusal
from khet.base.org.api import demand, fetch, visible
from khet.base.ui.forms import refuse_on
from khet.modules.schools.actions import (
    add_photo,
    close,
    keep_outlines,
    merge,
    parse_outlines,
    remove_photo,
    reopen,
    set_position,
)
from khet.modules.schools.choices import OUTSIDE_M, OutlineLevel, Status
from khet.modules.schools.forms import OutlinesForm, PhotoForm, PositionForm, StatusForm
from khet.modules.schools.maps import as_geojson, districts_drawn, draw
from khet.modules.schools.models import Outline, School
from khet.modules.schools.queries import with_everything
from khet.modules.schools.rules import EDIT, EDIT_OWN, STATUS, VIEW


@login_required
@require_GET
@never_cache
def map_page(request: HttpRequest) -> HttpResponse:
    """All schools of the area on one map, by district; a dot leads to its school."""
    demand(request.actor, VIEW)
    district = request.GET.get("amphoe", "").replace("\x00", "")
    schools = visible(
        request.actor, School.objects.filter(unit__parent__isnull=False, unit__until__isnull=True)
    )
    schools = list(
        schools.only(
            "pk",
            "name",
            "amphoe",
            "amphoe_code",
            "latitude",
            "longitude",
            "position_state",
            "size",
            "sort_name",
            "outside_m",
        )
    )
    districts = sorted({s.amphoe for s in schools if s.amphoe})
    shown = [s for s in schools if not district or s.amphoe == district]
    context = {
        "picture": draw(
            districts_drawn(),
            schools,
            width=720,
            pad=12,
            tambons=Outline.objects.filter(level=OutlineLevel.TAMBON),
        ),
        "here_codes": {s.amphoe_code for s in shown} if district else set(),
        "outside": [s for s in shown if s.outside_m and s.outside_m > OUTSIDE_M],
        "shown": {s.pk for s in shown},
        "schools": shown,
        "districts": districts,
        "district": district,
        "unplaced": [s for s in shown if s.latitude is None],
        "estimated": sum(1 for s in shown if s.latitude is not None and not s.position_confirmed),
        "form": OutlinesForm() if request.actor.has(EDIT) else None,
    }
    return render(request, "schools/map.html", context)


@login_required
@require_POST
def outlines(request: HttpRequest) -> HttpResponse:
    """Take the outlines of provinces, districts or tambons from a file of shapes."""
    demand(request.actor, EDIT)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise Refusal(_("ยังไม่ได้เลือกไฟล์"), code="schools.no_file")
        form = OutlinesForm(request.POST, request.FILES)
        frame = form.cleaned_data["frame"] if form.is_valid() else None
        shapes = parse_outlines(upload, upload.name or "", frame)
        count = keep_outlines(actor=request.actor, geojson=shapes.geojson)
    except (Forbidden, NotFound, FreshSignInNeeded):
        raise
    except Refusal as why:
        messages.error(request, why.sentence)
    else:
        messages.success(request, " ".join([_("ใส่แนวเขต %(n)d รูปแล้ว") % {"n": count}, *shapes.sentences]))
    return redirect("schools:map")


@login_required
@require_GET
def outlines_json(request: HttpRequest) -> JsonResponse:
    """The outlines for the map on which a pin is dropped."""
    demand(request.actor, VIEW)
    return JsonResponse(as_geojson(Outline.objects.exclude(level=OutlineLevel.PROVINCE)))


def _page(school: School) -> str:
    return reverse("register:detail", args=["schools", school.pk])


@login_required
@never_cache
def position(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where the school stands: a pin on the outlines, or two numbers."""
    school = fetch(request.actor, with_everything(), EDIT_OWN, pk=pk)
    if request.method == "POST":
        form = PositionForm(request.POST)
        if form.is_valid():
            try:
                set_position(actor=request.actor, school=school, **form.cleaned_data)
            except (Forbidden, NotFound, FreshSignInNeeded):
                raise
            except Refusal as why:
                refuse_on(form, why)
            else:
                messages.success(request, _("ยืนยันพิกัดของ%(school)sแล้ว") % {"school": school.full_name})
                return redirect(_page(school))
    else:
        form = PositionForm(initial={"latitude": school.latitude, "longitude": school.longitude})
    return render(
        request, "schools/position.html", {"school": school, "form": form}, status=422 if form.errors else 200
    )


@login_required
@never_cache
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Taught elsewhere, closed, transferred, open again; with day and order."""
    school = fetch(request.actor, with_everything(), STATUS, pk=pk)
    targets = (
        visible(request.actor, School.objects.filter(unit__until__isnull=True))
        .exclude(pk=pk)
        .order_by("sort_name")
    )
    form = StatusForm(request.POST or None, school=school, targets=targets)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        common = {
            "actor": request.actor,
            "school": school,
            "since": values["since"],
            "reference": values["reference"],
            "note": values["note"],
        }
        try:
            if values["status"] == Status.NORMAL:
                reopen(**common)
            elif values["status"] == Status.TAUGHT_ELSEWHERE:
                if values["into"] is None:
                    raise Refusal(_("เลือกโรงเรียนที่ไปเรียนรวม"), code="schools.into", field="into")
                merge(into=values["into"], **common)
            else:
                close(into=values["into"], transferred=values["status"] == Status.TRANSFERRED, **common)
        except (Forbidden, NotFound, FreshSignInNeeded):
            raise
        except Refusal as why:
            refuse_on(form, why)
        else:
            messages.success(request, _("บันทึกสถานะของ%(school)sแล้ว") % {"school": school.full_name})
            return redirect(_page(school))
    return render(
        request, "schools/status.html", {"school": school, "form": form}, status=422 if form.errors else 200
    )


@login_required
@never_cache
def photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a photograph."""
    school = fetch(request.actor, with_everything(), EDIT_OWN, pk=pk)
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_photo(
                actor=request.actor,
                school=school,
                upload=form.cleaned_data["photo"],
                caption=form.cleaned_data["caption"],
            )
        except (Forbidden, NotFound, FreshSignInNeeded):
            raise
        except Refusal as why:
            refuse_on(form, why)
        else:
            messages.success(request, _("เพิ่มภาพแล้ว"))
            return redirect("register:tab", "schools", school.pk, "photos")
    return render(
        request,
        "schools/photo_form.html",
        {"school": school, "form": form},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def drop_photo(request: HttpRequest, pk: int, photo: str) -> HttpResponse:
    school = fetch(request.actor, with_everything(), EDIT_OWN, pk=pk)
    remove_photo(actor=request.actor, school=school, photo=photo)
    messages.success(request, _("นำภาพออกแล้ว"))
    return redirect("register:tab", "schools", school.pk, "photos")
