"""Pages of books: the shelf of years, one edition, putting it together, having files made."""

from __future__ import annotations

import importlib
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import FreshSignInNeeded, NotFound, Refusal
from khet.base.org.api import Actor, demand, fetch
from khet.base.ui.forms import carried_out, refuse_on
from khet.base.ui.toasts import toast
from khet.modules.schools.api import own_schools
from khet.outlets.books import jobs
from khet.outlets.books.actions import ask, begin, change, clean_text, remove_emblem, set_emblem
from khet.outlets.books.actions import publish as publish_edition
from khet.outlets.books.actions import withdraw as withdraw_edition
from khet.outlets.books.choices import CHAPTERS, TEXTS, Kind
from khet.outlets.books.emblems import held_emblem
from khet.outlets.books.forms import BeginForm, EditionForm, EmblemForm, as_html
from khet.outlets.books.models import Edition
from khet.outlets.books.queries.editions import census_choices, editions, shelves
from khet.outlets.books.rules import EDIT, READ


def _edition(request: HttpRequest, year: int, capability: str | None = None) -> Edition:
    return fetch(request.actor, Edition.objects.all(), capability, school_year=min(year, 9999))


def _may_edit(actor: Actor) -> bool:
    return actor.scope(EDIT).everywhere


@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """The shelf: one row a school year; whoever makes books begins one here."""
    demand(request.actor, READ)
    may = _may_edit(request.actor)
    form = BeginForm(request.POST if request.method == "POST" else None) if may else None
    if request.method == "POST":
        demand(request.actor, EDIT)
        if form is not None and form.is_valid():
            try:
                made = begin(actor=request.actor, school_year=form.cleaned_data["school_year"])
                return redirect("books:edit", made.school_year)
            except FreshSignInNeeded:
                raise
            except Refusal as why:
                refuse_on(form, why)
    listed = [(one, shelves(one, only_done=True)) for one in editions(request.actor)[:12]]
    context = {
        "listed": listed,
        "form": form,
        "may_edit": may,
        "may_begin": bool(form and form.fields["school_year"].choices),
    }
    return render(
        request, "books/home.html", context, status=422 if form is not None and form.errors else 200
    )


@login_required
@require_GET
@never_cache
def edition(request: HttpRequest, year: int) -> HttpResponse:
    """One edition: its files, its chapters, the censuses it was made from."""
    found = _edition(request, year)
    may = _may_edit(request.actor)
    return render(request, "books/edition.html", _context(found, may))


def _context(found: Edition, may: bool) -> dict[str, Any]:
    held = shelves(found, only_done=not may)
    known = dict(census_choices(found))
    return {
        "edition": found,
        "shelves": held,
        "old": any(one.old for one in held),
        "busy": any(one.is_busy for one in held),
        "may_edit": may,
        "chapters": [chapter for chapter in CHAPTERS if chapter.code in found.chapters],
        "censuses": [known[pk] for pk in found.census_ids if pk in known],
        "book": next((one for one in held if one.kind == Kind.BOOK), None),
    }


@login_required
@require_GET
@never_cache
def files(request: HttpRequest, year: int) -> HttpResponse:
    """The files of an edition alone: asked for again while something is being made. Then the whole page: it may be published now."""
    context = _context(_edition(request, year), _may_edit(request.actor))
    response = render(request, "books/parts/files.html", context)
    if not context["busy"]:
        response["HX-Refresh"] = "true"
    return response


@login_required
@never_cache
def edit(request: HttpRequest, year: int) -> HttpResponse:
    """Choose censuses and chapters, write the office's texts."""
    found = _edition(request, year, EDIT)
    form = EditionForm(request.POST or None, edition=found, initial=EditionForm.values_of(found))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            found = change(
                actor=request.actor, edition=found, version=given["version"], census_ids=given["census_ids"], chapters=given["chapters"],
                thai_digits=given["thai_digits"], texts=form.given_texts(),
            )  # fmt: skip
            if request.POST.get("then") == "make":
                _ask(request, found, Kind.BOOK)
                return redirect("books:edition", year)
            messages.success(request, _("บันทึกแล้ว"))
            return redirect("books:edit", year)
        except FreshSignInNeeded:
            raise
        except Refusal as why:
            refuse_on(form, why)
    return _edit_page(request, found, form, EmblemForm())


def _edit_page(
    request: HttpRequest, found: Edition, form: EditionForm, emblem_form: EmblemForm
) -> HttpResponse:
    context = {"edition": found, "form": form, "emblem": held_emblem(found), "emblem_form": emblem_form}
    return render(
        request, "books/edit.html", context, status=422 if form.errors or emblem_form.errors else 200
    )


