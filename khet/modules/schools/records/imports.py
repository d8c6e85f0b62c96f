"""Files of schools: the ministry's EMIS page, lists with all the codes, and our own export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.words import fold
from khet.base.org.api import Actor, visible
from khet.kits.register.bases import Checked, Import, ImportColumn, Wrong
from khet.kits.register.choices import Kind
from khet.modules.schools.actions import import_schools, remove_imported
from khet.modules.schools.actions.facts import FACT_FIELDS, bare_name
from khet.modules.schools.choices import CodeKind, Levels
from khet.modules.schools.models import School, SchoolCode
from khet.modules.schools.queries import find_networks, with_everything
from khet.modules.schools.queries.schools import network_key
from khet.modules.schools.rules import IMPORT

_STEPS = (
    ("k", ("อนุบาล", "ก่อนประถม", "อบ", "อ.")),
    ("u", ("มัธยมศึกษาตอนปลาย", "มัธยมปลาย", "ม.ปลาย", "มปลาย", "ม.6")),
    ("l", ("มัธยมศึกษาตอนต้น", "มัธยมต้น", "ม.ต้น", "มต้น", "ม.3", "ขยายโอกาส")),
    ("p", ("ประถม", "ป.")),
)


def read_levels(text: str) -> str:
    """อนุบาล-มัธยมศึกษาตอนต้น → ``kl``: the lowest and the highest level named."""
    found = set()
    for part in re.split(r"[-–—,/ ]|ถึง", text):
        plain = fold(part)
        for code, words in _STEPS:
            if any(fold(word) in plain for word in words):
                found.add(code)
                break
    order = [code for code in "kplu" if code in found]
    levels = order[0] + (order[-1] if len(order) > 1 else "") if order else ""
    if levels not in Levels.values:
        raise Wrong(_("ไม่รู้จักระดับที่เปิดสอน “%(text)s” เขียนเช่น อนุบาล–ประถม หรือ อนุบาล–ม.ต้น") % {"text": text[:40]})
    return levels


def read_latlng(text: str) -> str:
    numbers = re.findall(r"\d{1,3}\.\d+", to_arabic_digits(text))
    if len(numbers) != 2:
        raise Wrong(
            _("อ่านพิกัด “%(text)s” ไม่ได้ เขียนเป็น ละติจูด, ลองจิจูด เช่น 7.41826, 100.02417") % {"text": text[:40]}
        )
    return ",".join(numbers)


def read_name(text: str) -> str:
    name = bare_name(text)
    if not name or len(name) > 150:
        raise Wrong(_("ชื่อโรงเรียนต้องมี 1–150 ตัวอักษร"))
    return name


class SchoolImport(Import):
    capability = IMPORT
    key = "smis8"
    heading = "name"
    group = "amphoe"
    group_label = gettext_lazy("อำเภอ")
    columns = (
        ImportColumn("smis8", gettext_lazy("รหัส Smis 8 หลัก"), ("smis_code8", "smis", "รหัส smis", "รหัสโรงเรียน 8 หลัก", "รหัส 8 หลัก", "รหัสโรงเรียน", "school_code"), kind=Kind.CODE, required=True, length=8),
        ImportColumn("obec10", gettext_lazy("รหัสโรงเรียน 10 หลัก"), ("school_id10", "school_id", "รหัส 10 หลัก", "รหัสกระทรวง"), kind=Kind.CODE, length=10, unique=True),
        ImportColumn("obec6", gettext_lazy("รหัส Obec 6 หลัก"), ("obec_code6", "obec", "รหัส 6 หลัก", "รหัส สพฐ."), kind=Kind.CODE, length=6, unique=True),
        ImportColumn("name", gettext_lazy("ชื่อสถานศึกษา(ไทย)"), ("name_th", "ชื่อโรงเรียน", "โรงเรียน", "ชื่อสถานศึกษา", "สถานศึกษา", "ชื่อ"), required=True, read=read_name),
        ImportColumn("name_en", gettext_lazy("ชื่อสถานศึกษา(อังกฤษ)"), ("ชื่อภาษาอังกฤษ", "ชื่อโรงเรียน(อังกฤษ)"), max_length=200),
        ImportColumn("area_code", gettext_lazy("รหัส สพท."), ("area_code", "รหัสเขตพื้นที่", "รหัสเขต"), read=lambda text: _area(text)),
        ImportColumn("area_name", gettext_lazy("สพท."), ("area_name", "เขตพื้นที่", "เขตพื้นที่การศึกษา"), max_length=120),
        ImportColumn("levels", gettext_lazy("ระดับที่เปิดสอน"), ("grades", "ระดับ", "ระดับชั้นที่เปิดสอน"), read=read_levels, write=lambda school: school.get_levels_display()),
        ImportColumn("network", gettext_lazy("เครือข่ายพัฒนาคุณภาพการศึกษา"), ("เครือข่าย", "ศูนย์เครือข่าย", "กลุ่มเครือข่าย"), max_length=80),
        ImportColumn("address", gettext_lazy("ที่อยู่"), ("บ้านเลขที่", "หมู่ที่", "หมู่"), max_length=200),
        ImportColumn("tambon", gettext_lazy("ตำบล"), ("subdistrict_th", "subdistrict"), max_length=80),
        ImportColumn("tambon_code", gettext_lazy("รหัสตำบล"), ("subdistrict_code",), kind=Kind.CODE, length=6),
        ImportColumn("amphoe", gettext_lazy("อำเภอ"), ("district_th", "district"), max_length=80),
        ImportColumn("amphoe_code", gettext_lazy("รหัสอำเภอ"), ("district_code",), kind=Kind.CODE, length=4),
        ImportColumn("province", gettext_lazy("จังหวัด"), ("province_th", "province"), max_length=80),
        ImportColumn("postcode", gettext_lazy("รหัสไปรษณีย์"), ("postal_code", "postcode", "ไปรษณีย์"), kind=Kind.CODE, length=5),
        ImportColumn("phone", gettext_lazy("โทรศัพท์"), ("เบอร์โทร", "โทร"), max_length=60),
        ImportColumn("fax", gettext_lazy("โทรสาร"), ("แฟกซ์",), max_length=60),
        ImportColumn("email", gettext_lazy("อีเมล์"), ("อีเมล", "email", "e-mail"), read=lambda text: _email(text)),
        ImportColumn("website", gettext_lazy("เว็บไซต์"), ("website", "เว็บไซด์"), read=lambda text: _website(text)),
        ImportColumn("line_id", gettext_lazy("LINE"), ("line id", "ไลน์"), max_length=60),
        ImportColumn("saraban_name", gettext_lazy("ผู้ติดต่องานสารบรรณ"), ("เจ้าหน้าที่ธุรการ",), max_length=120),
        ImportColumn("saraban_phone", gettext_lazy("โทรศัพท์ผู้ติดต่อ"), (), max_length=60),
        ImportColumn("founded_on", gettext_lazy("วัน-เดือน-ปี ก่อตั้ง"), ("วันก่อตั้ง", "ก่อตั้ง"), kind=Kind.DATE),
        ImportColumn("local_government", gettext_lazy("องค์กรปกครองส่วนท้องถิ่น"), ("อปท.", "อปท"), max_length=120),
        ImportColumn("km_to_office", gettext_lazy("ระยะทางจากโรงเรียน ถึง เขตพื้นที่การศึกษา"), ("ระยะทางถึงเขต",), kind=Kind.DECIMAL, places=1, low=0, high=999),
        ImportColumn("km_to_amphoe", gettext_lazy("ระยะทางจากโรงเรียน ถึง อำเภอ"), ("ระยะทางถึงอำเภอ",), kind=Kind.DECIMAL, places=1, low=0, high=999),
        ImportColumn("pupils", gettext_lazy("จำนวนนักเรียน"), ("นักเรียน", "นักเรียนรวม", "รวมทั้งหมด"), kind=Kind.WHOLE, low=0, high=20000),
        ImportColumn("pupils_on", gettext_lazy("จำนวนนักเรียน ณ วันที่"), ("ข้อมูล ณ วันที่",), kind=Kind.DATE),
        ImportColumn("pupils_source", gettext_lazy("ที่มาของจำนวนนักเรียน"), (), max_length=120),
        ImportColumn("latitude", gettext_lazy("ละติจูด"), ("approx_lat", "lat", "latitude"), kind=Kind.DECIMAL, places=5, low=Decimal(5), high=Decimal(21)),
        ImportColumn("longitude", gettext_lazy("ลองจิจูด"), ("approx_lon", "lon", "lng", "longitude"), kind=Kind.DECIMAL, places=5, low=Decimal(97), high=Decimal(106)),
        ImportColumn("position_source", gettext_lazy("ที่มาของพิกัด"), ("approx_source",), max_length=120),
        ImportColumn("latlng", gettext_lazy("latlng"), ("พิกัด",), read=read_latlng, masked=True),
    )  # fmt: skip

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        keys = list(keys)
        if lock:
            list(School.objects.select_for_update(of=("self",)).filter(smis8__in=keys).values_list("pk"))
        return {school.smis8: school for school in with_everything().filter(smis8__in=keys)}

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        pks = [school.pk for school in found]
        return set(visible(actor, School.objects.filter(pk__in=pks), IMPORT).values_list("pk", flat=True))

    def values(self, record: School) -> dict[str, Any]:
        names = (*FACT_FIELDS, "latitude", "longitude", "position_source")
        values = {name: getattr(record, name) for name in names}
        values["network"] = record.network_name
        return {name: None if value == "" else value for name, value in values.items()}

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        codes = {row.values[c] for row in rows for c in ("smis8", "obec10", "obec6") if row.values.get(c)}
        bearers: dict[tuple[str, str], SchoolCode] = {}
        for code in SchoolCode.objects.filter(value__in=codes).select_related("school").order_by("pk"):
            bearers[code.kind, code.value] = code
        networks = find_networks({row.values["network"] for row in rows if row.values.get("network")})
        kinds = {"smis8": CodeKind.SMIS, "obec10": CodeKind.MOE, "obec6": CodeKind.OBEC}
        for row in rows:
            for column, kind in kinds.items():
                code = bearers.get((kind, row.values.get(column, "")))
                if code is None or (row.record is not None and code.school_id == row.record.pk):
                    continue
                row.wrong(
                    column,
                    _("%(value)s %(verb)sของ%(school)s (รหัส 8 หลัก %(smis)s) ตรวจรหัสกับเอกสาร")
                    % {
                        "value": code.value,
                        "verb": _("เป็นรหัสเดิม") if code.until else _("เป็นรหัส"),
                        "school": code.school.full_name,
                        "smis": code.school.smis8,
                    },
                )
            self._position(row)
            ten, six = row.values.get("obec10"), row.values.get("obec6")
            if ten and six and not ten.endswith(six):
                row.look("obec6", _("รหัส 6 หลักมักเป็นหกหลักท้ายของรหัส 10 หลัก แต่ไฟล์นี้ไม่ตรงกัน ตรวจกับเอกสาร"))
            tambon, amphoe = row.values.get("tambon_code"), row.values.get("amphoe_code")
            if tambon and amphoe and not tambon.startswith(amphoe):
                row.look("tambon_code", _("รหัสตำบลไม่อยู่ในอำเภอที่ระบุ ตรวจตำบลและอำเภอ"))
            network = row.values.get("network")
            if network in networks:
                row.values["network"] = networks[network].short_name
            elif network:
                row.values["network"] = network_key_name(network)
                row.look(
                    "network", _("ยังไม่มีเครือข่าย %(name)s จะเพิ่มให้เมื่อยืนยัน") % {"name": row.values["network"]}
                )

    def _position(self, row: Checked) -> None:
        """One column of both numbers becomes two; a place that a person has confirmed is not written over."""
        both = row.values.pop("latlng", None)
        if both and "latitude" not in row.values and "longitude" not in row.values:
            row.values["latitude"], row.values["longitude"] = (
                Decimal(part).quantize(Decimal("0.00001")) for part in both.split(",")
            )
            row.values.setdefault("position_source", "EMIS")
            if not (5 <= row.values["latitude"] <= 21 and 97 <= row.values["longitude"] <= 106):
                row.wrong("latlng", _("พิกัดนี้อยู่นอกประเทศไทย อาจสลับละติจูดกับลองจิจูด"))
        unread = any(fault.column in ("latitude", "longitude") for fault in row.faults)
        if not unread and ("latitude" in row.values) != ("longitude" in row.values):
            row.wrong(
                "latitude" if "latitude" not in row.values else "longitude", _("พิกัดต้องมีทั้งละติจูดและลองจิจูด")
            )
        school = row.record
        if school is not None and school.position_confirmed:
            given = (row.values.pop("latitude", None), row.values.pop("longitude", None))
            row.values.pop("position_source", None)
            if given[0] is not None and given != (school.latitude, school.longitude):
                row.look("latitude", _("พิกัดของโรงเรียนนี้ยืนยันแล้ว จะไม่เขียนทับด้วยพิกัดในไฟล์"))

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[School, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        made = import_schools(actor=actor, new=new, changed=changed, source=source)
        return [school.pk for school in made]

    def remove(self, *, actor: Actor, records: Sequence[School], source: str) -> None:
        remove_imported(actor=actor, schools=records, source=source)

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        counted = School.objects.filter(pk__in=pks).order_by().values_list("amphoe").annotate(Count("pk"))
        return dict(counted)


def network_key_name(name: str) -> str:
    """The short name of a network named in a file: without ศูนย์เครือข่าย and the like."""
    short = name
    for word in ("ศูนย์", "กลุ่ม", "เครือข่าย"):
        short = short.removeprefix(word).strip()
    return short if network_key(short) else name


def _area(text: str) -> str:
    code = to_arabic_digits(text).strip()
    if not re.fullmatch(r"\d{4}(\d{2})?", code):
        raise Wrong(_("รหัส สพท. “%(text)s” ต้องเป็นตัวเลข 4 หลัก (สพป.) หรือ 6 หลัก (สพม.)") % {"text": text[:20]})
    return code


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text) or len(text) > 254:
        raise Wrong(_("อีเมล “%(text)s” ไม่ครบ เขียนเช่น school@example.ac.th") % {"text": text[:40]})
    return text


def _website(text: str) -> str:
    address = text if re.match(r"https?://", text) else f"https://{text}"
    if not re.fullmatch(r"https?://[^\s<>\"'@]+\.[^\s<>\"'@]+", address) or len(address) > 200:
        raise Wrong(_("เว็บไซต์ “%(text)s” ไม่ใช่ที่อยู่ของเว็บ เขียนเช่น www.example.ac.th") % {"text": text[:40]})
    return address
