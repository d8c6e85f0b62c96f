"""E-mails of the door: links to set a password, and word to the owner when the account's locks change."""

from __future__ import annotations

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from khet.base.org.api import Account

logger = logging.getLogger(__name__)

SUBJECTS = {
    "reset": "ตั้งรหัสผ่านใหม่",
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


def send(to: str, kind: str, account: Account, *, letter: str = "", **words: object) -> None:
    """One plain letter in Thai. Links in it always lead to the configured name of this site."""
    if not to:
        return
    facts = {
        "account": account,
        "person": account.person,
        "at": timezone.localtime(),
        "site": settings.SITE_URL,
        "subject": SUBJECTS[kind],
    }
    with override("th"):
        body = render_to_string(f"signin/letters/{letter or kind}.txt", facts | words)
    if not settings.EMAIL_IS_CONFIGURED:
        return
    try:
        send_mail(SUBJECTS[kind], body.strip() + "\n", None, [to])
    except (OSError, smtplib.SMTPException) as why:  # the act stands; the letter can be asked for again
        logger.warning("letter %s to an account not sent: %s", kind, why)


def tell_owner(account: Account, kind: str, **words: object) -> None:
    """Word that the locks of the account have changed, so that a theft does not go unnoticed."""
    send(account.email, kind, account, letter="notice", **words)
