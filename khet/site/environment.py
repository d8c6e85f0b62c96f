"""The environment khet reads: every variable once, with its meaning, its default and its check.

``khet check`` prints this list in words; ``docs/howto/run-in-production.md`` is written from it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Variable:
    """One environment variable: ``meaning`` in Thai for the administrator, ``default`` in words."""

    name: str
    meaning: str
    default: str


VARIABLES = [
    Variable("KHET_DATA", "โฟลเดอร์ข้อมูล: ฐานข้อมูล แฟ้ม กุญแจ และบันทึก", "var/data ในโฟลเดอร์ที่รันคำสั่ง"),
    Variable(
        "DATABASE_URL",
        "ฐานข้อมูล PostgreSQL ภายนอก เช่น postgresql://khet@db/khet",
        "PostgreSQL ที่ฝังมาในโฟลเดอร์ข้อมูล",
    ),
    Variable("KHET_HOST", "ที่อยู่ที่เปิดรับ หรือชื่อเว็บไซต์ของสำนักงาน คั่นด้วยจุลภาค ชื่อแรกใช้ในลิงก์", "127.0.0.1"),
    Variable("KHET_PORT", "พอร์ตที่เปิดรับ", "8000"),
    Variable(
        "KHET_PROXY",
        "ที่อยู่ของพร็อกซีที่เชื่อหัวข้อ X-Forwarded-For ได้ คั่นด้วยจุลภาค",
        "เครื่องนี้เอง เมื่อชื่อแรกใน KHET_HOST เป็นชื่อเว็บไซต์ นอกนั้นไม่เชื่อใคร",
    ),
    Variable(
        "KHET_BACKUPS",
        "โฟลเดอร์ข้อมูลสำรองประจำคืนและ WAL ควรอยู่คนละดิสก์กับ KHET_DATA",
        "backups ในโฟลเดอร์ข้อมูล",
    ),
    Variable(
        "KHET_SMTP_URL",
        "เครื่องส่งอีเมล เช่น smtp+tls://user:pass@mail.example.go.th:587",
        "ไม่ส่งอีเมล เก็บไว้ในตู้ขาออก",
    ),
    Variable("KHET_LINE_LOGIN", "LINE Login: Channel ID:Channel secret", "ไม่เปิด"),
    Variable("KHET_THAID", "ThaID ของกรมการปกครอง: client id:client secret", "ไม่เปิด"),
    Variable(
        "KHET_MAP_TILES",
        "ที่อยู่ของภาพแผนที่พื้นหลัง เช่น https://tiles.example.go.th/{z}/{x}/{y}.png",
        "ไม่ใช้ แผนที่วาดจากแนวเขตของสำนักงาน",
    ),
    Variable("KHET_MAP_TILES_BY", "คำขอบคุณเจ้าของภาพแผนที่พื้นหลังที่ต้องแสดง", "ไม่มี"),
    Variable(
        "KHET_SECRET_KEY",
        "กุญแจลับ อย่างน้อย 50 ตัวอักษร กุญแจเก่าคั่นด้วยจุลภาค",
        "สร้างเองครั้งแรกใน KHET_DATA/secret_key",
    ),
]


def hosts() -> list[str]:
    """The names and addresses in KHET_HOST; the first is used in links."""
    return [name.strip() for name in os.environ.get("KHET_HOST", "").split(",") if name.strip()] or [
        "127.0.0.1"
    ]


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return name == "localhost"
    return True


def bind_host() -> str:
    """Where the web server listens: the first address in KHET_HOST; only names given: this machine alone,
    because a proxy stands in front."""
    return next((name for name in hosts() if _is_address(name)), "127.0.0.1")


def port() -> int:
    """KHET_PORT as a number; raises ValueError with a sentence."""
    given = os.environ.get("KHET_PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise ValueError(f"KHET_PORT ต้องเป็นเลข 1–65535 ไม่ใช่ {given}")
    return int(given)


def proxies() -> list[str]:
    """Whose word on the caller's address is believed: KHET_PROXY, else this machine when a name is served."""
    given = [name.strip() for name in os.environ.get("KHET_PROXY", "").split(",") if name.strip()]
    return given or (["127.0.0.1", "::1"] if not _is_address(hosts()[0]) else [])


def data_folder() -> Path:
    """The folder that holds everything khet keeps; absolute."""
    return Path(os.environ.get("KHET_DATA") or "var/data").absolute()


def test_environment() -> None:
    """Under pytest: a data folder for tests alone (KHET_TEST_DATA), and nothing of the developer's own office.

    Called by the settings themselves, because pytest loads them before any conftest.
    """
    for variable in [*VARIABLES, Variable("KHET_PROCESS", "", "")]:
        os.environ.pop(variable.name, None)
    os.environ["KHET_DATA"] = os.environ.get("KHET_TEST_DATA") or str(PACKAGE.parent / "var" / "test")


def mail_settings(url: str, host: str) -> dict[str, object]:
    """Django's mail settings from ``smtp://``, ``smtp+tls://`` (STARTTLS) or ``smtps://`` and the sender's address.

    The sender is ``?from=`` or saraban@ the office's host.
    """
    parts = urlsplit(url)
    if url and parts.scheme not in {"smtp", "smtp+tls", "smtps"}:
        raise SystemExit(f"KHET_SMTP_URL ต้องขึ้นต้นด้วย smtp:// smtp+tls:// หรือ smtps:// ไม่ใช่ {parts.scheme}://")
    sender = dict(item.partition("=")[::2] for item in parts.query.split("&") if item).get("from")
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtps": 465, "smtp+tls": 587}.get(parts.scheme, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "DEFAULT_FROM_EMAIL": unquote(sender) if sender else f"saraban@{host}",
    }
