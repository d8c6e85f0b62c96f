"""Verbs on editions and on what is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import nh3
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai import normalise
from khet.base.org.api import Actor, Profile, entry, save, verb
from khet.kits.files.api import attachments, copy_to, remove, store
from khet.kits.rounds.api import censuses
from khet.outlets.books.choices import CHAPTERS, TEXTS, EditionState, Kind, MadeState
from khet.outlets.books.emblems import EMBLEM, KINDS, demand_printable, demand_size, held_emblem
from khet.outlets.books.models import Edition, Made
from khet.outlets.books.queries.editions import MadeFrom, shelves
from khet.outlets.books.rules import EDIT

TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "u",
    "ol",
    "ul",
    "li",
    "table",
    "tbody",
    "thead",
    "tr",
    "td",
    "th",
    "h2",
    "h3",
}
ATTRIBUTES: dict[str, set[str]] = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
LONGEST = 60_000
OF_YEAR = 6
NAMES = {
    Kind.BOOK: "สารสนเทศทางการศึกษา {year}.pdf", Kind.LEAFLET: "แผ่นพับสารสนเทศ {year}.pdf", Kind.SHEETS: "ตารางสารสนเทศ {year}.xlsx",
    Kind.WORDS: "สารสนเทศทางการศึกษา {year}.docx", Kind.SCHOOLS: "สมุดรายโรงเรียน {year}.zip",
}  # fmt: skip


def clean_text(html: str) -> str:
    """Our own tags alone; links, pictures, styles and scripts go, their words stay."""
    return nh3.clean(
        html or "", tags=TAGS, attributes=ATTRIBUTES, url_schemes=set(), strip_comments=True, link_rel=None,
        clean_content_tags={"script", "style", "math", "svg", "template", "noscript", "iframe"},
    ).strip()  # fmt: skip


def _censuses(ids: Iterable[int], year: int) -> list[int]:
    """The ids in the order of the newest day first; refused when there are none, or one is not of the year."""
    wanted = set(ids)
    known = [one.pk for one in censuses(year) if one.pk in wanted]
    if wanted - set(known):
        raise Refusal(
            _t("ข้อมูลที่เลือกไม่ใช่ของปีการศึกษานี้ หรือมีชุดใหม่กว่าแล้ว เลือกใหม่"), code="books.census", field="census_ids"
        )
    if not known:
        raise Refusal(
            _t("เลือกข้อมูลของรอบที่ปิดแล้วอย่างน้อยหนึ่งรอบ ถ้ายังไม่มี ให้ปิดรอบข้อมูลก่อน"),
            code="books.no_census",
            field="census_ids",
        )
    return known


@verb("books.begin", _("เริ่มสมุดสารสนเทศ"), capability=EDIT)
def begin(*, actor: Actor, school_year: int) -> Edition:
    """Begin the book of a school year with its first round, what is collected once a year, and all chapters; texts and emblem of the year before come along."""
    closed = censuses(school_year)
    terms = [one for one in closed if one.round.kind == "term"]
    # The book of a year speaks of its first round (10 June) and of what is collected once a year.
    found = [one.pk for one in closed if one.round.kind != "term" or one is terms[-1]]
    if not found:
        raise Refusal(
            _t("ปีการศึกษา %(year)d ยังไม่มีรอบข้อมูลที่ปิด ปิดรอบก่อนจึงทำสมุดได้") % {"year": school_year}, code="books.no_census", field="school_year"
        )  # fmt: skip
    before = Edition.objects.filter(school_year__lt=school_year).order_by("-school_year").first()
    try:
        with transaction.atomic():
            made = Edition.objects.create(
                school_year=school_year,
                census_ids=found,
                chapters=list(before.chapters) if before else [chapter.code for chapter in CHAPTERS],
                texts=dict(before.texts) if before else {},
                thai_digits=Profile.load().thai_digits_on_paper,
                made_by=actor.person,
            )
    except IntegrityError:
        raise Conflict(_t("มีสมุดของปีการศึกษานี้แล้ว เปิดจากรายการ"), code="books.begun") from None
    if before and (emblem := held_emblem(before)):
        copy_to(actor=actor, attachments=[emblem], owners=[made])
        save(made, emblem_sha256=before.emblem_sha256)
    entry().on(made)
    entry().tell(school_year=school_year, censuses=found)
    return made


@verb("books.change", _("แก้ไขสมุดสารสนเทศ"), capability=EDIT, on="edition")
def change(
    *,
    actor: Actor,
    edition: Edition,
    version: int,
    census_ids: Iterable[int],
    chapters: Iterable[str],
    texts: Mapping[str, str],
    thai_digits: bool,
) -> Edition:
    """Choose censuses and chapters, write texts. ``version`` is the one the page began with."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.version != version:
        raise Conflict(_t("มีผู้แก้ไขสมุดนี้หลังจากคุณเปิดหน้า คัดลอกข้อความของคุณไว้ แล้วเปิดหน้าใหม่"), code="books.changed")
    known = {code for code, _label, _help in TEXTS}
    kept = {code: clean_text(normalise(html)) for code, html in texts.items() if code in known}
    if any(len(html) > LONGEST for html in kept.values()):
        raise Refusal(_t("ข้อความยาวเกินไป แต่ละตอนไม่เกิน 60,000 ตัวอักษร"), code="books.long", field="texts")
    chosen = [chapter.code for chapter in CHAPTERS if chapter.code in set(chapters)]
    if not chosen:
        raise Refusal(_t("เลือกบทอย่างน้อยหนึ่งบท"), code="books.no_chapter", field="chapters")
    before = dict(edition.texts)
    edition.texts = {**edition.texts, **kept}
    changed = save(
        edition,
        census_ids=_censuses(census_ids, edition.school_year),
        chapters=chosen,
        thai_digits=thai_digits,
        version=version + 1,
    )
    edition.save(update_fields=["texts", "changed_at"])
    entry().tell(
        texts=sorted(code for code in kept if kept[code] != before.get(code, "")), fields=sorted(changed)
    )
    return edition


