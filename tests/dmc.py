"""Invented DMC exports: a whole area or one school, with faults planted where asked. For tests, journeys and bench.

    planted = write_dmc(tmp_path / "2569-2-student.xlsx", [("99020001", "บ้านไร่ธารใส", "kp")], 40, faults=30)

The same arguments give the same file. Nobody in it exists: the names are put together from lists, the numbers begin
with 9 990 and have right check digits.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from khet.base.lib.thai.ids import citizen_check_digit

HEADS = (
    "รหัสโรงเรียน", "ชื่อโรงเรียน", "เลขประจำตัวประชาชน", "ชั้น", "ห้อง", "รหัสนักเรียน", "เพศ", "คำนำหน้าชื่อ", "ชื่อ", "นามสกุล",
    "วันเกิด", "อายุ(ปี)", "น้ำหนัก", "ส่วนสูง", "กลุ่มเลือด", "ศาสนา", "เชื้อชาติ", "สัญชาติ", "บ้านเลขที่", "หมู่", "ถนน/ซอย", "ตำบล",
    "อำเภอ", "จังหวัด", "ชื่อผู้ปกครอง", "นามสกุลผู้ปกครอง", "อาชีพของผู้ปกครอง", "ความเกี่ยวข้องของผู้ปกครองกับนักเรียน", "ชื่อบิดา", "นามสกุลบิดา",
    "อาชีพของบิดา", "ชื่อมารดา", "นามสกุลมารดา", "อาชีพของมารดา", "ความด้อยโอกาส", "ยังไม่สามารถจำหน่ายได้ (3.1.8)",
)  # fmt: skip
AT = {head: place for place, head in enumerate(HEADS)}
MADE_AT = "วันและเวลาที่สร้างรายงาน 2026-11-22 04:10:12.244315"

BOYS = [
    "กิตติ",
    "ณัฐพล",
    "ธนกร",
    "ธีรภัทร",
    "พงศกร",
    "ภูมิพัฒน์",
    "วรเมธ",
    "ศุภกร",
    "สิรวิชญ์",
    "อนุชา",
    "อิทธิพล",
    "ปัณณวิชญ์",
    "กันตพัฒน์",
    "ชยพล",
    "ณัฐดนัย",
    "รัชชานนท์",
    "ก้องภพ",
    "เจษฎา",
    "ปิยวัฒน์",
    "มูฮัมหมัด",
]
GIRLS = [
    "กัญญาณัฐ",
    "ชนิดา",
    "ณัฐธิดา",
    "ธิดารัตน์",
    "ปาณิสรา",
    "พิมพ์ชนก",
    "ภัทรธิดา",
    "วริศรา",
    "สุพิชญา",
    "อรอนงค์",
    "ไอริณ",
    "กมลชนก",
    "ขวัญข้าว",
    "จิราพร",
    "นูรีฮัน",
    "ฟ้าใส",
    "มณีรัตน์",
    "ลลิตา",
    "ศศิกานต์",
    "เบญจวรรณ",
]
FATHERS = [
    "สมชาย",
    "ประเสริฐ",
    "วิชัย",
    "สุรเชษฐ์",
    "อำนาจ",
    "ชาญชัย",
    "ธวัช",
    "นิคม",
    "บุญส่ง",
    "ปรีชา",
    "มานพ",
    "สมหมาย",
    "อุดม",
    "เสถียร",
    "ไพโรจน์",
]
MOTHERS = [
    "สมศรี",
    "ประไพ",
    "วิไล",
    "สุดา",
    "อำไพ",
    "จินตนา",
    "นงลักษณ์",
    "บุญเรือน",
    "ปราณี",
    "มาลี",
    "รัตนา",
    "สายใจ",
    "อุไร",
    "เสาวนีย์",
    "พรทิพย์",
]
FRONTS = [
    "ทอง",
    "แก้ว",
    "ศรี",
    "สุข",
    "บุญ",
    "จันทร์",
    "เพชร",
    "ชู",
    "รัตน",
    "พูล",
    "ไชย",
    "มณี",
    "ธรรม",
    "นวล",
    "เอียด",
    "หนู",
    "ขุน",
    "ปาน",
    "คง",
    "ดำ",
]
BACKS = [
    "สุวรรณ",
    "ประเสริฐ",
    "เกื้อ",
    "รักษ์",
    "มงคล",
    "วงศ์",
    "ใส",
    "เจริญ",
    "พงศ์",
    "อ่อน",
    "ชัย",
    "สว่าง",
    "ขาว",
    "แดง",
    "งาม",
    "เพ็ชร",
    "นาค",
    "สงค์",
    "แป้น",
    "หมุน",
]
JOBS = ("รับจ้าง", "เกษตรกรรม", "นักธุรกิจ-ค้าขาย", "รับราชการ", "ไม่ได้ประกอบอาชีพ")
PLACES = (
    ("ไร่ธาร", "ทุ่งไพล"),
    ("ลานสน", "ควนชัย"),
    ("เกาะกลาง", "ปากน้ำเงิน"),
    ("ท่าไทร", "ควนชัย"),
    ("ป่าแก้ว", "ทุ่งไพล"),
)
GRADES = {
    "k": (("อ.2", 4), ("อ.3", 5)),
    "p": (("ป.1", 6), ("ป.2", 7), ("ป.3", 8), ("ป.4", 9), ("ป.5", 10), ("ป.6", 11)),
    "l": (("ม.1", 12), ("ม.2", 13), ("ม.3", 14)),
    "u": (("ม.4", 15), ("ม.5", 16), ("ม.6", 17)),
}
LEVELS = {"kp": "kp", "kl": "kpl", "p": "p", "pl": "pl", "ku": "kplu", "k": "k", "l": "l", "lu": "lu", "u": "u", "pu": "plu"}  # fmt: skip

# What can be wrong: code → column, and what is written there instead. ``stops`` tells whether the row stays out.
FAULTS: dict[str, tuple[str, Any, bool]] = {
    "checksum": ("เลขประจำตัวประชาชน", lambda cell, rng: cell[:12] + str((int(cell[12]) + rng.randint(1, 9)) % 10), True),
    "id_short": ("เลขประจำตัวประชาชน", lambda cell, rng: cell[:12], True),
    "id_long": ("เลขประจำตัวประชาชน", lambda cell, rng: cell + "7", True),
    "id_letter": ("เลขประจำตัวประชาชน", lambda cell, rng: cell[:9] + "x" + cell[10:], True),
    "date_30_feb": ("วันเกิด", lambda cell, rng: "30/02/" + cell[-4:], True),
    "date_words": ("วันเกิด", lambda cell, rng: "ไม่ทราบ", True),
    "born_in_future": ("วันเกิด", lambda cell, rng: "14/02/2575", True),
    "grade_unknown": ("ชั้น", lambda cell, rng: "ป.9", True),
    "sex_unknown": ("เพศ", lambda cell, rng: "ฮ", True),
    "name_missing": ("ชื่อ", lambda cell, rng: "-", True),
    "school_unknown": ("รหัสโรงเรียน", lambda cell, rng: "99029999", True),
    "height_metres": ("ส่วนสูง", lambda cell, rng: "1.12", True),
    "weight_words": ("น้ำหนัก", lambda cell, rng: "สามสิบ", True),
    "room_words": ("ห้อง", lambda cell, rng: "ห้องคิงส์", True),
}  # fmt: skip
# Written oddly, and yet right: read as the same thing.
ODDITIES = {
    "thai_digits": (
        "เลขประจำตัวประชาชน",
        lambda cell, rng: cell.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")),
    ),
    "dashes": (
        "เลขประจำตัวประชาชน",
        lambda cell, rng: f"{cell[0]}-{cell[1:5]}-{cell[5:10]} {cell[10:12]}-{cell[12]}",
    ),
    "zero_width": ("ชื่อ", lambda cell, rng: cell[:2] + "\u200b" + cell[2:]),
    "spaces": ("นามสกุล", lambda cell, rng: f"  {cell} "),
}


@dataclass(frozen=True)
class Planted:
    """A fault in the file: the row a spreadsheet shows, the column's head, the kind (``FAULTS``), what stands there."""

    row: int
    column: str
    kind: str
    value: str


