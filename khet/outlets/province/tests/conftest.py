"""A census written for the test: pupils and staff of two invented schools, and a yearly one with buildings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from django.utils import timezone

from khet.base.org.actions import add_account, add_person, add_post, add_unit, appoint
from khet.base.org.api import Actor, Unit, ensure_roles
from khet.kits.rounds.bases import CensusTable
from khet.kits.rounds.censuses import TYPES, Writing
from khet.kits.rounds.models import Census, Round

SYSTEM = Actor.system()
TERM = {
    "schools": (
        [("school", "text"), ("name", "text"), ("subdistrict", "text"), ("district", "text"), ("network", "text"), ("lat", "decimal"), ("lon", "decimal")],
        [
            ["99029001", "บ้านธารทอง", "ไร่ธาร", "ทุ่งไพล", "ธารทอง", "6.5", "101.25"],
            ["99029002", "วัดลานสน", "ลานสน", "ทุ่งไพล", "ธารทอง", None, None],
        ],
    ),
    "pupils": (
        [("school", "text"), ("grade", "text"), ("room", "int"), ("sex", "text"), ("disadvantage", "text"), ("disability", "text"), ("pupils", "int")],
        [
            ["99029001", "p1", 1, "m", "", "", 7], ["99029001", "p1", 1, "f", "poor", "", 5], ["99029001", "p1", 2, "f", "", "learning", 1],
            ["99029001", "k2", 1, "m", "", "", 9], ["99029002", "p6", 1, "f", "", "", 4],
        ],
    ),
    "staff": (
        [("unit", "text"), ("kind", "text"), ("job", "text"), ("standing", "text"), ("sex", "text"), ("people", "int")],
        [["99029001", "teacher", "teacher", "k2", "f", 3], ["99029001", "teacher", "principal", "", "m", 1], ["99029002", "service", "driver", "none", "m", 1]],
    ),
}  # fmt: skip
YEARLY = {
    "buildings": (
        [("school", "text"), ("kind", "text"), ("rooms_plan", "int"), ("rooms_used", "int"), ("standing", "text"), ("budget", "decimal")],
        [["99029001", "01", 8, 7, "standing", "1250000.5"], ["99029001", "01", 4, None, "demolished", "1"], ["99029002", "99", None, None, "standing", None]],
    ),
    "emis": (
        [("school", "text"), ("electricity", "text"), ("water", "text"), ("internet_kind", "text"), ("internet_mbps", "int"), ("teach_usable", "int")],
        [["99029001", "grid", "", "fibre", 200, 12], ["99029002", "none", "rain", "none", None, None]],
    ),
    "children": (
        [("school", "text"), ("age", "int"), ("sex", "text"), ("state", "text"), ("children", "int")],
        [["99029001", 7, "m", "service", 3], ["99029001", 7, "f", "none", 1], ["99029002", 8, "m", "outside", 2]],
    ),
}  # fmt: skip


def freeze(
    tables: dict[str, Any], *, kind: str = "term", number: int = 1, day: date = date(2026, 6, 10)
) -> Census:
    """A closed round with these tables as its census."""
    round_ = Round.objects.create(
        kind=kind, title=f"รอบ {kind} {number}/2569", school_year=2569, number=number, term=1, as_at=day, opens_on=day, due_at=timezone.now(),
        closes_on=day, state="closed", closed_at=timezone.now(),
    )  # fmt: skip
    writing = Writing()
    for code, (columns, rows) in tables.items():
        schema = pa.schema([pa.field(name, TYPES[type_]) for name, type_ in columns])
        arrays = [pa.array([row[n] for row in rows], pa.string() if type_ == "decimal" else TYPES[type_]).cast(TYPES[type_]) for n, (_name, type_) in enumerate(columns)]  # fmt: skip
        writing.add(CensusTable(code, code, columns, lambda scope: ("", [])), pa.table(arrays, schema=schema))
    folder = f"2569-{kind}-{number}-01-test"
    manifest, sha256 = writing.finish(
        folder,
        {"round": {"id": round_.pk, "school_year": 2569, "kind": kind, "number": number, "as_at": day.isoformat(), "title": round_.title}},
    )  # fmt: skip
    return Census.objects.create(
        round=round_, number=1, made_at=timezone.now(), folder=folder, manifest=manifest, sha256=sha256
    )


@pytest.fixture
def area(db, settings, tmp_path) -> Unit:
    settings.DATA = tmp_path
    ensure_roles()
    return add_unit(actor=SYSTEM, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="ศรีธารา 2")


@pytest.fixture
def term(area) -> Census:
    return freeze(TERM)


@pytest.fixture
def yearly(area) -> Census:
    return freeze(YEARLY, kind="yearly", day=date(2026, 7, 1))


@pytest.fixture
def seat(area) -> Callable[..., Any]:
    """An account in the office that holds one role."""

    def make(role: str, unit: Unit | None = None) -> Any:
        roles = ensure_roles()
        post = add_post(
            actor=SYSTEM, unit=unit or area, kind="officer", title=role, short_title=role, roles=[roles[role]]
        )
        person = add_person(actor=SYSTEM, first_name=f"คน{role}", last_name="ทดสอบ")
        appoint(actor=SYSTEM, post=post, person=person, since=date(2020, 1, 1))
        type(post).objects.filter(pk=post.pk).update(since=date(2020, 1, 1))
        return add_account(actor=SYSTEM, person=person, username=f"{role}{post.pk}", password="x")

    return make
