"""Forms of the door. They check shape; what may be done is decided by verbs and limits."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Refusal
from khet.base.org.api import Account
from khet.base.signin import factors, limits, trail
from khet.base.signin.adapters import WRONG_CODE
from khet.base.signin.choices import EventKind, Outcome
from khet.base.signin.passwords import LONGEST

CODE_WIDGET = forms.TextInput(
    attrs={
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "spellcheck": "false",
        "autocapitalize": "off",
    }
)


class SignInForm(LoginForm):
    """By user name or e-mail address; password managers and pasting are welcome."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.max_length = gettext_lazy("ชื่อผู้ใช้หรืออีเมล"), 254
        login.widget.attrs = {
            "autocomplete": "username webauthn",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": "254",
        }
        login.error_messages["required"] = gettext_lazy("ใส่ชื่อผู้ใช้หรืออีเมล")
        password.label, password.help_text = gettext_lazy("รหัสผ่าน"), ""
        password.widget.attrs = {"autocomplete": "current-password", "maxlength": str(LONGEST)}
        password.error_messages["required"] = gettext_lazy("ใส่รหัสผ่าน")
        password.strip = False
        for field in (login, password):
            limit = int(field.widget.attrs["maxlength"])
            field.validators.append(_not_longer(limit))

    def user_credentials(self) -> dict[str, str]:
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data["password"]}


def _not_longer(limit: int):
    def check(value: str) -> None:
        if len(value) > limit:
            raise ValidationError(_("ยาวเกิน %(n)d ตัวอักษร") % {"n": limit}, code="too_long")

    return check


def take_factor(account: Account) -> limits.Ticket:
    """Count an attempt at the second factor; a ValidationError when there were too many."""
    address = context.request.META.get("REMOTE_ADDR", "")
    try:
        return limits.take((limits.FACTOR, account.pk), (limits.FACTOR_ADDRESS, address))
    except Refusal as why:
        trail.record(context.request, EventKind.LIMITED, Outcome.REFUSED, account=account)
        raise ValidationError(str(why.sentence), code="rate_limited") from why


class SecondFactorForm(AuthenticateForm):
    code = forms.CharField(label=gettext_lazy("รหัส 6 หลักจากแอป หรือรหัสสำรอง"), max_length=40, widget=CODE_WIDGET,
                           error_messages={"required": gettext_lazy("ใส่รหัสจากแอปยืนยันตัวตน")})  # fmt: skip

    def clean_code(self) -> str:
        ticket = take_factor(self.user)
        found = factors.use_code(self.user, self.cleaned_data["code"])
        if found is None:
            main = Authenticator.objects.filter(user=self.user).order_by("-type").first()
            if main:
                self._emit_authentication_failed(main)
            raise ValidationError(WRONG_CODE, code="incorrect_code")
        ticket.give_back()
        found.user = self.user
        self.authenticator = found
        return self.cleaned_data["code"]


