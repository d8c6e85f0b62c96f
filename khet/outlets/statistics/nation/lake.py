"""The lake: census folders of many offices, looked through before anything is counted.

A census lies anywhere below the lake's folder, as ``khet`` writes it: ``manifest.json`` beside one Parquet file a table. Where an older
manifest does not name its office, the folder right below the lake does. A folder whose name begins with a dot is somebody's half.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _t

from khet.base.lib.errors import Refusal
from khet.kits.rounds.api import CENSUS_FORMAT, CENSUS_MANIFEST, CENSUS_TYPES
from khet.outlets.statistics.bases import Indicator
from khet.outlets.statistics.sources import Source, counted, from_manifest

NAMED = 20
"""So many faults are named one by one; of more only their number."""


@dataclass(frozen=True)
class Found:
    """A census of the lake. ``rows``: table → number of rows, ``number``: which census of its round it is, the latest counts."""

    source: Source
    number: int
    rows: Mapping[str, int]
    kinds: Mapping[str, Mapping[str, str]]

    @property
    def folder(self) -> Path:
        assert self.source.folder is not None
        return self.source.folder


@dataclass(frozen=True)
class Fault:
    """What is wrong with one file of one census."""

    office: str
    round: str
    file: str
    why: str

    def __str__(self) -> str:
        return _t("เขต %(office)s รอบ %(round)s แฟ้ม %(file)s: %(why)s") % vars(self)


def open_lake(folder: Path, say: Callable[[str], None] = lambda _text: None) -> list[Found]:
    """The censuses to count, by office and round. ``Refusal`` naming office, round and file of everything that is wrong.

    Of a round that was closed more than once the last census counts. Every file is read once to compare its SHA-256.
    """
    if not folder.is_dir():
        raise Refusal(_t("ไม่พบโฟลเดอร์ %(folder)s") % {"folder": folder}, code="statistics.no_lake")
    found: list[Found] = []
    faults: list[Fault] = []
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as hands:
        for census, wrong in hands.map(lambda path: _looked(folder, path), sorted(_folders(folder))):
            faults += wrong
            if census is not None:
                found.append(census)
    latest, twice = _latest(found)
    faults += twice
    if faults:
        listed = [str(one) for one in faults[:NAMED]]
        if len(faults) > NAMED:
            listed.append(_t("และอีก %(n)d รายการ") % {"n": len(faults) - NAMED})
        raise Refusal(
            "\n".join([_t("ไม่นับ เพราะข้อมูลชุดนี้ใช้ไม่ได้ ขอสำเนาใหม่จากเขตที่ระบุแล้วสั่งอีกครั้ง"), *listed]),
            code="statistics.lake_damaged",
        )
    if not latest:
        raise Refusal(
            _t("ไม่มีข้อมูลของรอบที่ปิดแล้วใน %(folder)s") % {"folder": folder}, code="statistics.lake_empty"
        )
    say(
        _t("ตรวจแล้ว %(offices)d เขต %(rounds)d รอบ %(files)d แฟ้ม ครบและตรงตามใบกำกับ")
        % {
            "offices": len({one.source.office for one in latest}),
            "rounds": len(latest),
            "files": sum(len(one.rows) for one in latest),
        }
    )
    return latest


def _folders(folder: Path) -> Iterator[Path]:
    for place, names, files in os.walk(folder, followlinks=True):
        names[:] = sorted(name for name in names if not name.startswith("."))
        if CENSUS_MANIFEST in files:
            names.clear()
            yield Path(place)
        elif any(name.endswith(".parquet") for name in files):
            yield Path(place)  # tables without a manifest are a damaged census, not nothing


def _looked(lake: Path, folder: Path) -> tuple[Found | None, list[Fault]]:
    office, round_ = folder.relative_to(lake).parts[0] if folder != lake else lake.name, folder.name
    path = folder / CENSUS_MANIFEST
    try:
        data = path.read_bytes()
        manifest = json.loads(data)
        form = manifest["format"]
        if form != CENSUS_FORMAT:
            newer = isinstance(form, int) and form > CENSUS_FORMAT
            why = (
                _t("รูปแบบ %(form)s ใหม่กว่าที่โปรแกรมนี้รู้จัก (%(known)d) ปรับรุ่น khet ก่อน")
                if newer
                else _t("รูปแบบ %(form)s ไม่ใช่ของ khet (%(known)d)")
            )
            return None, [
                Fault(office, round_, CENSUS_MANIFEST, why % {"form": form, "known": CENSUS_FORMAT})
            ]
        source = from_manifest(folder, hashlib.sha256(data).hexdigest(), manifest, office)
        tables = [
            (one["code"], one["file"], one["sha256"], dict(one["columns"])) for one in manifest["tables"]
        ]
        census = Found(
            source,
            manifest["round"].get("census", 1),
            {one["code"]: one["rows"] for one in manifest["tables"]},
            {code: kinds for code, _file, _sha, kinds in tables},
        )
    except FileNotFoundError:
        return None, [Fault(office, round_, CENSUS_MANIFEST, _t("ไม่มีใบกำกับ"))]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, [Fault(office, round_, CENSUS_MANIFEST, _t("อ่านใบกำกับไม่ได้"))]
    faults = []
    for code, file, sha256, kinds in tables:
        why = _wrong(folder / file, file, code, sha256, kinds)
        if why:
            faults.append(Fault(source.office, f"{source.school_year}-{source.round}", file, why))
    return census, faults


def _wrong(path: Path, file: str, code: str, sha256: str, kinds: Mapping[str, str]) -> str:
    """Why a table's file cannot be used, '' when it can."""
    if file != f"{code}.parquet":
        return _t("ชื่อแฟ้มไม่ตรงกับตาราง %(code)s") % {"code": code}
    if not path.is_file():
        return _t("ไม่มีแฟ้มนี้")
    with open(path, "rb") as data:
        if hashlib.file_digest(data, "sha256").hexdigest() != sha256:
            return _t("แฟ้มเสียหรือถูกแก้ ลายนิ้วมือไม่ตรงกับใบกำกับ")
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError):
        return _t("อ่านเป็น Parquet ไม่ได้")
    if {name: CENSUS_TYPES.get(kind) for name, kind in kinds.items()} != {
        one.name: one.type for one in schema
    }:
        return _t("คอลัมน์ไม่ตรงกับใบกำกับ")
    return ""


