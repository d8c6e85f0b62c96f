"""How django-allauth behaves here: no sign-up, our limits, our trail, our links, sealed keys."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import FreshSignInNeeded, Refusal
from khet.base.org.api import Account, Actor, Unit, needs_second_factor, office
from khet.base.org.sealing import seal, unseal
from khet.base.signin import kept, limits, sessions, trail
from khet.base.signin.addresses import absolute
from khet.base.signin.backends import find_account
from khet.base.signin.choices import EventKind, Outcome

MISMATCH = gettext_lazy(
    "ชื่อผู้ใช้หรือรหัสผ่านไม่ตรงกัน ตรวจภาษาของแป้นพิมพ์แล้วลองใหม่ หรือตั้งรหัสผ่านใหม่ ถ้าบัญชีถูกระงับ ติดต่อผู้ดูแลระบบ"
)
WRONG_CODE = gettext_lazy("รหัสนี้ใช้ไม่ได้ อาจหมดเวลาหรือใช้ไปแล้ว รอรหัสถัดไปในแอป แล้วลองใหม่")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": MISMATCH,
        "email_password_mismatch": MISMATCH,
        "incorrect_password": gettext_lazy("รหัสผ่านไม่ตรง ลองใหม่"),
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": gettext_lazy("ลองถี่เกินไป รอสักครู่แล้วลองใหม่"),
        "rate_limited": gettext_lazy("ลองถี่เกินไป รอสักครู่แล้วลองใหม่"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """``addresses.settle`` has made REMOTE_ADDR the client's; headers are not asked again."""
        return request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 - stands for "not known"

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths on this site are followed after a sign-in."""
        return bool(url) and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return absolute(super().get_reset_password_from_key_url(key))

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """One counted attempt by password. A wrong one goes into the trail; a right one is given back."""
        typed = (credentials.get("username") or credentials.get("email") or "").strip().lower()
        address = self.get_client_ip(request)
        account = find_account(typed)
        # An account is counted once, whether it is called by its user name or its e-mail address.
        name = f"#{account.pk}" if account else typed
        try:
            ticket = limits.take(
                (limits.ACCOUNT_HERE, f"{name}|{address}"), (limits.ACCOUNT, name), (limits.ADDRESS, address)
            )
        except Refusal as why:
            trail.record(request, EventKind.LIMITED, Outcome.REFUSED, account=account, typed=typed)
            raise ValidationError(str(why.sentence), code="too_many_login_attempts") from why
        user = authenticate(request, username=typed, password=credentials.get("password", ""))
        if user is None:
            detail = _("บัญชีถูกระงับ") if account and not account.is_active else ""
            trail.record(
                request, EventKind.PASSWORD, Outcome.REFUSED, account=account, typed=typed, detail=detail
            )
            return None
        ticket.give_back()
        return user

    def login(self, request: HttpRequest, user: Account) -> None:
        super().login(request, user)
        sessions.begin(request, user)
        trail.record(request, EventKind.SIGN_IN, account=user, detail=self._how(request, user))

    def post_login(self, request: HttpRequest, user: Account, **rest: Any) -> Any:
        """Back to where the person was; through the page that shows what they were sending, if anything was."""
        response = super().post_login(request, user, **rest)
        return redirect("signin:go_on") if kept.take(request) else response

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *rest: Any, **named: Any
    ) -> None:
        """allauth greets in a toast; the page that opens is greeting enough. New codes are no warning."""
        if message_template == "mfa/messages/recovery_codes_generated.txt":
            level = messages.SUCCESS
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *rest, **named)

    def _how(self, request: HttpRequest, user: Account) -> str:
        words = {
            "password": _("รหัสผ่าน"),
            "totp": _("แอปยืนยันตัวตน"),
            "webauthn": _("พาสคีย์"),
            "recovery_codes": _("รหัสสำรอง"),
            "line": "LINE",
            "thaid": "ThaID",
        }
        records = sessions.get_authentication_records(request, user)
        used = [record.get("type") or record.get("provider") or record["method"] for record in records]
        return " + ".join(str(words.get(item, item)) for item in used)

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            trail.record(request, EventKind.SIGN_OUT, account=request.user)
            sessions.end_here(request)
        else:
            super().logout(request)

    def is_reauthentication_required(self, *, app: str, **rest: Any) -> bool:
        """allauth's own pages ask for the same fresh sign-in as everything else here."""
        if not sessions.is_fresh(self.request):
            raise FreshSignInNeeded(_("ยืนยันตัวตนอีกครั้งก่อนเปลี่ยนวิธีเข้าสู่ระบบ"), code="fresh_sign_in_needed")
        return False


class MfaAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": gettext_lazy(
            "งานของคุณเห็นข้อมูลส่วนบุคคลของผู้อื่น จึงต้องมีปัจจัยที่สองอย่างน้อยหนึ่งอย่าง ตั้งอย่างใหม่ก่อน แล้วจึงลบอันนี้"
        ),
        "cannot_generate_recovery_codes": gettext_lazy("ตั้งปัจจัยที่สองก่อน แล้วจึงออกรหัสสำรอง"),
    }

    def encrypt(self, text: str) -> str:
        return seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text.encode())

    def get_totp_issuer(self) -> str:
        return office_name()

    def get_totp_label(self, user: Account) -> str:
        return user.username

    def _get_user_identifier(self, user: Account) -> str:
        return user.username

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        account = Account.objects.select_related("person").get(pk=authenticator.user_id)
        others = (
            Authenticator.objects.filter(user=account)
            .exclude(pk=authenticator.pk)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
        )
        return others.exists() or not needs_second_factor(Actor.of(account.person, account=account))

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("พาสคีย์ที่ %(n)d") % {"n": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": passkey_host(), "name": office_name()}

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        # The person's name stays out of the device's own list; the user name is enough to choose by.
        return super().get_public_key_credential_user_entity(user) | {"display_name": user.username}


def office_name() -> str:
    """The short name of the office, for authenticator apps; a browser or phone shows it in its own list."""
    try:
        return office().short_name or "khet"
    except Unit.DoesNotExist:
        return "khet"


def passkey_host() -> str:
    """The name passkeys are bound to: the configured one, never the Host that a request claims."""
    return "localhost" if settings.IS_LOCAL else settings.PUBLIC_HOST


def passkeys_work(request: HttpRequest) -> bool:
    """Browsers bind passkeys to a name: they work on the office's name and on localhost, not on an IP address."""
    return request.get_host().partition(":")[0] == passkey_host()
