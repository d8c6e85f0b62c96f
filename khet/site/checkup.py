"""``khet check``: every setting and what it meets on this machine, in words that say what to do."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from khet.base.database.address import (
    backups_folder,
    cluster_folder,
    connection_settings,
    is_embedded,
    socket_folder,
)
from khet.base.database.backup import list_backups
from khet.base.database.embedded import cluster_of
from khet.base.database.health import LEAST_FREE, disk_free, folder_writable
from khet.base.database.programs import MAJOR, DatabaseFault
from khet.site.environment import VARIABLES, bind_host, data_folder, hosts, mail_settings, port, proxies

GOOD, SOON, FAULT = "✓", "!", "✗"
Line = tuple[str, str]

SECRET = {"KHET_SECRET_KEY", "DATABASE_URL", "KHET_SMTP_URL", "KHET_LINE_LOGIN", "KHET_THAID"}


def checkup(say: Callable[[str], None]) -> bool:
    """Print every line; True when there is no fault (✗). Advice (!) is no fault."""
    ok = True
    for variable in VARIABLES:
        given = os.environ.get(variable.name)
        shown = "(กำหนดแล้ว ไม่แสดง)" if given and variable.name in SECRET else given
        say(f"  {variable.name}: {shown or 'ค่าเริ่มต้น: ' + variable.default}\n      {variable.meaning}")
    for part in (version, secret, address, folder, backups, database, mail, clock):
        try:
            for mark, sentence in part():
                ok = ok and mark != FAULT
                say(f"{mark} {sentence}")
        except SystemExit as why:
            ok = False
            say(f"{FAULT} {why}")
    return ok


def version() -> Iterator[Line]:
    found = ".".join(map(str, sys.version_info[:3]))
    yield GOOD, f"Python {found}"


def secret() -> Iterator[Line]:
    given = os.environ.get("KHET_SECRET_KEY")
    path = data_folder() / "secret_key"
    if given:
        short = [key for key in given.split(",") if key.strip() and len(key.strip()) < 50]
        if short:
            yield FAULT, "KHET_SECRET_KEY สั้นเกินไป ใช้อย่างน้อย 50 ตัวอักษรที่สุ่มมา เช่นจาก openssl rand -base64 48"
        else:
            yield GOOD, "กุญแจลับยาวพอ"
    elif path.exists():
        lines = [line for line in path.read_text().splitlines() if line.strip()]
        if not lines or any(len(line.strip()) < 50 for line in lines):
            yield FAULT, f"กุญแจใน {path} ว่างหรือสั้นกว่า 50 ตัวอักษร นำแฟ้มเดิมกลับมา"
        elif path.stat().st_mode & 0o077:
            yield FAULT, f"ผู้ใช้อื่นของเครื่องอ่าน {path} ได้ สั่ง chmod 600 {path}"
        else:
            yield GOOD, f"กุญแจลับอยู่ที่ {path} เก็บสำเนาไว้อีกแห่งนอกเครื่องนี้ ข้อมูลสำรองไม่มีกุญแจ"
    else:
        yield GOOD, "ยังไม่มีกุญแจลับ จะสร้างเองเมื่อเปิดครั้งแรก"


def address() -> Iterator[Line]:
    try:
        number = port()
    except ValueError as why:
        yield FAULT, str(why)
        return
    for name in hosts():
        if "/" in name or (":" in name.strip("[]") and name.count(":") == 1):
            yield FAULT, f"KHET_HOST มี {name} ใส่เฉพาะชื่อหรือที่อยู่ ไม่มี http:// และไม่มีพอร์ต"
    where = bind_host()
    believed = f" เชื่อ X-Forwarded-For จาก {', '.join(proxies())}" if proxies() else ""
    with socket.socket(socket.AF_INET6 if ":" in where else socket.AF_INET) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((where, number))
            yield GOOD, f"จะเปิดรับที่ {where} พอร์ต {number}{believed}"
        except OSError as why:
            yield SOON, f"พอร์ต {number} ที่ {where} ยังใช้ไม่ได้ ({why.strerror}) ปกติถ้า khet ทำงานอยู่แล้ว"


def folder() -> Iterator[Line]:
    data = data_folder()
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        yield FAULT, f"สร้างโฟลเดอร์ข้อมูล {data} ไม่ได้ ({why.strerror}) แก้ KHET_DATA หรือสิทธิ์"
        return
    if not folder_writable(data):
        yield FAULT, f"เขียนในโฟลเดอร์ข้อมูล {data} ไม่ได้ ให้ผู้ใช้ที่รัน khet เป็นเจ้าของ"
    elif (data / "files").exists() and not folder_writable(data / "files"):
        yield FAULT, f"เขียนในโฟลเดอร์แฟ้ม {data / 'files'} ไม่ได้ ให้ผู้ใช้ที่รัน khet เป็นเจ้าของ"
    else:
        yield GOOD, f"โฟลเดอร์ข้อมูล {data} เขียนได้"
    free = disk_free(data)
    if free < LEAST_FREE:
        yield FAULT, f"พื้นที่ว่างเหลือ {free // 2**20:,} MB ต้องมีอย่างน้อย {LEAST_FREE // 2**20} MB เพิ่มดิสก์หรือลบของเก่า"
    elif free < 10 * LEAST_FREE:
        yield SOON, f"พื้นที่ว่างเหลือ {free / 2**30:.1f} GB เตรียมเพิ่มดิสก์"
    else:
        yield GOOD, f"พื้นที่ว่าง {free / 2**30:.0f} GB"


def backups() -> Iterator[Line]:
    data = data_folder()
    place = backups_folder(data)
    if place.exists() and data.exists() and place.stat().st_dev == data.stat().st_dev:
        yield SOON, f"ข้อมูลสำรอง ({place}) อยู่ดิสก์เดียวกับข้อมูล ตั้ง KHET_BACKUPS ไปที่ดิสก์อื่น"
    try:
        found = list_backups(place)
    except DatabaseFault as why:
        yield FAULT, str(why)
        return
    if not found:
        yield SOON, "ยังไม่มีข้อมูลสำรอง สั่ง khet backup หรือรอคืนนี้"
        return
    age = datetime.now(UTC) - found[0].made_at
    mark = SOON if age.days >= 2 else GOOD
    yield mark, f"ข้อมูลสำรองล่าสุด {found[0].folder.name} อายุ {age.days * 24 + age.seconds // 3600} ชั่วโมง"


def database() -> Iterator[Line]:
    data = data_folder()
    if is_embedded():
        folder = cluster_folder(data)
        if not (folder / "PG_VERSION").exists():
            yield GOOD, f"จะสร้างฐานข้อมูล PostgreSQL {MAJOR} ที่ {folder}"
            return
        found = (folder / "PG_VERSION").read_text().strip()
        if found != str(MAJOR):
            yield FAULT, f"ฐานข้อมูลเป็น PostgreSQL {found} แต่โปรแกรมเป็นรุ่น {MAJOR} สำรองด้วยรุ่นเดิมแล้วกู้คืน"
            return
        if cluster_of(data).postmaster() is None:
            yield GOOD, f"ฐานข้อมูลที่ {folder} หยุดอยู่ จะเปิดเองเมื่อ khet run (ซ็อกเก็ต {socket_folder(folder)})"
            return
    known = connection_settings(data)
    parameters = {
        "host": known.get("HOST"),
        "port": known.get("PORT"),
        "user": known.get("USER"),
        "password": known.get("PASSWORD"),
        "dbname": known["NAME"],
    }
    try:
        with psycopg.connect(
            **{name: value for name, value in parameters.items() if value}, connect_timeout=5
        ) as connection:
            major = connection.info.server_version // 10000
            encoding = connection.info.parameter_status("server_encoding")
            offset = _offset(connection)
            if major < 15:
                yield FAULT, f"PostgreSQL {major} เก่าเกินไป ใช้รุ่น 15 ขึ้นไป"
            elif major > MAJOR and not is_embedded():
                yield FAULT, f"PostgreSQL {major} ใหม่กว่าโปรแกรมสำรองที่มี ({MAJOR}) ปรับ khet ก่อน"
            elif encoding != "UTF8":
                yield FAULT, f"ฐานข้อมูลใช้รหัส {encoding} สร้างใหม่ด้วย ENCODING 'UTF8'"
            else:
                yield GOOD, f"ติดต่อฐานข้อมูล PostgreSQL {major} ได้"
            if abs(offset) > 5:
                yield FAULT, f"นาฬิกาของเครื่องฐานข้อมูลต่างจากเครื่องนี้ {offset:.0f} วินาที ตั้ง NTP ทั้งสองเครื่อง"
            for name, wanted in (("fsync", "on"), ("full_page_writes", "on"), ("synchronous_commit", None)):
                row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
                value = row[0] if row else ""
                if value == "off" or (wanted and value != wanted):
                    yield FAULT, f"ฐานข้อมูลตั้ง {name}={value} ไฟดับแล้วข้อมูลหายได้ ตั้งเป็น on"
    except psycopg.OperationalError as why:
        yield FAULT, f"ติดต่อฐานข้อมูลไม่ได้ ตรวจ DATABASE_URL และเครื่องฐานข้อมูล ({str(why).strip().splitlines()[0]})"


def _offset(connection: psycopg.Connection) -> float:
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
    return float(row[0]) - time.time() if row else 0.0


def mail() -> Iterator[Line]:
    url = os.environ.get("KHET_SMTP_URL", "")
    if not url:
        yield SOON, "ไม่ได้ตั้งเครื่องส่งอีเมล (KHET_SMTP_URL) การแจ้งเตือนมีเฉพาะในระบบ"
        return
    try:
        found = mail_settings(url, hosts()[0])
    except ValueError as why:
        yield FAULT, f"KHET_SMTP_URL อ่านไม่ได้ ({why}) เขียนเช่น smtp+tls://user:pass@mail.example.go.th:587"
        return
    place = (str(found["EMAIL_HOST"]), int(str(found["EMAIL_PORT"])))
    try:
        with socket.create_connection(place, timeout=5):
            yield GOOD, f"ติดต่อเครื่องส่งอีเมล {place[0]}:{place[1]} ได้"
    except OSError as why:
        yield FAULT, f"ติดต่อเครื่องส่งอีเมล {place[0]}:{place[1]} ไม่ได้ ({why}) ตรวจ KHET_SMTP_URL"


def clock() -> Iterator[Line]:
    now = datetime.now(UTC)
    newest = _newest_trace(data_folder())
    if now.year < 2026:
        yield FAULT, f"นาฬิกาเครื่องบอกปี {now.year + 543} ซึ่งเป็นอดีต ตั้งเวลาให้ตรง (NTP)"
    elif newest and newest > now.timestamp() + 120:
        yield FAULT, "นาฬิกาเครื่องช้ากว่าเวลาที่ฐานข้อมูลเคยบันทึก ตั้งเวลาให้ตรง (NTP)"
    else:
        yield GOOD, f"นาฬิกาเครื่อง {now:%H:%M:%S} น. เวลาสากล"


def _newest_trace(data: Path) -> float:
    """The latest time this office is known to have lived: its WAL and its last backup."""
    times = [path.stat().st_mtime for path in (cluster_folder(data), data / "run") if path.exists()]
    return max(times, default=0.0)
