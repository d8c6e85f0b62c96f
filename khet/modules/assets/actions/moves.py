"""Verbs by which articles leave: transfer to another unit, disposal by order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Unit, entry, today, verb
from khet.kits.search.api import index, index_later
from khet.modules.assets.actions.reach import demand_units
from khet.modules.assets.choices import Condition, DisposalState, TransferState
from khet.modules.assets.models import Article, Disposal, DisposalItem, Transfer, TransferItem
from khet.modules.assets.rules import ASK, ORDER, RECEIVE


def _movable(articles: Iterable[Article]) -> tuple[list[Article], int]:
    """The articles and their one unit; refuses what is gone, on its way, or of several units."""
    chosen = list(
        Article.objects.select_for_update().filter(pk__in=[article.pk for article in articles]).order_by("pk")
    )
    units = {article.unit_id for article in chosen}
    if len(units) != 1:
        raise Refusal(_("เลือกครุภัณฑ์ของหน่วยงานเดียวกันในครั้งเดียว"), code="assets.one_unit")
    gone = next((article for article in chosen if article.condition == Condition.DISPOSED), None)
    if gone is not None:
        raise Refusal(_("%(article)s จำหน่ายไปแล้ว") % {"article": gone}, code="assets.disposed")
    pks = [article.pk for article in chosen]
    busy = (
        TransferItem.objects.filter(article__in=pks, is_open=True).select_related("article").first()
        or DisposalItem.objects.filter(article__in=pks, is_open=True).select_related("article").first()
    )
    if busy is not None:
        raise Conflict(
            _("%(article)s อยู่ระหว่างโอนหรือจำหน่ายแล้ว จัดการเรื่องเดิมก่อน") % {"article": busy.article},
            code="assets.busy",
        )
    return chosen, units.pop()


@verb("assets.ask_transfer", gettext_lazy("ขอโอนครุภัณฑ์"), capability=ASK)
def ask_transfer(
    *, actor: Actor, articles: Iterable[Article], target: Unit, reason: str, document: str = ""
) -> Transfer:
    """Offer articles to another unit. They stay where they are until it accepts."""
    chosen, source = _movable(articles)
    demand_units(actor, ASK, {source})
    if source == target.pk:
        raise Refusal(_("เลือกผู้รับที่เป็นหน่วยงานอื่น"), code="assets.same_unit", field="target")
    transfer = Transfer.objects.create(
        source_id=source, target=target, asked_on=today(), asked_by=actor.name, reason=normalise(reason),
        document=normalise(document),
    )  # fmt: skip
    TransferItem.objects.bulk_create(TransferItem(transfer=transfer, article=article) for article in chosen)
    entry().on(transfer, target, *chosen[:200])
    entry().tell(target=target.name, articles=len(chosen))
    tell(
        event=f"assets.transfer:{transfer.pk}",
        title=_("%(unit)sขอโอนครุภัณฑ์ %(n)d ชิ้นให้") % {"unit": transfer.source.name, "n": len(chosen)},
        url=reverse("assets:transfer", args=[transfer.pk]),
        units=[target],
        capability=RECEIVE,
        but=actor.person,
    )
    return transfer


@verb("assets.accept_transfer", gettext_lazy("รับโอนครุภัณฑ์"), capability=RECEIVE, on="transfer")
def accept_transfer(*, actor: Actor, transfer: Transfer, answer: str = "") -> Transfer:
    """The articles move, with number, label, value and history; location and responsible person begin anew."""
    transfer = _asked(transfer)
    pks = list(transfer.items.filter(is_open=True).values_list("article_id", flat=True))
    Article.objects.filter(pk__in=pks, unit_id=transfer.source_id).update(
        unit=transfer.target, location="", responsible=None, responsible_name=""
    )
    _settle(transfer, TransferState.ACCEPTED, actor, answer)
    entry().tell(articles=len(pks), target=transfer.target.name)
    (index if len(pks) <= 2000 else index_later)(Article, pks)
    return transfer


@verb("assets.refuse_transfer", gettext_lazy("ไม่รับโอนครุภัณฑ์"), capability=RECEIVE, on="transfer")
def refuse_transfer(*, actor: Actor, transfer: Transfer, answer: str) -> Transfer:
    """The articles stay, with the reason."""
    transfer = _asked(transfer)
    if not normalise(answer):
        raise Refusal(_("เขียนเหตุผลที่ไม่รับ ผู้ให้จะได้รู้ว่าต้องทำอะไรต่อ"), code="assets.reason", field="answer")
    _settle(transfer, TransferState.REFUSED, actor, answer)
    return transfer


@verb("assets.withdraw_transfer", gettext_lazy("ถอนคำขอโอน"), capability=ASK, on="transfer")
def withdraw_transfer(*, actor: Actor, transfer: Transfer) -> Transfer:
    """The giving side takes its offer back."""
    transfer = _asked(transfer)
    _settle(transfer, TransferState.WITHDRAWN, actor, "")
    return transfer


def _asked(transfer: Transfer) -> Transfer:
    now = (
        Transfer.objects.select_for_update(of=("self",))
        .select_related("source", "target")
        .get(pk=transfer.pk)
    )
    if now.state != TransferState.ASKED:
        raise Conflict(
            _("การโอนนี้%(state)s มีผู้ดำเนินการไปก่อนแล้ว") % {"state": now.get_state_display()},
            code="assets.settled",
        )
    return now


def _settle(transfer: Transfer, state: str, actor: Actor, answer: str) -> None:
    transfer.state, transfer.answered_on, transfer.answered_by = state, today(), actor.name
    transfer.answer = normalise(answer)
    transfer.save()
    transfer.items.update(is_open=False)
    entry().on(transfer, transfer.source, transfer.target)


# Disposal.


@verb("assets.propose_disposal", gettext_lazy("เสนอจำหน่ายครุภัณฑ์"), capability=ASK)
def propose_disposal(*, actor: Actor, articles: Iterable[Article], way: str, reason: str) -> Disposal:
    """Propose that articles of one unit be disposed of; they wait for the order."""
    chosen, unit = _movable(articles)
    demand_units(actor, ASK, {unit})
    disposal = Disposal.objects.create(
        unit_id=unit, way=way, proposed_on=today(), proposed_by=actor.name, reason=normalise(reason)
    )
    DisposalItem.objects.bulk_create(DisposalItem(disposal=disposal, article=article) for article in chosen)
    Article.objects.filter(pk__in=[a.pk for a in chosen]).exclude(condition=Condition.MISSING).update(
        condition=Condition.WAITING_DISPOSAL
    )
    entry().on(disposal, *chosen[:200])
    entry().tell(way=way, articles=len(chosen))
    return disposal


@verb("assets.order_disposal", gettext_lazy("สั่งจำหน่ายครุภัณฑ์"), capability=ORDER, on="disposal")
def order_disposal(
    *, actor: Actor, disposal: Disposal, order_reference: str, committee: str, ordered_on: date | None = None
) -> Disposal:
    """Order it, with the committee in the words of the order."""
    disposal = _at(disposal, DisposalState.PROPOSED)
    order, members = normalise(order_reference), normalise(committee)
    if not order:
        raise Refusal(_("ใส่เลขที่คำสั่ง ถ้ายังไม่มีให้ออกเลขก่อน"), code="assets.order", field="order_reference")
    if not members:
        raise Refusal(_("ใส่รายชื่อคณะกรรมการตามคำสั่ง"), code="assets.committee", field="committee")
    day = ordered_on or today()
    if day < disposal.proposed_on:
        raise Refusal(_("วันที่สั่งอยู่ก่อนวันที่เสนอ ตรวจวันที่อีกครั้ง"), code="assets.days", field="ordered_on")
    disposal.state, disposal.order_reference, disposal.committee = DisposalState.ORDERED, order, members
    disposal.ordered_on = day
    disposal.save()
    entry().on(disposal, disposal.unit)
    entry().tell(order=order)
    return disposal


@verb("assets.finish_disposal", gettext_lazy("บันทึกว่าจำหน่ายแล้ว"), capability=ASK, on="disposal")
def finish_disposal(
    *, actor: Actor, disposal: Disposal, done_on: date, proceeds: Decimal | None = None, note: str = ""
) -> Disposal:
    """The articles are gone; they stay in the register with the day, and carry no further depreciation."""
    disposal = _at(disposal, DisposalState.ORDERED)
    if done_on < disposal.ordered_on or done_on > today():
        raise Refusal(
            _("วันที่จำหน่ายต้องไม่ก่อนวันที่สั่งและไม่หลังวันนี้ ตรวจวันที่อีกครั้ง"), code="assets.days", field="done_on"
        )
    pks = list(disposal.items.filter(is_open=True).values_list("article_id", flat=True))
    Article.objects.filter(pk__in=pks).update(condition=Condition.DISPOSED, disposed_on=done_on)
    disposal.items.update(is_open=False)
    disposal.state, disposal.done_on = DisposalState.DONE, done_on
    disposal.proceeds, disposal.note = proceeds or Decimal(0), normalise(note)
    disposal.save()
    entry().on(disposal, disposal.unit)
    entry().tell(articles=len(pks), proceeds=disposal.proceeds)
    (index if len(pks) <= 2000 else index_later)(Article, pks)
    return disposal


@verb("assets.drop_disposal", gettext_lazy("ยกเลิกการจำหน่าย"), capability=ASK, on="disposal")
def drop_disposal(*, actor: Actor, disposal: Disposal) -> Disposal:
    """Give a proposal up before it is ordered; the articles go on waiting for disposal."""
    disposal = _at(disposal, DisposalState.PROPOSED)
    disposal.items.update(is_open=False)
    disposal.state = DisposalState.DROPPED
    disposal.save()
    entry().on(disposal, disposal.unit)
    return disposal


def _at(disposal: Disposal, state: str) -> Any:
    now = Disposal.objects.select_for_update(of=("self",)).select_related("unit").get(pk=disposal.pk)
    if now.state != state:
        raise Conflict(
            _("เรื่องนี้%(state)s มีผู้ดำเนินการไปก่อนแล้ว") % {"state": now.get_state_display()}, code="assets.settled"
        )
    return now
