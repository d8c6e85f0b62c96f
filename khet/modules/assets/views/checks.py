"""The yearly check: the board of units, one unit's check on a phone, an article behind its label."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import Refusal
from khet.base.lib.thai import to_arabic_digits
from khet.base.lib.thai.words import fold
from khet.base.org.api import can, demand, fetch, visible
from khet.kits.files.api import attachments_of
from khet.modules.assets.actions.articles import number_key
from khet.modules.assets.actions.checks import change_check, close_check, open_checks, sight, sight_many
from khet.modules.assets.choices import CheckState, Seen
from khet.modules.assets.forms import UnitChoice
from khet.modules.assets.models import Article, Sighting, YearlyCheck
from khet.modules.assets.papers import check_report
from khet.modules.assets.queries import actor_units, articles
from khet.modules.assets.queries.checks import (
    Progress,
    expected,
    open_check_of,
    progress_of,
    with_sighting,
    year_to_check,
)
from khet.modules.assets.rules import CHECK, OPEN_CHECK, VIEW
from khet.modules.assets.views.asking import ask, posted

SHOWN = 60


class OpenForm(forms.Form):
    fiscal_year = forms.IntegerField(label=gettext_lazy("ปีงบประมาณ (พ.ศ.)"), min_value=2540, max_value=2700)
    units = forms.ModelMultipleChoiceField(
        queryset=None,
        required=False,
        label=gettext_lazy("หน่วยงาน"),
        help_text=gettext_lazy("ไม่เลือกคือทุกหน่วยงานที่คุณดูแล"),
    )
    order_reference = forms.CharField(
        label=gettext_lazy("คำสั่งแต่งตั้งคณะกรรมการที่"), max_length=120, required=False
    )
    committee = forms.CharField(
        label=gettext_lazy("คณะกรรมการ"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("บรรทัดละหนึ่งคน แต่ละโรงเรียนแก้ของตนได้ภายหลัง"),
    )  # fmt: skip


class CommitteeForm(forms.Form):
    order_reference = forms.CharField(
        label=gettext_lazy("คำสั่งแต่งตั้งคณะกรรมการที่"), max_length=120, required=False
    )
    committee = forms.CharField(
        label=gettext_lazy("คณะกรรมการ"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("บรรทัดละหนึ่งคนตามคำสั่ง"),
    )  # fmt: skip


class CloseForm(forms.Form):
    and_unseen = forms.BooleanField(label=gettext_lazy("ปิดทั้งที่ยังตรวจไม่ครบ"), required=False)


class SeenForm(forms.Form):
    """What was found; the note is asked for where something is not as it should be."""

    location = forms.CharField(label=gettext_lazy("พบที่"), max_length=120, required=False)
    note = forms.CharField(label=gettext_lazy("หมายเหตุ"), max_length=300, required=False)
    photo = forms.FileField(
        label=gettext_lazy("ภาพ"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )


@login_required
@require_GET
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    """The checks of a fiscal year, unit by unit, the least advanced first; one's own unit alone goes straight there."""
    demand(request.actor, VIEW)
    rows = visible(request.actor, YearlyCheck.objects.select_related("unit"))
    years = sorted(set(rows.order_by().values_list("fiscal_year", flat=True).distinct()), reverse=True)
    asked = request.GET.get("year", "")
    year = (
        int(asked)
        if asked.isascii() and asked.isdigit() and len(asked) == 4
        else (years[0] if years else year_to_check())
    )
    checks = list(rows.filter(fiscal_year=year))
    if (
        len(checks) == 1
        and not request.actor.scope(VIEW).everywhere
        and len(years) == 1
        and not request.actor.has("assets.view_all")
    ):
        return redirect("assets:check", checks[0].pk)
    progress = progress_of(checks)
    lines = [(check, progress.get(check.pk, Progress())) for check in checks]
    lines.sort(key=lambda line: (line[0].state == CheckState.CLOSED, line[1].share, line[0].unit.short_name))
    whole = Progress(
        *(
            sum(getattr(p, name) for _c, p in lines)
            for name in ("expected", "ok", "broken", "lost", "misplaced")
        )
    )
    closed = sum(1 for check in checks if check.state == CheckState.CLOSED)
    return render(
        request,
        "assets/checks.html",
        {
            "lines": lines,
            "years": years,
            "year": year,
            "whole": whole,
            "closed": closed,
            "may_open": request.actor.has(OPEN_CHECK),
        },
    )