@login_required
@require_POST
def emblem(request: HttpRequest, year: int) -> HttpResponse:
    """Put in the emblem, or another one. Texts being written on the page stay: only the emblem's own part is answered."""
    found = _edition(request, year, EDIT)
    form = EmblemForm(request.POST, request.FILES)
    if form.is_valid() and carried_out(
        form,
        lambda: set_emblem(actor=request.actor, edition=found, upload=form.cleaned_data["file"]),
    ):
        return _emblem_changed(request, year, _("ใส่ตราแล้ว ไฟล์ที่ทำหลังจากนี้ใช้ตรานี้"))
    if request.htmx:
        return _emblem_part(request, found, form)
    return _edit_page(request, found, EditionForm(edition=found, initial=EditionForm.values_of(found)), form)


@login_required
@require_POST
def emblem_off(request: HttpRequest, year: int) -> HttpResponse:
    """Take the emblem off."""
    remove_emblem(actor=request.actor, edition=_edition(request, year, EDIT))
    return _emblem_changed(request, year, _("นำตราออกแล้ว ไฟล์ที่ทำหลังจากนี้ไม่มีตรา"))


def _emblem_changed(request: HttpRequest, year: int, words: str) -> HttpResponse:
    if request.htmx:
        return toast(_emblem_part(request, _edition(request, year, EDIT), EmblemForm()), words)
    messages.success(request, words)
    return redirect("books:edit", year)


def _emblem_part(request: HttpRequest, found: Edition, form: EmblemForm) -> HttpResponse:
    context = {"edition": found, "emblem": held_emblem(found), "emblem_form": form}
    return render(request, "books/parts/emblem.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
def preview(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """A text as it will stand on its page: what is saved (GET), or what is being written (POST)."""
    found = _edition(request, year, EDIT)
    if code not in {known for known, _label, _help in TEXTS}:
        raise NotFound(_("ไม่มีข้อความตอนนี้ในสมุด"), code="not_found")
    html = (
        clean_text(as_html(request.POST.get(f"text_{code}", "")))
        if request.method == "POST"
        else found.texts.get(code, "")
    )
    working: Any = importlib.import_module("khet.outlets.books.working")
    with override("th"):
        content = working.preview(found, code, html or f"<p>{_('ยังไม่มีข้อความ')}</p>")
    return _pdf(content, f"{code}-{year}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename=\"book.pdf\"; filename*=UTF-8''{quote(name)}"
    return response


def _ask(request: HttpRequest, found: Edition, kind: str) -> None:
    made = ask(actor=request.actor, edition=found, kind=kind)
    jobs.make_later.defer(made_id=made.pk)


@login_required
@require_POST
def make(request: HttpRequest, year: int) -> HttpResponse:
    """Have one kind of file made; the page that follows shows how far it is."""
    found = _edition(request, year, EDIT)
    _ask(request, found, request.POST.get("kind", ""))
    if request.htmx:
        return render(request, "books/parts/files.html", _context(found, True))
    return redirect("books:edition", year)


@login_required
@require_POST
def publish(request: HttpRequest, year: int) -> HttpResponse:
    found = publish_edition(actor=request.actor, edition=_edition(request, year, EDIT))
    messages.success(request, _("เผยแพร่แล้ว ทุกคนที่ลงชื่อเข้าใช้อ่านได้"))
    return redirect("books:edition", found.school_year)


@login_required
@require_POST
def withdraw(request: HttpRequest, year: int) -> HttpResponse:
    found = withdraw_edition(actor=request.actor, edition=_edition(request, year, EDIT))
    messages.success(request, _("ถอนการเผยแพร่แล้ว อ่านได้เฉพาะผู้จัดทำ"))
    return redirect("books:edition", found.school_year)


@login_required
@require_GET
@never_cache
def schools(request: HttpRequest, year: int) -> HttpResponse:
    """The schools of the area, each with its small book."""
    found = _edition(request, year)
    rows = (
        own_schools()
        .exclude(smis8="")
        .order_by("amphoe_code", "sort_name", "pk")
        .values_list("amphoe", "name", "smis8", "levels")
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    for district, name, code, _levels in rows:
        groups.setdefault(district, []).append((name, code))
    return render(request, "books/schools.html", {"edition": found, "groups": list(groups.items())})


@login_required
@require_GET
@never_cache
def school(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The small book of one school, set now."""
    found = _edition(request, year)
    working: Any = importlib.import_module("khet.outlets.books.working")
    with override("th"):
        content = working.school_book(found, code)
    if content is None:
        raise NotFound(_("ข้อมูลที่ตรึงไว้ของปีนี้ไม่มีโรงเรียนนี้"), code="not_found")
    return _pdf(content, f"{code}-{year}.pdf")
