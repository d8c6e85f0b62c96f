"""Repair and demolition of buildings, photographs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from khet.base.org.api import can, demand, fetch, visible
from khet.modules.assets.actions.buildings import (
    ask_demolition,
    finish_demolition,
    permit_demolition,
    refuse_demolition,
    repair_building,
)
from khet.modules.assets.actions.photos import add_photo, remove_photo
from khet.modules.assets.choices import DemolitionState
from khet.modules.assets.forms import (
    AskDemolitionForm,
    FinishDemolitionForm,
    PermitForm,
    PhotoForm,
    RefuseForm,
    RepairForm,
)
from khet.modules.assets.models import Article, Building, Demolition
from khet.modules.assets.queries import articles, buildings
from khet.modules.assets.rules import ASK, EDIT, PERMIT, VIEW
from khet.modules.assets.views.asking import ask, posted


def _path(building: Building) -> list[tuple[str, str]]:
    return [
        (_("สิ่งก่อสร้าง"), reverse("register:list", args=["buildings"])),
        (building.name, reverse("register:detail", args=["buildings", building.pk])),
    ]


def _way(building: Building) -> str:
    return reverse("register:tab", args=["buildings", building.pk, "way"])


@login_required
@never_cache
def repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a repair of a building."""
    building = fetch(request.actor, buildings(), EDIT, pk=pk)
    return ask(
        request,
        form=RepairForm(posted(request)),
        act=partial(repair_building, actor=request.actor, building=building),
        title=_("บันทึกการซ่อม"),
        button=_("บันทึกการซ่อม"),
        done=_("บันทึกการซ่อมแล้ว"),
        back=_way(building),
        path=_path(building),
        facts=building.unit.name,
    )


@login_required
@never_cache
def ask_for_demolition(request: HttpRequest, pk: int) -> HttpResponse:
    """The school asks to demolish."""
    building = fetch(request.actor, buildings(), ASK, pk=pk)
    return ask(
        request,
        form=AskDemolitionForm(posted(request)),
        act=partial(ask_demolition, actor=request.actor, building=building),
        title=_("ขอรื้อถอน"),
        button=_("ส่งคำขอ"),
        done=_("ส่งคำขอรื้อถอนแล้ว รอเขตพื้นที่อนุญาต"),
        back=_way(building),
        path=_path(building),
        facts=building.unit.name,
        hint=_("อาคารยังใช้งานได้จนกว่าเขตพื้นที่จะอนุญาต และยังอยู่ในทะเบียนหลังรื้อถอน"),
    )


@login_required
@require_GET
@never_cache
def demolitions(request: HttpRequest) -> HttpResponse:
    """Requests to demolish: what waits for permission, what waits to come down, what is settled."""
    demand(request.actor, VIEW)
    rows = visible(request.actor, Demolition.objects.select_related("building__unit"))
    state = request.GET.get("state", "")
    chosen = state if state in DemolitionState.values else DemolitionState.ASKED
    counts = dict.fromkeys(DemolitionState.values, 0) | dict(
        rows.order_by().values_list("state").annotate(Count("pk"))
    )
    page = Paginator(rows.filter(state=chosen), 50).get_page(request.GET.get("page"))
    may_permit = request.actor.has(PERMIT)
    asking = request.actor.scope(ASK)
    for row in page.object_list:
        row.may_answer = may_permit and row.state == DemolitionState.ASKED and can(request.actor, PERMIT, row)
        row.may_finish = row.state == DemolitionState.PERMITTED and asking.covers(row.building.unit)
    tabs = [
        (value, DemolitionState(value).label, counts[value], value == chosen)
        for value in DemolitionState.values
    ]
    return render(request, "assets/demolitions.html", {"page": page, "tabs": tabs})


def _demolition(request: HttpRequest, pk: int, capability: str) -> Demolition:
    return fetch(request.actor, Demolition.objects.select_related("building__unit"), capability, pk=pk)


def _answer(request: HttpRequest, pk: int, form: Any, verb: Callable[..., Any], **words: Any) -> HttpResponse:
    """The office's answer to a school that asks to demolish."""
    asked = _demolition(request, pk, PERMIT)
    return ask(
        request,
        form=form,
        act=partial(verb, actor=request.actor, demolition=asked),
        back=reverse("assets:demolitions"),
        path=[(_("ขอรื้อถอน"), reverse("assets:demolitions")), *_path(asked.building)[1:]],
        facts=asked.building.unit.name,
        hint=_("เหตุที่ขอ: %(reason)s") % {"reason": asked.reason},
        **words,
    )


@login_required
@never_cache
def permit(request: HttpRequest, pk: int) -> HttpResponse:
    """The office permits, by an order."""
    return _answer(
        request, pk, PermitForm(posted(request)), permit_demolition,
        title=_("อนุญาตให้รื้อถอน"), button=_("อนุญาต"), done=_("อนุญาตให้รื้อถอนแล้ว"),
    )  # fmt: skip


@login_required
@never_cache
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The office does not permit, with a reason."""
    return _answer(
        request, pk, RefuseForm(posted(request)), refuse_demolition,
        title=_("ไม่อนุญาตให้รื้อถอน"), button=_("ไม่อนุญาต"), done=_("บันทึกว่าไม่อนุญาตแล้ว"),
    )  # fmt: skip


@login_required
@never_cache
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """The building has come down."""
    asked = _demolition(request, pk, ASK)
    return ask(
        request,
        form=FinishDemolitionForm(posted(request)),
        act=partial(finish_demolition, actor=request.actor, demolition=asked),
        title=_("บันทึกว่ารื้อถอนแล้ว"),
        button=_("บันทึก"),
        done=_("บันทึกว่ารื้อถอนแล้ว รายการยังอยู่ในทะเบียน"),
        back=_way(asked.building),
        path=_path(asked.building),
        facts=asked.building.unit.name,
        hint=_("อนุญาตตาม %(order)s") % {"order": asked.order_reference},
    )


def _holder(request: HttpRequest, kind: str, pk: int) -> Article | Building:
    sources = {"buildings": buildings, "articles": articles}
    if kind not in sources:
        raise Http404
    return fetch(request.actor, sources[kind](), EDIT, pk=pk)


@login_required
@never_cache
def photos(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Add a photograph to a building or an article."""
    found = _holder(request, kind, pk)
    form = PhotoForm(posted(request), request.FILES or None)

    def act(photo: object, caption: str) -> None:
        add_photo(actor=request.actor, record=found, upload=photo, caption=caption)

    return ask(
        request,
        form=form,
        act=act,
        title=_("เพิ่มภาพ"),
        button=_("เพิ่มภาพ"),
        done=_("เพิ่มภาพแล้ว"),
        back=reverse("register:tab", args=[kind, found.pk, "photos"]),
        path=[
            (_("ครุภัณฑ์") if kind == "articles" else _("สิ่งก่อสร้าง"), reverse("register:list", args=[kind])),
            (found.name, reverse("register:detail", args=[kind, found.pk])),
        ],
        hint=_("ภาพที่มีใบหน้าเด็กต้องได้รับความยินยอมก่อน ข้อมูลตำแหน่งในไฟล์ภาพจะถูกลบออก"),
    )


@login_required
@require_POST
def drop_photo(request: HttpRequest, kind: str, pk: int, photo: str) -> HttpResponse:
    found = _holder(request, kind, pk)
    remove_photo(actor=request.actor, record=found, photo=photo)
    messages.success(request, _("นำภาพออกแล้ว"))
    return redirect("register:tab", kind, found.pk, "photos")