def citizen_id(number: int) -> str:
    """A number of nobody: 9 990 …, with its check digit."""
    first = f"9990{number:08d}"
    return first + str(citizen_check_digit(first))


def pupils(
    schools: Iterable[tuple[str, str, str]], each: int | Sequence[int], *, seed: int = 1, year: int = 2569
) -> list[list[str]]:
    """The rows of a file without faults. ``schools`` are (SMIS code, name, levels); ``each`` is how many pupils, or one
    number per school."""
    rng = random.Random(seed)
    rows: list[list[str]] = []
    number = seed * 1_000_000 % 90_000_000
    midyear = date(year - 543, 5, 16)
    for place, (smis8, name, levels) in enumerate(schools):
        many = each if isinstance(each, int) else each[place]
        classes = [one for level in LEVELS[levels] for one in GRADES[level]]
        for index in range(many):
            number += 1
            grade, age = classes[index * len(classes) // many]
            boy = rng.random() < 0.515
            title = ("เด็กชาย" if boy else "เด็กหญิง") if age < 15 else ("นาย" if boy else "นางสาว")
            family = rng.choice(FRONTS) + rng.choice(BACKS)
            born = midyear - timedelta(days=age * 365 + rng.randint(1, 364))
            height = 74 + age * 5.7 + rng.uniform(-8, 8)
            weight = height * height / 10000 * rng.uniform(13.2, 19)
            tambon, amphoe = PLACES[place % len(PLACES)]
            father, mother = rng.choice(FATHERS), rng.choice(MOTHERS)
            mothers_family = rng.choice(FRONTS) + rng.choice(BACKS)
            with_father = rng.random() < 0.5
            rows.append([
                smis8, name, citizen_id(number), grade, "1", f"{number % 100_000:05d}", "ช" if boy else "ญ", title,
                rng.choice(BOYS if boy else GIRLS), family,
                f"{born.day:02d}/{born.month:02d}/{born.year + 543}", str((midyear - born).days // 365),
                f"{weight:.1f}", f"{height:.1f}", rng.choice(("A", "B", "AB", "O", "-", "-")),
                "อิสลาม" if rng.random() < 0.3 else "พุทธ", "ไทย", "ไทย", f"{rng.randint(1, 320)}/{rng.randint(1, 9)}",
                str(rng.randint(1, 12)), "-", tambon, amphoe, "ศรีธารา",
                father if with_father else mother, family if with_father else mothers_family, rng.choice(JOBS),
                "บิดา" if with_father else "มารดา", father, family, rng.choice(JOBS), mother, mothers_family, rng.choice(JOBS),
                "เด็กยากจน" if rng.random() < 0.45 else "-", "-",
            ])  # fmt: skip
    return rows


def plant(
    rows: list[list[str]], faults: int | Sequence[str], *, seed: int = 1, first_row: int = 3, odd: int = 0
) -> list[Planted]:
    """Spoil rows, each at most once; ``odd`` more are written oddly but rightly. Changes ``rows`` in place."""
    rng = random.Random(seed + 77)
    kinds = (
        [list(FAULTS)[n % len(FAULTS)] for n in range(faults)] if isinstance(faults, int) else list(faults)
    )
    places = sorted(rng.sample(range(len(rows)), len(kinds) + odd))
    rng.shuffle(places)
    planted = []
    for kind, place in zip(kinds, places, strict=False):
        head, spoil, _stops = FAULTS[kind]
        rows[place][AT[head]] = spoil(rows[place][AT[head]], rng)
        planted.append(Planted(place + first_row, head, kind, rows[place][AT[head]]))
    for number, place in enumerate(places[len(kinds) :]):
        head, write = list(ODDITIES.values())[number % len(ODDITIES)]
        rows[place][AT[head]] = write(rows[place][AT[head]], rng)
    return sorted(planted, key=lambda one: one.row)


def write_rows(
    path: Path, rows: Sequence[Sequence[Any]], *, heads: Sequence[str] = HEADS, made_at: str = MADE_AT
) -> None:
    """Write as DMC does: the report's time above the heads (``made_at`` empty: not), sheet ``Sheet1``; .csv is cp874."""
    if path.suffix == ".csv":
        with path.open("w", encoding="cp874", errors="replace", newline="") as file:
            writer = csv.writer(file)
            if made_at:
                writer.writerow([made_at])
            writer.writerow(heads)
            writer.writerows(rows)
        return
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("Sheet1")
    at = 0
    if made_at:
        sheet.write_string(0, 0, made_at)
        at = 1
    for row in (heads, *rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, place, cell)
            else:
                sheet.write(at, place, cell)
        at += 1
    book.close()


def write_dmc(
    path: str | Path,
    schools: Iterable[tuple[str, str, str]],
    pupils_per_school: int | Sequence[int] = 40,
    *,
    faults: int | Sequence[str] = 0,
    odd: int = 0,
    seed: int = 1,
    year: int = 2569,
    made_at: str = MADE_AT,
    mislabelled: bool = False,
    extra: Sequence[str] = (),
) -> list[Planted]:
    """Write a DMC export and return its planted faults in the order of their rows.

    ``faults`` is how many (all kinds in turn) or which kinds of ``FAULTS``; ``mislabelled`` calls the third column
    เลขประจำตัวนักเรียน, as some exports do; ``extra`` are columns that DMC does not have. Name the file
    ``<year>-<round>-student.xlsx``: khet reads year and round from it.
    """
    path = Path(path)
    rows = pupils(schools, pupils_per_school, seed=seed, year=year)
    planted = plant(rows, faults, seed=seed, first_row=3 if made_at else 2, odd=odd)
    heads = [*HEADS, *extra]
    if mislabelled:
        heads[2] = "เลขประจำตัวนักเรียน"
    write_rows(path, [[*row, *("-" for _head in extra)] for row in rows], heads=heads, made_at=made_at)
    return planted


def write_folder(schools: Iterable[tuple[str, str, str]], folder: Path, each: Sequence[int], *, year: int = 2569, term: int = 2) -> int:  # fmt: skip
    """A file for every school, as a school exports its own; ``each`` are their pupils, in turn. Returns how many pupils."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = list(schools)
    sizes = [each[place % len(each)] for place in range(len(listed))]
    rows = pupils(listed, sizes, year=year)
    for smis8, _name, _levels in listed:
        own = [row for row in rows if row[AT["รหัสโรงเรียน"]] == smis8]
        write_rows(folder / f"{year}-{term}-{smis8}.xlsx", own, heads=HEADS, made_at=MADE_AT)
    return len(rows)


def main(listed: str, folder: str) -> None:
    """``python -m tests.dmc SCHOOLS.csv FOLDER``: a file of invented pupils for every school of a list as EMIS gives it."""
    with open(listed, encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    names = {"อนุบาล": "k", "ประถมศึกษา": "p", "มัธยมศึกษาตอนต้น": "l", "มัธยมศึกษาตอนปลาย": "u"}
    schools = []
    for one in found:
        first, _dash, last = one["grades"].partition("-")
        schools.append((one["smis_code8"], one["name_th"], names[first] + (names[last] if last else "")))
    print(
        f"{len(schools)} schools, {write_folder(schools, Path(folder), [60, 85, 110, 140, 190, 240, 320, 610]):,} pupils in {folder}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
