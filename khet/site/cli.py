"""The command line: ``khet``. Each command is a sentence in Thai in ``--help`` and imports what it needs."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import psycopg

from khet.base.database.programs import DatabaseFault
from khet.base.lib.errors import Refusal


def say(text: str) -> None:
    click.echo(text)


def told(command: Callable[..., Any]) -> Callable[..., Any]:
    """Refusals and faults end as one sentence on stderr and exit code 1, never as a traceback."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        from khet.site.supervisor import CannotStart

        try:
            return command(*args, **kwargs)
        except Refusal as why:
            raise click.ClickException(f"{why} [{why.code}]") from why
        except psycopg.Error as why:
            raise click.ClickException(f"ฐานข้อมูลขัดข้อง รัน khet check และ khet verify\n{why}") from why
        except (DatabaseFault, CannotStart, PermissionError) as why:
            raise click.ClickException(str(why)) from why
        except Exception as why:
            # Django hides the database's own error behind one of its classes, which are not loaded yet here.
            if not isinstance(why.__cause__, psycopg.Error):
                raise
            raise click.ClickException(f"ฐานข้อมูลขัดข้อง รัน khet check และ khet verify\n{why}") from why

    return run


def with_database(command: Callable[..., Any]) -> Callable[..., Any]:
    """Start the embedded server for the time of the command when needed, and load Django."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        from khet.base.database.address import is_embedded
        from khet.base.database.embedded import running
        from khet.site.environment import data_folder

        with ExitStack() as stack:
            if is_embedded():
                stack.enter_context(running(data_folder()))
            load()
            result = command(*args, **kwargs)
            from django.db import connections

            connections.close_all()
            return result

    return told(run)


def load() -> None:
    import django
    from django.utils.translation import activate

    django.setup()
    activate("th")


@click.group()
def main() -> None:
    """เขต: ระบบงานของสำนักงานเขตพื้นที่การศึกษา"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")
    os.umask(0o077)  # what khet keeps is nobody else's


@main.command()
@click.option("--empty", is_flag=True, help="ไม่สร้างสำนักงานสาธิต (สำนักงานจริง)")
@told
def run(empty: bool) -> None:
    """เปิดทั้งระบบ: ฐานข้อมูล เว็บ และงานเบื้องหลัง"""
    from khet.site.environment import bind_host, data_folder, port
    from khet.site.supervisor import CannotStart, Supervisor

    try:
        number = port()
    except ValueError as why:
        raise CannotStart(str(why)) from why
    Supervisor(data_folder(), bind_host(), number, say, ["--empty"] if empty else []).run()


@main.command(hidden=True)
@click.option("--empty", is_flag=True)
@with_database
def prepare(empty: bool) -> None:
    """เตรียมระบบก่อนเปิด (khet run เรียกเอง)"""
    from django.conf import settings

    from khet.site.prepare import prepare as prepare_all

    prepare_all(demo=settings.IS_LOCAL and not empty, say=say)


@main.command()
@click.option("--fd", type=int, hidden=True)
@click.option("--ready-fd", type=int, hidden=True)
@click.option("--parent-fd", type=int, hidden=True)
@click.option("--gate-fd", type=int, hidden=True)
@told
def serve(fd: int | None, ready_fd: int | None, parent_fd: int | None, gate_fd: int | None) -> None:
    """เปิดเฉพาะเว็บ (ฐานข้อมูลต้องทำงานอยู่)"""
    os.environ["KHET_PROCESS"] = "web"
    from khet.site.environment import bind_host, port
    from khet.site.server import serve as serve_forever
    from khet.site.supervisor import listen

    door = None if fd is not None else listen(bind_host(), port())
    number = fd if door is None else door.fileno()
    serve_forever(f"fd://{number}", ready_fd=ready_fd, parent_fd=parent_fd, gate_fd=gate_fd)


@main.command()
@click.option("--parent-fd", type=int, hidden=True)
@click.option("--once", is_flag=True, help="ทำงานที่ค้างให้หมดแล้วเลิก")
@told
def worker(parent_fd: int | None, once: bool) -> None:
    """เปิดเฉพาะงานเบื้องหลัง (ฐานข้อมูลต้องทำงานอยู่)"""
    os.environ["KHET_PROCESS"] = "worker"
    load()
    from khet.site.server import watch_parent
    from khet.site.worker import work

    watch_parent(parent_fd)
    work(once=once)


