"""Verbs: make and revoke a token; open data sets to everybody."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Conflict, Refusal
from khet.base.org.api import Actor, Unit, can, entry, save, verb
from khet.base.org.sealing import fingerprint
from khet.outlets.api.choices import LIFETIMES, NEEDS, TokenScope
from khet.outlets.api.models import OpenSet, Token
from khet.outlets.api.rules import PUBLISH, TOKEN
from khet.outlets.statistics.api import indicators

PREFIX = "khet_"
PURPOSE = "api token"
MOST = 20
"""Living tokens of one unit."""


def offered_scopes(actor: Actor, unit: Unit) -> list[str]:
    """Scopes the actor could lend to a program at this unit."""
    return [
        scope.value
        for scope in TokenScope
        if all(can(actor, capability, unit) for capability in NEEDS[scope])
    ]


@verb("api.make_token", _("สร้างโทเคนของโปรแกรม"), capability=TOKEN, on="unit", fresh=True)
def make_token(*, actor: Actor, unit: Unit, name: str, scopes: Iterable[str], days: int) -> tuple[Token, str]:
    """A token for a program, acting as the actor's own post at the unit. Returns it and its key, which nobody sees again."""
    post = next(
        (one.post for one in actor.capacities if one.post is not None and one.unit.pk == unit.pk), None
    )
    if post is None or actor.person is None:
        raise Refusal(_t("โทเคนทำงานในนามของตำแหน่ง คุณไม่มีตำแหน่งในหน่วยงานนี้"), code="api.no_post")
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(offered_scopes(actor, unit)):
        raise Refusal(_t("เลือกอย่างน้อยหนึ่งขอบเขตที่คุณเองทำได้"), code="api.scopes", field="scopes")
    if days not in dict(LIFETIMES):
        raise Refusal(_t("เลือกอายุของโทเคนจากรายการ"), code="api.days", field="days")
    if not name.strip():
        raise Refusal(_t("ตั้งชื่อโปรแกรมที่จะใช้โทเคนนี้"), code="api.name", field="name")
    now = timezone.now()
    if Token.objects.filter(unit=unit, revoked_at__isnull=True, expires_at__gt=now).count() >= MOST:
        raise Conflict(
            _t("หน่วยงานมีโทเคนที่ใช้อยู่ครบ %(n)d อันแล้ว เพิกถอนอันที่เลิกใช้ก่อน") % {"n": MOST}, code="api.many"
        )
    key = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        name=" ".join(name.split())[:100], unit=unit, person=actor.person, post=post, scopes=wanted,
        fingerprint=fingerprint(key, PURPOSE), head=key[:9], made_by=actor.person, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    entry().on(token)
    entry().tell(name=token.name, scopes=wanted, days=days)
    return token, key


@verb("api.revoke_token", _("เพิกถอนโทเคนของโปรแกรม"), capability=TOKEN, on="token")
def revoke_token(*, actor: Actor, token: Token) -> None:
    """From the next ask on the key opens nothing. Doing it twice is no fault."""
    if token.revoked_at is None:
        save(token, revoked_at=timezone.now(), revoked_by=actor.person)


@verb("api.publish", _("เปิดชุดข้อมูลต่อสาธารณะ"), capability=PUBLISH)
def publish(*, actor: Actor, codes: Iterable[str]) -> tuple[list[str], list[str]]:
    """These data sets are open, all others are not. Returns (newly opened, closed)."""
    wanted = set(codes)
    strange = sorted(code for code in wanted if code not in indicators)
    if strange:
        raise Refusal(_t("ไม่มีชุดข้อมูล %(codes)s") % {"codes": ", ".join(strange)}, code="api.no_set")
    before = set(OpenSet.objects.select_for_update().values_list("code", flat=True))
    OpenSet.objects.bulk_create(
        [OpenSet(code=code, opened_by=actor.person) for code in sorted(wanted - before)],
        ignore_conflicts=True,
    )
    OpenSet.objects.filter(code__in=before - wanted).delete()
    entry().tell(opened=sorted(wanted - before), closed=sorted(before - wanted))
    return sorted(wanted - before), sorted(before - wanted)
