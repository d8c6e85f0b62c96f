"""Verbs of the yearly check: open for many units, look at one article or many, close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Unit, entry, verb
from khet.kits.files.api import store
from khet.modules.assets.actions.photos import PHOTO, redrawn
from khet.modules.assets.actions.reach import demand_units
from khet.modules.assets.choices import CheckState, Condition, Seen
from khet.modules.assets.models import Article, Sighting, YearlyCheck
from khet.modules.assets.queries.checks import check_days, expected, progress_of
from khet.modules.assets.rules import CHECK, OPEN_CHECK


@verb("assets.open_checks", gettext_lazy("เปิดการตรวจสอบพัสดุประจำปี"), capability=OPEN_CHECK)
def open_checks(
    *, actor: Actor, units: Iterable[Unit], fiscal_year: int, committee: str = "", order_reference: str = ""
) -> list[YearlyCheck]:
    """Open the check of a fiscal year (BE) in units that have articles and none open yet, in one statement; tells their people."""
    units = list(units)
    demand_units(actor, OPEN_CHECK, {unit.pk for unit in units})
    starts, due = check_days(fiscal_year)
    wanted = {
        pk
        for pk, _n in Article.objects.filter(unit__in=units)
        .exclude(condition=Condition.DISPOSED)
        .order_by()
        .values_list("unit_id")
        .annotate(Count("pk"))
    }
    wanted -= set(
        YearlyCheck.objects.filter(unit__in=units, fiscal_year=fiscal_year).values_list("unit_id", flat=True)
    )
    if not wanted:
        raise Refusal(
            _("ไม่มีหน่วยงานที่จะเปิดได้ เปิดของปีงบประมาณ %(year)d ไปแล้ว หรือยังไม่มีครุภัณฑ์ในทะเบียน")
            % {"year": fiscal_year},
            code="assets.check_open",
            field="fiscal_year",
        )
    made = YearlyCheck.objects.bulk_create(
        YearlyCheck(
            unit=unit,
            fiscal_year=fiscal_year,
            committee=normalise(committee),
            order_reference=normalise(order_reference),
            starts_on=starts,
            due_on=due,
            opened_by=actor.name,
        )
        for unit in units
        if unit.pk in wanted
    )
    entry().on(*[check.unit for check in made][:200])
    entry().tell(fiscal_year=fiscal_year, units=len(made), order=order_reference)
    tell(
        event=f"assets.open_checks:{made[0].pk}-{made[-1].pk}",
        title=_("เปิดตรวจสอบพัสดุประจำปีงบประมาณ %(year)d แล้ว") % {"year": fiscal_year},
        url=reverse("assets:checks"),
        units=[check.unit for check in made],
        capability=CHECK,
        but=actor.person,
    )
    return made


@verb("assets.change_check", gettext_lazy("แก้ไขคณะกรรมการตรวจสอบพัสดุ"), capability=OPEN_CHECK, on="check")
def change_check(*, actor: Actor, check: YearlyCheck, committee: str, order_reference: str) -> YearlyCheck:
    """Who looks, by which order."""
    check = _open(check)
    check.committee, check.order_reference = normalise(committee), normalise(order_reference)
    check.save(update_fields=["committee", "order_reference"])
    entry().on(check, check.unit)
    return check


@verb("assets.sight", gettext_lazy("ตรวจครุภัณฑ์"), capability=CHECK, on="article")
def sight(
    *,
    actor: Actor,
    article: Article,
    check: YearlyCheck,
    seen: str,
    location: str = "",
    note: str = "",
    photo: Any = None,
) -> Sighting:
    """What was found at one article. Looking again replaces the word before; the photographs stay."""
    check = _open(check, share=True)
    if article.unit_id != check.unit_id:
        raise Refusal(_("ครุภัณฑ์นี้เป็นของหน่วยงานอื่น แจ้งเจ้าของ"), code="assets.other_unit")
    if article.condition == Condition.DISPOSED:
        raise Refusal(_("ครุภัณฑ์นี้จำหน่ายไปแล้ว ถ้ายังอยู่ให้แจ้งเจ้าหน้าที่พัสดุ"), code="assets.disposed")
    location, note = normalise(location), normalise(note)
    if seen == Seen.MISPLACED and not location:
        raise Refusal(_("ใส่ว่าพบที่ไหน จะได้ย้ายที่ตั้งในทะเบียนให้ตรง"), code="assets.where", field="location")
    if seen in (Seen.BROKEN, Seen.LOST) and not note:
        raise Refusal(_("เขียนสั้น ๆ ว่าชำรุดหรือหายอย่างไร"), code="assets.note", field="note")
    found, _made = Sighting.objects.update_or_create(
        check_of=check,
        article=article,
        defaults={
            "seen": seen,
            "location": location,
            "note": note,
            "seen_at": timezone.now(),
            "seen_by": actor.name,
        },
    )
    entry().on(article, check.unit)
    entry().tell(fiscal_year=check.fiscal_year, seen=seen, location=location)
    if photo is not None:
        store(actor=actor, upload=redrawn(photo), owner=found, name=f"{article.number}.jpg", kind=PHOTO)
    return found


@verb("assets.sight_many", gettext_lazy("ตรวจครุภัณฑ์หลายชิ้น"), capability=CHECK, on="check")
def sight_many(*, actor: Actor, check: YearlyCheck, articles: Sequence[int], seen: str = Seen.OK) -> int:
    """The same word for many articles of the check that nobody has looked at yet, in one statement; returns how many."""
    if seen not in (Seen.OK,):
        raise Refusal(_("ชำรุด หาย และผิดที่ ต้องบันทึกทีละชิ้นพร้อมหมายเหตุ"), code="assets.one_by_one")
    check = _open(check, share=True)
    pks = list(expected(check).filter(pk__in=list(articles)).values_list("pk", flat=True))
    now, name = timezone.now(), actor.name
    before = Sighting.objects.filter(check_of=check).count()
    Sighting.objects.bulk_create(
        [Sighting(check_of=check, article_id=pk, seen=seen, seen_at=now, seen_by=name) for pk in pks],
        ignore_conflicts=True,
        batch_size=2000,
    )
    done = Sighting.objects.filter(check_of=check).count() - before
    entry().on(check, check.unit)
    entry().tell(fiscal_year=check.fiscal_year, seen=seen, articles=done)
    return done


_WRITE = """
UPDATE assets_article a
   SET condition = CASE
           WHEN EXISTS (SELECT 1 FROM assets_disposalitem d WHERE d.article_id = a.id AND d.is_open) THEN a.condition
           WHEN s.seen IN ('ok', 'misplaced') AND NOT EXISTS
                (SELECT 1 FROM assets_repair r WHERE r.article_id = a.id AND r.state = 'open') THEN 'in_use'
           WHEN s.seen = 'broken' AND a.condition <> 'waiting_disposal' THEN 'waiting_repair'
           WHEN s.seen = 'lost' THEN 'missing'
           ELSE a.condition END,
       location = CASE WHEN s.seen = 'misplaced' AND s.location <> '' THEN s.location ELSE a.location END,
       checked_on = (s.seen_at AT TIME ZONE 'Asia/Bangkok')::date
  FROM assets_sighting s
 WHERE s.check_of_id = %s AND s.article_id = a.id AND a.condition <> 'disposed' AND a.unit_id = %s
