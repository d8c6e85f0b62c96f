"""A round carried on for all its schools at once, as the command line does it: through the same verbs, one return after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _t

from khet.base.lib.errors import NotFound, Refusal
from khet.base.org.api import Actor
from khet.kits.rounds.actions.findings import explain
from khet.kits.rounds.actions.handing import certify_on_paper, confirm, open_findings, sheet_title, submit
from khet.kits.rounds.actions.verifying import verify
from khet.kits.rounds.bases import checks
from khet.kits.rounds.choices import FindingState, Level, ReturnState
from khet.kits.rounds.models import Finding, Return, Round

S = ReturnState


class Left(NamedTuple):
    """A return that could not go on: whose, which sheet, and the sentence that says why."""

    unit: str
    sheet: str
    why: str


def round_called(text: str) -> Round:
    """The round of a short name: 2/2569 of a term, 2569 of what is collected once a year."""
    known = list(Round.objects.order_by("-school_year", "-number"))
    for one in known:
        if one.short == text.strip():
            return one
    raise NotFound(
        _t("ไม่มีรอบชื่อ “%(round)s” ที่มีคือ %(rounds)s")
        % {"round": text, "rounds": ", ".join(one.short for one in known) or "–"},
        code="rounds.no_round",
    )


def confirm_all(*, actor: Actor, round: Round) -> tuple[int, list[Left]]:
    """Have every return checked and confirm what passes; how many were, and what is left with what the rules say of it."""
    return _each(
        round, (S.NOT_STARTED, S.ENTERING, S.RETURNED, S.CLEARED), lambda one: _confirmed(actor, one)
    )


def _confirmed(actor: Actor, handed: Return) -> None:
    handed = submit(actor=actor, handed=handed)
    if handed.state != S.CLEARED:
        raise Refusal(_t("มีแถวที่ซ้ำกับโรงเรียนอื่น"), code="rounds.doubles")
    confirm(actor=actor, handed=handed)


def explain_all(*, actor: Actor, round: Round, reason: str) -> int:
    """Give every open finding that may stand with an explanation this one; how many there were."""
    found = Finding.objects.filter(round=round, level=Level.EXPLAIN, state=FindingState.OPEN).order_by("pk")
    for one in found:
        explain(actor=actor, finding=one, reason=reason)
    return len(found)


def certify_all(*, actor: Actor, round: Round, paper: str) -> tuple[int, list[Left]]:
    """Take the heads' signatures on paper for every confirmed return."""
    return _each(round, (S.CONFIRMED,), lambda one: certify_on_paper(actor=actor, handed=one, paper=paper))


def verify_all(*, actor: Actor, round: Round) -> int:
    """Verify every certified return, set-based; how many were."""
    return verify(actor=actor, round=round, returns=list(_returns(round, S.CERTIFIED)))


def _returns(round_: Round, *states: str) -> Iterator[Return]:
    found = Return.objects.filter(round=round_, state__in=states).select_related("round", "unit", "form")
    yield from found.order_by("unit__position", "unit__code", "place")


def _each(round_: Round, states: tuple[str, ...], do: Callable[[Return], Any]) -> tuple[int, list[Left]]:
    done, left = 0, []
    for one in _returns(round_, *states):
        try:
            do(one)
            done += 1
        except Refusal as why:
            codes = open_findings(one).order_by("code").values_list("code", flat=True).distinct()
            titles = [str(checks[code].title) for code in codes[:3] if code in checks]
            left.append(Left(str(one.unit), sheet_title(one), " · ".join([str(why), *titles])))
    return done, left
