"""Verbs of the door: passwords, e-mail, invitations, second factors, linked accounts."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.org.actions import demand_over
from khet.base.org.api import Account, Actor, entry, verb
from khet.base.org.rules import ORG_MANAGE
from khet.base.org.sealing import fingerprint, fingerprints, seal
from khet.base.signin import letters, sessions
from khet.base.signin.choices import Provider
from khet.base.signin.models import Link


def _own(actor: Actor, account: Account) -> None:
    if not actor.is_system and (actor.account is None or actor.account.pk != account.pk):
        raise Forbidden(_("เปลี่ยนได้เฉพาะบัญชีของตนเอง"), code="signin.not_yours")


@verb("signin.set_password", _("ตั้งรหัสผ่าน"), capability="")
def set_password(*, actor: Actor, account: Account, password: str) -> None:
    """Set one's own password. Every session of the account ends; the caller may begin a new one."""
    _own(actor, account)
    account.set_password(password)
    account.session_epoch += 1
    account.save(update_fields=["password", "session_epoch"])
    entry().on(account)
    transaction.on_commit(lambda: letters.tell_owner(account, "password_set"))


@verb("signin.change_email", _("เปลี่ยนอีเมลของบัญชี"), capability="")
def change_email(*, actor: Actor, account: Account, email: str) -> None:
    """Take over an address whose owner has just opened the link sent to it; the old address is told."""
    _own(actor, account)
    if Account.objects.filter(email__iexact=email).exclude(pk=account.pk).exists():
        raise Conflict(_("อีเมลนี้ใช้กับบัญชีอื่นแล้ว ใช้อีเมลอื่น"), code="signin.email_taken", field="email")
    before = account.email
    account.email = email
    account.save(update_fields=["email"])
    entry().on(account)
    entry().changed("email", "…", "…")
    old = Account(pk=account.pk, username=account.username, email=before, person=account.person)
    transaction.on_commit(lambda: letters.tell_owner(old, "email_changed", what=email))


@verb("signin.invite", _("ส่งลิงก์เชิญเปิดใช้บัญชี"), capability=ORG_MANAGE, on="account")
def invite(*, actor: Actor, account: Account) -> str:
    """Mail the link by which the owner sets the first password, and return it to be handed over in person.

    The link lives seven days and dies with its first use; a new one does not kill an older one before that.
    """
    if not account.is_active:
        raise Refusal(_("บัญชีนี้ถูกระงับ เลิกระงับก่อน แล้วจึงส่งลิงก์เชิญ"), code="signin.suspended")
    demand_over(actor, account)
    if account.last_login is not None:
        raise Refusal(_("บัญชีนี้เคยเข้าใช้แล้ว เจ้าของตั้งรหัสผ่านใหม่ได้เองจากหน้าเข้าสู่ระบบ"), code="signin.already_in_use")
    link = letters.link_for(account, "invite")
    if account.email:
        transaction.on_commit(lambda: letters.send(account.email, "invite", account))
    entry().tell(mailed=bool(account.email))
    return link


@verb("signin.reset_link", _("ออกลิงก์ตั้งรหัสผ่านให้ผู้อื่น"), capability=ORG_MANAGE, on="account", fresh=True)
def reset_link(*, actor: Actor, account: Account, reason: str) -> str:
    """A link to hand over in person, for somebody without e-mail or an office without a mail server.

    It sets a password only; the second factor stays. The owner is told where an address is known.
    """
    if not account.is_active:
        raise Refusal(_("บัญชีนี้ถูกระงับ เลิกระงับก่อน แล้วจึงออกลิงก์"), code="signin.suspended")
    demand_over(actor, account)
    if len(reason.strip()) < 8:
        raise Refusal(_("พิมพ์เหตุผลอย่างน้อย 8 ตัวอักษร"), code="signin.reason", field="reason")
    entry().tell(reason=reason.strip())
    transaction.on_commit(lambda: letters.tell_owner(account, "reset_by_admin"))
    return letters.link_for(account, "reset")


@verb("signin.reset_factors", _("ล้างปัจจัยที่สองของบัญชี"), capability=ORG_MANAGE, on="account", fresh=True)
def reset_factors(*, actor: Actor, account: Account, reason: str) -> int:
    """Remove every second factor of somebody who lost their device, and end their sessions.

    Nobody resets their own: that is what recovery codes are for, and a stolen session must not do it.
    """
    if actor.account is not None and actor.account.pk == account.pk:
        raise Refusal(_("ล้างปัจจัยที่สองของตนเองไม่ได้ ใช้รหัสสำรอง หรือให้ผู้ดูแลคนอื่นทำ"), code="signin.own_factors")
    demand_over(actor, account)
    reason = reason.strip()
    if len(reason) < 8:
        raise Refusal(_("พิมพ์เหตุผลอย่างน้อย 8 ตัวอักษร"), code="signin.reason", field="reason")
    count, _rows = Authenticator.objects.filter(user=account).delete()
    sessions.end_everywhere(account)
    entry().tell(reason=reason, factors=count)
    transaction.on_commit(lambda: letters.tell_owner(account, "factor_reset"))
    return count


@verb("signin.link", _("ผูกบัญชีผู้ให้บริการยืนยันตัวตน"), capability="", fresh=True)
def link(*, actor: Actor, account: Account, provider: str, subject: str, name: str = "") -> Link:
    """Link the account at LINE with which this person may sign in from now on."""
    _own(actor, account)
    if Link.objects.filter(provider=provider, fingerprint__in=fingerprints(subject, provider)).exists():
        raise Conflict(
            _("%(provider)s นี้ผูกกับบัญชีอื่นแล้ว เลิกผูกที่บัญชีนั้นก่อน") % {"provider": Provider(provider).label},
            code="signin.linked_elsewhere",
        )
    try:
        with transaction.atomic():
            made, _new = Link.objects.update_or_create(
                account=account,
                provider=provider,
                defaults={
                    "subject": seal(subject),
                    "fingerprint": fingerprint(subject, provider),
                    "name": name[:120],
                    "linked_at": timezone.now(),
                },
            )
    except IntegrityError:
        raise Conflict(_("มีผู้ผูกไปก่อนเมื่อครู่ โหลดหน้านี้ใหม่"), code="signin.linked_elsewhere") from None
    entry().on(account)
    entry().tell(provider=provider)
    return made


@verb("signin.unlink", _("เลิกผูกบัญชีผู้ให้บริการยืนยันตัวตน"), capability="")
def unlink(*, actor: Actor, account: Account, provider: str) -> None:
    _own(actor, account)
    gone, _rows = Link.objects.filter(account=account, provider=provider).delete()
    if not gone:
        raise Conflict(_("เลิกผูกไปแล้ว"), code="signin.not_linked")
    entry().on(account)
    entry().tell(provider=provider)
