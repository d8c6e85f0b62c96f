"""E-mails of the door: links to set a password, and word to the owner when the account's locks change."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from khet.base.org.api import Account
from khet.base.signin import tokens
from khet.base.signin.addresses import absolute

logger = logging.getLogger(__name__)

SUBJECTS = {
    "reset": "ตั้งรหัสผ่านใหม่",
    "reset_by_admin": "ผู้ดูแลระบบออกลิงก์ตั้งรหัสผ่านของคุณ",
    "invite": "เปิดใช้บัญชีของคุณ",
    "email": "ยืนยันอีเมลใหม่ของคุณ",
    "factor_added": "มีการตั้งปัจจัยที่สองในบัญชีของคุณ",
    "factor_removed": "มีการลบปัจจัยที่สองออกจากบัญชีของคุณ",
    "factor_reset": "ผู้ดูแลระบบล้างปัจจัยที่สองของคุณ",
    "recovery_codes": "มีการออกรหัสสำรองชุดใหม่ในบัญชีของคุณ",
    "recovery_used": "มีการใช้รหัสสำรองเข้าบัญชีของคุณ",
    "password_set": "มีการตั้งรหัสผ่านใหม่ในบัญชีของคุณ",
    "email_changed": "มีการเปลี่ยนอีเมลของบัญชีคุณ",
}


def send(to: str, kind: str, account: Account | None, *, letter: str = "", what: str = "") -> None:
    """Queue one letter. It costs the same for a name nobody has: the worker then finds nobody and sends nothing.

    The queue holds no link: the worker makes it when it writes the letter.
    """
    from khet.base.signin.jobs import post  # noqa: PLC0415 - jobs stand on this module

    post.defer(to=to, kind=kind, account_id=account.pk if account else 0, letter=letter or kind, what=what)


def deliver(to: str, kind: str, account_id: int, letter: str, what: str) -> bool:
    """Write and send one letter; False when there is nobody to send to or no mail server."""
    account = Account.objects.select_related("person").filter(pk=account_id).first()
    if account is None or not to or not settings.EMAIL_IS_CONFIGURED:
        return False
    facts = {
        "account": account,
        "person": account.person,
        "at": timezone.localtime(),
        "site": settings.SITE_URL,
        "subject": SUBJECTS[kind],
        "what": what,
        "link": link_for(account, letter, to) if letter in tokens.LIVES else "",
    }
    with override("th"):
        body = render_to_string(f"signin/letters/{letter}.txt", facts)
    send_mail(SUBJECTS[kind], body.strip() + "\n", None, [to])
    return True


def link_for(account: Account, purpose: str, email: str = "") -> str:
    """The link by which the owner sets a password (``reset``, ``invite``) or takes over ``email``."""
    if purpose == "email":
        return absolute(reverse("signin:confirm_email", args=[tokens.make(account, "email", e=email)]))
    return absolute(reverse(f"signin:{purpose}", args=[tokens.make(account, purpose)]))


def tell_owner(account: Account, kind: str, *, what: str = "") -> None:
    """Word that the locks of the account have changed, so that a theft does not go unnoticed."""
    if account.email:
        send(account.email, kind, account, letter="notice", what=what)
