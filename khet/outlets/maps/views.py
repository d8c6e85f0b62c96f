"""The map page, what it fetches, distances, paper and files."""

from __future__ import annotations

import importlib
import io
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.lib.errors import NotFound
from khet.base.lib.sheets import write_xlsx
from khet.base.lib.thai import thai_datetime
from khet.base.org.api import demand
from khet.base.ui.security import allow
from khet.modules.emergencies.api import Ground, struck_areas, struck_schools
from khet.modules.emergencies.choices import SILENT, SchoolState
from khet.modules.schools.choices import EXTENDED, Levels, Size
from khet.outlets.maps.choices import SchoolSymbols, ShapeLayer, SheetSize
from khet.outlets.maps.distances import NEAR_KM, SMALL_PUPILS, candidates, neighbours
from khet.outlets.maps.drawing.classes import classes_of, number
from khet.outlets.maps.forms import DistanceForm, FilesForm, ShowForm
from khet.outlets.maps.queries import figure_of_schools, schools_on_map, shapes
from khet.outlets.maps.rules import EXPORT, VIEW, WHOLE


def _told(request: HttpRequest) -> dict[str, str]:
    chosen = ShowForm(request.GET).chosen() | {"event": _events(request)}
    if chosen["figure"] and not request.actor.has(WHOLE):
        # A figure of other schools is not for this reader: the map of their own stands instead.
        return chosen | {"show": SchoolSymbols.SIZE.value, "figure": "", "round": ""}
    return chosen


def _events(request: HttpRequest) -> str:
    """The numbers of the emergencies that are switched on, as the address bears them."""
    words = request.GET.get("event", "")[:80].split(",")
    return ",".join(dict.fromkeys(word for word in words if word.isdecimal() and len(word) < 10))


def area_words(ground: Ground) -> str:
    """What a legend says of struck ground."""
    return _("%(what)s: %(name)s ณ %(at)s ที่มา %(source)s") % {
        "what": ground.what,
        "name": ground.name,
        "at": thai_datetime(ground.as_at),
        "source": ground.source,
    }


def _figures(chosen: dict[str, str]) -> tuple[dict[str, float | None], dict[str, Any]]:
    return figure_of_schools(chosen["figure"], chosen["round"]) if chosen["figure"] else ({}, {})


