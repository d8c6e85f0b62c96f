"""Writing in the browser: drafts kept as they are typed, a live preview, up the chain."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khet.base.lib.errors import Conflict, Refusal
from khet.base.org.api import Actor, Post, Unit, can, demand, fetch, head_post
from khet.base.org.choices import UnitKind
from khet.base.ui.forms import refuse_on
from khet.kits.files.api import attachments
from khet.modules.letters import papers
from khet.modules.letters.actions import discard, draft, enclose, issue, rewrite, send_ready, submit, unclose
from khet.modules.letters.actions.writing import keep_scratch
from khet.modules.letters.choices import LetterKind, Origin
from khet.modules.letters.flows import signing_post
from khet.modules.letters.forms import LetterForm, ReadyForm, ReasonForm
from khet.modules.letters.models import Letter, Scratch
from khet.modules.letters.numbers import bureau_of
from khet.modules.letters.queries.letters import addressees, my_units, receiving_units, saved_groups
from khet.modules.letters.queries.registers import the_unit
from khet.modules.letters.rules import DISPATCH, DRAFT, READ, SIGN
from khet.modules.letters.views.letter import letters, own_receipt

SCRATCH_LIMIT = 400_000


def drafting_unit(actor: Actor) -> Unit:
    """The unit for which a new letter is drafted: of the main post, if it may draft there, else the first."""
    own = actor.unit
    units = my_units(actor)
    if own is not None and own.pk in units:
        return own
    if not units:
        raise Refusal(_("คุณยังไม่อยู่ในหน่วยงานที่ร่างหนังสือได้"), code="letters.no_unit")
    return Unit.objects.get(pk=units[0])


def signers(letter: Letter) -> list[tuple[int, str]]:
    """Who may be asked to sign: the head of the house, the deputy over the group, the head of the group."""
    found: list[Post] = []
    for post in (
        head_post(letter.issuer) if letter.issuer else None,
        letter.unit.overseer,
        head_post(letter.unit),
    ):
        if post is not None and post not in found:
            found.append(post)
    return [(post.pk, f"{post.title}") for post in found]


def answer_subject(letter: Letter) -> dict[str, Any]:
    return {
        "subject": letter.subject,
        "to_text": letter.from_text,
        "to_units": [letter.issuer_id] if letter.issuer_id else [],
        "references": [f"{letter.from_text} ที่ {letter.number_text}"] if letter.number_text else [],
    }


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Begin a draft: one press, then everything is kept as it is typed."""
    actor = request.actor
    demand(actor, DRAFT)
    unit = drafting_unit(actor)
    answered = None
    wanted = request.POST.get("answers") or request.GET.get("answers")
    if wanted and wanted.isdecimal():
        answered = fetch(actor, letters(), pk=int(wanted))
    kinds = [kind for kind in LetterKind if kind != LetterKind.OTHER]
    if request.method == "POST":
        kind = request.POST.get("kind")
        fields: dict[str, Any] = answer_subject(answered) if answered else {}
        group = saved_groups(actor).filter(pk=request.POST.get("group") or 0).first()
        if group:
            fields["to_units"] = group.members
        letter = draft(
            actor=actor,
            unit=unit,
            answers=answered,
            kind=kind if kind in LetterKind.values else LetterKind.EXTERNAL,
            is_circular=request.POST.get("is_circular") == "1",
            closing=_("ขอแสดงความนับถือ") if kind == LetterKind.EXTERNAL else "",
            form_key=(request.POST.get("form_key") or "")[:32] or None,
            **fields,
        )
        return redirect("letters:edit", letter.pk)
    return render(
        request,
        "letters/write.html",
        {"unit": unit, "kinds": kinds, "answered": answered, "form_key": secrets.token_hex(16)},
    )


def letter_form(actor: Actor, letter: Letter, *given: Any, **options: Any) -> LetterForm:
    choices = [row for _head, rows in addressees(actor, letter.issuer or letter.unit) for row in rows]
    return LetterForm(*given, receivers=choices, signers=signers(letter), **options)


