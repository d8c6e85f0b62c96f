from __future__ import annotations

import pytest

from khet.site.checkup import checkup


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path) -> pytest.MonkeyPatch:
    for name in (
        "KHET_HOST",
        "KHET_PORT",
        "KHET_PROXY",
        "KHET_SMTP_URL",
        "KHET_SECRET_KEY",
        "KHET_BACKUPS",
        "DATABASE_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KHET_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KHET_PORT", "18999")
    return monkeypatch


def run() -> tuple[bool, str]:
    lines: list[str] = []
    return checkup(lines.append), "\n".join(lines)


def test_a_new_machine_has_no_fault(clean: pytest.MonkeyPatch) -> None:
    ok, words = run()
    assert ok, words


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KHET_SECRET_KEY", "short", "50 ตัวอักษร"),
        ("KHET_PORT", "eighty", "KHET_PORT ต้องเป็นเลข"),
        ("KHET_PORT", "70000", "KHET_PORT ต้องเป็นเลข"),
        ("KHET_HOST", "https://esao.example.go.th", "ไม่มี http://"),
        ("KHET_SMTP_URL", "http://mail", "KHET_SMTP_URL ต้องขึ้นต้นด้วย"),
        ("KHET_SMTP_URL", "smtp://127.0.0.1:1", "ติดต่อเครื่องส่งอีเมล"),
        ("DATABASE_URL", "mysql://db/khet", "DATABASE_URL ต้องขึ้นต้นด้วย"),
        ("DATABASE_URL", "postgresql://khet:secret-word@127.0.0.1:1/khet", "ติดต่อฐานข้อมูลไม่ได้"),
        ("KHET_DATA", "/proc/nowhere", "โฟลเดอร์ข้อมูล"),
    ],
)
def test_each_fault_is_said_and_no_secret_shown(
    clean: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    clean.setenv(name, value)
    ok, words = run()
    assert not ok
    assert said in words
    assert "secret-word" not in words