@main.command()
@with_database
def migrate() -> None:
    """ปรับโครงสร้างฐานข้อมูลให้ตรงกับโปรแกรม"""
    from khet.base.org.roles import waiting_rights
    from khet.site.prepare import collect_static
    from khet.site.prepare import migrate as apply

    count = apply(say)
    collect_static(say)
    say(f"ปรับแล้ว {count} ขั้น" if count else "โครงสร้างตรงกับโปรแกรมแล้ว")
    if waiting := sum(len(rights) for _role, rights in waiting_rights()):
        say(f"มีสิทธิ์ใหม่ {waiting} รายการรอผู้ดูแลระบบตัดสินที่หน้า บทบาทและสิทธิ์ ก่อนนั้นยังไม่มีใครเห็นหน้าใหม่")


@main.command()
@click.option("--size", type=click.Choice(["demo", "year", "full"]), default="demo", show_default=True)
@click.option("--add", is_flag=True, help="เติมแม้ฐานข้อมูลไม่ว่าง")
@with_database
def seed(size: str, add: bool) -> None:
    """เติมข้อมูลสาธิต: demo ตั้งสำนักงาน, year งานหนึ่งปี, full ขนาดเต็มสำหรับวัดความเร็ว"""
    from khet.site.prepare import migrate as apply
    from khet.site.seeding import seed as fill

    apply(say)
    fill(size, add=add, say=say)
    say("เติมข้อมูลเสร็จ")


@main.command()
@click.option("--code", prompt="รหัสเขตพื้นที่", help="รหัสเขตพื้นที่ 4 หลัก เช่น 9902")
@click.option("--name", prompt="ชื่อเต็มของสำนักงาน")
@click.option("--short-name", prompt="ชื่อย่อของสำนักงาน", help="เช่น สพป.ศรีธารา เขต 2")
@click.option("--first-name", prompt="ชื่อผู้ดูแลระบบ")
@click.option("--last-name", prompt="นามสกุลผู้ดูแลระบบ")
@click.option("--email", default="", help="อีเมลผู้ดูแลระบบ")
@click.option("--username", default="admin", show_default=True)
@with_database
def setup(
    code: str, name: str, short_name: str, first_name: str, last_name: str, email: str, username: str
) -> None:
    """ตั้งสำนักงานใหม่ที่ว่างเปล่า และเปิดบัญชีผู้ดูแลระบบคนแรก"""
    from khet.base.org.actions import set_up
    from khet.base.org.api import Actor, Person
    from khet.base.signin.api import invite
    from khet.site.prepare import migrate as apply

    apply(say)
    account = set_up(
        actor=Actor.system(),
        code=code,
        name=name,
        short_name=short_name,
        administrator=Person(first_name=first_name, last_name=last_name, email=email),
        username=username,
    )
    say(f"ตั้ง{name}แล้ว เปิดลิงก์นี้เพื่อตั้งรหัสผ่านของ {username} ภายใน 7 วัน")
    say(invite(actor=Actor.system(), account=account))


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
@click.option("--test", "rehearse", is_flag=True, help="ทดลองกู้คืนชุดที่เพิ่งทำในที่แยก แล้วลบทิ้ง")
@click.option("--tidy", is_flag=True, help="ลบชุดเก่าเกินกำหนดเก็บ (14 วัน และเดือนละชุด 12 เดือน)")
@with_database
def backup(folder: Path | None, rehearse: bool, tidy: bool) -> None:
    """สำรองฐานข้อมูลและแฟ้มไว้ที่ FOLDER ขณะระบบทำงาน"""
    from django.conf import settings

    from khet.base.database.address import backups_folder
    from khet.base.database.backup import prune
    from khet.site import upkeep

    target = folder or backups_folder(settings.DATA)
    made = upkeep.make_backup(target)
    facts = made.manifest
    say(
        f"สำรองแล้ว {made.folder} แฟ้ม {facts['files']['count']:,} แฟ้ม"
        f" {facts['files']['bytes'] / 2**20:,.1f} MB ใช้เวลา {facts['seconds']['all']} วินาที"
    )
    say("กุญแจลับไม่อยู่ในข้อมูลสำรอง เก็บสำเนาของ secret_key ไว้ที่ปลอดภัยอีกแห่ง")
    if rehearse:
        upkeep.rehearse(target, say)
        say("ทดลองกู้คืนแล้ว ใช้ได้")
    if tidy:
        gone = prune(target, settings.DATA)
        say(f"ลบชุดเก่า {len(gone)} ชุด")
    for fault in facts["faults"]:
        click.echo(f"✗ {fault}", err=True)
    if facts["faults"]:
        sys.exit(2)


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--until", help="ย้อนไปยังเวลานี้ เช่น 2569-11-23 14:05 (เวลาไทย ปี พ.ศ. หรือ ค.ศ.)")
@click.option("--file", "sha256", help="นำแฟ้มเดียวกลับมา ตามลายนิ้วมือที่ khet verify บอก")
@click.option("--new-key", is_flag=True, help="กุญแจลับเดิมหาย ยอมใช้กุญแจใหม่")
@click.option("--despite-faults", is_flag=True, help="ใช้แม้การตรวจพบข้อบกพร่อง")
@told
def restore(folder: Path, until: str | None, sha256: str | None, new_key: bool, despite_faults: bool) -> None:
    """กู้คืนจาก FOLDER: พิสูจน์ในที่แยกก่อน แล้วจึงสลับ ของเดิมเก็บไว้ใน before-…"""
    from khet.base.database.restore import restore_file
    from khet.site import upkeep
    from khet.site.environment import data_folder

    data = data_folder()
    if sha256:
        say(f"นำแฟ้มกลับมาแล้วที่ {restore_file(folder, data, sha256)}")
        return
    moment = parse_moment(until) if until else None
    old = upkeep.put_back(folder, data, until=moment, new_key=new_key, despite_faults=despite_faults, say=say)
    say(f"กู้คืนแล้ว ของเดิมอยู่ที่ {old} ลบได้เมื่อแน่ใจ")


