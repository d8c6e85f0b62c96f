"""A year's data by commands alone: an empty folder, a list of schools, a file of each school, and out comes the book that counts as the register does."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from tests.dmc import write_folder
from tests.read_back import numbers_after, pages_of

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "howto" / "from-nothing-to-the-book.sh"
KHET = Path(sys.executable).with_name("khet")
HEADS = (
    "smis_code8", "school_id10", "obec_code6", "name_th", "grades", "subdistrict_th", "subdistrict_code", "district_th", "district_code", "postal_code",
    "approx_lat", "approx_lon",
)  # fmt: skip
SCHOOLS = [
    ("99020001", "1099020001", "990001", "บ้านไร่ธารใส", "อนุบาล-ประถมศึกษา", "เขาแก้ว", "990101", "เขาแก้ว", "9901", "99110", "7.301", "100.101"),
    ("99020002", "1099020002", "990002", "วัดปากน้ำเงิน", "อนุบาล-มัธยมศึกษาตอนต้น", "ปากน้ำ", "990102", "เขาแก้ว", "9901", "99110", "7.342", "100.121"),
    ("99020003", "1099020003", "990003", "บ้านกอจูดน้อย", "ประถมศึกษา", "ธารทอง", "990201", "ธารทอง", "9902", "99120", "7.401", "100.202"),
]  # fmt: skip
LEVELS = {"อนุบาล-ประถมศึกษา": "kp", "อนุบาล-มัธยมศึกษาตอนต้น": "kl", "ประถมศึกษา": "p"}
GRADES = {"อ.": "อนุบาลปีที่ ", "ป.": "ประถมศึกษาปีที่ ", "ม.": "มัธยมศึกษาปีที่ "}


def registered(listed: Path) -> Counter[tuple[str, ...]]:
    """Pupils of an exported register by school, grade and sex, by school and grade, by school, and all."""
    found: Counter[tuple[str, ...]] = Counter()
    with listed.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            grade, _slash, _room = row["ชั้น"].partition("/")
            school = row["โรงเรียน"]
            found.update([(), (school,), (school, grade), (school, grade, row["เพศ"])])
    return found


def compare(book: Sequence[str], codes: dict[str, str], counted: Counter[tuple[str, ...]]) -> int:
    """The page of every school says of every grade what the register counts: how many figures were compared."""
    compared = 0
    for name, code in codes.items():
        page = next(text for text in book if f"SMIS {code}" in text)
        assert numbers_after(page, "รวมทั้งสิ้น")[2] == counted[name,], name
        for school, grade in [key for key in counted if len(key) == 2 and key[0] == name]:
            said = numbers_after(page, GRADES[grade[:2]] + grade[2:])[:3]
            assert said == [
                counted[school, grade, "ชาย"],
                counted[school, grade, "หญิง"],
                counted[school, grade],
            ], (school, grade)
            compared += 3
    whole = next(
        text for text in book if "จำนวนนักเรียนและห้องเรียน จำแนกตามชั้นและเพศ" in text and "รวมทั้งสิ้น" in text
    )
    assert numbers_after(whole, "รวมทั้งสิ้น")[2] == counted[()]
    return compared


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the script leaves, in a data folder of its own."""
    folder = tmp_path_factory.mktemp("year")
    listed = folder / "schools.csv"
    with listed.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADS, *SCHOOLS])
    write_folder([(row[0], row[3], LEVELS[row[4]]) for row in SCHOOLS], folder / "dmc", [90, 130, 61])
    done = subprocess.run(
        ["sh", SCRIPT, listed, folder / "dmc", folder / "out"],
        env={**os.environ, "KHET_DATA": str(folder / "data"), "KHET": str(KHET), "DATABASE_URL": ""},
        capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    subprocess.run(
        [KHET, "export", "enrolments", folder / "register.csv"],
        env={**os.environ, "KHET_DATA": str(folder / "data"), "DATABASE_URL": ""}, check=True, capture_output=True,
    )  # fmt: skip
    return folder


def test_the_book_counts_every_school_and_grade_as_the_register_does(out: Path) -> None:
    counted = registered(out / "register.csv")
    assert counted[()] == 90 + 130 + 61
    book = pages_of(out / "out" / "สารสนเทศทางการศึกษา 2569.pdf")
    assert compare(book, {row[3]: row[0] for row in SCHOOLS}, counted) == 3 * (8 + 11 + 6)


def test_everything_else_comes_out_too(out: Path) -> None:
    made = {path.name for path in (out / "out").iterdir()}
    assert {"แผ่นพับสารสนเทศ 2569.pdf", "สารสนเทศทางการศึกษา 2569.docx", "khet-map.pdf"} <= made
    assert {f"khet-map-{one}" for one in ("shp.zip", "gpkg.gpkg")} <= made
    assert "นักเรียน" in "".join(
        openpyxl.load_workbook(out / "out" / "ตารางสารสนเทศ 2569.xlsx", read_only=True).sheetnames
    )
    with zipfile.ZipFile(out / "out" / "สมุดรายโรงเรียน 2569.zip") as small:
        assert len(small.namelist()) == len(SCHOOLS)
    with zipfile.ZipFile(out / "out" / "province.zip") as package:
        assert "manifest.json" in package.namelist()
