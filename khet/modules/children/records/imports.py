"""The extract of the civil register (ทร.14) for the children of some years of birth: of a district, or of one school's villages."""

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

from khet.base.lib.thai.calendar import be_year
from khet.base.lib.thai.ids import is_g_code, normalise_citizen_id, valid_citizen_id
from khet.base.lib.thai.places import moo_of
from khet.base.lib.thai.sorting import sort_key
from khet.base.lib.thai.words import fold
from khet.base.org.api import Actor, today
from khet.base.org.sealing import fingerprint_many, seal_many
from khet.kits.register.bases import Absent, BulkImport, ImportColumn, Standing, Table, Wrong
from khet.kits.register.choices import Kind, RowState
from khet.modules.children.actions.children import OLDEST
from khet.modules.children.actions.importing import COLUMNS, put_back, stands, write_children, written_forms
from khet.modules.children.choices import REGISTERED_WORDS, Registered, Sex
from khet.modules.children.queries.children import PURPOSE, now_year
from khet.modules.children.queries.places import service_school, serving
from khet.modules.children.rules import IMPORT
from khet.modules.schools.api import villages_by_place
from khet.modules.students.choices import IdKind

SEXES = {
    "ช": Sex.MALE,
    "ชาย": Sex.MALE,
    "ญ": Sex.FEMALE,
    "หญิง": Sex.FEMALE,
    "1": Sex.MALE,
    "2": Sex.FEMALE,
    "m": Sex.MALE,
    "f": Sex.FEMALE,
}
TITLES = {"ด.ช.": "เด็กชาย", "ด.ญ.": "เด็กหญิง", "น.ส.": "นางสาว", "ดช": "เด็กชาย", "ดญ": "เด็กหญิง"}
NOWHERE = gettext_lazy("ไม่พบหมู่บ้านในเขตบริการ")


def read_number(text: str) -> str:
    """Thirteen digits or a G-code. A wrong check digit is told, not refused: the register's own list has it so."""
    number = normalise_citizen_id(text)
    if is_g_code(number) or (len(number) == 13 and number.isascii() and number.isdigit()):
        return number
    raise Wrong(_("เลขประจำตัวประชาชนต้องเป็นตัวเลข 13 หลัก หรือรหัส G ตามด้วยเลข 12 หลัก ตรวจกับไฟล์ต้นทาง"))


def read_title(text: str) -> str:
    title = TITLES.get(text, TITLES.get(text.replace(".", ""), text))
    if len(title) > 30:
        raise Wrong(_("คำนำหน้ายาวเกิน 30 ตัวอักษร"))
    return title


def _bare(*prefixes: str) -> Any:
    """A reader that takes off ตำบล, ต. and the like."""
    pattern = re.compile(rf"^({'|'.join(map(re.escape, prefixes))})\s*")

    def read(text: str) -> str:
        name = pattern.sub("", text)
        if len(name) > 80:
            raise Wrong(_("ชื่อยาวเกิน 80 ตัวอักษร"))
        return name

    return read


def read_moo(text: str) -> str:
    moo = moo_of(text)
    if moo is None:
        raise Wrong(_("อ่านหมู่ที่ “%(text)s” ไม่ได้ เขียนเป็นตัวเลข เช่น 4") % {"text": text[:20]})
    return str(moo)


def read_house(text: str) -> str:
    digits = re.sub(r"[\s\-]", "", text)
    if not re.fullmatch(r"\d{11}", digits, re.ASCII):
        raise Wrong(_("รหัสประจำบ้านต้องเป็นตัวเลข 11 หลัก"))
    return digits


def read_registered(text: str) -> str:
    plain = fold(text)
    for words, value in REGISTERED_WORDS.items():
        if fold(words) == plain:
            return value.value
    for words, value in REGISTERED_WORDS.items():
        if len(words) > 2 and fold(words) in plain:
            return value.value
    raise Wrong(_("ไม่รู้จักสถานะ “%(text)s” ใช้ ปกติ ย้ายออก หรือ เสียชีวิต") % {"text": text[:30]})


def _words(code: str, label: Any, *aliases: str, length: int = 100, **more: Any) -> ImportColumn:
    return ImportColumn(code, label, aliases, max_length=length, **more)