def parse_moment(text: str) -> datetime:
    """A moment in Bangkok from ``2569-11-23 14:05[:30]`` or ISO; a year past 2400 is Buddhist."""
    from zoneinfo import ZoneInfo

    words = text.strip()
    year, dash, rest = words.partition("-")
    if dash and year.isdigit() and int(year) > 2400:
        words = f"{int(year) - 543}-{rest}"
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        raise click.BadParameter(
            f"อ่านเวลา {text} ไม่ได้ เขียนเช่น 2569-11-23 14:05", param_hint="--until"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Asia/Bangkok"))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="ผลเป็น JSON")
@click.option("--anchors", type=click.Path(exists=True, dir_okay=False), help="หัวรายวันที่เก็บไว้นอกเครื่อง")
@with_database
def verify(as_json: bool, anchors: str | None) -> None:
    """ตรวจฐานข้อมูล แฟ้ม และสมุดบันทึกเหตุการณ์ว่าครบและไม่ถูกแก้"""
    from khet.site.upkeep import verify_in_words

    if anchors:
        os.environ["KHET_ANCHORS"] = anchors
    if not verify_in_words(as_json, say):
        sys.exit(1)


@main.command()
@told
def check() -> None:
    """ตรวจการตั้งค่าทุกตัว บอกเป็นคำว่าต้องทำอะไร"""
    from khet.site.checkup import checkup

    if not checkup(say):
        sys.exit(1)


@main.command("import")
@click.argument("kind")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path)
)
@click.option("--confirm", is_flag=True, help="นำเข้าจริง ไม่ใส่คือตรวจอย่างเดียว")
@click.option("--json", "as_json", is_flag=True, help="ผลเป็น JSON")
@click.option(
    "--option", "options", multiple=True, metavar="ชื่อ=ค่า", help="สิ่งที่แฟ้มไม่ได้บอก เช่น year=2569 term=2"
)
@with_database
def import_(
    kind: str, files: tuple[Path, ...], confirm: bool, as_json: bool, options: tuple[str, ...]
) -> None:
    """นำเข้าแฟ้มเข้าทะเบียน KIND: ตรวจทุกแถวก่อน ใส่ --confirm จึงนำเข้า หลายแฟ้มนำเข้าทีละแฟ้มตามลำดับ

    KIND เป็น amss คือย้ายข้อมูลจากแฟ้ม .sql ของ AMSS++: โรงเรียน บุคลากร นักเรียน สิ่งก่อสร้าง
    KIND เป็น outlines คือใส่แนวเขตจังหวัด อำเภอ หรือตำบลจากแฟ้ม Shapefile (zip) GeoPackage GeoJSON หรือ KML สำหรับแผนที่และการตรวจพิกัด
    """
    told_options = dict(option.split("=", 1) for option in options if "=" in option)
    taken = [_taken(kind, file, confirm, as_json, told_options) for file in files]
    if not all(taken):
        sys.exit(2)


