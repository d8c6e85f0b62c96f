"""Transfers between units, disposals: lists, one of them, the acts."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.org.api import can, demand, fetch, visible
from khet.base.ui.forms import ThaiDateField
from khet.modules.assets.actions.moves import (
    accept_transfer,
    ask_transfer,
    drop_disposal,
    finish_disposal,
    order_disposal,
    propose_disposal,
    refuse_transfer,
    withdraw_transfer,
)
from khet.modules.assets.choices import DisposalState, TransferState
from khet.modules.assets.forms import DisposalForm, TransferForm
from khet.modules.assets.models import Disposal, Transfer
from khet.modules.assets.queries import articles, keepers
from khet.modules.assets.rules import ASK, ORDER, RECEIVE, VIEW
from khet.modules.assets.views.articles import path_of
from khet.modules.assets.views.asking import ask, posted


class AnswerForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("หมายเหตุ"), max_length=300, required=False)


class ReasonForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("เหตุผลที่ไม่รับ"), max_length=300)


class NothingForm(forms.Form):
    """A page that only asks whether."""


class OrderForm(forms.Form):
    order_reference = forms.CharField(label=gettext_lazy("คำสั่งที่"), max_length=120)
    ordered_on = ThaiDateField(label=gettext_lazy("วันที่สั่ง"), required=False)
    committee = forms.CharField(
        label=gettext_lazy("คณะกรรมการ"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("บรรทัดละหนึ่งคนตามคำสั่ง"),
    )  # fmt: skip


class DoneForm(forms.Form):
    done_on = ThaiDateField(label=gettext_lazy("วันที่จำหน่าย"))
    proceeds = forms.DecimalField(label=gettext_lazy("เงินที่ได้ (บาท)"), required=False, min_value=0, max_digits=12, decimal_places=2)  # fmt: skip
    note = forms.CharField(label=gettext_lazy("หมายเหตุ"), max_length=300, required=False)


def _listed(
    request: HttpRequest, rows: Any, states: Any, template: str, open_states: tuple[str, ...]
) -> HttpResponse:
    demand(request.actor, VIEW)
    rows = visible(request.actor, rows)
    state = request.GET.get("state", "")
    chosen = state if state in states.values else states.values[0]
    counts = dict.fromkeys(states.values, 0) | dict(
        rows.order_by().values_list("state").annotate(Count("pk", distinct=True))
    )
    page = Paginator(rows.filter(state=chosen).annotate(n=Count("items")).order_by("-pk"), 50).get_page(
        request.GET.get("page")
    )
    tabs = [(value, states(value).label, counts[value], value == chosen) for value in states.values]
    return render(request, template, {"page": page, "tabs": tabs, "is_open": chosen in open_states})


@login_required
@require_GET
@never_cache
def transfers(request: HttpRequest) -> HttpResponse:
    """Transfers given and received."""
    rows = Transfer.objects.select_related("source", "target")
    return _listed(request, rows, TransferState, "assets/transfers.html", (TransferState.ASKED,))


@login_required
@require_GET
@never_cache
def disposals(request: HttpRequest) -> HttpResponse:
    """Disposals on their way and done."""
    rows = Disposal.objects.select_related("unit")
    return _listed(
        request, rows, DisposalState, "assets/disposals.html", (DisposalState.PROPOSED, DisposalState.ORDERED)
    )


def _transfer(request: HttpRequest, pk: int, capability: str | None = None) -> Transfer:
    return fetch(request.actor, Transfer.objects.select_related("source", "target"), capability, pk=pk)


@login_required
@require_GET
@never_cache
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """One transfer with its articles."""
    found = _transfer(request, pk)
    is_open = found.state == TransferState.ASKED
    return render(
        request,
        "assets/transfer.html",
        {
            "transfer": found,
            "items": found.items.select_related("article").order_by("article__number", "pk"),
            "may_answer": is_open and can(request.actor, RECEIVE, found),
            "may_withdraw": is_open and can(request.actor, ASK, found),
        },
    )


@login_required
@never_cache
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer one article to another unit."""
    article = fetch(request.actor, articles(), ASK, pk=pk)
    form = TransferForm(posted(request))
    form.fields["target"].queryset = keepers().exclude(pk=article.unit_id)
    return ask(
        request,
        form=form,
        act=partial(ask_transfer, actor=request.actor, articles=[article]),
        title=_("ขอโอน"),
        button=_("ส่งคำขอโอน"),
        done=_("ส่งคำขอโอนแล้ว ครุภัณฑ์จะย้ายเมื่อผู้รับกดรับ"),
        back=reverse("register:tab", args=["articles", article.pk, "way"]),
        path=path_of(article),
        facts=article.number,
    )


