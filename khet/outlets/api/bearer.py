"""Who asks: the token of a header, and nothing else. Sessions and cookies open nothing here.

One statement finds the token, sees that it lives, counts the ask and tells how many there were in this minute: parallel asks
queue up behind the row, so that none overtakes the counter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from khet.base.lib.errors import Forbidden, NotFound, Refusal
from khet.base.org.api import Account, Actor, Unit
from khet.base.org.sealing import fingerprints
from khet.base.signin.limits import Limit, Limited, take
from khet.modules.schools.api import School, school_of
from khet.outlets.api.actions import PREFIX, PURPOSE
from khet.outlets.api.choices import NEEDS, TokenScope
from khet.outlets.api.models import Token

PER_MINUTE = 120
WRONG_KEYS = Limit("api wrong key", 20, 300)
_USE = """
UPDATE api_token SET
  last_used_at = clock_timestamp(), last_address = %(address)s,
  asked = CASE WHEN window_at = date_trunc('minute', clock_timestamp()) THEN asked + 1 ELSE 1 END,
  window_at = date_trunc('minute', clock_timestamp())
WHERE fingerprint = ANY(%(prints)s) AND revoked_at IS NULL AND expires_at > clock_timestamp()
RETURNING id, asked, window_at
"""


class NoKey(Refusal):
    """No token, or one that opens nothing."""

    status = 401


class TooMany(Refusal):
    """More asks in a minute than a token has."""

    status = 429


@dataclass
class Caller:
    """Whoever asks: the token, the unit, and the person's rights narrowed to what the token lends."""

    token: Token
    actor: Actor
    unit: Unit
    left: int
    rows: int = 0

    def may(self, scope: str) -> bool:
        """Whether the token lends the scope and the person still has the rights behind it today."""
        return scope in self.token.scopes and all(
            self.actor.scope(code).covers(self.unit) for code in NEEDS[TokenScope(scope)]
        )

    def demand(self, scope: str) -> None:
        if scope not in self.token.scopes:
            raise Forbidden(
                _("โทเคนนี้ไม่มีขอบเขต %(scope)s สร้างโทเคนใหม่ที่มีขอบเขตนี้") % {"scope": scope}, code="api.scope"
            )
        if not self.may(scope):
            raise Forbidden(
                _("ผู้สร้างโทเคนไม่มีสิทธิ์ของขอบเขต %(scope)s แล้ว ขอสิทธิ์คืน หรือให้ผู้มีสิทธิ์สร้างโทเคนใหม่")
                % {"scope": scope},
                code="api.right",
            )

    def school(self) -> School:
        """The school that the unit is; a unit of the office has no pupils."""
        found = school_of(self.unit)
        if found is None:
            raise NotFound(_("หน่วยงานของโทเคนนี้ไม่ใช่โรงเรียน"), code="api.no_school")
        return found


class Bearer(HttpBearer):
    """``Authorization: Bearer khet_…``."""

    def __call__(self, request: HttpRequest) -> Caller:
        if any(value.startswith(PREFIX) for name in request.GET for value in request.GET.getlist(name)):
            raise Refusal(
                _("อย่าใส่โทเคนในที่อยู่ เพราะจะไปค้างในบันทึกของเครื่องต่าง ๆ เพิกถอนโทเคนนี้ แล้วส่งอันใหม่ใน Authorization"),
                code="api.key_in_address",
            )
        word, _space, key = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, key.strip() if word.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        request.api_caller = caller = _caller(request, token)
        return caller


def _caller(request: HttpRequest, key: str) -> Caller:
    if not key:
        raise NoKey(_("ส่งโทเคนมาใน Authorization: Bearer … สร้างได้ที่หน้าโทเคนของหน่วยงาน"), code="api.no_key")
    address = request.META.get("REMOTE_ADDR") or None
    row = _use(key, address) if key.startswith(PREFIX) and len(key) < 100 and key.isascii() else None
    if row is None:
        try:
            take((WRONG_KEYS, address))
        except Limited as why:
            raise TooMany(str(why.sentence), code="api.limited", seconds=60) from None
        raise NoKey(_("โทเคนนี้ใช้ไม่ได้: ผิด หมดอายุ หรือถูกเพิกถอนแล้ว"), code="api.bad_key")
    pk, asked, window = row
    found = Token.objects.select_related("unit", "person", "post").get(pk=pk)
    request.api_token = found
    if asked > PER_MINUTE:
        seconds = max(1, 60 - int((timezone.now() - window).total_seconds()))
        raise TooMany(
            _("ถามได้ไม่เกิน %(most)d ครั้งต่อนาที รออีก %(n)d วินาที") % {"most": PER_MINUTE, "n": seconds},
            code="api.limited",
            seconds=seconds,
        )
    return Caller(found, _actor(found, address), found.unit, PER_MINUTE - asked)


def _use(key: str, address: str | None) -> tuple[int, int, datetime] | None:
    with connection.cursor() as cursor:
        cursor.execute(_USE, {"prints": fingerprints(key, PURPOSE), "address": address})
        row: Any = cursor.fetchone()
    return row


def _actor(token: Token, address: str | None) -> Actor:
    """The person as they are today, in that post and unit alone, with no more than the scopes need."""
    account = Account.objects.filter(person=token.person).first()
    actor = Actor.of(token.person, account=account, address=address)
    lent = frozenset().union(*(NEEDS[TokenScope(scope)] for scope in token.scopes))
    actor.capacities = [
        replace(one, only=lent & one.only if one.only else lent)
        for one in actor.capacities
        if one.post is not None and one.post.pk == token.post_id and one.unit.pk == token.unit_id
    ]
    if account is None or not actor.capacities:
        raise NoKey(
            _("ผู้สร้างโทเคนนี้พ้นจากตำแหน่ง หรือบัญชีถูกระงับ ให้ผู้ดำรงตำแหน่งคนปัจจุบันสร้างโทเคนใหม่"), code="api.left_post"
        )
    return actor
