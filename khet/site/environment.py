"""The environment khet reads: every variable once, with its meaning, its default and its check.

``khet check`` prints this list in words; ``docs/howto/run-in-production.md`` is written from it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


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
        "KHET_SMTP_URL",
        "เครื่องส่งอีเมล เช่น smtp+tls://user:pass@mail.example.go.th:587",
        "ไม่ส่งอีเมล เก็บไว้ในตู้ขาออก",
    ),
    Variable(
        "KHET_SECRET_KEY",
        "กุญแจลับ อย่างน้อย 50 ตัวอักษร กุญแจเก่าคั่นด้วยจุลภาค",
        "สร้างเองครั้งแรกใน KHET_DATA/secret_key",
    ),
]


def data_folder() -> Path:
    """The folder that holds everything khet keeps; absolute."""
    return Path(os.environ.get("KHET_DATA") or "var/data").absolute()