def _answer(
    request: HttpRequest, pk: int, capability: str, form: forms.Form, verb: Any, **words: Any
) -> HttpResponse:
    found = _transfer(request, pk, capability)
    here = reverse("assets:transfer", args=[found.pk])
    return ask(
        request,
        form=form,
        act=partial(verb, actor=request.actor, transfer=found),
        back=here,
        path=[(_("โอนครุภัณฑ์"), reverse("assets:transfers")), (str(_("คำขอโอน")), here)],
        facts=f"{found.source.short_name} → {found.target.short_name}",
        **words,
    )


@login_required
@never_cache
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The receiving side takes the articles."""
    return _answer(
        request, pk, RECEIVE, AnswerForm(posted(request)), accept_transfer,
        title=_("รับโอน"), button=_("รับโอน"), done=_("รับโอนแล้ว ครุภัณฑ์อยู่ในทะเบียนของผู้รับ"),
        hint=_("ตรวจของจริงให้ครบก่อนกดรับ ที่ตั้งและผู้รับผิดชอบต้องระบุใหม่"),
    )  # fmt: skip


@login_required
@never_cache
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The receiving side does not take them."""
    return _answer(
        request, pk, RECEIVE, ReasonForm(posted(request)), refuse_transfer,
        title=_("ไม่รับโอน"), button=_("ไม่รับโอน"), done=_("บันทึกว่าไม่รับโอนแล้ว"),
    )  # fmt: skip


@login_required
@never_cache
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The giving side takes its offer back."""
    return _answer(
        request, pk, ASK, NothingForm(posted(request)), withdraw_transfer,
        title=_("ถอนคำขอโอน"), button=_("ถอนคำขอ"), done=_("ถอนคำขอโอนแล้ว"),
        hint=_("ครุภัณฑ์คงอยู่กับหน่วยงานเดิม"),
    )  # fmt: skip


# Disposal.


def _disposal(request: HttpRequest, pk: int, capability: str | None = None) -> Disposal:
    return fetch(request.actor, Disposal.objects.select_related("unit"), capability, pk=pk)


@login_required
@require_GET
@never_cache
def disposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One disposal with its articles."""
    found = _disposal(request, pk)
    proposed, ordered = found.state == DisposalState.PROPOSED, found.state == DisposalState.ORDERED
    return render(
        request,
        "assets/disposal.html",
        {
            "disposal": found,
            "items": found.items.select_related("article").order_by("article__number", "pk"),
            "may_order": proposed and can(request.actor, ORDER, found),
            "may_drop": proposed and can(request.actor, ASK, found),
            "may_finish": ordered and can(request.actor, ASK, found),
        },
    )


@login_required
@never_cache
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose to dispose of one article."""
    article = fetch(request.actor, articles(), ASK, pk=pk)
    return ask(
        request,
        form=DisposalForm(posted(request)),
        act=partial(propose_disposal, actor=request.actor, articles=[article]),
        title=_("เสนอจำหน่าย"),
        button=_("เสนอจำหน่าย"),
        done=_("เสนอจำหน่ายแล้ว รอคำสั่ง"),
        back=reverse("register:tab", args=["articles", article.pk, "way"]),
        path=path_of(article),
        facts=article.number,
    )


def _act(
    request: HttpRequest, pk: int, capability: str, form: forms.Form, verb: Any, **words: Any
) -> HttpResponse:
    found = _disposal(request, pk, capability)
    here = reverse("assets:disposal", args=[found.pk])
    return ask(
        request,
        form=form,
        act=partial(verb, actor=request.actor, disposal=found),
        back=here,
        path=[(_("จำหน่ายครุภัณฑ์"), reverse("assets:disposals")), (found.get_way_display(), here)],
        facts=found.unit.name,
        **words,
    )


@login_required
@never_cache
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Order the disposal."""
    return _act(
        request, pk, ORDER, OrderForm(posted(request)), order_disposal,
        title=_("สั่งจำหน่าย"), button=_("บันทึกคำสั่ง"), done=_("บันทึกคำสั่งจำหน่ายแล้ว"),
    )  # fmt: skip


@login_required
@never_cache
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """The articles are gone."""
    return _act(
        request, pk, ASK, DoneForm(posted(request)), finish_disposal,
        title=_("บันทึกว่าจำหน่ายแล้ว"), button=_("บันทึก"), done=_("จำหน่ายแล้ว รายการยังอยู่ในทะเบียน"),
    )  # fmt: skip


@login_required
@never_cache
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the proposal up."""
    return _act(
        request, pk, ASK, NothingForm(posted(request)), drop_disposal,
        title=_("ยกเลิกการจำหน่าย"), button=_("ยกเลิกข้อเสนอ"), done=_("ยกเลิกข้อเสนอแล้ว"),
        hint=_("ครุภัณฑ์คงสภาพรอจำหน่าย เสนอใหม่ได้"),
    )  # fmt: skip