def _for_emblem(edition: Edition) -> Edition:
    """Locked for a change of its emblem. What has been published keeps the one it was made with, small books set later too."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.is_published:
        raise Refusal(
            _t("เล่มที่เผยแพร่แล้วคงตราเดิมไว้ ถอนการเผยแพร่ก่อนจึงเปลี่ยนตราได้"),
            code="books.emblem_published",
            field="file",
        )
    return edition


@verb("books.set_emblem", _("ใส่ตราสำนักงานบนสมุดสารสนเทศ"), capability=EDIT, on="edition")
def set_emblem(*, actor: Actor, edition: Edition, upload: Any) -> Edition:
    """Put the office's emblem (PNG, JPEG or SVG by its content) onto the covers of an edition, in place of the one before."""
    edition = _for_emblem(edition)
    demand_size(upload)
    held = store(actor=actor, upload=upload, owner=edition, kind=EMBLEM, kinds=KINDS)
    demand_printable(held)
    for old in attachments(edition, EMBLEM).exclude(pk=held.pk):
        remove(actor=actor, attachment=old)
    save(edition, emblem_sha256=held.file.sha256)
    entry().tell(name=held.name)
    return edition


@verb("books.remove_emblem", _("นำตราสำนักงานออกจากสมุดสารสนเทศ"), capability=EDIT, on="edition")
def remove_emblem(*, actor: Actor, edition: Edition) -> Edition:
    """Take the emblem off the covers of an edition."""
    edition = _for_emblem(edition)
    for old in attachments(edition, EMBLEM):
        remove(actor=actor, attachment=old)
    save(edition, emblem_sha256="")
    return edition


@verb("books.publish", _("เผยแพร่สมุดสารสนเทศ"), capability=EDIT, on="edition")
def publish(*, actor: Actor, edition: Edition) -> Edition:
    """Let everybody in the area read the edition and what is made of it; refused before the book itself has been made, and while a file
    is older than what it would be made from now."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.is_published:
        return edition
    if not edition.made.filter(kind=Kind.BOOK, state=MadeState.DONE).exists():
        raise Refusal(_t("ยังเผยแพร่ไม่ได้: ทำสมุด (PDF) ให้เสร็จและเปิดตรวจก่อน"), code="books.unmade")
    if old := [str(one.kind.label) for one in shelves(edition) if one.old]:
        raise Refusal(
            _t("ยังเผยแพร่ไม่ได้: มีการแก้ไขหลังทำไฟล์ ทำ %(files)s ใหม่ แล้วเปิดตรวจก่อน") % {"files": ", ".join(old)}, code="books.old"
        )  # fmt: skip
    save(edition, state=EditionState.PUBLISHED, published_at=timezone.now())
    return edition


@verb("books.withdraw", _("ถอนการเผยแพร่สมุดสารสนเทศ"), capability=EDIT, on="edition")
def withdraw(*, actor: Actor, edition: Edition) -> Edition:
    """Take a published edition back to the desk; files made stay."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    save(edition, state=EditionState.DRAFT)
    return edition


@verb("books.ask", _("สั่งทำไฟล์สมุดสารสนเทศ"), capability=EDIT, on="edition")
def ask(*, actor: Actor, edition: Edition, kind: str) -> Made:
    """Have a file made; while one of the kind is being made, that one."""
    if kind not in Kind.values:
        raise Refusal(_t("เลือกชนิดไฟล์ที่จะทำ"), code="books.kind", field="kind")
    busy = edition.made.filter(kind=kind, state__in=[MadeState.WAITING, MadeState.RUNNING]).first()
    if busy is not None:
        return busy
    made = Made.objects.create(edition=edition, kind=kind, source=edition.source, asked_by=actor.person)
    entry().on(made)
    entry().tell(kind=kind)
    return made


@verb("books.keep", _("เก็บไฟล์สมุดสารสนเทศ"), capability=EDIT, on="made")
def keep(*, actor: Actor, made: Made, content: bytes, pages: int | None, seconds: float, made_from: MadeFrom) -> Made:  # fmt: skip
    """Keep what was made as a file of the edition, with what it was made from."""
    edition = made.edition
    name = NAMES[Kind(made.kind)].format(year=edition.school_year)
    held = store(actor=actor, upload=content, owner=made, name=name, kind="book")
    save(
        made, state=MadeState.DONE, sha256=held.file.sha256, size=len(content), pages=pages, seconds=round(seconds, 2), **made_from._asdict(), finished_at=timezone.now(), step="", problem="",
    )  # fmt: skip
    return made


@verb("books.fail", _("ทำไฟล์สมุดสารสนเทศไม่สำเร็จ"), capability=EDIT, on="made")
def fail(*, actor: Actor, made: Made, problem: str) -> Made:
    """Say why a file could not be made; it may be asked for again."""
    save(made, state=MadeState.FAILED, problem=problem[:500], finished_at=timezone.now(), step="")
    return made


def step(made: Made, words: Any, done: int, total: int) -> None:
    """How far a file has come: no act of a person, so no journal entry. ``words`` of the step that begins."""
    Made.objects.filter(pk=made.pk, state__in=[MadeState.WAITING, MadeState.RUNNING]).update(
        state=MadeState.RUNNING, step=str(words)[:200], done=done, total=total
    )
