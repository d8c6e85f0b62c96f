"""The year's data from the command line: rounds, the book, the map. ``khet round …``, ``khet book``, ``khet map``.

Every command goes through the same verbs as the pages; the journal names the command line as the one that acted. A head's signature
can only be taken on paper here (decision 55).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from khet.site.cli import main, say, with_database

if TYPE_CHECKING:
    from khet.kits.rounds.api import Left

BOOKS = ["book", "leaflet", "sheets", "words", "schools"]
SHAPES = ["geojson", "gpkg", "shp", "kml", "csv"]


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
@click.argument("name", metavar="รอบ")
@click.option("--sheet", "sheets", multiple=True, help="ชุดข้อมูลที่เก็บในรอบนี้ ไม่ใส่คือตามปฏิทิน")
@with_database
def open_(name: str, sheets: tuple[str, ...]) -> None:
    """เปิดรอบ เช่น 2/2569 (ภาคเรียน) หรือ 2569 (ประจำปี) ให้ทุกโรงเรียนกรอก"""
    from khet.base.org.api import Actor
    from khet.kits.rounds.api import change_round, open_round, round_called

    one = round_called(name)
    if sheets:
        one = change_round(actor=Actor.system(), round=one, sheet_codes=list(sheets))
    say(f"เปิด{one.title} {open_round(actor=Actor.system(), round=one):,} ชุดข้อมูล")


@round_.command()
@click.argument("name", metavar="รอบ")
@with_database
def confirm(name: str) -> None:
    """ตรวจทุกชุดของทุกโรงเรียน แล้วยืนยันชุดที่ผ่าน ชุดที่ไม่ผ่านบอกเหตุและคงไว้"""
    from khet.base.org.api import Actor
    from khet.kits.rounds.api import confirm_all, round_called

    _told("ยืนยันแล้ว", *confirm_all(actor=Actor.system(), round=round_called(name)))


@round_.command()
@click.argument("name", metavar="รอบ")
@click.option("--reason", required=True, help="คำชี้แจง เช่น ตรวจกับหลักฐานแล้วถูกต้อง หลักฐานอยู่ที่ใด")
@with_database
def explain(name: str, reason: str) -> None:
    """ชี้แจงผลตรวจที่ชี้แจงได้และยังไม่มีคำชี้แจงด้วยข้อความเดียวกัน ผลตรวจที่ต้องแก้ยังคงต้องแก้"""
    from khet.base.org.api import Actor
    from khet.kits.rounds.api import explain_all, round_called

    say(f"ชี้แจงแล้ว {explain_all(actor=Actor.system(), round=round_called(name), reason=reason):,} รายการ")


@round_.command()
@click.argument("name", metavar="รอบ")
@click.option("--paper", required=True, help="แบบรับรองที่ผู้อำนวยการโรงเรียนลงนาม: ฉบับใด เก็บไว้ที่ไหน")
@with_database
def certify(name: str, paper: str) -> None:
    """บันทึกการรับรองบนกระดาษของทุกชุดที่ยืนยันแล้ว ผู้อำนวยการที่ใช้ระบบได้ให้รับรองเองในหน้าเว็บ"""
    from khet.base.org.api import Actor
    from khet.kits.rounds.api import certify_all, round_called

    _told("รับรองแล้ว", *certify_all(actor=Actor.system(), round=round_called(name), paper=paper))


@round_.command()
@click.argument("name", metavar="รอบ")
@with_database
def verify(name: str) -> None:
    """ตรวจรับทุกชุดที่รับรองแล้ว"""
    from khet.base.org.api import Actor
    from khet.kits.rounds.api import round_called, verify_all

    say(f"ตรวจรับแล้ว {verify_all(actor=Actor.system(), round=round_called(name)):,} ชุด")


@round_.command()
@click.argument("name", metavar="รอบ")
@with_database
def close(name: str) -> None:
    """ปิดรอบ: ตรึงข้อมูลเป็นแฟ้มที่แก้ไม่ได้ ยังไม่ครบจะบอกว่าเหลืออะไร"""
    from khet.base.org.api import Actor
    from khet.kits.rounds.api import close_round, round_called

    one = round_called(name)
    census = close_round(actor=Actor.system(), round=one)
    rows = sum(table["rows"] for table in census.manifest["tables"])
    say(f"ปิด{one.title} แล้ว {rows:,} แถว SHA-256 {census.sha256}")


def _told(word: str, done: int, left: list[Left]) -> None:
    say(f"{word} {done:,} ชุด")
    for one in left:
        say(f"ยังไม่ผ่าน {one.unit} {one.sheet}: {one.why}")
    if left:
        sys.exit(2)


@main.command()
@click.argument("year", type=int)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(BOOKS),
    default=["book"],
    show_default=True,
    help="ชนิดไฟล์ ใส่ซ้ำได้",
)
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
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(SHAPES),
    default=SHAPES,
    help="รูปแบบ ใส่ซ้ำได้ ไม่ใส่คือทุกรูปแบบ",
)
@click.option(
    "--frame",
    type=click.Choice(["4326", "32647", "24047"]),
    default="4326",
    show_default=True,
    help="ระบบพิกัด (EPSG)",
)
@with_database
def map_(folder: Path, formats: tuple[str, ...], frame: str) -> None:
    """ส่งออกแผนที่: โรงเรียน อำเภอ ตำบล เขตบริการ และแผนที่ A4 (PDF) ลงใน FOLDER"""
    from khet.base.org.api import Actor
    from khet.outlets.maps.api import export_to

    folder.mkdir(parents=True, exist_ok=True)
    for path, size in export_to(actor=Actor.system(), folder=folder, formats=formats, frame=int(frame)):
        say(f"{path} {size:,} ไบต์")
