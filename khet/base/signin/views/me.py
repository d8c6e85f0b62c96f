"""My account: who I am here, my locks, my sessions, my sign-ins."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from khet.base.lib.errors import FreshSignInNeeded, Refusal
from khet.base.org.api import Actor, needs_second_factor
from khet.base.signin import devices, factors, kept, letters, limits, sessions, tokens, trail
from khet.base.signin.actions import change_email, set_password
from khet.base.signin.adapters import passkeys_work
from khet.base.signin.choices import EventKind, Outcome
from khet.base.signin.forms import ChangePasswordForm, EmailForm
from khet.base.signin.providers import switched_on
from khet.base.signin.queries import mine
from khet.base.signin.views.door import let_out


def _demand_fresh(request: HttpRequest, why: str) -> None:
    if not request.actor.fresh_sign_in:
        raise FreshSignInNeeded(why, code="fresh_sign_in_needed")


def _session_rows(request: HttpRequest) -> list[dict[str, object]]:
    return [
        {
            "session": session,
            "device": devices.describe(session.user_agent),
            "is_current": session.session_key == request.session.session_key,
        }
        for session in sessions.of(request.user)
    ]


@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account on one page."""
    own = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    recovery = next((f for f in own if f.type == Authenticator.Type.RECOVERY_CODES), None)
    links = {link.provider: link for link in request.user.links.all()}
    page = render(
        request,
        "signin/account.html",
        {
            "account": request.user,
            "app": next((f for f in own if f.type == Authenticator.Type.TOTP), None),
            "passkeys": [
                {"factor": f, "name": f.wrap().name} for f in own if f.type == Authenticator.Type.WEBAUTHN
            ],
            # None: there is no factor yet that codes could stand in for.
            "recovery_left": len(recovery.wrap().get_unused_codes()) if recovery else 0 if own else None,
            "passkeys_work": passkeys_work(request),
            "needs_factor": needs_second_factor(request.actor),
            "rows": _session_rows(request),
            "events": mine(request.user)[:8],
            "providers": [{"provider": p, "link": links.get(p.code)} for p in switched_on() if p.linkable],
        },
    )
    return let_out(page)


@never_cache
def history(request: HttpRequest) -> HttpResponse:
    page = Paginator(mine(request.user), 50).get_page(request.GET.get("page"))
    return render(request, "signin/my_history.html", {"page": page})


@never_cache
def setup(request: HttpRequest) -> HttpResponse:
    """Where somebody who sees others' data is led until they have a second factor."""
    if factors.has_factor(request.user):
        if request.session.get(sessions.SECOND_FACTOR):
            return redirect("signin:account")
        # Set up on another machine in the meantime: here it was never given, so this session begins anew.
        sessions.end_here(request)
        return redirect("account_login")
    return render(request, "signin/setup.html", {"passkeys_work": passkeys_work(request)})


@never_cache
@sensitive_post_parameters("old", "password")
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password: the current one is asked, every other session ends, this one goes on."""
    form = ChangePasswordForm(request.POST or None, account=request.user)
    if request.method == "POST" and form.is_valid():
        address = request.META.get("REMOTE_ADDR", "")
        ticket = limits.take((limits.CONFIRM, request.user.pk), (limits.FACTOR_ADDRESS, address))
        if not request.user.check_password(form.cleaned_data["old"]):
            trail.record(request, EventKind.CONFIRM, Outcome.REFUSED, account=request.user)
            form.add_error("old", _("รหัสผ่านปัจจุบันไม่ตรง ลองใหม่"))
        else:
            ticket.give_back()
            set_password(actor=request.actor, account=request.user, password=form.cleaned_data["password"])
            keep_this_session(request)
            trail.record(request, EventKind.PASSWORD_SET, account=request.user, detail=_("ตั้งเอง"))
            messages.success(request, _("เปลี่ยนรหัสผ่านแล้ว เครื่องอื่นทุกเครื่องออกจากระบบแล้ว"))
            return redirect("signin:account")
    return render(request, "signin/change_password.html", {"form": form})


def keep_this_session(request: HttpRequest) -> None:
    """Bind this session to the new password under a new key; the list of sessions follows."""
    old = request.session.session_key
    update_session_auth_hash(request, request.user)
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


@never_cache
def email(request: HttpRequest) -> HttpResponse:
    """Ask for another e-mail address: it counts only when the link sent to it has been opened."""
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _demand_fresh(request, _("ยืนยันตัวตนอีกครั้งก่อนเปลี่ยนอีเมล"))
        limits.take((limits.RESET_NAME, f"email|{request.user.pk}"))
        wanted = form.cleaned_data["email"]
        letters.send(wanted, "email", request.user)
        messages.success(request, _("ส่งลิงก์ไปที่ %(email)s แล้ว เปิดลิงก์เพื่อยืนยัน") % {"email": wanted})
        return redirect("signin:account")
    return render(request, "signin/email.html", {"form": form, "account": request.user})


@login_not_required
@never_cache
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the new mailbox: a page with one button, so that mail scanners change nothing."""
    found = tokens.read(token, "email")
    if found is None:
        return render(request, "signin/dead_link.html", {"purpose": "email"}, status=404)
    owner, facts = found
    if request.method == "POST":
        actor = Actor(account=owner, person=owner.person, address=request.META.get("REMOTE_ADDR") or None)
        change_email(actor=actor, account=owner, email=facts["e"])
        trail.record(request, EventKind.EMAIL_CHANGED, account=owner)
        messages.success(request, _("เปลี่ยนอีเมลแล้ว"))
        return redirect("signin:account")
    return render(request, "signin/confirm_email.html", {"account": owner, "email": facts["e"]})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; somebody else's does not exist here."""
    session = UserSession.objects.filter(pk=pk, user=request.user).first()
    if session is None:
        raise Http404
    if session.session_key == request.session.session_key:
        raise Refusal(_("นี่คือเครื่องที่ใช้อยู่ กดออกจากระบบแทน"), code="signin.this_session")
    sessions.end(request, [session])
    messages.success(request, _("จบการใช้งานบนเครื่องนั้นแล้ว"))
    return redirect("signin:account")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    count = sessions.end(request, others)
    messages.success(request, _("จบการใช้งานบนเครื่องอื่น %(n)d เครื่อง") % {"n": count})
    return redirect("signin:account")


@never_cache
def go_on(request: HttpRequest) -> HttpResponse:
    """After signing in again: what was being sent when time ran out, to be sent on or dropped."""
    found = kept.take(request)
    if request.method == "POST":
        request.session.pop(kept.KEY, None)
        return HttpResponseRedirect("/")
    if found is None:
        return HttpResponseRedirect("/")
    shown = [(name, value) for name, value in found["fields"] if value.strip() and len(value) > 1]
    return render(request, "signin/go_on.html", {"kept_post": found, "shown": shown})


def to_account(request: HttpRequest, **rest: object) -> HttpResponse:
    return redirect("signin:account")
