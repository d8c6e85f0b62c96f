"""Closing a round freezes its census; reopening needs a reason and leaves every census where it is."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.calendar import thai_date
from khet.base.notices.api import tell
from khet.base.org.api import Actor, entry, save, verb
from khet.base.org.queries import frame_office
from khet.kits.rounds import censuses
from khet.kits.rounds.actions.checking import checks_of
from khet.kits.rounds.actions.stale import mark_stale
from khet.kits.rounds.bases import CensusTable, Scope
from khet.kits.rounds.choices import ReturnState, RoundState
from khet.kits.rounds.models import Census, Finding, Return, Round
from khet.kits.rounds.queries.frozen import owing_units, tables_of
from khet.kits.rounds.queries.periods import scope_of
from khet.kits.rounds.rules import CONFIRM, MANAGE

S = ReturnState


def _returns(scope: Scope) -> tuple[str, list[Any]]:
    return (
        "SELECT u.code AS unit, u.name AS unit_name, r.sheet, r.state, r.n, r.digest, r.confirmed_at::date AS confirmed_on,"
        " r.certified_at::date AS certified_on, r.verified_at::date AS verified_on"
        " FROM rounds_return r JOIN org_unit u ON u.id = r.unit_id WHERE r.round_id = %s ORDER BY u.code, r.sheet",
        [scope.round_id],
    )


def _findings(scope: Scope) -> tuple[str, list[Any]]:
    return (
        "SELECT u.code AS unit, f.sheet, f.code AS rule, f.level, f.state, count(*) AS findings FROM rounds_finding f"
        " JOIN org_unit u ON u.id = f.unit_id WHERE f.round_id = %s GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 5",
        [scope.round_id],
    )


OWN = [
    CensusTable(
        "returns",
        _("การส่งข้อมูลรายโรงเรียน"),
        [
            ("unit", "text"), ("unit_name", "text"), ("sheet", "text"), ("state", "text"), ("n", "int"), ("digest", "text"),
            ("confirmed_on", "date"), ("certified_on", "date"), ("verified_on", "date"),
        ],
        _returns,
        total="n",
    ),
    CensusTable(
        "findings",
        _("ผลตรวจข้อมูล"),
        [("unit", "text"), ("sheet", "text"), ("rule", "text"), ("level", "text"), ("state", "text"), ("findings", "int")],
        _findings,
        total="findings",
    ),
]  # fmt: skip
"""What every census holds besides the tables of its sheets."""


def rules_of(round_: Round) -> dict[str, Any]:
    """The rules that stood over a round, and one digest for the set of them."""
    listed = [
        [one.code, one.version, str(one.level)]
        for one in sorted(checks_of(round_.sheet_codes), key=lambda one: one.code)
    ]
    return {"rules": listed, "rules_sha256": hashlib.sha256(json.dumps(listed).encode()).hexdigest()}


def _refuse_unfinished(round_: Round) -> None:
    left = Return.objects.filter(round=round_).exclude(state__in=[S.VERIFIED, S.EXEMPT]).count()
    if left:
        raise Refusal(
            _t("ยังปิดรอบไม่ได้: เหลือ %(n)d ชุดที่เขตยังไม่ได้ตรวจรับ ตรวจให้ครบ หรือกำหนดว่าไม่ต้องตอบพร้อมเหตุผล")
            % {"n": left},
            code="rounds.unfinished",
        )
    if not Return.objects.filter(round=round_, state=S.VERIFIED).exists():
        raise Refusal(_t("ยังปิดรอบไม่ได้: ไม่มีชุดข้อมูลที่ตรวจรับแล้ว"), code="rounds.unfinished")


def write_census(round_: Round, number: int) -> tuple[censuses.Writing, str, dict[str, Any], str]:
    """Write the tables of a round aside and put them into place; the caller commits the row, or drops them."""
    writing = censuses.Writing()
    try:
        whole = scope_of(round_)
        owing = owing_units(round_)
        for table, scope in tables_of(round_, owing):
            writing.add(table, censuses.read_table(table, scope))
        for table in OWN:
            writing.add(table, censuses.read_table(table, whole))
        office = frame_office()
        folder = f"{round_.school_year}-{round_.kind}-{round_.number}-{number:02d}-{secrets.token_hex(4)}"
        manifest, sha256 = writing.finish(
            folder,
            {
                "round": {
                    "id": round_.pk, "title": round_.title, "kind": round_.kind, "number": round_.number, "term": round_.term,
                    "school_year": round_.school_year, "as_at": round_.as_at.isoformat(), "census": number,
                },
                "office": {"code": office.code, "name": office.name} if office else None,
                "made_at": timezone.now().isoformat(),
                "reopened_because": round_.reopen_reason,
                "units": len({unit for units in owing.values() for unit in units}),
                **rules_of(round_),
            },
        )  # fmt: skip
    except BaseException:
        writing.drop()
        raise
    return writing, folder, manifest, sha256


@verb("rounds.close", _("ปิดรอบข้อมูล"), capability=MANAGE, on="round", fresh=True)
def close(*, actor: Actor, round: Round) -> Census:
    """Freeze the census, then close: all of it or nothing. Refused while anything is unverified or changed since."""
    round = Round.objects.select_for_update().get(pk=round.pk)
    if round.state != RoundState.OPEN:
        raise Conflict(_t("%(round)s ปิดไปแล้ว หรือยังไม่เปิด") % {"round": round.title}, code="rounds.closed")
    _refuse_unfinished(round)
    number = Census.objects.filter(round=round).count() + 1
    writing, folder, manifest, sha256 = write_census(round, number)
    try:
        # Looked at after the tables were read: what was frozen is what was confirmed.
        if mark_stale(round):
            names = (
                Return.objects.filter(round=round, is_stale=True)
                .select_related("unit")
                .order_by("unit__position")[:5]
            )
            raise Refusal(
                _t("ยังปิดรอบไม่ได้: ข้อมูลเปลี่ยนหลังยืนยันที่ %(units)s ส่งคืนให้ยืนยันใหม่ก่อน")
                % {"units": ", ".join(one.unit.short_name for one in names)},
                code="rounds.changed",
            )
        now = timezone.now()
        census = Census.objects.create(
            round=round,
            number=number,
            made_at=now,
            made_by=actor.person,
            folder=folder,
            manifest=manifest,
            sha256=sha256,
        )
        Return.objects.filter(round=round, state=S.VERIFIED).update(state=S.CLOSED)
        save(round, state=RoundState.CLOSED, closed_at=now)
        entry().tell(
            census=folder, sha256=sha256, rows={table["code"]: table["rows"] for table in manifest["tables"]}
        )
        with override("th"):
            tell(
                event=f"rounds.closed:{round.pk}:{number}",
                title=f"ปิด{round.title} แล้ว",
                body=f"ข้อมูล ณ {thai_date(round.as_at)} เปิดดูใบรับข้อมูลได้",
                url=f"/rounds/{round.pk}/receipt/",
                units=list(Return.objects.filter(round=round).values_list("unit_id", flat=True).distinct()),
                capability=CONFIRM,
            )
        return census
    except BaseException:
        writing.drop()
        raise


@verb("rounds.reopen", _("เปิดรอบข้อมูลใหม่"), capability=MANAGE, on="round", fresh=True)
def reopen(*, actor: Actor, round: Round, reason: str) -> Round:
    """Open a closed round again, for a reason that the next census will carry. The frozen one stays."""
    round = Round.objects.select_for_update().get(pk=round.pk)
    if round.state != RoundState.CLOSED:
        raise Conflict(_t("%(round)s ไม่ได้ปิดอยู่") % {"round": round.title}, code="rounds.not_closed")
    if len(reason.strip()) < 5:
        raise Refusal(_t("บอกเหตุผลที่เปิดรอบใหม่ จะอยู่ในข้อมูลชุดต่อไป"), code="rounds.reason", field="reason")
    Return.objects.filter(round=round, state=S.CLOSED).update(state=S.VERIFIED)
    save(round, state=RoundState.OPEN, reopened_at=timezone.now(), reopen_reason=reason.strip()[:300])
    entry().tell(reason=reason.strip()[:300], findings=Finding.objects.filter(round=round).count())
    return round