@login_required
@never_cache
def open_year(request: HttpRequest) -> HttpResponse:
    """Open the check of a year in some or all units."""
    demand(request.actor, OPEN_CHECK)
    offered = actor_units(request.actor, OPEN_CHECK)
    form = OpenForm(posted(request), initial={"fiscal_year": year_to_check()})
    form.fields["units"].queryset = offered
    form.fields["units"].label_from_instance = UnitChoice.label_from_instance.__get__(form.fields["units"])

    def act(units: Any, **values: Any) -> None:
        made = open_checks(actor=request.actor, units=list(units) or list(offered), **values)
        messages.info(request, _("เปิดแล้ว %(n)d หน่วยงาน") % {"n": len(made)})

    return ask(
        request,
        form=form,
        act=act,
        title=_("เปิดการตรวจสอบพัสดุประจำปี"),
        button=_("เปิดการตรวจ"),
        done=_("เปิดการตรวจสอบพัสดุประจำปีแล้ว"),
        back=reverse("assets:checks"),
        path=[(_("ตรวจสอบพัสดุประจำปี"), reverse("assets:checks"))],
        hint=_("เริ่มวันทำการแรกหลังสิ้นปีงบประมาณ รายงานภายใน 30 วันทำการ (ระเบียบพัสดุ 2560 ข้อ 213)"),
    )


def _check(request: HttpRequest, pk: int, capability: str | None = None) -> YearlyCheck:
    return fetch(request.actor, YearlyCheck.objects.select_related("unit"), capability, pk=pk)


@login_required
@require_GET
@never_cache
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's check: figures, the box for a label's code, what is left by location, what was seen."""
    found = _check(request, pk)
    progress = progress_of([found])[found.pk]
    show = request.GET.get("show", "left")
    show = show if show in ("left", *Seen.values) else "left"
    rows = with_sighting(expected(found).select_related("responsible"), found)
    rows = rows.filter(seen__isnull=True) if show == "left" else rows.filter(seen=show)
    place = request.GET.get("place")
    places = sorted(
        set(rows.order_by().values_list("location", flat=True).distinct()), key=lambda p: (p == "", p)
    )
    if place is not None:
        rows = rows.filter(location=place)
    page = Paginator(rows.order_by("location", "number", "pk"), SHOWN).get_page(request.GET.get("page"))
    tabs = [
        ("left", _("ยังไม่ได้ตรวจ"), progress.left),
        *((value, label, getattr(progress, value)) for value, label in Seen.choices),
    ]
    return render(
        request,
        "assets/check.html",
        {
            "check": found,
            "progress": progress,
            "page": page,
            "tabs": tabs,
            "show": show,
            "places": places,
            "place": place,
            "is_open": found.state == CheckState.OPEN,
            "may_check": found.state == CheckState.OPEN and can(request.actor, CHECK, found),
            "may_close": found.state == CheckState.OPEN and can(request.actor, OPEN_CHECK, found),
        },
    )


@login_required
@require_GET
@never_cache
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """From what was typed or read from a label (code, address or number) to the article."""
    found = _check(request, pk)
    text = to_arabic_digits(request.GET.get("code", ""))[:200].replace("\x00", "").strip()
    code = (
        text.rstrip("/").rsplit("/", 1)[-1].upper().replace(" ", "")
        if "/a/" in text
        else text.upper().replace(" ", "")
    )
    rows = visible(request.actor, Article.objects.filter(unit_id=found.unit_id))
    hits = list(rows.filter(code=code)[:1]) or list(
        rows.filter(number_key=number_key(text))[:2] if number_key(text) else []
    )
    if not hits and len(fold(text)) >= 2:
        hits = list(rows.filter(Q(search_text__contains=fold(text))).order_by("number")[:20])
    if len(hits) == 1:
        return redirect("assets:label", hits[0].code)
    return render(request, "assets/check_find.html", {"check": found, "hits": hits, "text": text})


@login_required
@never_cache
def label(request: HttpRequest, code: str) -> HttpResponse:
    """The article behind a label: what it is, and four answers while a check is open. «Works» is one tap."""
    article = fetch(request.actor, articles().filter(code=code.upper()))
    found = open_check_of(article)
    before = Sighting.objects.filter(check_of=found, article=article).first() if found else None
    may = bool(found) and can(request.actor, CHECK, article)
    if request.method == "POST":
        demand(request.actor, CHECK, article)
        if found is None:
            raise Refusal(_("ตอนนี้ไม่มีการตรวจที่เปิดอยู่ เจ้าหน้าที่พัสดุเปิดการตรวจก่อน"), code="assets.no_check")
        seen = request.POST.get("seen", "")
        if seen not in Seen.values:
            raise Refusal(_("เลือกผลตรวจหนึ่งอย่าง"), code="assets.seen")
        if seen == Seen.OK:
            sight(actor=request.actor, article=article, check=found, seen=seen)
            messages.success(request, _("บันทึกแล้ว: %(name)s ใช้การได้") % {"name": article.name})
            return redirect("assets:check", found.pk)
        return redirect("assets:seen", article.pk, seen)
    photos = attachments_of(Sighting, [before.pk]).get(before.pk, []) if before else []
    return render(
        request,
        "assets/label.html",
        {
            "article": article,
            "check": found,
            "before": before,
            "may_check": may,
            "choices": Seen.choices,
            "photos": photos,
        },
    )


@login_required
@never_cache
def seen(request: HttpRequest, pk: int, word: str) -> HttpResponse:
    """Broken, lost or in the wrong place: a note, a place, a photograph."""
    article = fetch(request.actor, articles(), CHECK, pk=pk)
    found = open_check_of(article)
    if found is None or word not in Seen.values:
        raise Refusal(_("ตอนนี้ไม่มีการตรวจที่เปิดอยู่ เจ้าหน้าที่พัสดุเปิดการตรวจก่อน"), code="assets.no_check")
    form = SeenForm(posted(request), request.FILES or None)
    if word == Seen.LOST:
        del form.fields["location"], form.fields["photo"]
    elif word == Seen.MISPLACED:
        form.fields["location"].required = True
    if word in (Seen.LOST, Seen.BROKEN):
        form.fields["note"].required = True

    def act(**values: Any) -> None:
        sight(actor=request.actor, article=article, check=found, seen=word, **values)

    return ask(
        request,
        form=form,
        act=act,
        title=Seen(word).label,
        button=_("บันทึกผลตรวจ"),
        done=_("บันทึกแล้ว: %(name)s %(seen)s") % {"name": article.name, "seen": Seen(word).label},
        back=reverse("assets:check", args=[found.pk]),
        path=[
            (
                _("ตรวจสอบพัสดุ %(year)d") % {"year": found.fiscal_year},
                reverse("assets:check", args=[found.pk]),
            ),
            (article.name, reverse("assets:label", args=[article.code])),
        ],
        facts=f"{article.number} · {article.location}".strip(" ·"),
    )


@login_required
@require_POST
def seen_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything ticked works."""
    found = _check(request, pk, CHECK)
    pks = [
        int(pk)
        for pk in request.POST.getlist("article")[:500]
        if pk.isascii() and pk.isdigit() and len(pk) < 19
    ]
    if not pks:
        messages.warning(request, _("ยังไม่ได้เลือกรายการ ติ๊กหน้ารายการที่พบแล้วก่อน"))
    else:
        done = sight_many(actor=request.actor, check=found, articles=pks)
        messages.success(request, _("บันทึกว่าใช้การได้ %(n)d ชิ้น") % {"n": done})
    return redirect("assets:check", found.pk)


