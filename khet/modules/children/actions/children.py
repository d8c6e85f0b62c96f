"""Children one at a time: found without being registered, corrected; where they study, with evidence. Files go through ``importing``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.calendar import be_year
from khet.base.lib.thai.ids import is_g_code, normalise_citizen_id, valid_citizen_id
from khet.base.lib.thai.sorting import sort_key
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.api import Actor, demand, entry, save, today, verb, visible
from khet.base.org.sealing import fingerprint, fingerprints, seal
from khet.modules.children.actions.matching import stand, trace
from khet.modules.children.choices import BY_HAND, Registered, State
from khet.modules.children.models import Child, Standing
from khet.modules.children.queries.children import PURPOSE, now_year
from khet.modules.children.rules import RECORD
from khet.modules.students.choices import IdKind

FACT_FIELDS = (
    "title", "first_name", "last_name", "sex", "born_on", "nationality", "house_id", "home_no", "home_moo", "home_tambon",
    "home_amphoe", "home_province", "moved_in_on", "father", "father_nationality", "mother", "mother_nationality", "registered",
)  # fmt: skip
OLDEST = 25  # years: older than this in a list of children is a mistyped year


def derived(first_name: str, last_name: str) -> dict[str, str]:
    """The copies by which lists sort and search a name."""
    name = f"{first_name} {last_name}".strip()
    return {"sort_name": sort_key(name)[:600], "search_text": fold(name)[:600]}


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    kept = {}
    for name in FACT_FIELDS:
        if name in values:
            value = values[name]
            if value is None and not Child._meta.get_field(name).null:
                value = ""
            kept[name] = normalise(value) if isinstance(value, str) else value
    born = kept.get("born_on")
    if born and born > today():
        raise Refusal(_("วันเกิดอยู่ในอนาคต ตรวจปี พ.ศ."), code="children.born", field="born_on")
    if born and be_year(today()) - be_year(born) > OLDEST:
        raise Refusal(
            _("วันเกิดทำให้อายุเกิน %(n)d ปี ตรวจปี พ.ศ.") % {"n": OLDEST}, code="children.born", field="born_on"
        )
    return kept


def _number(value: str) -> dict[str, Any]:
    """The sealed number with its fingerprint; nothing for nothing: a child may have no number."""
    text = normalise_citizen_id(value or "")
    if not text:
        return {}
    if is_g_code(text):
        kind = IdKind.G_CODE
    elif valid_citizen_id(text):
        kind = IdKind.CITIZEN
    else:
        raise Refusal(
            _("เลขประจำตัวประชาชนต้องมี 13 หลักและหลักสุดท้ายต้องตรง หรือเป็นรหัส G ถ้าไม่มีเลข เว้นว่างไว้"),
            code="children.id_wrong",
            field="id_value",
        )
    if Child.objects.filter(fingerprint__in=fingerprints(text, PURPOSE)).exists():
        raise _taken()
    return {
        "id_kind": kind, "sealed": seal(text), "fingerprint": fingerprint(text, PURPOSE), "first": text[:1],
        "tail": text[10:12] if kind == IdKind.CITIZEN else text[-2:],
    }  # fmt: skip


def _taken() -> Conflict:
    return Conflict(
        _("เลขนี้มีอยู่แล้วในบัญชีเด็กในเขตบริการ ค้นด้วยเลขนี้ก่อนเพิ่ม"), code="children.id_taken", field="id_value"
    )


@verb("children.add", gettext_lazy("เพิ่มเด็กในเขตบริการ"), capability=RECORD)
def add_child(*, actor: Actor, id_value: str = "", **values: Any) -> Child:
    """A child found in the area who is not in the extract of the civil register, with or without a number.

    A school's own people add children of their own service area; the village decides whose it is.
    """
    facts = {"registered": Registered.FOUND, **_facts(values)}
    for name, words in (("first_name", _("ยังไม่ได้ใส่ชื่อเด็ก")), ("born_on", _("ยังไม่ได้ใส่วันเกิด"))):
        if not facts.get(name):
            raise Refusal(words, code="children.missing", field=name)
    try:
        with transaction.atomic():
            child = Child.objects.create(
                **facts, **_number(id_value), **derived(facts["first_name"], facts.get("last_name", "")), birth_year=be_year(facts["born_on"])
            )  # fmt: skip
    except IntegrityError:
        raise _taken() from None
    entry().on(child)
    _stand_again(actor, [child], demanded=True)
    child.refresh_from_db()
    return child


@verb("children.change", gettext_lazy("แก้ไขข้อมูลเด็กในเขตบริการ"), capability=RECORD, on="child")
def change_child(*, actor: Actor, child: Child, **values: Any) -> Child:
    """Correct facts. A new village may give the child to another school."""
    facts = _facts(values)
    for name in ("first_name", "born_on"):
        if name in facts and not facts[name]:
            raise Refusal(_("ชื่อและวันเกิดว่างไม่ได้"), code="children.missing", field=name)
    save(child, **facts)
    if {"first_name", "last_name", "born_on"} & facts.keys():
        copies = derived(child.first_name, child.last_name) | {"birth_year": be_year(child.born_on)}
        Child.objects.filter(pk=child.pk).update(**copies)
    _stand_again(actor, [child])
    child.refresh_from_db()
    return child


def _stand_again(actor: Actor, children: Sequence[Child], *, demanded: bool = False) -> None:
    """Village, service school, standing and case of a few children. ``demanded``: whoever adds must have the right at that school."""
    stand(now_year(), [child.pk for child in children])
    if demanded and not actor.scope(RECORD).everywhere:
        for child in children:
            child.refresh_from_db()
            if child.school is None:
                raise Refusal(
                    _(
                        "ยังไม่รู้ว่าหมู่ของตำบลนี้อยู่ในเขตบริการของโรงเรียนใด ตรวจชื่อตำบลและหมู่ หรือแจ้งเขตให้เพิ่มหมู่บ้านในเขตบริการ"
                    ),
                    code="children.no_village",
                    field="home_moo",
                )
            demand(actor, RECORD, child.school.unit)
    trace(actor, now_year())


@verb("children.record_elsewhere", gettext_lazy("บันทึกที่เรียนหรือการผ่อนผันของเด็ก"), capability=RECORD)
def record_elsewhere(
    *, actor: Actor, children: Sequence[Child], state: str, evidence: str, place: str = "", school_year: int | None = None
) -> int:  # fmt: skip
    """Children who study outside the area's schools, or are excused, each with the evidence for it. Returns how many.

    One who stands on a roll of the area in that year stays there: the roll is the better evidence.
    """
    year = school_year or now_year()
    if state not in BY_HAND:
        raise Refusal(_("เลือกว่าเด็กเรียนที่ใดหรือได้รับผ่อนผัน"), code="children.state", field="state")
    evidence, place = normalise(evidence), normalise(place)
    if len(evidence) < 5:
        raise Refusal(
            _("บอกหลักฐาน เช่น หนังสือรับรองของโรงเรียน เลขที่และวันที่"), code="children.evidence", field="evidence"
        )
    if state != State.EXEMPT and len(place) < 3:
        raise Refusal(_("บอกชื่อสถานศึกษาที่เด็กเรียน"), code="children.place", field="place")
    pks = {child.pk for child in children}
    mine = set(visible(actor, Child.objects.filter(pk__in=pks), RECORD).values_list("pk", flat=True))
    for child in children:
        if child.pk not in mine:
            demand(actor, RECORD, child)
    rolled = set(
        Standing.objects.filter(child__in=mine, school_year=year, state__in=(State.SERVICE, State.AREA)).values_list("child", flat=True)
    )  # fmt: skip
    rows = [
        Standing(
            child_id=pk, school_year=year, state=state, is_by_hand=True, place=place[:150], evidence=evidence[:200],
            recorded_by=actor.name[:200], recorded_at=timezone.now(),
        )
        for pk in sorted(mine - rolled)
    ]  # fmt: skip
    if not rows:
        raise Conflict(
            _("เด็กที่เลือกเรียนอยู่ในโรงเรียนของเขตแล้ว ไม่ต้องบันทึก"), code="children.enrolled", field="state"
        )
    Standing.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["child", "school_year"],
        update_fields=["state", "is_by_hand", "place", "evidence", "recorded_by", "recorded_at"], batch_size=2000,
    )  # fmt: skip
    stand(year, [row.child_id for row in rows])
    if year == now_year():
        trace(actor, year)
    entry().on(*[child for child in children if child.pk in mine][:200])
    entry().tell(state=state, school_year=year, children=len(rows), place=place)
    return len(rows)


@verb("children.clear_standing", gettext_lazy("ยกเลิกที่เรียนที่บันทึกไว้"), capability=RECORD, on="child")
def clear_standing(*, actor: Actor, child: Child, reason: str, school_year: int | None = None) -> None:
    """Take back what a person recorded: the evidence was wrong, or the child has left that place."""
    year = school_year or now_year()
    reason = normalise(reason)
    if len(reason) < 5:
        raise Refusal(_("พิมพ์เหตุผลที่ยกเลิก"), code="children.reason", field="reason")
    held = Standing.objects.select_for_update().filter(child=child, school_year=year, is_by_hand=True).first()
    if held is None:
        raise Refusal(_("ปีการศึกษานี้ไม่มีที่เรียนที่บันทึกไว้"), code="children.nothing_recorded")
    entry().tell(state=held.state, place=held.place, reason=reason[:300], school_year=year)
    Standing.objects.filter(pk=held.pk).update(
        is_by_hand=False, place="", evidence="", recorded_by="", recorded_at=None
    )
    stand(year, [child.pk])
    if year == now_year():
        trace(actor, year)
