"""The tables of AMSS++ as sheets that our own imports read: one function a register.

Table and column names are those of AMSS++ 6.1. What its codes mean is said where it is used; what we could not learn
from the tables themselves is marked *taken for*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from khet.base.lib.thai.places import moo_of
from khet.modules.schools.choices import Grade
from khet.site.amss.dump import Row

Tables = Mapping[str, list[Row]]

# Levels 1–15 are อ.1–ม.6 in one run, as the fifteen counts of student_main_num; taken for the same in student_main_main.
GRADES = {str(place): grade.label for place, grade in enumerate(Grade, start=1)}
# People and pupils with any other state are former ones (taken for: the program lists state 0 alone).
CURRENT = {"", "0"}


@dataclass
class SheetOf:
    """Rows for one import, with what the dump had and what was left behind, told by reason."""

    kind: str
    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    in_dump: int = 0
    left: dict[str, int] = field(default_factory=dict)


def used_tables() -> set[str]:
    return {
        "system_school", "system_school_detail", "system_school_group", "system_workgroup", "person_main", "person_position",
        "person_sch_main", "person_sch_position", "student_main_edyear", "student_main_main", "student_main_expand1",
        "student_main_expand2", "student_main_expand3", "student_main_num", "building_main", "building_model", "building_type",
        "building_category",
    }  # fmt: skip


def by(rows: Iterable[Row], column: str) -> dict[str, Row]:
    return {row.get(column, ""): row for row in rows}


def schools(tables: Tables, known: set[str]) -> SheetOf:
    """Schools that the register does not know yet; what an office already keeps is never overwritten by the old program."""
    sheet = SheetOf(
        "schools",
        "โรงเรียน",
        ("รหัส Smis 8 หลัก", "รหัสโรงเรียน 10 หลัก", "รหัส Obec 6 หลัก", "ชื่อสถานศึกษา(ไทย)", "เครือข่ายพัฒนาคุณภาพการศึกษา", "ที่อยู่", "ตำบล", "อำเภอ", "จังหวัด", "รหัสไปรษณีย์"),
    )  # fmt: skip
    details, groups = (
        by(tables.get("system_school_detail", ()), "school_code"),
        by(tables.get("system_school_group", ()), "code"),
    )
    for row in tables.get("system_school", ()):
        sheet.in_dump += 1
        code = row["school_code"]
        if code in known:
            _leave(sheet, "มีในทะเบียนแล้ว")
            continue
        detail = details.get(code, {})
        ten = detail.get("school_code10", "")
        moo = " ".join(part for part in (_moo(detail.get("moo_code", "")), detail.get("moo", "")) if part)
        sheet.rows.append(
            (
                code, ten, ten[-6:] if len(ten) == 10 else "", row["school_name"],
                groups.get(row.get("school_group", ""), {}).get("name", ""), moo, detail.get("tambon", ""),
                detail.get("amphoe", ""), detail.get("province", ""), detail.get("postcode", ""),
            )
        )  # fmt: skip
    return sheet


def officials(tables: Tables, units: Mapping[str, str]) -> SheetOf:
    """People of the office, by their group, and of the schools. ``units``: words of a work group → the code of our unit."""
    sheet = SheetOf(
        "officials",
        "บุคลากร",
        ("เลขประจำตัวประชาชน", "คำนำหน้า", "ชื่อ", "นามสกุล", "วันเกิด", "ตำแหน่ง", "สังกัด"),
    )
    groups = {row["workgroup"]: row["workgroup_desc"] for row in tables.get("system_workgroup", ())}
    seen: set[str] = set()
    for table, positions, place in (
        (
            "person_main",
            "person_position",
            lambda row: _unit(groups.get(row.get("department", ""), ""), units),
        ),
        ("person_sch_main", "person_sch_position", lambda row: row.get("school_code", "")),
    ):
        names = {row["position_code"]: row["position_name"] for row in tables.get(positions, ())}
        for row in tables.get(table, ()):
            sheet.in_dump += 1
            if row.get("status", "") not in CURRENT:
                _leave(sheet, "ไม่ได้ปฏิบัติงานแล้ว")
            elif row["person_id"] in seen:
                _leave(sheet, "ซ้ำกับแถวก่อนในแฟ้ม")
            else:
                seen.add(row["person_id"])
                sheet.rows.append(
                    (
                        row["person_id"], row["prename"], row["name"], row["surname"], thai_date(row.get("birthday", "")),
                        names.get(row.get("position_code", ""), ""), place(row),
                    )
                )  # fmt: skip
    return sheet


def pupils(tables: Tables, year: str, term: str) -> SheetOf:
    """The pupils of one school year, with birthday, home and parents from the three tables that expand them."""
    sheet = SheetOf(
        "enrolments",
        f"นักเรียน ปีการศึกษา {year}",
        ("รหัสโรงเรียน", "เลขประจำตัวประชาชน", "ชั้น", "ห้อง", "รหัสนักเรียน", "เพศ", "คำนำหน้าชื่อ", "ชื่อ", "นามสกุล", "วันเกิด", "กลุ่มเลือด", "ศาสนา", "เชื้อชาติ", "สัญชาติ", "บ้านเลขที่", "หมู่", "ถนน/ซอย", "ตำบล", "อำเภอ", "จังหวัด", "ชื่อผู้ปกครอง", "นามสกุลผู้ปกครอง", "ความเกี่ยวข้องของผู้ปกครองกับนักเรียน", "ชื่อบิดา", "นามสกุลบิดา", "ชื่อมารดา", "นามสกุลมารดา"),
        options={"year": year, "term": term},
    )  # fmt: skip
    facts = by(tables.get("student_main_expand1", ()), "person_id")
    homes = by(tables.get("student_main_expand3", ()), "std_person_id")
    family: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in tables.get("student_main_expand2", ()):
        family[row["std_person_id"]][relation(row.get("relationship", ""))] = row
    for row in tables.get("student_main_main", ()):
        if row["ed_year"] != year:
            continue
        sheet.in_dump += 1
        if row.get("status", "") not in CURRENT:
            _leave(sheet, "ไม่ได้เรียนอยู่แล้ว")
            continue
        number = row["person_id"]
        fact, home, kin = facts.get(number, {}), homes.get(number, {}), family.get(number, {})
        guardian, father, mother = (kin.get(who, {}) for who in ("guardian", "father", "mother"))
        sheet.rows.append(
            (
                row["school_code"], number, GRADES.get(row["classlevel"], row["classlevel"]), row.get("classroom", "").lstrip("0"),
                row.get("student_id", ""), sex_of(row), row["prename"], row["name"], row["surname"],
                thai_date(fact.get("birthday", "")), fact.get("blood", "").upper(), fact.get("religion", ""), fact.get("race", ""),
                fact.get("nationlity", ""), home.get("home_number", ""), _moo(home.get("village", "")), home.get("road", ""),
                home.get("tambon", ""), home.get("district", ""), home.get("province", ""), guardian.get("p_name", ""),
                guardian.get("p_surname", ""), guardian.get("relationship", ""), father.get("p_name", ""), father.get("p_surname", ""),
                mother.get("p_name", ""), mother.get("p_surname", ""),
            )
        )  # fmt: skip
    return sheet


def buildings(tables: Tables) -> SheetOf:
    """Buildings, named as the ministry does: the type and the running number within it at its school."""
    sheet = SheetOf(
        "buildings",
        "สิ่งก่อสร้าง",
        ("รหัสโรงเรียน 8 หลัก", "ชื่อ", "แบบ", "จำนวนห้องตามแปลน", "สร้าง (พ.ศ.)", "หมายเหตุ"),
    )
    models = by(tables.get("building_model", ()), "model_code")
    types = by(tables.get("building_type", ()), "type_code")
    categories = by(tables.get("building_category", ()), "cate_code")
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for row in sorted(tables.get("building_main", ()), key=lambda row: int(row.get("id") or 0)):
        sheet.in_dump += 1
        model = models.get(row.get("model_code", ""), {})
        kind = types.get(model.get("type_code", ""), {})
        category = categories.get(kind.get("cate_code", ""), {}).get("cate_name", "") or kind.get(
            "type_name", ""
        )
        counted[row["school_code"], category] += 1
        year = row.get("get_year", "") or buddhist_of(row.get("build_date", ""))
        sheet.rows.append(
            (
                row["school_code"], f"{category} ลำดับที่ {counted[row['school_code'], category]}".strip(), model.get("model_name", ""),
                row.get("room", ""), year if year != "0" else "", row.get("other", ""),
            )
        )  # fmt: skip
    return sheet


def school_years(tables: Tables) -> list[str]:
    """The school years with pupils, oldest first."""
    return sorted({row["ed_year"] for row in tables.get("student_main_main", ()) if row["ed_year"].isdigit()})


def counted_in_dump(tables: Tables, year: str) -> dict[str, int]:
    """The pupils of each school as student_main_num gives them: the program's own count, kept apart from its list."""
    return {
        row["school_code"]: int(row.get("student") or 0)
        for row in tables.get("student_main_num", ())
        if row["ed_year"] == year
    }