@login_required
@never_cache
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    """Who looks, by which order: each unit says its own."""
    found = _check(request, pk, OPEN_CHECK)
    here = reverse("assets:check", args=[found.pk])
    now = {"committee": found.committee, "order_reference": found.order_reference}

    def act(**values: Any) -> None:
        change_check(actor=request.actor, check=found, **values)

    return ask(
        request,
        form=CommitteeForm(posted(request), initial=now),
        act=act,
        title=_("คณะกรรมการตรวจสอบพัสดุ"),
        button=_("บันทึกคณะกรรมการ"),
        done=_("บันทึกคณะกรรมการแล้ว"),
        back=here,
        path=[(_("ตรวจสอบพัสดุประจำปี"), reverse("assets:checks")), (found.unit.short_name, here)],
        facts=found.unit.name,
    )


@login_required
@never_cache
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the check: what was seen goes into the register."""
    found = _check(request, pk, OPEN_CHECK)
    left = progress_of([found])[found.pk].left
    form = CloseForm(posted(request))
    if not left:
        del form.fields["and_unseen"]

    def act(**values: Any) -> None:
        close_check(actor=request.actor, check=found, **values)

    return ask(
        request,
        form=form,
        act=act,
        title=_("ปิดการตรวจสอบ"),
        button=_("ปิดและเขียนผลลงทะเบียน"),
        done=_("ปิดการตรวจแล้ว ผลตรวจอยู่ในทะเบียนครุภัณฑ์"),
        back=reverse("assets:check", args=[found.pk]),
        path=[
            (_("ตรวจสอบพัสดุประจำปี"), reverse("assets:checks")),
            (found.unit.short_name, reverse("assets:check", args=[found.pk])),
        ],
        facts=found.unit.name,
        hint=_("สภาพและที่ตั้งในทะเบียนจะเปลี่ยนตามผลตรวจ รายการที่ไม่ได้ตรวจคงเดิม หลังปิดบันทึกเพิ่มไม่ได้"),
    )


@login_required
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of the committee as PDF."""
    found = _check(request, pk)
    response = HttpResponse(check_report(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="check-{found.unit.code}-{found.fiscal_year}.pdf"'
    return response
