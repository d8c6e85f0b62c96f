"""The year's data from the command line: rounds, the book, the map. ``khet round …``, ``khet book``, ``khet map``.

Every command goes through the same verbs as the pages; the journal names the command line as the one that acted. A head's signature
can only be taken on paper here (decision 55).
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from khet.site.cli import main, say, with_database

if TYPE_CHECKING:
    from khet.base.org.api import Actor
    from khet.kits.rounds.api import Left, Round

# What may be asked for, written out so that `--help` loads nothing; a test holds the lists against their sources.
BOOKS = ("book", "leaflet", "sheets", "words", "schools")
SHAPES = ("geojson", "gpkg", "shp", "kml", "csv")
FRAMES = ("4326", "32647", "24047")


def of_round(command: Callable[..., None]) -> Callable[..., None]:
    """A command on the round it names, called as ``command(actor, round, **options)`` with the database at hand."""

    @click.argument("name", metavar="รอบ")
    @with_database
    @functools.wraps(command)
    def run(name: str, **options: Any) -> None:
        from khet.base.org.api import Actor
        from khet.kits.rounds.api import round_called

        command(Actor.system(), round_called(name), **options)

    return run


def several(
    option: str, into: str, of: Sequence[str], default: Sequence[str], words: str
) -> Callable[..., Any]:
    """An option that may be given more than once, each time one of a list."""
    return click.option(
        option, into, multiple=True, type=click.Choice(of), default=default, show_default=True, help=words
    )


@main.group("round")
def round_() -> None:
    """รอบข้อมูล: วางปฏิทิน เปิด ยืนยัน รับรอง ตรวจรับ ปิด"""


@round_.command()
@click.argument("year", type=int)
@with_database
def plan(year: int) -> None:
    """วางปฏิทินรอบข้อมูลของปีการศึกษา YEAR"""
    from khet.base.org.api import Actor
    from khet.kits.rounds.api import plan_year

    for one in plan_year(actor=Actor.system(), school_year=year):
        say(f"{one.short}  {one.title}  ชุดข้อมูล: {' '.join(one.sheet_codes)}")


@round_.command("open")
@click.option("--sheet", "sheets", multiple=True, help="ชุดข้อมูลที่เก็บในรอบนี้ ไม่ใส่คือตามปฏิทิน")
@of_round
def open_(actor: Actor, round: Round, sheets: tuple[str, ...]) -> None:
    """เปิดรอบ เช่น 2/2569 (ภาคเรียน) หรือ 2569 (ประจำปี) ให้ทุกโรงเรียนกรอก"""
    from khet.kits.rounds.api import change_round, open_round

    if sheets:
        round = change_round(actor=actor, round=round, sheet_codes=list(sheets))
    say(f"เปิด{round.title} {open_round(actor=actor, round=round):,} ชุดข้อมูล")


@round_.command()
@of_round
def confirm(actor: Actor, round: Round) -> None:
    """ตรวจทุกชุดของทุกโรงเรียน แล้วยืนยันชุดที่ผ่าน ชุดที่ไม่ผ่านบอกเหตุและคงไว้"""
    from khet.kits.rounds.api import confirm_all

    _told("ยืนยันแล้ว", *confirm_all(actor=actor, round=round))


@round_.command()
@click.option("--reason", required=True, help="คำชี้แจง เช่น ตรวจกับหลักฐานแล้วถูกต้อง หลักฐานอยู่ที่ใด")
@of_round
def explain(actor: Actor, round: Round, reason: str) -> None:
    """ชี้แจงผลตรวจที่ชี้แจงได้และยังไม่มีคำชี้แจงด้วยข้อความเดียวกัน ผลตรวจที่ต้องแก้ยังคงต้องแก้"""
    from khet.kits.rounds.api import explain_all

    say(f"ชี้แจงแล้ว {explain_all(actor=actor, round=round, reason=reason):,} รายการ")


@round_.command()
@click.option("--paper", required=True, help="แบบรับรองที่ผู้อำนวยการโรงเรียนลงนาม: ฉบับใด เก็บไว้ที่ไหน")
@of_round
def certify(actor: Actor, round: Round, paper: str) -> None:
    """บันทึกการรับรองบนกระดาษของทุกชุดที่ยืนยันแล้ว ผู้อำนวยการที่ใช้ระบบได้ให้รับรองเองในหน้าเว็บ"""
    from khet.kits.rounds.api import certify_all

    _told("รับรองแล้ว", *certify_all(actor=actor, round=round, paper=paper))


@round_.command()
@of_round
def verify(actor: Actor, round: Round) -> None:
    """ตรวจรับทุกชุดที่รับรองแล้ว"""
    from khet.kits.rounds.api import verify_all

    say(f"ตรวจรับแล้ว {verify_all(actor=actor, round=round):,} ชุด")


@round_.command()
@of_round
def close(actor: Actor, round: Round) -> None:
    """ปิดรอบ: ตรึงข้อมูลเป็นแฟ้มที่แก้ไม่ได้ ยังไม่ครบจะบอกว่าเหลืออะไร"""
    from khet.kits.rounds.api import close_round

    census = close_round(actor=actor, round=round)
    rows = sum(table["rows"] for table in census.manifest["tables"])
    say(f"ปิด{round.title} แล้ว {rows:,} แถว SHA-256 {census.sha256}")


def _told(word: str, done: int, left: list[Left]) -> None:
    say(f"{word} {done:,} ชุด")
    for one in left:
        say(f"ยังไม่ผ่าน {one.unit} {one.sheet}: {one.why}")
    if left:
        sys.exit(2)


@main.command()
@click.argument("year", type=int)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@several("--kind", "kinds", BOOKS, ["book"], "ชนิดไฟล์ ใส่ซ้ำได้")
@with_database
def book(year: int, folder: Path, kinds: tuple[str, ...]) -> None:
    """ทำสมุดสารสนเทศของปีการศึกษา YEAR จากรอบที่ปิดแล้ว ลงใน FOLDER"""
    from khet.base.org.api import Actor
    from khet.outlets.books.api import make_to

    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        path, made = make_to(actor=Actor.system(), school_year=year, kind=kind, folder=folder)
        pages = f"{made.pages:,} หน้า " if made.pages else ""
        say(f"{path} {pages}{made.size:,} ไบต์ {made.seconds:.1f} วินาที SHA-256 {made.sha256}")


@main.command("map")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@several("--format", "formats", SHAPES, SHAPES, "รูปแบบ ใส่ซ้ำได้ ไม่ใส่คือทุกรูปแบบ")
@click.option("--frame", type=click.Choice(FRAMES), default="4326", show_default=True, help="ระบบพิกัด (EPSG)")
@with_database
def map_(folder: Path, formats: tuple[str, ...], frame: str) -> None:
    """ส่งออกแผนที่: โรงเรียน อำเภอ ตำบล เขตบริการ และแผนที่ A4 (PDF) ลงใน FOLDER"""
    from khet.base.org.api import Actor
    from khet.outlets.maps.api import export_to

    folder.mkdir(parents=True, exist_ok=True)
    for path, size in export_to(actor=Actor.system(), folder=folder, formats=formats, frame=int(frame)):
        say(f"{path} {size:,} ไบต์")
