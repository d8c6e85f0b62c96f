"""Pages of the kit: a run of any kind, every act as a plain POST, signing many, the slip, quick phrases."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from khet.base.lib.errors import Conflict, FreshSignInNeeded, NotFound, Refusal
from khet.base.org.api import demand, fetch, forbidden, visible
from khet.kits.workflow.actions import acts, keep_draft, mark_opened, save_phrases, sign
from khet.kits.workflow.authority import ground_for
from khet.kits.workflow.forms import PhrasesForm, arguments
from khet.kits.workflow.models import Phrase, Run, Step
from khet.kits.workflow.names import spoken_name
from khet.kits.workflow.picture import picture_of
from khet.kits.workflow.rules import PHRASES, TAKE

MANY = 50  # signatures in one batch


def back_to(request: HttpRequest, fallback: str) -> str:
    """Where the form wants to return to, when that is ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return fallback


def _page(
    request: HttpRequest,
    run: Run,
    *,
    fault: Refusal | None = None,
    note: str | None = None,
    status: int = 200,
):
    return render(
        request,
        "workflow/run.html",
        {
            "run": run,
            "fault": fault,
            "note": note,
            "next": back_to(request, run.url or reverse("workflow:run", args=[run.pk])),
            "slip": reverse("workflow:slip", args=[run.pk]),
        },
        status=status,
    )


def _fetch_run(request: HttpRequest, pk: int) -> Run:
    return fetch(request.actor, Run.objects.select_related("unit", "drafter"), pk=pk)


def _for_secret(request: HttpRequest, run: Run) -> None:
    """A secret matter is read after a fresh sign-in."""
    if run.secrecy and not request.actor.fresh_sign_in:
        raise FreshSignInNeeded(_("เรื่องลับ ยืนยันตัวตนอีกครั้งก่อนเปิดอ่าน"), code="fresh_sign_in_needed")


@login_required
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    run = _fetch_run(request, pk)
    _for_secret(request, run)
    mark_opened(request.actor, run)
    return _page(request, run)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One act on one step. What was typed is kept before anything is tried, so no refusal loses it."""
    declared = acts.get(code)
    if declared is None:
        raise NotFound(_("ไม่มีรายการนี้"), code="not_found")
    step = fetch(request.actor, Step.objects.select_related("run__unit"), pk=pk)
    run = step.run
    note = request.POST.get("note", "")
    if note.strip() and step.is_open and ground_for(request.actor, step) is not None:
        keep_draft(request.actor, step, note)
    home = run.url or reverse("workflow:run", args=[run.pk])
    try:
        given = arguments(code, request.POST, step)
        declared.function(actor=request.actor, step=step, **given)
    except (FreshSignInNeeded, NotFound):
        raise
    except Conflict as fault:
        run.refresh_from_db()
        return render(
            request,
            "workflow/conflict.html",
            {"run": run, "fault": fault, "note": note, "next": back_to(request, home)},
            status=409,
        )
    except Refusal as fault:
        if fault.status != 400:
            raise
        run = _fetch_run(request, run.pk)
        return _page(request, run, fault=fault, note=note, status=400)
    messages.success(request, _told(declared, run, step, given))
    if visible(request.actor, Run.objects.filter(pk=run.pk)).exists():
        return HttpResponseRedirect(back_to(request, home))
    return HttpResponseRedirect("/")


def _told(declared, run: Run, step: Step, given: dict[str, object]) -> str:
    """The sentence of the toast: the word of the button comes back, with the receiver."""
    words = str(declared.done or declared.label)
    if "%(to)s" not in words:
        return words
    to = given.get("to")
    if isinstance(to, list):
        name = ", ".join(spoken_name(place) for place in to[:3])
    elif isinstance(to, Step):
        name = spoken_name(to.post or to.unit)
    elif to is None:
        opened = (
            Step.objects.filter(run=run, decided_at__isnull=True, after=step)
            .select_related("post", "unit")
            .first()
        )
        name = spoken_name(opened.post or opened.unit) if opened else ""
    else:
        name = spoken_name(to)
    return " ".join((words % {"to": name}).split())


@login_required
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what has been typed so far."""
    step = fetch(request.actor, Step.objects.select_related("run"), pk=pk)
    if step.decided_at is not None:
        return HttpResponse(status=409)
    if ground_for(request.actor, step) is None:
        raise forbidden(TAKE, step)
    keep_draft(request.actor, step, request.POST.get("note", "")[:20000])
    return HttpResponse(status=204)


@login_required
@require_POST
def sign_many(request: HttpRequest) -> HttpResponse:
    """Sign the chosen steps with one fresh sign-in; each is its own transaction, and what is refused is told."""
    if not request.actor.fresh_sign_in:
        raise FreshSignInNeeded(_("ยืนยันตัวตนอีกครั้งก่อนลงนาม"), code="fresh_sign_in_needed")
    chosen = [int(pk) for pk in request.POST.getlist("step") if pk.isdecimal()][:MANY]
    home = back_to(request, "/")
    if not chosen:
        messages.error(request, _("ยังไม่ได้เลือกฉบับที่จะลงนาม ทำเครื่องหมายหน้าฉบับ แล้วกดลงนามอีกครั้ง"))
        return HttpResponseRedirect(home)
    steps = {
        step.pk: step
        for step in visible(request.actor, Step.objects.filter(pk__in=chosen)).select_related("run__unit")
    }
    signed, refused = 0, []
    for pk in chosen:
        step = steps.get(pk)
        if step is None:
            continue
        try:
            sign(actor=request.actor, step=step, note=request.POST.get("note", ""))
            signed += 1
        except FreshSignInNeeded:
            raise  # it ran out between two signatures: ask again, what is signed stays signed
        except Refusal as why:
            refused.append(f"{step.run.shown_title}: {why.sentence}")
    if signed:
        messages.success(
            request, ngettext("ลงนาม %(n)s ฉบับแล้ว", "ลงนาม %(n)s ฉบับแล้ว", signed) % {"n": signed}
        )
    for sentence in refused[:5]:
        messages.error(request, sentence)
    return HttpResponseRedirect(home)


@login_required
@require_GET
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The printable routing slip (ใบเสนอเรื่อง)."""
    from khet.kits.workflow.slips import slip_pdf  # noqa: PLC0415 - the typesetter is loaded when first needed

    run = _fetch_run(request, pk)
    _for_secret(request, run)
    answer = HttpResponse(slip_pdf(run, picture_of(run)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="slip-{run.pk}.pdf"'
    return answer


@login_required
def phrases(request: HttpRequest) -> HttpResponse:
    """The office's list of quick phrases."""
    demand(request.actor, PHRASES)
    now = "\n".join(Phrase.objects.values_list("text", flat=True))
    form = PhrasesForm(request.POST or None, initial={"texts": now})
    if request.method == "POST" and form.is_valid():
        save_phrases(actor=request.actor, texts=form.cleaned_data["texts"])
        messages.success(request, _("บันทึกรายการแล้ว"))
        return redirect("workflow:phrases")
    return render(request, "workflow/phrases.html", {"form": form}, status=400 if form.errors else 200)
