"""Coming from AMSS++: dumps that these tests write themselves, in the shapes that offices have."""

from __future__ import annotations

from pathlib import Path

import pytest

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.ids import citizen_check_digit
from khet.base.org.actions import add_unit
from khet.base.org.api import Actor, ensure_roles
from khet.modules.assets.models import Building
from khet.modules.schools.models import School
from khet.modules.staff.models import Official
from khet.modules.students.models import Enrolment, Guardian
from khet.site.amss import migrate
from khet.site.amss.dump import rows_of

COLUMNS = {
    "system_school": "id school_code school_type school_name school_group",
    "system_school_detail": "school_code school_code10 moo_code moo tambon amphoe province postcode map edschool_type rec_date officer",
    "system_school_group": "id code name",
    "system_workgroup": "id workgroup workgroup_desc workgroup_order",
    "person_position": "id position_code position_name",
    "person_sch_position": "id position_code position_name",
    "person_main": "id person_id prename name surname position_code pic department status person_order officer rec_date birthday",
    "person_sch_main": "id person_id prename name surname position_code school_code pic status person_order officer rec_date other birthday",
    "student_main_main": "id ed_year ref_id school_code student_id person_id prename name surname sex school_name classlevel classroom disable status rec_date officer",
    "student_main_expand1": "id school_code person_id prename name surname e_name e_surname birthday blood race nationlity religion rec_date",
    "student_main_expand2": "id school_code std_person_id status relationship p_id p_prename p_name p_surname p_tel rec_date",
    "student_main_expand3": "id school_code std_person_id home_status home_id home_number village road tambon district province zip_code tel rec_date",
    "student_main_num": "id school_code ed_year c1 student",
    "building_category": "id cate_code cate_name cate_order",
    "building_type": "id type_code cate_code type_name",
    "building_model": "id model_code type_code model_name",
    "building_main": "id school_code model_code get_year build_date room other status officer rec_date",
    "news_news": "id news",
}  # fmt: skip


def citizen_id(number: int) -> str:
    body = f"7{number:011d}"
    return body + str(citizen_check_digit(body))