@login_required
@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The map with a table of the same schools beside it."""
    demand(request.actor, VIEW)
    chosen = _told(request)
    schools = schools_on_map(request.actor)
    values, about = _figures(chosen)
    scale = classes_of(values.values(), 4, about.get("decimals", 0)) if values else None
    events, _struck = struck_schools(request.actor)
    grounds = struck_areas(request.actor)
    on = chosen["event"].split(",")
    rows = [
        {
            "school": one,
            "value": number(values[one.smis8], about["decimals"])
            if values.get(one.smis8) is not None
            else "",
        }
        for one in schools
    ]
    query = urlencode({name: value for name, value in chosen.items() if value})
    context = {
        "form": ShowForm.showing(chosen),
        "chosen": chosen,
        "query": query,
        "rows": rows,
        "about": about,
        "legend": _legend(chosen["show"], schools, scale),
        "unplaced": sum(1 for one in schools if one.latitude is None),
        "estimated": sum(1 for one in schools if one.latitude is not None and not one.position_confirmed),
        "events": [
            (pk, title, str(pk) in on, [area_words(one) for one in grounds if one.event == pk])
            for pk, title in events
        ],
        "states": [(state.value, state.label) for state in reversed(SchoolState)] + [("silent", SILENT)],
        "may_whole": request.actor.has(WHOLE),
        "may_export": request.actor.has(EXPORT),
        "may_edit": request.actor.has("schools.edit"),
        "tiles": settings.KHET_MAP_TILES,
        "tiles_by": settings.KHET_MAP_TILES_BY,
    }
    response = render(request, "maps/home.html", context)
    if settings.KHET_MAP_TILES:
        found = urlsplit(settings.KHET_MAP_TILES.replace("{s}", "*"))
        allow(response, "img-src", f"{found.scheme}://{found.netloc}")
    return response


def _legend(show: str, schools: list[Any], scale: Any) -> list[tuple[str, str]]:
    """(class of the symbol, words)."""
    if show == SchoolSymbols.INDICATOR:
        if scale is None:
            return []
        steps = [(_step(n, scale.count), scale.words(n)) for n in range(scale.count - 1, -1, -1)]
        return [
            *((f"mark-step mark-step-{step + 1}", words) for step, words in steps),
            ("mark-nothing", _("ไม่มีข้อมูล")),
        ]
    if show == SchoolSymbols.NETWORK:
        return [(f"mark-number:{n}", name) for name, n in _networks(schools).items()]
    kinds = {_kind(one.levels) for one in schools}
    words = {"primary": _("อนุบาล–ประถม"), "extended": _("ขยายโอกาส"), "secondary": _("มัธยมศึกษา")}
    found = [(f"mark-{kind} mark-size-3", text) for kind, text in words.items() if kind in kinds]
    if show == SchoolSymbols.SIZE:
        sizes = sorted({one.size for one in schools if one.size})
        found += [(f"mark-ring mark-size-{size}", str(Size(size).label)) for size in sizes]
    return [*found, ("mark-primary mark-size-3 is-estimated", _("ยังไม่ยืนยันพิกัด"))]


def _step(index: int, count: int) -> int:
    return 2 if count == 1 else round(index * 3 / (count - 1))


def _kind(levels: str) -> str:
    if levels in EXTENDED or levels in (Levels.KU, Levels.PU):
        return "extended"
    return "secondary" if levels in (Levels.L, Levels.LU, Levels.U) else "primary"


def _networks(schools: list[Any]) -> dict[str, int]:
    names = sorted({one.network_name for one in schools if one.network_name})
    return {name: n for n, name in enumerate(names, start=1)}


@login_required
@require_GET
@never_cache
def data(request: HttpRequest) -> HttpResponse:
    """Outlines, schools, open events: everything the map draws, in one answer."""
    demand(request.actor, VIEW)
    chosen = _told(request)
    schools = schools_on_map(request.actor)
    values, about = _figures(chosen)
    scale = classes_of(values.values(), 4, about.get("decimals", 0)) if values else None
    networks = _networks(schools) if chosen["show"] == SchoolSymbols.NETWORK else {}
    events, struck = struck_schools(request.actor)
    points = []
    for one in schools:
        if one.latitude is None:
            continue
        value = values.get(one.smis8)
        points.append(
            {
                "id": one.pk, "code": one.smis8, "name": one.name, "x": float(one.longitude), "y": float(one.latitude),
                "kind": _kind(one.levels), "levels": str(one.get_levels_display()) if one.levels else "", "size": one.size, "pupils": one.pupils,
                "network": one.network_name or "", "place": f"ต.{one.tambon} อ.{one.amphoe}" if one.tambon else one.amphoe,
                "sure": one.position_confirmed, "number": networks.get(one.network_name or ""),
                "step": _step(scale.of(value), scale.count) + 1 if scale is not None and value is not None else None,
                "value": number(value, about["decimals"]) if value is not None else "",
            }
        )  # fmt: skip
    return JsonResponse(
        {
            **shapes(schools),
            "schools": points,
            "page": reverse("register:detail", args=["schools", 0]),
            "unit": about.get("unit", ""),
            "events": [
                {
                    "id": pk,
                    "title": title,
                    "schools": [
                        {"id": one.school, "state": one.state, "words": one.words, "depth": one.depth_cm}
                        for one in struck
                        if one.event == pk
                    ],
                }
                for pk, title in events
            ],
        },
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )


@login_required
@require_GET
@never_cache
def regions(request: HttpRequest) -> HttpResponse:
    """Service areas as shapes, asked for when their layer is switched on."""
    demand(request.actor, WHOLE)
    found = importlib.import_module("khet.outlets.maps.drawing.regions").as_geojson(
        schools_on_map(request.actor)
    )
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@login_required
@require_GET
@never_cache
def struck(request: HttpRequest) -> HttpResponse:
    """The struck ground of open events as shapes, asked for when the layer of an event is switched on."""
    demand(request.actor, VIEW)
    grounds = struck_areas(request.actor, with_outlines=True)
    found = importlib.import_module("khet.outlets.maps.drawing.screen").grounds(
        [(ground.event, area_words(ground), ground.coordinates) for ground in grounds]
    )
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


@login_required
@require_GET
@never_cache
def distances(request: HttpRequest) -> HttpResponse:
    """Small schools with others near enough to be taught there; or, of one ``school``, how far all others are."""
    demand(request.actor, WHOLE)
    form = DistanceForm(request.GET)
    form.is_valid()
    pupils = form.cleaned_data.get("pupils") or SMALL_PUPILS
    km = float(form.cleaned_data.get("km") or NEAR_KM)
    schools = schools_on_map(request.actor)
    code = request.GET.get("school", "")[:20]
    one = next((school for school in schools if school.smis8 == code), None) if code else None
    found = candidates(schools, pupils=pupils, km=km)
    if request.GET.get("file") == "xlsx":
        return _sheet(found, km)
    return render(
        request,
        "maps/distances.html",
        {
            "form": DistanceForm(initial={"pupils": pupils, "km": f"{km:g}"}, use_required_attribute=False), "pupils": pupils, "km": f"{km:g}", "schools": schools, "one": one,
            "around": neighbours(one, schools)[:15] if one else [],
            "near": [candidate for candidate in found if candidate.near], "alone": [candidate for candidate in found if not candidate.near],
            "unplaced": [school for school in schools if school.latitude is None],
        },
    )  # fmt: skip


def _sheet(found: list[Any], km: float) -> HttpResponse:
    heads = [
        _("รหัสโรงเรียน"), _("โรงเรียนขนาดเล็ก"), _("อำเภอ"), _("นักเรียน"), _("โรงเรียนใกล้เคียง"), _("รหัสโรงเรียนใกล้เคียง"), _("นักเรียนของโรงเรียนใกล้เคียง"), _("ระยะทางตรง (กม.)"),
        _("พิกัดยืนยันแล้วทั้งสองแห่ง"),
    ]  # fmt: skip
    rows = [
        [
            one.school.smis8, one.school.name, one.school.amphoe, one.school.pupils, near.school.name, near.school.smis8, near.school.pupils,
            round(near.km, 2), _("ใช่") if near.sure else _("ไม่ใช่"),
        ]
        for one in found
        for near in one.near
    ]  # fmt: skip
    out = io.BytesIO()
    write_xlsx(rows, heads, out, title=_("ระยะทาง"))
    return _file(
        out.getvalue(),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _("โรงเรียนขนาดเล็กใกล้กัน %(km)s กม.") % {"km": f"{km:g}"} + ".xlsx",
    )


@login_required
@require_GET
@never_cache
def paper(request: HttpRequest) -> HttpResponse:
    """The map as PDF, A4 or A3."""
    demand(request.actor, WHOLE)
    chosen = _told(request)
    size = request.GET.get("size", SheetSize.A4)
    size = size if size in SheetSize.values else SheetSize.A4
    values, about = _figures(chosen)
    title = _("แผนที่โรงเรียน: %(what)s") % {"what": about.get("title") or SchoolSymbols(chosen["show"]).label}
    on = chosen["event"].split(",")
    grounds = (
        [one for one in struck_areas(request.actor, with_outlines=True) if str(one.event) in on]
        if chosen["event"]
        else []
    )
    title = " · ".join([title, *dict.fromkeys(one.title for one in grounds)])
    made = importlib.import_module("khet.outlets.maps.papers").map_pdf(
        schools_on_map(request.actor), show=chosen["show"], title=title, size=size, values=values, about=about,
        struck=[(area_words(one), one.coordinates) for one in grounds], states=_states(request, on),
    )  # fmt: skip
    if made is None:
        raise NotFound(_("ยังไม่มีแนวเขตและพิกัดให้พิมพ์ ใส่แนวเขตหรือปักหมุดโรงเรียนก่อน"), code="maps.nothing")
    return _file(made, "application/pdf", f"{title} {size.upper()}.pdf")


def _states(request: HttpRequest, on: list[str]) -> dict[int, str]:
    """What the schools of the chosen emergencies said last, by school; the gravest where there are several."""
    _known, struck_ones = struck_schools(request.actor) if any(on) else ([], [])
    grave = ["silent", *SchoolState.values]
    found: dict[int, str] = {}
    for one in struck_ones:
        state = one.state or "silent"
        if str(one.event) in on and grave.index(state) >= grave.index(found.get(one.school, "silent")):
            found[one.school] = state
    return found


@login_required
@require_GET
@never_cache
def files(request: HttpRequest) -> HttpResponse:
    """Layers as a file for other programs; without a choice the form."""
    demand(request.actor, EXPORT)
    form = FilesForm(request.GET if "layers" in request.GET else None)
    if not form.is_valid():
        return render(request, "maps/files.html", {"form": form}, status=422 if form.is_bound else 200)
    wanted = form.cleaned_data
    maker = importlib.import_module("khet.outlets.maps.layers")
    schools = schools_on_map(request.actor)
    made = maker.packed(
        [maker.layer(name, schools, request.actor) for name in ShapeLayer.values if name in wanted["layers"]],
        format=wanted["format"],
        frame=wanted["frame"],
        thai_encoding=wanted["thai_encoding"],
    )
    return _file(made.content, made.kind, made.name, inline=False)


def _file(content: bytes, kind: str, name: str, inline: bool = True) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    plain = "map." + name.rsplit(".", 1)[-1]
    way = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response