"""


@verb("assets.close_check", gettext_lazy("ปิดการตรวจสอบพัสดุประจำปี"), capability=OPEN_CHECK, on="check")
def close_check(*, actor: Actor, check: YearlyCheck, and_unseen: bool = False) -> int:
    """Write what was seen into the register, in one statement, and close; returns how many articles were written.

    Articles that nobody looked at keep their state; closing with such needs ``and_unseen``.
    """
    check = _open(check)
    left = progress_of([check])[check.pk].left
    if left and not and_unseen:
        raise Refusal(
            _("ยังไม่ได้ตรวจ %(n)d ชิ้น ตรวจให้ครบ หรือยืนยันว่าปิดทั้งที่ยังไม่ครบ") % {"n": left},
            code="assets.unseen",
            field="and_unseen",
        )
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [check.pk, check.unit_id])
        written = cursor.rowcount
    check.state, check.closed_at, check.closed_by = CheckState.CLOSED, timezone.now(), actor.name
    check.save(update_fields=["state", "closed_at", "closed_by"])
    entry().on(check, check.unit)
    entry().tell(fiscal_year=check.fiscal_year, written=written, unseen=left)
    return written


def _open(check: YearlyCheck, *, share: bool = False) -> YearlyCheck:
    """The check as it is now; locked, or kept from closing meanwhile (``share``), so that people look side by side."""
    if share:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM assets_yearlycheck WHERE id = %s FOR SHARE", [check.pk])
        now = YearlyCheck.objects.select_related("unit").get(pk=check.pk)
    else:
        now = YearlyCheck.objects.select_for_update(of=("self",)).select_related("unit").get(pk=check.pk)
    if now.state != CheckState.OPEN:
        raise Conflict(
            _("การตรวจปีงบประมาณ %(year)d ปิดไปแล้ว บันทึกเพิ่มไม่ได้") % {"year": now.fiscal_year},
            code="assets.closed",
        )
    return now