def _taken(kind: str, file: Path, confirm: bool, as_json: bool, options: dict[str, str]) -> bool:
    """Take one file, and say what became of it; False when some of its rows are wrong."""
    from khet.base.org.api import Actor
    from khet.kits.register.api import import_file

    if kind == "amss":
        from khet.site.amss import migrate

        if not file.is_file():
            raise click.ClickException(f"ไม่พบไฟล์ {file}")
        done = migrate(
            actor=Actor.system(),
            path=file,
            confirm=confirm,
            options=options,
            say=lambda text: click.echo(text, err=True),
        )
        say(
            json.dumps(done.as_json(), ensure_ascii=False, indent=2, default=str)
            if as_json
            else "\n".join(done.sentences())
        )
        return not done.wrong
    if kind == "outlines":
        from khet.site.outlines import take

        told = take(actor=Actor.system(), path=file, confirm=confirm)
        say(json.dumps(told.as_json(), ensure_ascii=False, indent=2) if as_json else told.sentence)
        return True
    result = import_file(actor=Actor.system(), kind=kind, path=file, confirm=confirm, options=options)
    if as_json:
        say(json.dumps(result.as_json(), ensure_ascii=False, indent=2, default=str))
    else:
        for fault in result.faults:
            say(f"แถว {fault['row']} {fault['column']} “{fault['value']}”: {fault['sentence']}")
        say(result.sentence)
    return not result.wrong


@main.command()
@click.argument("kind")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "format_", default="province-basic", show_default=True, help="รูปแบบของฐานข้อมูลจังหวัด")
@click.option("--round", "round_", default="", help="รอบที่ปิดแล้ว เช่น 1/2569 ไม่ใส่คือรอบล่าสุด")
@with_database
def export(kind: str, file: Path, format_: str, round_: str) -> None:
    """ส่งออกทะเบียน KIND เป็นแฟ้ม .csv หรือ .xlsx

    KIND เป็น province คือทำแฟ้มฐานข้อมูลจังหวัดจากรอบที่ปิดแล้ว ตามรูปแบบที่กำหนด
    """
    from khet.base.org.api import Actor

    if kind == "province":
        from khet.outlets.province.api import export_to

        made = export_to(actor=Actor.system(), path=file, format=format_, round=round_)
        say(
            f"ทำแฟ้มฐานข้อมูลจังหวัดเลขที่ {made.number} ({made.format}) {made.rows:,} แถว ไปที่ {file} SHA-256 {made.sha256}"
        )
        return
    from khet.kits.register.api import export_file

    count = export_file(actor=Actor.system(), kind=kind, path=file)
    say(f"ส่งออก {count} แถวไปที่ {file}")


@main.command()
@click.argument("lake", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="โฟลเดอร์ใหม่สำหรับผล")
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="เครื่องนับ ผลเท่ากัน",
)
@click.option("--master", default="local[*]", show_default=True, help="ที่อยู่ของ Spark เช่น spark://host:7077")
@click.option(
    "--level",
    type=click.Choice(["office", "school"]),
    default="office",
    show_default=True,
    help="school คือเพิ่มแถวรายโรงเรียน",
)
@click.option(
    "--memory", type=click.IntRange(1), default=2, show_default=True, help="หน่วยความจำของเครื่องนับ (GB)"
)
@told
def nation(lake: Path, out: Path, engine: str, master: str, level: str, memory: int) -> None:
    """นับตัวชี้วัดทุกตัวจากข้อมูลรอบที่ปิดแล้วของหลายเขตในโฟลเดอร์ LAKE

    LAKE มีโฟลเดอร์ของแต่ละเขต ในนั้นเป็นโฟลเดอร์ censuses ที่คัดลอกจากเขตตามที่ khet เขียนไว้ ทุกแฟ้มตรวจกับใบกำกับก่อน
    ถ้าแฟ้มใดเสีย ขาด หรือเป็นรูปแบบที่ไม่รู้จัก จะบอกชื่อเขต รอบ และแฟ้ม แล้วไม่นับเลย ไม่ใช้ฐานข้อมูลของเครื่องนี้
    """
    load()
    from khet.outlets.statistics.nation.run import count_nation

    done = count_nation(
        lake, out, engine=engine, master=master, schools=level == "school", memory=memory, say=say
    )
    say(
        f"นับ {len(done['indicators'])} ตัวชี้วัดจาก {len(done['censuses']):,} รอบ ด้วย {engine}"
        f" ใช้เวลา {done['seconds']['all']} วินาที ผลอยู่ที่ {out}"
    )


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """คำสั่งของ Django สำหรับผู้พัฒนา"""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["khet django", *arguments])


# The year's data has a file of its own, which hangs its commands on this one's.
from khet.site import year as _year  # noqa: E402, F401
