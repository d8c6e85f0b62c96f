"""Verbs on durable articles: add, change, a whole list, many at once, repair."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.api import Actor, Person, Unit, entry, save, today, verb
from khet.kits.search.api import index, index_later
from khet.modules.assets.actions.buildings import facts
from khet.modules.assets.actions.reach import demand_units
from khet.modules.assets.choices import USEFUL_LIFE, AssetKind, Condition, RepairState
from khet.modules.assets.models import Article, ItemCount, Repair
from khet.modules.assets.rules import EDIT, IMPORT

FACTS = (
    "number", "item_code", "kind", "name", "brand", "model", "serial", "acquired_on", "document", "method", "money",
    "price", "life_years", "location", "responsible", "responsible_name", "condition", "note",
)  # fmt: skip
# Without letters that are read as others: the code is typed from a label.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
# What an import adds to the search at once; more goes to a job.
INDEX_AT_ONCE = 2000
# Items of M-OBEC that are computers, whatever group they are listed under.
_COMPUTERS = frozenset({"21007", "21011", "21012", "22033", "22041", "22042"})
_GROUP_KINDS = {
    "11": AssetKind.EDUCATION, "21": AssetKind.OFFICE, "22": AssetKind.EDUCATION, "23": AssetKind.ELECTRIC,
    "24": AssetKind.HOUSEHOLD, "25": AssetKind.VEHICLE,
}  # fmt: skip


def new_code(choice: Callable[[str], str] = secrets.choice) -> str:
    """A short address: eight letters out of 31, 852 thousand million possibilities."""
    return "".join(choice(ALPHABET) for _place in range(CODE_LENGTH))


def number_key(number: str) -> str:
    """A number as compared: ``7110-006-0017/57.184`` and ``๗๑๑๐ ๐๐๖ ๐๐๑๗`` are the same article."""
    plain = number.lower() if number.isascii() else fold(to_arabic_digits(number))
    return re.sub(r"[\W_]+", "", plain.split("/")[0])[:60]


def kind_of_item(item_code: str) -> str:
    """The group of useful lives that an M-OBEC item belongs to; empty when unknown."""
    if item_code in _COMPUTERS:
        return AssetKind.COMPUTER
    return _GROUP_KINDS.get(item_code[:2], "")


@verb("assets.add_article", gettext_lazy("เพิ่มครุภัณฑ์"), capability=EDIT, on="unit")
def add_article(*, actor: Actor, unit: Unit, **values: Any) -> Article:
    """Add one. Kind follows from the item code and useful life from the kind, where not given."""
    _refuse_taken(unit.pk, normalise(values.get("number") or ""))
    article = _make([{**values, "unit": unit}])[0]
    entry().on(article, unit)
    return article


@verb("assets.change_article", gettext_lazy("แก้ไขครุภัณฑ์"), capability=EDIT, on="article")
def change_article(*, actor: Actor, article: Article, **values: Any) -> Article:
    """Change facts. The unit changes by transfer, disposal by its own verbs."""
    given = facts(Article, FACTS, values)
    if "number" in given and given["number"] != article.number:
        _refuse_taken(article.unit_id, given["number"], article.pk)
    _refuse_disposal(article, given)
    entry().on(article, article.unit)
    save(article, **given)
    _derive(article)
    article.save(update_fields=["number_key", "search_text"])
    index(Article, [article.pk])
    return article


@verb("assets.import_articles", gettext_lazy("นำเข้าครุภัณฑ์"), capability=IMPORT)
def import_articles(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[Article, Mapping[str, Any]]],
    source: str,
) -> list[Article]:
    """Add and change many, set-based; returns the new ones in order. Values as for ``add_article``."""
    demand_units(actor, IMPORT, {row["unit"].pk for row in new} | {a.unit_id for a, _values in changed})
    made = _make(new)
    _change(changed)
    entry().tell(source=source, new=len(new), changed=len(changed))
    return made


@verb("assets.remove_imported_articles", gettext_lazy("นำครุภัณฑ์ที่นำเข้าออก"), capability=IMPORT)
def remove_imported_articles(*, actor: Actor, articles: Sequence[Article], source: str) -> None:
    """Take away articles that an import has just made."""
    demand_units(actor, IMPORT, {article.unit_id for article in articles})
    pks = [article.pk for article in articles]
    entry().tell(source=source, codes=[article.code for article in articles][:500], removed=len(pks))
    Article.objects.filter(pk__in=pks).delete()
    _indexed(pks)


@verb("assets.set_articles", gettext_lazy("แก้ไขครุภัณฑ์หลายรายการ"), capability=EDIT)
def set_articles(*, actor: Actor, articles: Any, **values: Any) -> int:
    """The same condition, location or responsible person for many articles (a queryset), in one statement."""
    strange = values.keys() - {"condition", "location", "responsible", "responsible_name"}
    if strange:
        raise TypeError(f"not for many at once: {', '.join(sorted(strange))}")
    if values.get("condition") == Condition.DISPOSED:
        raise Refusal(_("การจำหน่ายต้องมีคำสั่ง ใช้ “เสนอจำหน่าย”"), code="assets.by_order", field="condition")
    rows = Article.objects.filter(pk__in=articles.order_by().values("pk")).exclude(
        condition=Condition.DISPOSED
    )
    demand_units(actor, EDIT, set(rows.values_list("unit_id", flat=True).distinct()))
    given = {name: normalise(value) if isinstance(value, str) else value for name, value in values.items()}
    pks = list(rows.values_list("pk", flat=True))
    done = rows.filter(pk__in=pks).update(**given)
    entry().on(*Article.objects.filter(pk__in=pks[:200]))
    entry().tell(
        articles=done,
        **{k: v.full_name if isinstance(v, Person) else v for k, v in given.items() if v is not None},
    )
    return done


def _refuse_taken(unit_id: int, number: str, but: int | None = None) -> None:
    if not number:
        raise Refusal(_("ใส่เลขครุภัณฑ์ เช่น 7440-001-0001/69"), code="assets.number", field="number")
    taken = Article.objects.filter(unit_id=unit_id, number_key=number_key(number)).exclude(pk=but).first()
    if taken is not None:
        raise Conflict(
            _("เลขครุภัณฑ์ %(number)s ใช้กับ %(name)s แล้ว ใช้เลขถัดไป")
            % {"number": taken.number, "name": taken.name},
            code="assets.number_taken",
            field="number",
        )


def _refuse_disposal(article: Article, given: Mapping[str, Any]) -> None:
    """Into and out of disposal only by order."""
    after = given.get("condition", article.condition)
    if after != article.condition and Condition.DISPOSED in (after, article.condition):
        raise Refusal(
            _("การจำหน่ายต้องมีคำสั่ง ใช้ “เสนอจำหน่าย” ในหน้าของครุภัณฑ์"), code="assets.by_order", field="condition"
        )


def _derive(article: Article) -> None:
    article.number_key = number_key(article.number)
    parts = (
        article.code, article.number, article.name, article.brand, article.model, article.serial, article.location
    )  # fmt: skip
    article.search_text = " ".join(
        part.lower() if part.isascii() else _folded(part) for part in parts if part
    )


# Lists say the same words many times.
_folded = lru_cache(maxsize=8192)(fold)


def _make(rows: Sequence[Mapping[str, Any]]) -> list[Article]:
    articles = []
    for row in rows:
        article = Article(unit=row["unit"], code=row.get("code") or new_code(), **facts(Article, FACTS, row))
        if not article.name:
            raise Refusal(_("ใส่ชื่อรายการครุภัณฑ์"), code="assets.name", field="name")
        if not article.kind:
            article.kind = kind_of_item(article.item_code)
        if article.life_years is None and article.kind:
            article.life_years = USEFUL_LIFE[article.kind]
        if article.condition == Condition.DISPOSED:
            # A list of what was: the day is the one it tells, else unknown and so today's.
            article.disposed_on = row.get("disposed_on") or today()
        _derive(article)
        articles.append(article)
    made = Article.objects.bulk_create(articles, batch_size=5000)
    _indexed([article.pk for article in made])
    return made


def _change(rows: Sequence[tuple[Article, Mapping[str, Any]]]) -> None:
    touched: dict[tuple[str, ...], list[Article]] = defaultdict(list)
    for article, given in rows:
        values = facts(Article, FACTS, given)
        _refuse_disposal(article, values)
        for name, value in values.items():
            setattr(article, name, value)
        _derive(article)
        touched[tuple(sorted({*values, "number_key", "search_text"}))].append(article)
    for names, articles in touched.items():
        Article.objects.bulk_update(articles, names, batch_size=2000)
    _indexed([article.pk for article, _values in rows])


def _indexed(pks: Sequence[int]) -> None:
    if len(pks) <= INDEX_AT_ONCE:
        index(Article, pks)
    else:
        index_later(Article, pks)


# Repair.


@verb("assets.send_to_repair", gettext_lazy("ส่งซ่อมครุภัณฑ์"), capability=EDIT, on="article")
def send_to_repair(*, actor: Actor, article: Article, began_on: date, what: str, done_by: str = "") -> Repair:
    """Begin a repair: the article waits for it until it is finished."""
    if article.condition == Condition.DISPOSED:
        raise Refusal(_("ครุภัณฑ์นี้จำหน่ายไปแล้ว ส่งซ่อมไม่ได้"), code="assets.disposed")
    if article.repairs.filter(state=RepairState.OPEN).exists():
        raise Conflict(_("ครุภัณฑ์นี้กำลังซ่อมอยู่ บันทึกผลของครั้งก่อนก่อน"), code="assets.repair_open")
    repair = Repair.objects.create(
        article=article, began_on=began_on, what=normalise(what), done_by=normalise(done_by)
    )
    entry().on(article, article.unit)
    save(article, condition=Condition.WAITING_REPAIR)
    return repair


@verb("assets.finish_repair", gettext_lazy("บันทึกผลการซ่อม"), capability=EDIT, on="article")
def finish_repair(
    *,
    actor: Actor,
    article: Article,
    ended_on: date,
    is_repaired: bool,
    cost: Decimal | None = None,
    source: str = "",
) -> Repair:
    """Back in use, or not worth it: then it waits for disposal."""
    repair = article.repairs.select_for_update().filter(state=RepairState.OPEN).first()
    if repair is None:
        raise Conflict(_("ไม่มีการซ่อมที่ค้างอยู่ มีผู้บันทึกไปแล้ว"), code="assets.settled")
    if ended_on < repair.began_on:
        raise Refusal(_("วันที่เสร็จอยู่ก่อนวันที่ส่งซ่อม ตรวจวันที่อีกครั้ง"), code="assets.days", field="ended_on")
    repair.state = RepairState.DONE if is_repaired else RepairState.BEYOND
    repair.ended_on, repair.cost, repair.source = ended_on, cost, normalise(source)
    repair.save()
    entry().on(article, article.unit)
    entry().tell(what=repair.what, state=repair.state)
    save(article, condition=Condition.IN_USE if is_repaired else Condition.WAITING_DISPOSAL)
    return repair


# What was told to the ministry.

COUNTS = ("usable", "waiting_repair", "waiting_disposal")


@verb("assets.import_counts", gettext_lazy("นำเข้าจำนวนครุภัณฑ์ M-OBEC"), capability=IMPORT)
def import_counts(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[ItemCount, Mapping[str, Any]]],
    source: str,
) -> list[ItemCount]:
    """Keep what units told the ministry, set-based; the day is today's. Returns the new ones in order."""
    demand_units(actor, IMPORT, {row["unit"].pk for row in new} | {c.unit_id for c, _values in changed})
    day = today()
    made = ItemCount.objects.bulk_create(
        [
            ItemCount(
                unit=row["unit"], item_code=row["item_code"], code=f"{row['unit'].code}-{row['item_code']}", told_on=day,
                note=normalise(row.get("note") or ""), **{name: row.get(name) or 0 for name in COUNTS},
            )
            for row in new
        ],
        batch_size=5000,
    )  # fmt: skip
    for count, values in changed:
        count.told_on = day
        for name in COUNTS:
            if name in values:
                setattr(count, name, values[name] or 0)
        if "note" in values:
            count.note = normalise(values["note"] or "")
    ItemCount.objects.bulk_update(
        [count for count, _values in changed], [*COUNTS, "told_on", "note"], batch_size=2000
    )
    entry().tell(source=source, new=len(new), changed=len(changed))
    return made


@verb("assets.remove_imported_counts", gettext_lazy("นำจำนวนครุภัณฑ์ที่นำเข้าออก"), capability=IMPORT)
def remove_imported_counts(*, actor: Actor, counts: Sequence[ItemCount], source: str) -> None:
    """Take away counts that an import has just made."""
    demand_units(actor, IMPORT, {count.unit_id for count in counts})
    ItemCount.objects.filter(pk__in=[count.pk for count in counts]).delete()
    entry().tell(source=source, removed=len(counts))