class CarefulPasskeyForm(AuthenticateWebAuthnForm):
    """What the device answered, however garbled by whoever sent it: right, or refused in a sentence."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            raise ValidationError(WRONG_CODE, code="incorrect_code") from why


class SecondFactorPasskeyForm(CarefulPasskeyForm):
    def clean_credential(self) -> Authenticator:
        ticket = take_factor(self.user)
        found = super().clean_credential()
        ticket.give_back()
        return found


class PasskeySignInForm(CarefulPasskeyForm):
    """Signing in with a passkey alone: the key holds who it is, and its finger or PIN is the second factor."""

    passwordless = True

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, user=None, **named)

    def clean_credential(self) -> Authenticator:
        request = context.request
        try:
            limits.take((limits.PASSKEY_ADDRESS, request.META.get("REMOTE_ADDR", "")))
            found = super().clean_credential()
        except Refusal as why:
            raise ValidationError(str(why.sentence), code="rate_limited") from why
        except ValidationError as why:
            trail.record(request, EventKind.PASSKEY, Outcome.REFUSED)
            raise ValidationError(_("พาสคีย์นี้ใช้กับที่นี่ไม่ได้ เข้าด้วยชื่อผู้ใช้และรหัสผ่าน"), code="incorrect_code") from why
        if not found.user.is_active:
            trail.record(
                request, EventKind.PASSKEY, Outcome.REFUSED, account=found.user, detail=_("บัญชีถูกระงับ")
            )
            raise ValidationError(_("บัญชีนี้ถูกระงับ ติดต่อผู้ดูแลระบบ"), code="inactive")
        return found


class SetUpAppForm(ActivateTOTPForm):
    code = forms.CharField(label=gettext_lazy("รหัส 6 หลักที่แอปแสดง"), max_length=20, widget=CODE_WIDGET,
                           error_messages={"required": gettext_lazy("ใส่รหัส 6 หลักที่แอปแสดง")})  # fmt: skip

    def clean_code(self) -> str:
        ticket = take_factor(self.user)
        if factors.matching_step(self.secret, factors.plain_code(self.cleaned_data["code"])) is None:
            raise ValidationError(
                _("รหัสยังไม่ตรง ตรวจว่าเวลาของโทรศัพท์ตั้งอัตโนมัติ แล้วใส่รหัสที่แอปแสดงอยู่ตอนนี้"), code="incorrect_code"
            )
        ticket.give_back()
        return self.cleaned_data["code"]


class AddPasskeyForm(AddWebAuthnForm):
    name = forms.CharField(label=gettext_lazy("ชื่อที่จำได้"), max_length=60, required=False)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["passwordless"].label = gettext_lazy("ใช้พาสคีย์นี้เข้าระบบได้โดยไม่พิมพ์รหัสผ่าน")
        self.fields["passwordless"].help_text = gettext_lazy("อุปกรณ์จะขอลายนิ้วมือ ใบหน้า หรือ PIN ของเครื่อง")
        self.fields["passwordless"].initial = True

    def clean(self) -> dict:
        try:
            return super().clean()
        except (KeyError, TypeError, ValueError, AttributeError) as why:
            raise ValidationError(_("อ่านคำตอบของอุปกรณ์ไม่ได้ ลองเพิ่มพาสคีย์อีกครั้ง"), code="incorrect_code") from why


class RenamePasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=gettext_lazy("ชื่อที่จำได้"), max_length=60)


class NewPasswordForm(forms.Form):
    """A new password, typed or pasted once; the browser can show it, so it is not asked twice."""

    password = forms.CharField(
        label=gettext_lazy("รหัสผ่านใหม่"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("อย่างน้อย 12 ตัว ใช้ภาษาไทยและเว้นวรรคได้ เช่น คำไทยสี่คำที่ไม่เกี่ยวกัน"),
        error_messages={"required": gettext_lazy("ใส่รหัสผ่านใหม่")},
    )

    def __init__(self, *arguments: Any, account: Account, **named: Any) -> None:
        self.account = account
        super().__init__(*arguments, **named)

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.account)
        return password


class ChangePasswordForm(NewPasswordForm):
    old = forms.CharField(
        label=gettext_lazy("รหัสผ่านปัจจุบัน"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": gettext_lazy("ใส่รหัสผ่านปัจจุบัน")},
    )
    field_order = ["old", "password"]


class AskResetForm(forms.Form):
    login = forms.CharField(
        label=gettext_lazy("ชื่อผู้ใช้หรืออีเมล"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("ใส่ชื่อผู้ใช้หรืออีเมล")},
    )


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("อีเมลใหม่"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("ใส่อีเมลใหม่"),
            "invalid": gettext_lazy("อีเมลต้องมี @ และชื่อโดเมน เช่น name@example.go.th"),
        },
    )


class ReasonForm(forms.Form):
    """A typed reason, for acts on somebody else's account."""

    reason = forms.CharField(
        label=gettext_lazy("เหตุผล"),
        min_length=8,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "2"}),
        error_messages={
            "required": gettext_lazy("พิมพ์เหตุผล เช่น โทรศัพท์หาย แจ้งทางโทรศัพท์และยืนยันตัวด้วยบัตร"),
            "min_length": gettext_lazy("พิมพ์เหตุผลให้ผู้ตรวจสอบเข้าใจ อย่างน้อย 8 ตัวอักษร"),
        },
    )