def old_office(pupils: int = 6) -> dict[str, list[dict[str, object]]]:
    """Two schools, three people of the office (one gone), two of schools, pupils of two years, four buildings."""
    codes = ["99029001", "99029002"]
    rows: dict[str, list[dict[str, object]]] = {table: [] for table in COLUMNS}
    rows["news_news"] = [
        {"id": 1, "news": "it's; \n(INSERT INTO `person_main` VALUES (1,2,3);\\ ทดสอบ"},
        {"id": 2, "news": 'เขาว่า "ไม่เอา"'},
    ]
    rows["system_school_group"] = [{"id": 1, "code": 1, "name": "ศูนย์เครือข่ายลุ่มน้ำ"}]
    for code, name in zip(codes, ("บ้านไร่ธารใส", "วัดเกาะกลาง'ธาราม"), strict=True):
        rows["system_school"].append({"id": 1, "school_code": code, "school_name": name, "school_group": 1})
        rows["system_school_detail"].append(
            {"school_code": code, "school_code10": "1099569" + code[-3:], "moo_code": "03", "tambon": "ทุ่งไพล", "amphoe": "ทุ่งไพล", "province": "ศรีธารา", "postcode": "99110"}
        )  # fmt: skip
    rows["system_workgroup"] = [{"id": 1, "workgroup": 2, "workgroup_desc": "กลุ่มนโยบาย และแผน"}]
    for table, names in (
        ("person_position", ("ผู้อำนวยการกลุ่ม", "นักวิเคราะห์นโยบายและแผน")),
        ("person_sch_position", ("ผู้อำนวยการโรงเรียน", "ครู")),
    ):
        rows[table] = [{"position_code": n, "position_name": name} for n, name in enumerate(names, start=1)]
    person = {"prename": "นาง", "surname": "ใจงาม", "birthday": "1975-03-09"}
    rows["person_main"] = [
        {**person, "person_id": citizen_id(n), "name": f"มาลี{n}", "position_code": 2, "department": 2, "status": int(n == 3)}
        for n in (1, 2, 3)
    ]  # fmt: skip
    rows["person_sch_main"] = [
        {**person, "person_id": citizen_id(10 + n), "name": f"ดารา{n}", "position_code": n + 1, "school_code": codes[n], "status": 0}
        for n in (0, 1)
    ]  # fmt: skip
    for year in ("2566", "2567"):
        for n in range(pupils):
            number, code = citizen_id(100 + n), codes[n % 2]
            rows["student_main_main"].append(
                {"ed_year": year, "school_code": code, "student_id": f"{n + 1:05}", "person_id": number, "prename": "เด็กชาย" if n % 3 else "เด็กหญิง",
                 "name": f"ก้อน{n}", "surname": "ทุ่งไพล", "sex": "", "classlevel": 4 + (year == "2567"), "classroom": 1, "status": 0}
            )  # fmt: skip
        for at, code in enumerate(codes):
            rows["student_main_num"].append(
                {"school_code": code, "ed_year": year, "student": pupils // 2 + at * (year == "2567")}
            )
    for n in range(pupils):
        number, code = citizen_id(100 + n), codes[n % 2]
        rows["student_main_expand1"].append(
            {"school_code": code, "person_id": number, "birthday": "2017-02-28" if n else "0000-00-00", "blood": "o", "religion": "พุทธ", "nationlity": "ไทย"}
        )  # fmt: skip
        rows["student_main_expand2"].append(
            {"std_person_id": number, "relationship": "บิดา", "p_name": "พ่อ", "p_surname": "ทุ่งไพล"}
        )
        rows["student_main_expand3"].append(
            {"std_person_id": number, "home_number": "12/3", "village": "หมู่ 4"}
        )
    rows["building_category"] = [{"cate_code": "01", "cate_name": "อาคารเรียน"}]
    rows["building_type"] = [{"type_code": "0101", "cate_code": "01", "type_name": "อาคารเรียนไม้"}]
    rows["building_model"] = [{"model_code": "000101", "type_code": "0101", "model_name": "สปช.105/29"}]
    rows["building_main"] = [
        {"id": n, "school_code": codes[n % 2], "model_code": "000101", "get_year": "2532", "room": 4}
        for n in range(4)
    ]
    return rows


def quoted(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{text}'"


def write_dump(
    path: Path, rows: dict[str, list[dict[str, object]]], encoding: str = "utf-8", named: bool = True
) -> Path:
    lines = ["-- phpMyAdmin SQL Dump", "/*!40101 SET NAMES utf8 */;", "SET time_zone = '+00:00';"]
    for table, many in rows.items():
        columns = COLUMNS[table].split()
        fields = ",\n".join(f"  `{name}` varchar(250) DEFAULT NULL" for name in columns)
        lines.append(
            f"CREATE TABLE IF NOT EXISTS `{table}` (\n{fields},\n  PRIMARY KEY (`{columns[0]}`)\n) ENGINE=MyISAM;"
        )
        if many:
            heads = f" (`{'`, `'.join(columns)}`)" if named else ""
            values = ",\n".join(
                "(" + ", ".join(quoted(row.get(name)) for name in columns) + ")" for row in many
            )
            lines.append(f"INSERT INTO `{table}`{heads} VALUES\n{values};")
    text = "\n".join(lines) + "\n"
    if encoding == "twice":
        path.write_bytes(
            "".join(
                bytes([b]).decode("cp1252", "ignore") or chr(b) for b in text.encode("utf-8")
            ).encode("utf-8")
        )  # fmt: skip
    else:
        path.write_bytes(text.encode(encoding))
    return path


@pytest.fixture
def office(db: None) -> Actor:
    system = Actor.system()
    ensure_roles()
    top = add_unit(
        actor=system, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.ศรีธารา เขต 2"
    )
    add_unit(actor=system, kind="group", code="plan", name="กลุ่มนโยบายและแผน", short_name="แผน", parent=top)
    return system


def figures(done) -> dict[str, tuple[int, ...]]:
    return {step.title: (step.in_dump, step.new, step.changed, step.same, step.wrong) for step in done.steps}


def test_an_old_office_comes_over_and_the_second_time_nothing_changes(office, tmp_path):
    path = write_dump(tmp_path / "amss.sql", old_office())
    done = migrate(actor=office, path=path, confirm=True)
    assert figures(done) == {
        "โรงเรียน": (2, 2, 0, 0, 0),
        "บุคลากร": (5, 4, 0, 0, 0),
        "นักเรียน ปีการศึกษา 2566": (6, 6, 0, 0, 0),
        "นักเรียน ปีการศึกษา 2567": (6, 6, 0, 0, 0),
        "สิ่งก่อสร้าง": (4, 4, 0, 0, 0),
    }, list(done.sentences())
    assert done.steps[1].left == {"ไม่ได้ปฏิบัติงานแล้ว": 1}
    assert School.objects.get(smis8="99029002").name == "วัดเกาะกลาง'ธาราม"
    assert set(Official.objects.values_list("unit__code", flat=True)) == {"plan", "99029001", "99029002"}
    assert set(Enrolment.objects.values_list("school_year", "grade").distinct()) == {
        (2566, "p1"),
        (2567, "p2"),
    }
    assert Enrolment.objects.filter(pupil__sex="f").count() == 4, "the title tells where the sex is empty"
    assert Enrolment.objects.filter(pupil__born_on__isnull=True).count() == 2, (
        "MySQL's zero date is no birthday"
    )
    assert Guardian.objects.filter(role="father", first_name="พ่อ").count() == 6
    assert set(Building.objects.values_list("name", "model", "year_built", "number")) == {
        ("อาคารเรียน ลำดับที่ 1", "สปช.105/29", 2532, 1),
        ("อาคารเรียน ลำดับที่ 2", "สปช.105/29", 2532, 2),
    }
    assert done.steps[3].differences == ["โรงเรียน 99029002: รายชื่อในแฟ้ม 3 คน แต่ยอดที่ AMSS++ นับไว้ 4 คน"]
    again = migrate(actor=office, path=path, confirm=True)
    assert all(new == changed == wrong == 0 for _dump, new, changed, _same, wrong in figures(again).values())
    assert Enrolment.objects.count() == 12 and Building.objects.count() == 4


def test_without_confirming_nothing_is_written(office, tmp_path):
    done = migrate(actor=office, path=write_dump(tmp_path / "amss.sql", old_office()))
    assert not done.applied and not School.objects.exists()
    assert done.wrong, "pupils of schools that are not in the register yet are told as wrong"


@pytest.mark.parametrize("encoding", ["utf-8", "cp874", "twice"])
@pytest.mark.parametrize("named", [True, False])
def test_every_dump_reads_the_same(tmp_path, encoding, named):
    rows = old_office()
    path = write_dump(tmp_path / "amss.sql", rows, encoding, named)
    read = rows_of(path, {"news_news", "person_main", "system_school"})
    assert [row["news"] for row in read["news_news"]] == [row["news"] for row in rows["news_news"]]
    assert [row["name"] for row in read["person_main"]] == ["มาลี1", "มาลี2", "มาลี3"]
    assert read["person_main"][0]["pic"] == ""
    assert read["system_school"][1]["school_name"] == "วัดเกาะกลาง'ธาราม"


def test_one_year_alone_and_a_year_that_is_not_there(office, tmp_path):
    path = write_dump(tmp_path / "amss.sql", old_office())
    done = migrate(actor=office, path=path, confirm=True, options={"year": "2567", "term": "2"})
    assert "นักเรียน ปีการศึกษา 2566" not in figures(done)
    assert set(Enrolment.objects.values_list("school_year", "term")) == {(2567, 2)}
    with pytest.raises(Refusal, match="2566, 2567"):
        migrate(actor=office, path=path, options={"year": "2550"})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "amss.no_dump"),
        (b"PK\x03\x04 nothing of a dump;", "amss.no_dump"),
        (b"INSERT INTO `person_main` VALUES (1,'x');", "amss.columns"),
        (b"INSERT INTO `person_main` (`id`,`name`) VALUES (1,'x'),(2);", "amss.row"),
        (b"INSERT INTO `person_main` (`id`,`name`) VALUES (1,'x", "amss.cut"),
        (b"INSERT INTO `person_main` (`id`) VALUES (SELECT 1);", "amss.row"),
    ],
)
def test_what_is_no_whole_dump_is_refused_in_words(tmp_path, content, code):
    path = tmp_path / "amss.sql"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        rows_of(path, {"person_main"})
    assert refused.value.code == code
