"""The fresh sign-in: asking who it is once more, and carrying what was being sent past that question.

The confirm page is a form to the very address that asked, with everything that was being sent in hidden
fields and the proof beside it. Nothing is kept on the server; what was typed cannot be lost or mixed up
between tabs, and a wrong code simply shows the page again.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from khet.base.lib.errors import Refusal
from khet.base.org.api import Account
from khet.base.signin import demo, factors, limits, sessions, trail
from khet.base.signin.adapters import WRONG_CODE, passkeys_work
from khet.base.signin.choices import EventKind, Outcome
from khet.base.signin.forms import CarefulPasskeyForm

MARK = "khet_confirm"
VALUE = "khet_confirm_value"
CREDENTIAL = "credential"
WAS_GET = "khet_confirm_get"
ABOUT = "khet_confirm_about"
OURS = {MARK, VALUE, WAS_GET, ABOUT, "csrfmiddlewaretoken"}


def ask(request: HttpRequest, about: str, fault: str = "", status: int = 401) -> HttpResponse:
    """The confirm page for this request. ``about`` is the sentence that says what it is for."""
    account: Account = request.user
    kinds = set(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    by_code = Authenticator.Type.TOTP in kinds
    by_passkey = Authenticator.Type.WEBAUTHN in kinds and passkeys_work(request)
    sending = request.method == "POST"
    was_get = not sending or WAS_GET in request.POST
    here = request.get_full_path()
    htmx = getattr(request, "htmx", None)
    if was_get and htmx and htmx.current_url_abs_path:
        here = htmx.current_url_abs_path
    context: dict[str, Any] = {
        "about": about,
        "fault": fault,
        "here": here,
        "was_get": was_get,
        "kept": [
            (name, value)
            for name, values in (request.POST.lists() if sending else [])
            if name not in OURS and not (name == CREDENTIAL and MARK in request.POST)
            for value in values
        ],
        "lost_files": [upload.name for upload in request.FILES.values()] if sending else [],
        "by_code": by_code,
        "by_passkey": by_passkey,
        "by_password": not (by_code or by_passkey),
        "recovery_only": bool(kinds) and not by_code and not by_passkey,
        "demo_code": demo.code_for(account),
        "account": account,
    }
    if by_passkey:
        context["passkey_options"] = {"request_options": begin_authentication(account)}
    response = render(request, "signin/confirm.html", context, status=status)
    if htmx:
        # htmx swaps only what succeeds, and into the place the button named: the question needs the page.
        response.status_code = 200
        response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"] = "body", "innerHTML", "body"
        response["HX-Push-Url"] = "false"
    return response


def settle(request: HttpRequest) -> HttpResponse | None:
    """Check the proof that came with a confirm form; None lets the request go on as it was first sent."""
    if request.method != "POST" or MARK not in request.POST or not request.user.is_authenticated:
        return None
    account: Account = request.user
    sent = request.POST
    about = sent.get(ABOUT, "")[:300]
    address = request.META.get("REMOTE_ADDR", "")
    try:
        ticket = limits.take((limits.CONFIRM, account.pk), (limits.FACTOR_ADDRESS, address))
    except Refusal as why:
        trail.record(request, EventKind.LIMITED, Outcome.REFUSED, account=account)
        return ask(request, about, str(why.sentence), status=why.status)
    proof = prove(request, account, sent.get(MARK, ""), sent.get(VALUE, ""))
    if proof is None:
        trail.record(request, EventKind.CONFIRM, Outcome.REFUSED, account=account)
        wrong = _("รหัสผ่านไม่ตรง ลองใหม่") if sent.get(MARK) == "password" else str(WRONG_CODE)
        return ask(request, about, wrong)
    ticket.give_back()
    trail.record(request, EventKind.CONFIRM, account=account, detail=proof)
    record_authentication(
        request, account, "mfa" if sent[MARK] != "password" else "password", reauthenticated=True
    )
    sessions.rotate(request)
    sessions.freshen(request)
    request.actor.fresh_sign_in = True
    if WAS_GET in sent:
        return HttpResponseRedirect(request.get_full_path())
    request.POST = without_ours(sent)
    return None


def without_ours(sent: QueryDict) -> QueryDict:
    """What was first sent: the fields of the confirm form taken out again."""
    kept = sent.copy()
    for name in (MARK, VALUE, WAS_GET, ABOUT):
        kept.pop(name, None)
    if CREDENTIAL in kept and sent.get(MARK) == "passkey":
        kept.pop(CREDENTIAL)
    kept._mutable = False
    return kept


def prove(request: HttpRequest, account: Account, how: str, value: str) -> str | None:
    """How the person proved it, in words, or None. A password alone counts only where no factor is set."""
    if how == "passkey" and passkeys_work(request):
        form = CarefulPasskeyForm({CREDENTIAL: request.POST.get(CREDENTIAL, "")}, user=account)
        if form.is_valid():
            form.cleaned_data[CREDENTIAL].record_usage()
            return _("พาสคีย์")
    elif how == "code":
        factor = factors.use_code(account, value)
        if factor is not None:
            factor.record_usage()
            return _("แอปยืนยันตัวตน") if factor.type == Authenticator.Type.TOTP else _("รหัสสำรอง")
    elif how == "password" and not usable_factor(request, account) and account.check_password(value):
        return _("รหัสผ่าน")
    return None


def usable_factor(request: HttpRequest, account: Account) -> bool:
    """A factor the person can use here. A passkey on another name than this one is out of reach."""
    kinds = set(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    return Authenticator.Type.TOTP in kinds or (
        Authenticator.Type.WEBAUTHN in kinds and passkeys_work(request)
    )
