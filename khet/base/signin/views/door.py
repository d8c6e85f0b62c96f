"""Pages outside: signing in, out, the second factor, setting a password by link."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.stagekit import unstash_login
from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from khet.base.lib.errors import Refusal
from khet.base.org.api import Account, Actor
from khet.base.signin import demo, factors, letters, limits, tokens, trail
from khet.base.signin.actions import set_password
from khet.base.signin.adapters import passkeys_work
from khet.base.signin.backends import find_account
from khet.base.signin.choices import EventKind, Outcome
from khet.base.signin.forms import AskResetForm, NewPasswordForm
from khet.base.signin.providers import switched_on
from khet.base.ui.security import allow


def let_out(response: HttpResponse) -> HttpResponse:
    """Let the forms of this page lead to the providers: browsers check form-action along redirects too."""
    for spec in switched_on():
        allow(response, "form-action", spec.origin)
    return response


class SignIn(LoginView):
    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        chosen = self.request.GET.get("demo", "")
        if chosen and any(account.username == chosen for account in demo.accounts()):
            initial |= {"login": chosen, "password": demo.DEMO_PASSWORD}
        return initial

    def get_form(self, form_class: type | None = None) -> Any:
        form = super().get_form(form_class)
        if form.initial.get("password"):
            form.fields["password"].widget.render_value = True
        return form

    def render_to_response(self, context: dict[str, Any], **named: Any) -> HttpResponse:
        return let_out(super().render_to_response(context, **named))

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        context = super().get_context_data(**named)
        return context | {
            "demo_accounts": demo.accounts(),
            "demo_chosen": self.request.GET.get("demo", ""),
            "was_idle": "idle" in self.request.GET,
            "passkeys": passkeys_work(self.request),
            "providers": switched_on(),
        }


class SecondFactor(AuthenticateView):
    @method_decorator(login_not_required)
    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        # The administrator has reset the factors while this page stood open: there is nothing left to ask here,
        # and the password page would send the half-finished sign-in back for ever.
        pending = unstash_login(request, peek=True)
        if pending is not None and not factors.has_factor(pending.user):
            unstash_login(request)
            return HttpResponseRedirect(reverse("account_login"))
        return super().dispatch(request, *given, **named)

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        context = super().get_context_data(**named)
        account: Account = self.stage.login.user
        kinds = set(account.authenticator_set.values_list("type", flat=True))
        return context | {
            "account": account,
            "by_code": "totp" in kinds,
            "by_passkey": "webauthn" in kinds and passkeys_work(self.request),
            "passkey_elsewhere": "webauthn" in kinds and not passkeys_work(self.request),
            "demo_code": demo.code_for(account),
        }


sign_in = SignIn.as_view()
second_factor = SecondFactor.as_view()
sign_out = method_decorator(login_not_required, name="dispatch")(LogoutView).as_view()


@login_not_required
@never_cache
def inactive(request: HttpRequest) -> HttpResponse:
    return render(request, "signin/inactive.html", status=403)


@login_not_required
@never_cache
def ask_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether the account exists, is suspended, or has no e-mail."""
    form = AskResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["login"].strip()
        try:
            limits.take(
                (limits.RESET_ADDRESS, request.META.get("REMOTE_ADDR", "")),
                (limits.RESET_NAME, typed.lower()),
            )
        except Refusal as why:
            form.add_error(None, str(why.sentence))
            trail.record(request, EventKind.LIMITED, Outcome.REFUSED, typed=typed)
            return render(request, "signin/ask_reset.html", {"form": form}, status=why.status)
        account = find_account(typed)
        known = account is not None and account.is_active and account.email
        trail.record(
            request,
            EventKind.RESET_ASKED,
            Outcome.DONE if known else Outcome.REFUSED,
            account=account,
            typed=typed,
        )
        letters.send(account.email if known else "", "reset", account if known else None)
        return HttpResponseRedirect(reverse("signin:reset_sent"))
    return render(request, "signin/ask_reset.html", {"form": form, "can_mail": settings.EMAIL_IS_CONFIGURED})


@login_not_required
@never_cache
def reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "signin/reset_sent.html")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def set_by_link(request: HttpRequest, token: str, purpose: str) -> HttpResponse:
    """Set the password by a link of purpose ``reset`` or ``invite``; then sign in as always, factor included."""
    address = request.META.get("REMOTE_ADDR", "")
    if request.method == "POST":
        limits.take((limits.LINK_ADDRESS, address))
    found = tokens.read(token, purpose)
    if found is None:
        return render(request, "signin/dead_link.html", {"purpose": purpose}, status=404)
    account, _facts = found
    form = NewPasswordForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        actor = Actor(account=account, person=account.person, address=address)
        set_password(actor=actor, account=account, password=form.cleaned_data["password"])
        trail.record(request, EventKind.PASSWORD_SET, account=account, detail=_("ผ่านลิงก์ในอีเมล"))
        messages.success(request, _("ตั้งรหัสผ่านแล้ว เข้าสู่ระบบด้วยรหัสใหม่"))
        return HttpResponseRedirect(reverse("account_login"))
    return render(request, "signin/set_password.html", {"form": form, "account": account, "purpose": purpose})
