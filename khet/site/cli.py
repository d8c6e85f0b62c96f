"""The command line: ``khet``. Each command is a sentence in Thai in ``--help`` and imports what it needs."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

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
        except (DatabaseFault, CannotStart, PermissionError) as why:
            raise click.ClickException(str(why)) from why

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
@told
def serve(fd: int | None, ready_fd: int | None, parent_fd: int | None) -> None:
    """เปิดเฉพาะเว็บ (ฐานข้อมูลต้องทำงานอยู่)"""
    os.environ["KHET_PROCESS"] = "web"
    from khet.site.environment import bind_host, port
    from khet.site.server import serve as serve_forever
    from khet.site.supervisor import listen

    door = None if fd is not None else listen(bind_host(), port())
    number = fd if door is None else door.fileno()
    serve_forever(f"fd://{number}", ready_fd=ready_fd, parent_fd=parent_fd)


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
    from khet.site.prepare import collect_static
    from khet.site.prepare import migrate as apply

    count = apply(say)
    collect_static(say)
    say(f"ปรับแล้ว {count} ขั้น" if count else "โครงสร้างตรงกับโปรแกรมแล้ว")


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


@main.command("import")
@click.argument("kind")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--confirm", is_flag=True, help="นำเข้าจริง ไม่ใส่คือตรวจอย่างเดียว")
@click.option("--json", "as_json", is_flag=True, help="ผลเป็น JSON")
@with_database
def import_(kind: str, file: Path, confirm: bool, as_json: bool) -> None:
    """นำเข้าแฟ้มเข้าทะเบียน KIND: ตรวจทุกแถวก่อน ใส่ --confirm จึงนำเข้า"""
    from khet.base.org.api import Actor
    from khet.kits.register.api import import_file

    result = import_file(actor=Actor.system(), kind=kind, path=file, confirm=confirm)
    if as_json:
        say(json.dumps(result.as_json(), ensure_ascii=False, indent=2, default=str))
    else:
        for fault in result.faults:
            say(f"แถว {fault['row']} {fault['column']} “{fault['value']}”: {fault['sentence']}")
        say(result.sentence)
    if result.wrong:
        sys.exit(2)


@main.command()
@click.argument("kind")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_database
def export(kind: str, file: Path) -> None:
    """ส่งออกทะเบียน KIND เป็นแฟ้ม .csv หรือ .xlsx"""
    from khet.base.org.api import Actor
    from khet.kits.register.api import export_file

    count = export_file(actor=Actor.system(), kind=kind, path=file)
    say(f"ส่งออก {count} แถวไปที่ {file}")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django(arguments: tuple[str, ...]) -> None:
    """คำสั่งของ Django สำหรับผู้พัฒนา"""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["khet django", *arguments])