def initial_of(letter: Letter) -> dict[str, Any]:
    names = (
        "version", "kind", "is_circular", "speed", "secrecy", "subject", "to_text", "to_units", "references",
        "enclosures", "body", "closing", "answer_by", "send_when_signed",
    )  # fmt: skip
    post = signing_post(letter)
    return {name: getattr(letter, name) for name in names} | {"signer_post": post.pk if post else None}


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = request.actor
    letter = fetch(actor, letters(), DRAFT, pk=pk)
    if letter.is_frozen or letter.origin != Origin.HERE:
        return redirect("letters:letter", letter.pk)
    status = 200
    latest = None
    if request.method == "POST":
        form = letter_form(actor, letter, request.POST, request.FILES)
        if form.is_valid():
            try:
                letter = save_form(actor, letter, form)
                target = request.POST.get("then")
                if target == "submit":
                    submit(actor=actor, letter=letter, note=request.POST.get("note", ""))
                    messages.success(request, _("เสนอแล้ว"))
                    return redirect("letters:letter", letter.pk)
                if target == "sign":
                    return redirect("letters:sign", letter.pk)
                messages.success(request, _("บันทึกร่างแล้ว"))
                return redirect("letters:edit", letter.pk)
            except Conflict as why:
                form.add_error(None, str(why.sentence))
                latest = Letter.objects.get(pk=letter.pk)
                status = 409
            except Refusal as why:
                refuse_on(form, why)
                status = why.status
                letter = letters().get(pk=letter.pk)
                if letter.is_frozen:
                    return redirect("letters:letter", letter.pk)
        else:
            status = 400
    else:
        initial = initial_of(letter)
        kept = Scratch.objects.filter(letter=letter, person=actor.person).first()
        form = letter_form(
            actor, letter, initial=initial | (kept.values if kept else {}) | {"version": letter.version}
        )
        form.restored = kept
    post = signing_post(letter)
    return render(
        request,
        "letters/edit.html",
        {
            "letter": letter,
            "form": form,
            "latest": latest,
            "groups": addressees(actor, letter.issuer or letter.unit),
            "saved": list(saved_groups(actor)),
            "chosen": {int(v) for v in form["to_units"].value() or [] if str(v).isdecimal()},
            "files": list(attachments(letter, papers.ENCLOSURE)),
            "i_sign": post is not None
            and post.pk in actor.posts
            and can(actor, SIGN, post.unit)
            and letter.drafter_post_id == post.pk,
            "next": head_post(letter.unit) if post and letter.unit.kind != UnitKind.SCHOOL else post,
            "reason": ReasonForm(),
        },
        status=status,
    )


def save_form(actor: Actor, letter: Letter, form: LetterForm) -> Letter:
    data = dict(form.cleaned_data)
    version, files = data.pop("version"), data.pop("files")
    signer = data.pop("signer_post")
    data["to_units"] = sorted(set(data["to_units"]))
    letter = rewrite(actor=actor, letter=letter, version=version, signer_post_id=signer, **data)
    if files:
        enclose(actor=actor, letter=letter, uploads=files)
    return letters().get(pk=letter.pk)


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Autosave: the typed words, for this person alone, until they save."""
    actor = request.actor
    letter = fetch(actor, letters(), DRAFT, pk=pk)
    if letter.is_frozen:
        raise Conflict(_("หนังสือนี้เสนอหรือลงนามแล้ว"), code="letters.frozen")
    if sum(len(value) for values in request.POST.lists() for value in values[1]) > SCRATCH_LIMIT:
        raise Refusal(_("ข้อความยาวเกินกว่าจะเก็บอัตโนมัติ กดบันทึกร่าง"), code="letters.too_long")
    values = {
        name: (request.POST.getlist(name) if name == "to_units" else request.POST.get(name))
        for name in LetterForm.base_fields
        if name in request.POST and name not in {"files", "version"}
    }
    kept = keep_scratch(actor=actor, letter=letter, values=values)
    return JsonResponse({"saved_at": kept.saved_at.isoformat()})


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper as it would be, from what is typed now (POST) or saved (GET); nothing is stored."""
    actor = request.actor
    letter = fetch(actor, letters(), pk=pk)
    demand(actor, READ, letter)
    if request.method == "POST" and not letter.is_frozen:
        form = letter_form(actor, letter, request.POST)
        form.is_valid()
        for name, value in form.cleaned_data.items():
            if name not in {"files", "version", "signer_post", "to_units"}:
                setattr(letter, name, value)
        if form.cleaned_data.get("signer_post"):
            letter.signer_post = Post.objects.filter(pk=form.cleaned_data["signer_post"]).first()
    page = request.GET.get("page")
    pdf = papers.draft_paper(letter, bureau_of(letter.issuer or letter.unit))
    if page and page.isdecimal():
        image = papers.page_png(pdf, int(page))
        return HttpResponse(image, content_type="image/png", headers={"Cache-Control": "no-store"})
    response = HttpResponse(pdf, content_type="application/pdf", headers={"Cache-Control": "no-store"})
    response["Content-Disposition"] = f'inline; filename="draft-{letter.pk}.pdf"'
    return response


