"""Other people's accounts, for whoever manages them: invite, suspend, reset lost factors."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.base.lib.errors import Forbidden, Refusal
from khet.base.org.actions import suspend_account
from khet.base.org.api import Account, demand, fetch, visible
from khet.base.org.rules import ORG_MANAGE
from khet.base.signin import factors, trail
from khet.base.signin import sessions as live
from khet.base.signin.actions import invite, reset_factors, reset_link
from khet.base.signin.choices import EventKind
from khet.base.signin.forms import ReasonForm


def _account(request: HttpRequest, pk: int) -> Account:
    return fetch(request.actor, Account.objects.select_related("person"), ORG_MANAGE, pk=pk)


@never_cache
def accounts(request: HttpRequest) -> HttpResponse:
    demand(request.actor, ORG_MANAGE)
    typed = request.GET.get("q", "").strip()[:100]
    found = visible(request.actor, Account.objects.all()).select_related("person")
    for word in typed.split():
        found = found.filter(
            Q(username__icontains=word)
            | Q(email__icontains=word)
            | Q(person__first_name__icontains=word)
            | Q(person__last_name__icontains=word)
        )
    own = Authenticator.objects.filter(user=OuterRef("pk"), type__in=factors.MAIN)
    found = found.annotate(has_factor=Exists(own)).order_by("person__first_name", "pk")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "signin/accounts.html", {"page": page, "typed": typed})


def _show(
    request: HttpRequest, account: Account, form: ReasonForm, status: int = 200, link: str = ""
) -> HttpResponse:
    return render(
        request,
        "signin/account_of.html",
        {
            "account": account,
            "form": form,
            "link": link,
            "has_factor": factors.has_factor(account),
            "sessions": len(live.of(account)),
            "is_self": account.pk == request.user.pk,
        },
        status=status,
    )


@never_cache
def account_of(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _account(request, pk), ReasonForm())


@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove somebody's factors, with a typed reason, after a fresh sign-in."""
    account = _account(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, account, form, status=422)
    reset_factors(actor=request.actor, account=account, reason=form.cleaned_data["reason"])
    detail = _("โดย %(who)s: %(reason)s") % {"who": request.actor.name, "reason": form.cleaned_data["reason"]}
    trail.record(request, EventKind.FACTOR_RESET, account=account, detail=detail)
    messages.success(request, _("ล้างปัจจัยที่สองแล้ว เจ้าของตั้งใหม่เมื่อเข้าครั้งต่อไป"))
    return redirect("signin:account_of", pk=account.pk)


@never_cache
@require_POST
def hand_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A link to set a password, shown once, to be handed over in person."""
    account = _account(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, account, form, status=422)
    link = reset_link(actor=request.actor, account=account, reason=form.cleaned_data["reason"])
    detail = _("ลิงก์โดย %(who)s: %(reason)s") % {
        "who": request.actor.name,
        "reason": form.cleaned_data["reason"],
    }
    trail.record(request, EventKind.RESET_ASKED, account=account, detail=detail)
    return _show(request, account, ReasonForm(), link=link)


@never_cache
@require_POST
def send_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the invitation, and show the link once for accounts without an e-mail address."""
    account = _account(request, pk)
    try:
        link = invite(actor=request.actor, account=account)
    except Forbidden:
        raise
    except Refusal as why:
        messages.error(request, str(why.sentence))
        return redirect("signin:account_of", pk=account.pk)
    trail.record(
        request, EventKind.INVITED, account=account, detail=_("โดย %(who)s") % {"who": request.actor.name}
    )
    return _show(request, account, ReasonForm(), link=link)


@require_POST
def suspend(request: HttpRequest, pk: int) -> HttpResponse:
    account = _account(request, pk)
    if account.pk == request.user.pk:
        raise Refusal(_("ระงับบัญชีของตนเองไม่ได้ ให้ผู้ดูแลคนอื่นทำ"), code="signin.own_account")
    suspended = request.POST.get("suspended") == "1"
    suspend_account(actor=request.actor, account=account, suspended=suspended)
    if suspended:
        for session in live.of(account):
            session.end()
        trail.record(request, EventKind.SESSION_ENDED, account=account, detail=_("ระงับบัญชี"))
    messages.success(request, _("ระงับบัญชีแล้ว ทุกเครื่องออกจากระบบ") if suspended else _("เลิกระงับบัญชีแล้ว"))
    return redirect("signin:account_of", pk=account.pk)
