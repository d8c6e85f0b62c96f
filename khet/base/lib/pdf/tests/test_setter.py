"""The page setter in a process of its own: the same bytes as inside, one process for many, and what is said when it is stopped."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
from pathlib import Path

import pytest

from khet.base.lib import limited
from khet.base.lib.errors import Refusal
from khet.base.lib.pdf import compiling
from khet.base.lib.pdf.books import Book, Column, Part, Row, Table, Words, book_data, book_pdf
from khet.base.lib.pdf.compiling import Setter, compile_paper

DATED = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def book(title: str = "สารสนเทศ", rows: int = 5) -> Book:
    table = Table(
        title="นักเรียน", columns=[Column(label="โรงเรียน", kind="text"), Column(label="คน")], rows=[Row(cells=["บ้านไร่ธารใส", n]) for n in range(rows)]
    )  # fmt: skip
    return Book(
        title=title, office="สพป.ศรีธารา เขต 2", running=title, print="", fingerprint="0" * 64, dated=DATED,
        parts=[Part(title="บทหนึ่ง", number=1, blocks=[Words(html="<p>คำสั่งที่ตั้ง</p>"), table])],
    )  # fmt: skip


def process_of(setter: Setter) -> int:
    assert setter._child._child is not None
    return setter._child._child.pid


def test_a_process_of_its_own_sets_the_same_bytes() -> None:
    inside = compile_paper("book", book_data(book()), made=DATED)
    assert inside.startswith(b"%PDF") and book_pdf(book()) == inside


def test_one_process_sets_many_and_is_gone_afterwards() -> None:
    with Setter() as setter:
        first = book_pdf(book("เล่มหนึ่ง"), setter)
        process = process_of(setter)
        second = book_pdf(book("เล่มสอง"), setter)
        assert process_of(setter) == process and first != second
        assert book_pdf(book("เล่มหนึ่ง"), setter) == first
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_killed_process_is_a_refusal_and_the_next_book_is_set() -> None:
    with Setter() as setter:
        book_pdf(book(), setter)
        os.kill(process_of(setter), signal.SIGKILL)
        with pytest.raises(Refusal, match="สั่งทำอีกครั้ง") as told:
            book_pdf(book(), setter)
        assert told.value.code.startswith("pdf.setter_")
        assert book_pdf(book(), setter) == book_pdf(book())


def test_what_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "SETTER_SECONDS", 0.2)
    with Setter() as setter, pytest.raises(Refusal, match="ใช้เวลา") as told:
        book_pdf(book(rows=30_000), setter)
    assert told.value.code == "pdf.setter_time"


def test_a_fault_of_a_template_is_ours_and_no_refusal() -> None:
    with Setter() as setter, pytest.raises(RuntimeError, match="refused its source"):
        compile_paper("book", {"parts": 1}, setter=setter)


STANDING = """
import sys
from khet.base.lib.limited import answer_each, limit_self
limit_self(memory=400 * 1024 * 1024, seconds=20)
def answer(line):
    print("not an answer")
    sys.stderr.write("w" * 200_000)
    return b"x" * int(line)
answer_each(answer)
"""


@pytest.fixture
def standing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> limited.Standing:
    (tmp_path / "standing.py").write_text(STANDING)
    begun = limited.subprocess.Popen

    def here(command: list[str], **more: object) -> object:
        return begun([command[0], "-W", "ignore", str(tmp_path / "standing.py")], **more)

    monkeypatch.setattr(limited.subprocess, "Popen", here)
    return limited.Standing("standing", [], seconds=30)


def test_an_answer_is_whole_whatever_else_the_child_says(standing: limited.Standing) -> None:
    with standing:
        assert [len(standing.ask(str(n).encode())) for n in (0, 3, 3_000_000)] == [0, 3, 3_000_000]


def test_a_child_without_room_or_without_sense_says_which(standing: limited.Standing) -> None:
    with standing:
        with pytest.raises(limited.ChildStopped) as full:
            standing.ask(b"900000000")
        with pytest.raises(limited.ChildStopped) as lost:
            standing.ask(json.dumps("many").encode())
        assert (full.value.reason, lost.value.reason) == ("memory", "crash")
        assert standing.ask(b"1") == b"x"
