"""Findings as pages show them: with their rule's words, the officer's name, and where the record is mended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _t

from khet.base.org.api import Actor, Holding, visible
from khet.base.ui.addresses import numbered
from khet.kits.rounds.bases import checks
from khet.kits.rounds.choices import UNSETTLED, FindingState
from khet.kits.rounds.models import Finding, Round
from khet.kits.rounds.queries.periods import sheets_of

ORDER = {"level": ("level",), "unit": ("unit__position",)}


def findings(actor: Actor, round_: Round) -> QuerySet[Finding]:
    """Findings of a round that the actor may see, the stopping ones first."""
    return (
        visible(actor, Finding.objects.filter(round=round_))
        .select_related("unit", "other_unit", "post", "round", "explained_by", "settled_by")
        .order_by("-level", "code", "unit__position", "pk")
    )


def covered(actor: Actor, round_: Round) -> list[Any]:
    """Titles of the round's sheets whose single rows the reader may not see anywhere; pages say so instead of "none"."""
    return [one.title for one in sheets_of(round_) if one.sees and not actor.has(one.sees)]


def narrowed(rows: QuerySet[Finding], given: Any, actor: Actor) -> QuerySet[Finding]:
    """Apply the filters of an address: unit, sheet, check, officer (post), state, mine, shared."""
    for name, path in (("unit", "unit_id"), ("officer", "post_id")):
        value = given.get(name, "")
        if value:
            rows = rows.filter(**{path: int(value)}) if value.isdecimal() and len(value) < 19 else rows.none()
    for name, path in (("sheet", "sheet"), ("check", "code")):
        if given.get(name):
            rows = rows.filter(**{path: given[name][:80]})
    state = given.get("state", "unsettled")
    if state in FindingState.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.filter(state__in=UNSETTLED)
    if given.get("mine"):
        rows = rows.filter(post__in=list(actor.posts))
    if given.get("shared"):
        rows = rows.filter(other_unit__isnull=False)
    return rows


def dress(rows: Iterable[Finding]) -> list[Finding]:
    """Words, links and the officer in duty today, in one query for all."""
    listed = list(rows)
    posts = {row.post_id for row in listed if row.post_id}
    holders = {
        holding.post_id: holding.person
        for holding in Holding.objects.on().filter(post__in=posts).select_related("person")
    } if posts else {}  # fmt: skip
    vacant = _t("ยังไม่มีผู้รับผิดชอบ")
    for row in listed:
        declared = checks.get(row.code)
        row.title = declared.title if declared else row.code
        row.words = declared.words(row.facts) if declared else ""
        row.source = declared.source if declared else ""
        row.link = link_of(row)
        row.settled_at = settled_at(row)
        person = holders.get(row.post_id)
        row.officer = person.name if person else row.post.short_title if row.post else vacant
        row.shape = FindingState(row.state).shape
    return listed


def link_of(row: Finding) -> str:
    """Where the record is mended: the rule's own address, else the record's page in its register."""
    declared = checks.get(row.code)
    if declared is None:
        return ""
    try:
        if declared.link is not None:
            return declared.link(row.subject_id, row.facts)
        return numbered("register:detail", declared.model, row.subject_id)
    except NoReverseMatch:
        return ""


def settled_at(row: Finding) -> str:
    """Where two units settle whose the record is, if the rule's module has a page for it."""
    declared = checks.get(row.code)
    if declared is None or declared.settled_at is None or row.other_unit_id is None:
        return ""
    try:
        return declared.settled_at(row.subject_id, row.facts)
    except NoReverseMatch:
        return ""


def by(rows: QuerySet[Finding], field: str) -> list[dict[str, Any]]:
    """Counts by check, unit or officer: unsettled, explained, and all."""
    return list(
        rows.order_by()
        .values(field)
        .annotate(
            n=Count("pk"),
            left=Count("pk", filter=Q(state__in=UNSETTLED)),
            explained=Count("pk", filter=Q(state=FindingState.EXPLAINED)),
        )
        .order_by("-left", "-n")
    )


def to_fix(actor: Actor, round_: Round, unit_id: int) -> list[Finding]:
    """What a unit must also mend in the ministry's own program, in the order of the rules."""
    outside = [one.code for one in checks if one.outside]
    rows = visible(actor, Finding.objects.filter(round=round_, unit_id=unit_id, code__in=outside)).exclude(
        state__in=[FindingState.ACCEPTED, FindingState.CORRECTED]
    )
    return dress(rows.select_related("unit", "other_unit", "post", "round").order_by("code", "pk"))