def _latest(found: Iterable[Found]) -> tuple[list[Found], list[Fault]]:
    by_key: dict[str, Found] = {}
    faults = []
    for one in found:
        other = by_key.get(one.source.key)
        if other is not None and other.number == one.number:
            why = _t("มีสองชุดของรอบเดียวกัน อีกชุดอยู่ที่ %(other)s") % {"other": other.folder}
            faults.append(
                Fault(one.source.office, f"{one.source.school_year}-{one.source.round}", CENSUS_MANIFEST, why)
            )
        if other is None or one.number > other.number:
            by_key[one.source.key] = one
    return [by_key[key] for key in sorted(by_key)], faults


def fit(sources: Iterable[Source], indicator: Indicator) -> list[Source]:
    """Censuses that hold what an indicator needs."""
    return [one for one in sources if counted(one, indicator)]


def targets(sources: Iterable[Source], indicator: Indicator) -> list[str]:
    """Keys of the censuses of which an indicator can be told: what it needs is there, and enough of the years before."""
    usable = fit(sources, indicator)
    if not indicator.years:
        return [one.key for one in usable]
    rounds: dict[tuple[str, str], list[int]] = {}
    for one in usable:
        rounds.setdefault((one.office, one.round), []).append(one.school_year)
    return [
        one.key
        for one in usable
        if sum(
            one.school_year - indicator.years <= year < one.school_year
            for year in rounds[one.office, one.round]
        )
        >= indicator.least
    ]
