"""Leaving for LINE or ThaID and coming back."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from khet.base.lib.errors import FreshSignInNeeded
from khet.base.signin import limits, trail
from khet.base.signin.actions import link, unlink
from khet.base.signin.adapters import AccountAdapter
from khet.base.signin.addresses import absolute
from khet.base.signin.choices import EventKind, Outcome
from khet.base.signin.providers import (
    ProviderFault,
    ProviderSpec,
    account_of,
    begin,
    identity,
    provider,
    take_back,
)


def _spec(code: str) -> ProviderSpec:
    spec = provider(code)
    if spec is None:
        raise Http404
    return spec


def _callback(spec: ProviderSpec) -> str:
    return absolute(reverse("signin:provider_callback", args=[spec.code]))


def _count(request: HttpRequest) -> None:
    limits.take((limits.PROVIDER_ADDRESS, request.META.get("REMOTE_ADDR", "")))


def _refused(
    request: HttpRequest, spec: ProviderSpec, sentence: object, code: str, status: int
) -> HttpResponse:
    trail.record(request, EventKind.PROVIDER, Outcome.REFUSED, detail=f"{spec.label} {code}")
    return render(
        request, "signin/provider_refused.html", {"provider": spec, "sentence": sentence}, status=status
    )


@login_not_required
@never_cache
@require_POST
def sign_in(request: HttpRequest, code: str) -> HttpResponse:
    spec = _spec(code)
    if request.user.is_authenticated:
        return redirect("/")
    _count(request)
    wanted = request.POST.get("next", "")
    try:
        url = begin(
            request, spec, callback=_callback(spec), purpose="sign_in",
            next_url=wanted if AccountAdapter(request).is_safe_url(wanted) else "/",
        )  # fmt: skip
    except ProviderFault as why:
        return _refused(request, spec, why.sentence, why.code, why.status)
    return HttpResponseRedirect(url)


@require_POST
def start_link(request: HttpRequest, code: str) -> HttpResponse:
    """Link one's own LINE, from one's own page, after a fresh sign-in."""
    spec = _spec(code)
    if not spec.linkable:
        raise Http404
    if not request.actor.fresh_sign_in:
        raise FreshSignInNeeded(
            _("ยืนยันตัวตนอีกครั้งก่อนผูก %(name)s") % {"name": spec.label}, code="fresh_sign_in_needed"
        )
    try:
        url = begin(
            request, spec, callback=_callback(spec), purpose="link", next_url=reverse("signin:account")
        )
    except ProviderFault as why:
        return _refused(request, spec, why.sentence, why.code, why.status)
    return HttpResponseRedirect(url)


@require_POST
def end_link(request: HttpRequest, code: str) -> HttpResponse:
    unlink(actor=request.actor, account=request.user, provider=code)
    trail.record(request, EventKind.UNLINKED, account=request.user, detail=code)
    messages.success(request, _("เลิกผูกแล้ว"))
    return redirect("signin:account")


@login_not_required
@never_cache
@require_safe
def callback(request: HttpRequest, code: str) -> HttpResponse:
    """Back from the provider: believed only if this very session left for it, and only for an existing person."""
    spec = _spec(code)
    _count(request)
    try:
        begun = take_back(request, spec)
        who = identity(request, spec, begun, _callback(spec))
    except ProviderFault as why:
        return _refused(request, spec, why.sentence, why.code, why.status)
    if begun["purpose"] == "link":
        if not request.user.is_authenticated or request.user.pk != begun["account"]:
            return _refused(request, spec, _("เริ่มผูกใหม่จากหน้าบัญชีของฉัน"), "signin.provider_other", 403)
        link(
            actor=request.actor,
            account=request.user,
            provider=spec.code,
            subject=who["subject"],
            name=who["name"],
        )
        trail.record(request, EventKind.LINKED, account=request.user, detail=spec.label)
        messages.success(request, _("ผูก %(name)s แล้ว") % {"name": spec.label})
        return redirect("signin:account")
    if request.user.is_authenticated:
        return redirect("/")
    account = account_of(spec, who["subject"])
    if account is None:
        sentence = (
            _("%(name)s นี้ยังไม่ได้ผูกกับบัญชีใด เข้าด้วยชื่อผู้ใช้และรหัสผ่าน แล้วผูกในหน้าบัญชีของฉัน")
            if spec.linkable
            else _("ยังไม่พบบัญชีของเลขประจำตัวนี้ แจ้งผู้ดูแลระบบของสำนักงานให้เพิ่มเลขในทะเบียนบุคคล")
        )
        return _refused(request, spec, sentence % {"name": spec.label}, "signin.provider_unknown", 403)
    record_authentication(request, account, "provider", provider=spec.code)
    return perform_login(request, Login(user=account, redirect_url=begun["next"]))