class Tr14Import(BulkImport):
    """A row is a child, found by the number. A school's own people bring the children of their own villages; the area brings all."""

    capability = IMPORT
    heading = "shown_name"
    group = "shown_school"
    group_label = gettext_lazy("โรงเรียนเขตบริการ")
    tells = ("home_moo", "home_tambon")
    comes_back = False
    tally = "birth_year"
    tally_label = gettext_lazy("ปีเกิด")
    split = "sex"
    split_words = {"m": pgettext_lazy("pupils", "ชาย"), "f": pgettext_lazy("pupils", "หญิง")}
    columns = (
        ImportColumn("number", gettext_lazy("เลขประจำตัวประชาชน"), ("เลขบัตรประชาชน", "เลขประจำตัว", "เลขประจำตัวประชาชน 13 หลัก", "pid"), required=True, read=read_number, sealed=True, masked=True),
        ImportColumn("title", gettext_lazy("คำนำหน้า"), ("คำนำหน้าชื่อ", "คำนำหน้านาม", "ชื่อยศ"), read=read_title),
        _words("first_name", gettext_lazy("ชื่อ"), "ชื่อตัว", "fname", required=True),
        _words("last_name", gettext_lazy("นามสกุล"), "ชื่อสกุล", "สกุล", "lname"),
        ImportColumn("sex", gettext_lazy("เพศ"), ("sex",), kind=Kind.CHOICE, choices=SEXES),
        ImportColumn("born_on", gettext_lazy("วันเกิด"), ("วันเดือนปีเกิด", "วัน เดือน ปีเกิด", "วดป.เกิด", "dob"), kind=Kind.DATE, required=True),
        _words("nationality", gettext_lazy("สัญชาติ"), length=40),
        ImportColumn("house_id", gettext_lazy("รหัสประจำบ้าน"), ("รหัสบ้าน", "เลขรหัสประจำบ้าน", "hid"), read=read_house),
        _words("home_no", gettext_lazy("บ้านเลขที่"), "เลขที่บ้าน", "hno", length=40),
        ImportColumn("home_moo", gettext_lazy("หมู่ที่"), ("หมู่", "ม.", "moo"), read=read_moo),
        ImportColumn("home_tambon", gettext_lazy("ตำบล"), ("แขวง", "ตำบล/แขวง", "tambon"), read=_bare("ตำบล", "ต.", "แขวง"), required=True),
        ImportColumn("home_amphoe", gettext_lazy("อำเภอ"), ("เขต", "อำเภอ/เขต", "amphoe"), read=_bare("อำเภอ", "อ.")),
        ImportColumn("home_province", gettext_lazy("จังหวัด"), ("province",), read=_bare("จังหวัด", "จ.")),
        ImportColumn("moved_in_on", gettext_lazy("วันย้ายเข้า"), ("วันที่ย้ายเข้า", "ย้ายเข้าเมื่อ"), kind=Kind.DATE),
        _words("father", gettext_lazy("ชื่อบิดา"), "บิดา", "ชื่อ-สกุลบิดา", length=200),
        _words("father_nationality", gettext_lazy("สัญชาติบิดา"), length=40),
        _words("mother", gettext_lazy("ชื่อมารดา"), "มารดา", "ชื่อ-สกุลมารดา", length=200),
        _words("mother_nationality", gettext_lazy("สัญชาติมารดา"), length=40),
        ImportColumn("registered", gettext_lazy("สถานะ"), ("สถานะบุคคล", "สถานภาพบุคคล", "สถานะภาพบุคคล"), read=read_registered, write=lambda c: c.get_registered_display()),
    )  # fmt: skip
    compared = tuple(COLUMNS)
    keys = ("print",)
    fields = COLUMNS | {
        "birth_year": "smallint", "print": "text", "sealed": "text", "id_kind": "text", "tail": "text", "first": "text", "is_valid": "boolean",
        "sort_name": "text", "search_text": "text",
    }  # fmt: skip
    sequences = ("children_child_id_seq", "")

    def examine(self, actor: Actor, table: Table) -> None:
        self._birthdays(table)
        self._numbers(table)
        self._sexes(table)
        self._places(actor, table)
        titles = self._texts(table, "title")
        names = [
            f"{first} {last}".strip()
            for first, last in zip(table.texts["first_name"], self._texts(table, "last_name"), strict=True)
        ]
        table.texts["shown_name"] = [f"{title}{name}" for title, name in zip(titles, names, strict=True)]
        keys = {name: (sort_key(name)[:600], fold(name)[:600]) for name in set(names)}
        table.texts["sort_name"] = [keys[name][0] for name in names]
        table.texts["search_text"] = [keys[name][1] for name in names]

    @staticmethod
    def _texts(table: Table, code: str) -> list[str]:
        return table.texts.get(code) or [""] * len(table)

    @staticmethod
    def _birthdays(table: Table) -> None:
        now = today()
        oldest = now - timedelta(days=OLDEST * 366)
        for index, born in enumerate(table.column("born_on")):
            if born is not None and born > now:
                table.wrong(index, "born_on", _("วันเกิดอยู่ในอนาคต ตรวจปี พ.ศ. กับสูติบัตร"))
            elif born is not None and born < oldest:
                table.wrong(index, "born_on", _("วันเกิดทำให้อายุเกิน %(n)d ปี ตรวจปี พ.ศ. กับสูติบัตร") % {"n": OLDEST})
        table.texts["birth_year"] = [
            str(be_year(born)) if born is not None else "" for born in table.column("born_on")
        ]

    def _numbers(self, table: Table) -> None:
        """Fingerprints and sealed numbers; a number twice in a file is wrong, a wrong check digit worth a look."""
        numbers = table.texts["number"]
        distinct = sorted({number for number in numbers if number})
        prints = dict(zip(distinct, fingerprint_many(distinct, PURPOSE), strict=True))
        sealed = dict(zip(distinct, seal_many(distinct), strict=True))
        right = {number: number[:1] == "G" or valid_citizen_id(number) for number in distinct}
        table.texts["print"] = [prints.get(number, "") for number in numbers]
        table.texts["sealed"] = [sealed[number].decode() if number else "" for number in numbers]
        table.texts["id_kind"] = [
            IdKind.G_CODE.value if n[:1] == "G" else IdKind.CITIZEN.value for n in numbers
        ]
        table.texts["tail"] = [n[-2:] if n[:1] == "G" else n[10:12] for n in numbers]
        table.texts["first"] = [number[:1] for number in numbers]
        table.texts["is_valid"] = ["false" if number and not right[number] else "true" for number in numbers]
        rows: dict[str, list[int]] = defaultdict(list)
        for index, number in enumerate(numbers):
            if number and not right[number]:
                table.look(index, "number", _("หลักสุดท้ายของเลขไม่ตรง ตรวจกับทะเบียนบ้าน นำเข้าได้แต่จะเป็นข้อที่ต้องแก้"))
            if number:
                rows[number].append(index)
        for indexes in rows.values():
            for index in indexes if len(indexes) > 1 else ():
                others = ", ".join(str(table.numbers[other]) for other in indexes[:6] if other != index)
                table.wrong(
                    index, "number", _("เลขนี้มีหลายแถวในไฟล์ พบซ้ำที่แถว %(rows)s เก็บไว้แถวเดียว") % {"rows": others}
                )

    def _sexes(self, table: Table) -> None:
        """A title tells the sex where the column is missing or empty."""
        titles = self._texts(table, "title")
        told = self._texts(table, "sex")
        by_title = {"เด็กชาย": "m", "นาย": "m", "เด็กหญิง": "f", "นางสาว": "f", "นาง": "f"}
        table.texts["sex"] = [sex or by_title.get(title, "") for sex, title in zip(told, titles, strict=True)]
        for index, (title, sex) in enumerate(zip(titles, table.texts["sex"], strict=True)):
            if title in by_title and sex and by_title[title] != sex:
                table.look(index, "sex", _("คำนำหน้าไม่ตรงกับเพศ ตรวจกับทะเบียนบ้าน"))

    def _places(self, actor: Actor, table: Table) -> None:
        """Each row's village and service school: the actor's to write."""
        year = now_year()
        places = [
            (tambon, amphoe, int(moo) if moo else 0)
            for tambon, amphoe, moo in zip(
                table.texts["home_tambon"], self._texts(table, "home_amphoe"), self._texts(table, "home_moo"), strict=True
            )
        ]  # fmt: skip
        villages = villages_by_place(set(places))
        found = serving({village.pk for village in villages.values()}, year)
        scope = actor.scope(IMPORT)
        mine = None if scope.everywhere else set(scope.unit_ids().values_list("pk", flat=True))
        shown = []
        for index, (place, born) in enumerate(zip(places, table.column("born_on"), strict=True)):
            village = villages.get(place)
            school = service_school(
                found, village.pk if village else None, year - be_year(born) if born else 0
            )
            shown.append(school.name if school else str(NOWHERE))
            if not place[0] or any(fault.column == "home_moo" for fault in table.faults.get(index, ())):
                continue  # told already, and nothing to look for
            if mine is not None and (school is None or school.unit not in mine):
                table.wrong(index, "home_moo", _("แถวนี้ไม่อยู่ในเขตบริการของโรงเรียนคุณ ส่งให้ผู้ดูแลข้อมูลของเขตนำเข้า"))
            elif village is None:
                table.look(
                    index, "home_moo", _("ไม่พบหมู่ %(moo)s ตำบล%(tambon)s ในทะเบียนหมู่บ้าน นำเข้าได้ แต่ยังไม่มีโรงเรียนรับผิดชอบ")
                    % {"moo": place[2], "tambon": place[0]},
                )  # fmt: skip
            elif school is None:
                table.look(index, "home_moo", _("หมู่บ้านนี้ยังไม่มีโรงเรียนเขตบริการ กำหนดในทะเบียนหมู่บ้าน"))
        table.texts["shown_school"] = shown

    def standing(
        self, actor: Actor, fields: Mapping[str, Sequence[str]], codes: Sequence[str], options: Mapping[str, Any], *, lock: bool = False,
    ) -> Mapping[int, Standing]:  # fmt: skip
        return {
            index: Standing(child, None, digest)
            for index, child, digest in stands(fields["print"], codes, lock=lock)
        }

    def current(
        self, actor: Actor, standing: Mapping[int, Standing], codes: Sequence[str], options: Mapping[str, Any]
    ) -> Mapping[int, Sequence[str]]:
        forms = written_forms([found.target for found in standing.values()], codes)
        return dict(zip(standing, forms, strict=True))

    def write(self, *, actor: Actor, options: Mapping[str, Any], codes: Sequence[str], source: str) -> None:
        write_children(actor=actor, codes=list(codes), source=source)

    def unwrite(self, *, actor: Actor, options: Mapping[str, Any], codes: Sequence[str], source: str) -> None:
        put_back(actor=actor, codes=list(codes), source=source)

    def counted(self, batch_id: int) -> Iterable[tuple[str, str, str, int]]:
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT coalesce(s.name, %s), c.birth_year::text, c.sex, count(*)
                     FROM register_row r JOIN children_child c ON c.id = r.target LEFT JOIN schools_school s ON s.id = c.school_id
                    WHERE r.batch_id = %s AND r.state = ANY(%s) AND NOT r.is_skipped GROUP BY 1, 2, 3""",
                [str(NOWHERE), batch_id, [RowState.NEW, RowState.CHANGED, RowState.SAME]],
            )
            return cursor.fetchall()

    def absent(self, actor: Actor, table: Table) -> tuple[int, list[Absent]]:
        """Ours of the same villages and years of birth, and not in the file: moved, died, or the file is not whole."""
        years = [int(year) for year in table.texts["birth_year"] if year]
        if not years:
            return 0, []
        villages = sorted(
            set(zip(table.texts["home_tambon"], self._texts(table, "home_amphoe"), self._texts(table, "home_moo"), strict=True))
        )  # fmt: skip
        scope = actor.scope(IMPORT)
        units = None if scope.everywhere else list(scope.unit_ids().values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT count(*) OVER (), c.id, c.title || c.first_name || ' ' || c.last_name, coalesce(s.name, '')
                     FROM children_child c
                     JOIN unnest(%s::text[], %s::text[], %s::text[]) AS v(tambon, amphoe, moo)
                       ON (c.home_tambon, c.home_amphoe, c.home_moo) = (v.tambon, v.amphoe, v.moo)
                     LEFT JOIN schools_school s ON s.id = c.school_id
                    WHERE c.birth_year BETWEEN %s AND %s AND c.registered = %s AND c.fingerprint <> ALL(%s)
                      AND (%s::bigint[] IS NULL OR s.unit_id = ANY(%s)) ORDER BY s.sort_name, c.sort_name LIMIT 300""",
                [*(list(column) for column in zip(*villages, strict=True)), min(years), max(years), Registered.HERE,
                 [one for one in table.texts["print"] if one], units, units],
            )  # fmt: skip
            rows = cursor.fetchall()
        return (rows[0][0] if rows else 0), [
            Absent(name, school, reverse("register:detail", args=["children", pk]))
            for _count, pk, name, school in rows
        ]
