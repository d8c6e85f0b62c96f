"""The pupils of a school or of the whole area from the ministry's DMC export (individual pupils, 36 columns)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.lib.thai.calendar import school_year, term_before
from khet.base.lib.thai.ids import citizen_check_digit, is_g_code, normalise_citizen_id
from khet.base.lib.thai.sorting import joined_keys, sort_key
from khet.base.lib.thai.words import fold
from khet.base.org.api import Actor, today
from khet.base.org.sealing import fingerprint_many, seal_many
from khet.kits.register.bases import Absent, BulkImport, ImportColumn, Option, Standing, Table, Wrong
from khet.kits.register.bases.imports import heading_key
from khet.kits.register.choices import Kind, RowState
from khet.modules.schools.api import School, codes_of_units
from khet.modules.schools.choices import Grade, grades_of, read_grade
from khet.modules.students.actions.importing import (
    COLUMNS,
    put_back,
    stands,
    write_pupils,
    written_forms,
)
from khet.modules.students.choices import DISADVANTAGES, OCCUPATIONS, RELIGIONS, IdKind, Sex
from khet.modules.students.queries.pupils import PURPOSE
from khet.modules.students.rules import IMPORT

SEXES = {"ช": Sex.MALE, "ชาย": Sex.MALE, "ญ": Sex.FEMALE, "หญิง": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE}
OLDEST = 25  # years: older than this at school is a mistyped year


def read_number(text: str) -> str:
    """A citizen id with a right check digit, or a G-code. Dashes, spaces and Thai digits are put right."""
    usual = len(text) == 13 and text.isascii() and text.isdigit()
    number = text if usual else normalise_citizen_id(text)
    if not usual and is_g_code(number):
        return number
    if not number.isdigit():
        odd = next((place for place, letter in enumerate(number, start=1) if not letter.isdigit()), 1)
        raise Wrong(
            _("เลขประจำตัวประชาชนมีตัวอักษรในหลักที่ %(place)d แก้ในไฟล์ให้เป็นตัวเลข 13 หลัก แล้วตรวจใหม่") % {"place": odd}
        )
    if len(number) != 13:
        raise Wrong(
            _("เลขประจำตัวประชาชนมี %(n)d หลัก ต้องมี 13 หลัก ตรวจกับสูติบัตร แก้ในไฟล์ แล้วตรวจใหม่") % {"n": len(number)}
        )
    if citizen_check_digit(number[:12]) != int(number[12]):
        raise Wrong(_("เลขประจำตัวประชาชนหลักสุดท้ายไม่ตรง ตรวจกับสูติบัตรหรือบัตร แล้วแก้ในไฟล์"))
    return number


def read_class(text: str) -> str:
    grade = read_grade(text)
    if grade is None:
        raise Wrong(_("ไม่รู้จักชั้น “%(text)s” เขียนเช่น อ.2 ป.1 ม.3") % {"text": text[:20]})
    return grade.value


def _words(code: str, label: Any, *aliases: str, length: int = 100, **more: Any) -> ImportColumn:
    return ImportColumn(code, label, aliases, max_length=length, **more)


def _years() -> dict[str, str]:
    this = school_year(today())
    return {str(year): str(year) for year in range(this + 1, this - 6, -1)}


def _from_name(place: int) -> Any:
    """``2568-3-student.xlsx``: school year 2568, round 3 of the ministry, which lies in term 2."""

    def guess(name: str) -> str:
        found = re.search(r"(25\d\d)[-_ ]([123])(?!\d)", name)
        if found is None:
            return ""
        return found[1] if place == 1 else str(min(int(found[2]), 2))

    return guess


class DmcImport(BulkImport):
    """One file: pupils as of a round. A pupil is found by the number, an enrolment by pupil, school, year and term.

    A school's own people bring their own school's rows; the area brings all.
    """

    capability = IMPORT
    heading = "shown_name"
    group = "shown_school"
    group_label = gettext_lazy("โรงเรียน")
    tells = ("school", "grade", "room")
    comes_back = False
    tally = "grade"
    tally_label = gettext_lazy("ชั้น")
    split = "sex"
    split_words = {"m": pgettext_lazy("pupils", "ชาย"), "f": pgettext_lazy("pupils", "หญิง")}
    options = (
        Option("year", gettext_lazy("ปีการศึกษา"), _years, _from_name(1)),
        Option(
            "term",
            gettext_lazy("ภาคเรียน"),
            lambda: {"1": _("ภาคเรียนที่ 1"), "2": _("ภาคเรียนที่ 2 หรือสิ้นปี")},
            _from_name(2),
        ),
    )
    columns = (
        ImportColumn("school", gettext_lazy("รหัสโรงเรียน"), ("รหัส smis", "รหัสโรงเรียน 8 หลัก", "schoolCode"), kind=Kind.CODE, required=True, length=8),
        ImportColumn("number", gettext_lazy("เลขประจำตัวประชาชน"), ("เลขบัตรประชาชน", "เลขประจำตัวประชาชนนักเรียน", "cifNo"), required=True, read=read_number, sealed=True, masked=True),
        ImportColumn("grade", gettext_lazy("ชั้น"), ("ระดับชั้น", "ชั้นเรียน"), required=True, read=read_class, write=lambda e: e.get_grade_display()),
        ImportColumn("room", gettext_lazy("ห้อง"), ("classroom",), kind=Kind.WHOLE, low=1, high=99),
        _words("student_no", gettext_lazy("รหัสนักเรียน"), "เลขประจำตัวนักเรียน", "studentNo", length=13),
        ImportColumn("sex", gettext_lazy("เพศ"), ("genderCode",), kind=Kind.CHOICE, required=True, choices=SEXES),
        _words("title", gettext_lazy("คำนำหน้าชื่อ"), "คำนำหน้า", length=30),
        _words("first_name", gettext_lazy("ชื่อ"), "ชื่อนักเรียน", "firstNameTh", required=True),
        _words("last_name", gettext_lazy("นามสกุล"), "สกุล", "lastNameTh"),
        ImportColumn("born_on", gettext_lazy("วันเกิด"), ("วันเดือนปีเกิด", "birthDate"), kind=Kind.DATE),
        ImportColumn("weight", gettext_lazy("น้ำหนัก"), ("weight",), kind=Kind.DECIMAL, low=5, high=200, places=1),
        ImportColumn("height", gettext_lazy("ส่วนสูง"), ("height",), kind=Kind.DECIMAL, low=50, high=220, places=1),
        ImportColumn("blood", gettext_lazy("กลุ่มเลือด"), ("หมู่เลือด",), kind=Kind.CHOICE, choices={"A": "A", "B": "B", "AB": "AB", "O": "O"}),
        ImportColumn("religion", gettext_lazy("ศาสนา"), codes=RELIGIONS),
        _words("race", gettext_lazy("เชื้อชาติ"), length=40),
        _words("nationality", gettext_lazy("สัญชาติ"), length=40),
        _words("home_no", gettext_lazy("บ้านเลขที่"), length=40),
        _words("home_moo", gettext_lazy("หมู่"), "หมู่ที่", length=10),
        _words("home_road", gettext_lazy("ถนน/ซอย"), "ถนน"),
        _words("home_tambon", gettext_lazy("ตำบล"), length=80),
        _words("home_amphoe", gettext_lazy("อำเภอ"), length=80),
        _words("home_province", gettext_lazy("จังหวัด"), length=80),
        _words("guardian_first", gettext_lazy("ชื่อผู้ปกครอง")),
        _words("guardian_last", gettext_lazy("นามสกุลผู้ปกครอง")),
        ImportColumn("guardian_job", gettext_lazy("อาชีพของผู้ปกครอง"), ("อาชีพผู้ปกครอง",), codes=OCCUPATIONS),
        _words("guardian_relation", gettext_lazy("ความเกี่ยวข้องของผู้ปกครองกับนักเรียน"), "ความเกี่ยวข้อง", length=40),
        _words("father_first", gettext_lazy("ชื่อบิดา")),
        _words("father_last", gettext_lazy("นามสกุลบิดา")),
        ImportColumn("father_job", gettext_lazy("อาชีพของบิดา"), ("อาชีพบิดา",), codes=OCCUPATIONS),
        _words("mother_first", gettext_lazy("ชื่อมารดา")),
        _words("mother_last", gettext_lazy("นามสกุลมารดา")),
        ImportColumn("mother_job", gettext_lazy("อาชีพของมารดา"), ("อาชีพมารดา",), codes=OCCUPATIONS),
        ImportColumn("disadvantage", gettext_lazy("ความด้อยโอกาส"), codes=DISADVANTAGES),
        _words("unreleased", gettext_lazy("ยังไม่สามารถจำหน่ายได้ (3.1.8)"), "ยังไม่สามารถจำหน่ายได้", length=60),
    )  # fmt: skip
    compared = tuple(COLUMNS)
    keys = ("print", "school_id")
    fields = {code: kind for code, (_table, _field, kind) in COLUMNS.items()} | {
        "school_id": "bigint", "print": "text", "sealed": "text", "id_kind": "text", "tail": "text", "first": "text",
        "sort_name": "text", "search_text": "text",
    }  # fmt: skip
    sequences = ("students_enrolment_id_seq", "students_pupil_id_seq")

    def match(self, headings: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> dict[str, int]:
        """Some exports call the citizen id, in the third column, by the words of the pupil's number at school."""
        mapping = super().match(headings, rows)
        if "number" not in mapping:
            told = heading_key("เลขประจำตัวนักเรียน")
            for at, heading in enumerate(headings):
                cells = [
                    normalise_citizen_id(row[at]) for row in rows[:50] if at < len(row) and row[at].strip()
                ]
                long = sum(1 for cell in cells if len(cell) == 13)
                if heading_key(str(heading)) == told and cells and long * 2 > len(cells):
                    mapping = {code: place for code, place in mapping.items() if place != at} | {"number": at}
                    again = heading_key("รหัสนักเรียน")
                    for place, other in enumerate(headings):
                        if heading_key(str(other)) == again:
                            mapping["student_no"] = place
                    break
        return mapping

    def examine(self, actor: Actor, table: Table) -> None:
        self._schools(actor, table)
        self._birthdays(table)
        self._numbers(table)
        names = [
            f"{first} {last}".strip()
            for first, last in zip(table.texts["first_name"], self._texts(table, "last_name"), strict=True)
        ]
        titles = self._texts(table, "title")
        table.texts["shown_name"] = [f"{title}{name}" for title, name in zip(titles, names, strict=True)]
        # Names are put together from few first and few family names: each of those is folded once.
        firsts, lasts = table.texts["first_name"], self._texts(table, "last_name")
        words = {*firsts, *lasts}
        keys = {word: sort_key(word) for word in words}
        folded = {word: fold(word) for word in words}
        table.texts["sort_name"] = [
            joined_keys(keys[one], keys[two])[:600] for one, two in zip(firsts, lasts, strict=True)
        ]
        table.texts["search_text"] = [
            f"{folded[one]} {folded[two]}".strip()[:600] for one, two in zip(firsts, lasts, strict=True)
        ]

    @staticmethod
    def _texts(table: Table, code: str) -> list[str]:
        return table.texts.get(code) or [""] * len(table)

    def _schools(self, actor: Actor, table: Table) -> None:
        """Each row's school: known, the actor's to write, and teaching the row's class."""
        units = codes_of_units({code for code in table.texts["school"] if code})
        schools = {school.unit_id: school for school in School.objects.filter(unit__in=set(units.values()))}
        known = {code: schools[unit] for code, unit in units.items()}
        scope = actor.scope(IMPORT)
        mine = None if scope.everywhere else set(scope.unit_ids().values_list("pk", flat=True))
        taught = {levels: set(grades_of(levels)) for levels in {school.levels for school in known.values()}}
        table.texts["school_id"] = [
            str(known[code].pk) if code in known else "" for code in table.texts["school"]
        ]
        table.texts["shown_school"] = [
            known[code].name if code in known else code for code in table.texts["school"]
        ]
        for index, (code, grade) in enumerate(zip(table.texts["school"], table.texts["grade"], strict=True)):
            if not code:
                continue
            if code not in known:
                table.wrong(
                    index,
                    "school",
                    _("ไม่มีโรงเรียนรหัส %(code)s ในทะเบียน ตรวจรหัส หรือเพิ่มโรงเรียนก่อน") % {"code": code},
                )
            elif mine is not None and known[code].unit_id not in mine:
                table.wrong(index, "school", _("แถวนี้เป็นของโรงเรียนอื่น ส่งให้ผู้ดูแลข้อมูลของเขตนำเข้า"))
            elif grade and known[code].levels and grade not in taught[known[code].levels]:
                table.look(
                    index, "grade", _("%(school)s ไม่ได้เปิดสอนชั้น %(grade)s ตรวจชั้น หรือแก้ระดับที่เปิดสอน")
                    % {"school": known[code].name, "grade": Grade(grade).label},
                )  # fmt: skip

    @staticmethod
    def _birthdays(table: Table) -> None:
        now = today()
        oldest = now - timedelta(days=OLDEST * 366)
        for index, born in enumerate(table.column("born_on")):
            if born is not None and born > now:
                table.wrong(index, "born_on", _("วันเกิดอยู่ในอนาคต ตรวจปี พ.ศ. กับสูติบัตร"))
            elif born is not None and born < oldest:
                table.wrong(index, "born_on", _("วันเกิดทำให้อายุเกิน %(n)d ปี ตรวจปี พ.ศ. กับสูติบัตร") % {"n": OLDEST})

    def _numbers(self, table: Table) -> None:
        """Fingerprints and sealed numbers; the same number twice in a school is wrong, in two schools worth a look."""
        numbers = table.texts["number"]
        distinct = sorted({number for number in numbers if number})
        prints = dict(zip(distinct, fingerprint_many(distinct, PURPOSE), strict=True))
        sealed = dict(zip(distinct, seal_many(distinct), strict=True))
        table.texts["print"] = [prints.get(number, "") for number in numbers]
        table.texts["sealed"] = [sealed[number].decode() if number else "" for number in numbers]
        table.texts["id_kind"] = [
            IdKind.G_CODE.value if n[:1] == "G" else IdKind.CITIZEN.value for n in numbers
        ]
        table.texts["tail"] = [n[-2:] if n[:1] == "G" else n[10:12] for n in numbers]
        table.texts["first"] = [number[:1] for number in numbers]
        if len(distinct) == sum(1 for number in numbers if number):
            return
        twins: dict[str, list[int]] = defaultdict(list)
        for index, number in enumerate(numbers):
            if number:
                twins[number].append(index)
        for indexes in twins.values():
            if len(indexes) < 2:
                continue
            for index in indexes:
                others = [other for other in indexes if other != index]
                rows = ", ".join(str(table.numbers[other]) for other in others[:5])
                school = table.texts["school_id"][index]
                if any(table.texts["school_id"][other] == school for other in others):
                    table.wrong(
                        index,
                        "number",
                        _("เลขนี้อยู่ในโรงเรียนเดียวกันหลายแถว พบซ้ำที่แถว %(rows)s เก็บไว้แถวเดียว") % {"rows": rows},
                    )
                else:
                    table.look(
                        index,
                        "number",
                        _("เลขนี้อยู่ในสองโรงเรียน พบอีกที่แถว %(rows)s ให้โรงเรียนเดิมจำหน่ายก่อน หรือให้เขตชี้ขาด")
                        % {"rows": rows},
                    )

    def standing(
        self, actor: Actor, fields: Mapping[str, Sequence[str]], codes: Sequence[str], options: Mapping[str, Any], *, lock: bool = False,
    ) -> Mapping[int, Standing]:  # fmt: skip
        found = stands(fields["print"], fields["school_id"], codes, options, lock=lock)
        return {index: Standing(target, anchor, digest) for index, target, anchor, digest in found}

    def current(
        self, actor: Actor, standing: Mapping[int, Standing], codes: Sequence[str], options: Mapping[str, Any]
    ) -> Mapping[int, Sequence[str]]:
        pairs = [(found.target, found.anchor) for found in standing.values()]
        return dict(zip(standing, written_forms(pairs, codes), strict=True))

    def write(self, *, actor: Actor, options: Mapping[str, Any], codes: Sequence[str], source: str) -> None:
        write_pupils(
            actor=actor,
            year=int(options["year"]),
            term=int(options["term"]),
            codes=list(codes),
            source=source,
        )

    def unwrite(self, *, actor: Actor, options: Mapping[str, Any], codes: Sequence[str], source: str) -> None:
        put_back(
            actor=actor,
            year=int(options["year"]),
            term=int(options["term"]),
            codes=list(codes),
            source=source,
        )

    def counted(self, batch_id: int) -> Iterable[tuple[str, str, str, int]]:
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT s.name, e.grade, p.sex, count(*)
                     FROM register_row r JOIN students_enrolment e ON e.id = r.target JOIN students_pupil p ON p.id = e.pupil_id
                     JOIN schools_school s ON s.id = e.school_id
                    WHERE r.batch_id = %s AND r.state = ANY(%s) AND NOT r.is_skipped GROUP BY 1, 2, 3""",
                [batch_id, [RowState.NEW, RowState.CHANGED, RowState.SAME]],
            )
            return cursor.fetchall()

    def tally_order(self, names: Iterable[str]) -> list[str]:
        order = [grade.value for grade in Grade]
        return sorted(names, key=lambda name: order.index(name) if name in order else len(order))

    def tally_words(self, name: str) -> str:
        return Grade(name).label if name in Grade.values else name

    def absent(self, actor: Actor, table: Table) -> tuple[int, list[Absent]]:
        """On the roll of these schools in this term, or in the one before, and not in the file."""
        year, term = int(table.options["year"]), int(table.options["term"])
        schools = sorted({int(school) for school in table.texts["school_id"] if school})
        with connection.cursor() as cursor:
            cursor.execute(
                """WITH present AS (
                     SELECT DISTINCT ON (e.pupil_id) e.id, e.pupil_id, e.school_id, e.grade FROM students_enrolment e
                      WHERE e.school_id = ANY(%s) AND (e.school_year, e.term) IN ((%s, %s), (%s, %s)) AND e.state IN ('studying', 'suspended', 'traced')
                        AND e.outcome NOT IN ('graduated', 'left')
                      ORDER BY e.pupil_id, e.school_year DESC, e.term DESC),
                   missing AS (
                     SELECT p.* FROM present p WHERE NOT EXISTS (
                       SELECT 1 FROM students_pupilid n WHERE n.pupil_id = p.pupil_id AND n.fingerprint = ANY(string_to_array(%s, ','))))
                   SELECT count(*) OVER (), m.id, k.title || k.first_name || ' ' || k.last_name, s.name
                     FROM missing m JOIN students_pupil k ON k.id = m.pupil_id JOIN schools_school s ON s.id = m.school_id
                    ORDER BY s.sort_name, k.sort_name LIMIT 300""",
                [schools, year, term, *term_before(year, term), ",".join(filter(None, table.texts["print"]))],
            )
            rows = cursor.fetchall()
        return (rows[0][0] if rows else 0), [
            Absent(name, school, reverse("register:detail", args=["enrolments", pk]))
            for _count, pk, name, school in rows
        ]