@require_POST
def submit_one(request: HttpRequest, pk: int) -> HttpResponse:
    letter = fetch(request.actor, letters(), DRAFT, pk=pk)
    submit(actor=request.actor, letter=letter, note=request.POST.get("note", ""))
    messages.success(request, _("เสนอแล้ว"))
    return redirect("letters:letter", pk)


@require_http_methods(["GET", "POST"])
def sign_own(request: HttpRequest, pk: int) -> HttpResponse:
    """The head of the house signs what the head wrote: no chain, the same fresh sign-in."""
    actor = request.actor
    letter = fetch(actor, letters(), pk=pk)
    post = signing_post(letter)
    if request.method == "POST":
        if post is None:
            raise Refusal(_("ยังไม่มีตำแหน่งผู้ลงนามของหน่วยงานนี้"), code="letters.no_signer")
        signed = issue(actor=actor, letter=letter, post=post)
        messages.success(request, _("ลงนามแล้ว เลขที่ %(number)s") % {"number": signed.number_text})
        return redirect("letters:letter", pk)
    return render(request, "letters/sign.html", {"letter": letter, "post": post})


@require_POST
def discard_one(request: HttpRequest, pk: int) -> HttpResponse:
    letter = fetch(request.actor, letters(), DRAFT, pk=pk)
    discard(actor=request.actor, letter=letter, reason=request.POST.get("reason", ""))
    messages.success(request, _("ทิ้งร่างแล้ว"))
    return redirect("letters:drafts")


@require_POST
def remove_file(request: HttpRequest, pk: int, public_id: str) -> HttpResponse:
    letter = fetch(request.actor, letters(), DRAFT, pk=pk)
    unclose(actor=request.actor, letter=letter, public_id=public_id)
    return redirect("letters:edit", pk)


@require_http_methods(["GET", "POST"])
def ready(request: HttpRequest) -> HttpResponse:
    """Send a paper that was signed by hand: number, scan, receivers, gone."""
    actor = request.actor
    demand(actor, DISPATCH)
    unit = the_unit(actor, request.GET.get("unit"), among=receiving_units)
    return ready_form(request, unit, None)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a letter with files: the answer takes its own number and goes back to the sender."""
    receipt = own_receipt(request.actor, pk)
    demand(request.actor, DISPATCH, receipt.unit)
    return ready_form(request, receipt.unit, receipt.letter)


def ready_form(request: HttpRequest, unit: Unit, answered: Letter | None) -> HttpResponse:
    actor = request.actor
    groups = addressees(actor, unit)
    choices = [row for _head, rows in groups for row in rows]
    if request.method == "POST":
        form = ReadyForm(request.POST, request.FILES, receivers=choices)
        if form.is_valid():
            data = dict(form.cleaned_data)
            try:
                letter = send_ready(
                    actor=actor, unit=unit, units=data.pop("to_units"), answers=answered, **data
                )
            except Refusal as why:
                refuse_on(form, why)
            else:
                messages.success(request, _("ออกเลข %(number)s และส่งแล้ว") % {"number": letter.number_text})
                return redirect("letters:letter", letter.pk)
    else:
        initial: dict[str, Any] = {"form_key": secrets.token_hex(16)}
        if answered:
            initial |= answer_subject(letters().get(pk=answered.pk))
        form = ReadyForm(initial=initial, receivers=choices)
    return render(
        request,
        "letters/ready.html",
        {
            "form": form,
            "unit": unit,
            "answered": answered,
            "groups": groups,
            "saved": list(saved_groups(actor)),
            "chosen": {int(v) for v in form["to_units"].value() or [] if str(v).isdecimal()},
        },
        status=400 if form.errors else 200,
    )