def relation(words: str) -> str:
    plain = words.strip()
    if plain in {"บิดา", "พ่อ"}:
        return "father"
    return "mother" if plain in {"มารดา", "แม่"} else "guardian"


def sex_of(row: Row) -> str:
    """As written (ช, ญ, ชาย, 1, 2), else as the title tells."""
    told = {"1": "ช", "2": "ญ"}.get(row.get("sex", ""), row.get("sex", ""))
    if told:
        return told
    title = row.get("prename", "")
    girls, boys = ("เด็กหญิง", "ด.ญ", "นางสาว", "น.ส", "นาง"), ("เด็กชาย", "ด.ช", "นาย")
    return "ญ" if title.startswith(girls) else "ช" if title.startswith(boys) else ""


def thai_date(text: str) -> str:
    """2012-05-01 → 01/05/2555; years that are already Buddhist stay; MySQL's zero date is empty."""
    parts = text.split("-")
    if (
        len(parts) != 3
        or not all(part.isdigit() for part in parts)
        or int(parts[0]) == 0
        or int(parts[1]) == 0
    ):
        return ""
    year = int(parts[0])
    return f"{parts[2]}/{parts[1]}/{year if year > 2400 else year + 543}"


def buddhist_of(text: str) -> str:
    return thai_date(text)[-4:]


def _moo(text: str) -> str:
    """Empty for none, and for what cannot be read."""
    return str(moo_of(text) or "")


def _unit(words: str, units: Mapping[str, str]) -> str:
    return units.get(words.replace(" ", ""), words)


def _leave(sheet: SheetOf, reason: str) -> None:
    sheet.left[reason] = sheet.left.get(reason, 0) + 1
