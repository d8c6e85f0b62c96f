"""Censuses of invented schools, written as closing a round writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from khet.kits.rounds.censuses import sha256_of
from khet.outlets.statistics.sources import Source, from_manifest

_NUMBERS = count(1)


def write_census(
    folder: Path,
    school_year: int,
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    kind: str = "term",
    number: int = 1,
    office: str = "9902",
) -> Source:
    """A census folder of the given rows; columns are those of the rows. Without ``office`` as older ones, which do not name it."""
    place = folder / "censuses" / f"{school_year}-{kind}-{number}-{next(_NUMBERS)}"
    place.mkdir(parents=True)
    listed = []
    for code, rows in tables.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        table = pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows])
        pq.write_table(table, place / f"{code}.parquet")
        listed.append({"code": code, "file": f"{code}.parquet", "columns": [[name, ""] for name in names]})
    manifest = {
        "round": {
            "school_year": school_year, "kind": kind, "number": number, "as_at": f"{school_year - 543}-06-10",
            "title": f"รอบ {number}/{school_year}",
        },
        "tables": listed,
    }  # fmt: skip
    if office:
        manifest["office"] = {"code": office, "name": "สพป.ศรีธารา เขต 2"}
    (place / "manifest.json").write_text(json.dumps(manifest))
    return from_manifest(place, sha256_of(place / "manifest.json"), manifest, "9902")


GRADES = ["k2", "k3", "p1", "p2", "p3", "p4", "p5", "p6", "m1", "m2", "m3"]


def _pick(rng: Random, values: Sequence[Any], blank: Any = "") -> Any:
    """Mostly one of the values, now and then nothing, seldom something unheard of."""
    luck = rng.random()
    return (
        blank if luck < 0.06 else "unheard" if luck < 0.08 and isinstance(blank, str) else rng.choice(values)
    )


def invented(
    rng: Random, school_year: int
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, list[dict[str, Any]]]]:
    """Tables of a term round and of a yearly round of nineteen irregular schools: no two alike, facts missing here and there.

    One school has no pupils, one no position, one stands in no network; one is in no table of the sheets, and two that no
    reference names hand in all the same (a school that closed, the office itself).
    """
    schools, pupils, ages, origins, journeys, bodies, wants, moves, roll = [], [], [], [], [], [], [], [], []
    staff, positions, manpower, emis, buildings, land, articles, children, villages, tracing = (
        [],
        [],
        [],
        [],
        [],
        [],
        [],
        [],
        [],
        [],
    )
    for n in range(19):
        code = f"9902{n:04d}"
        small = n % 3 == 0
        schools.append({
            "school": code, "name": f"โรงเรียนที่ {n}", "district_code": f"990{1 + n % 4}", "district": f"อำเภอ {1 + n % 4}",
            "subdistrict_code": f"990{1 + n % 4}01", "subdistrict": "ตำบลหนึ่ง", "network_code": "" if n == 7 else f"n-{n % 5}", "network": "" if n == 7 else f"เครือข่าย {n % 5}",
            "levels": _pick(rng, ["kp", "kl", "p"]), "kind": _pick(rng, ["primary", "extended"]), "standing": _pick(rng, ["usual", "alone", "member", "mother"]),
            "status": "normal", "lat": None if n == 5 else 7.4 + rng.random() / 5, "lon": None if n == 5 else 100 + rng.random() / 5, "position_confirmed": rng.random() < 0.5 and n != 5,
        })  # fmt: skip
        if n == 4:
            continue
        for grade in [] if n == 9 else GRADES if n % 4 == 0 else GRADES[:8]:
            for room in range(1, 2 if small else rng.randint(2, 4)):
                for sex in "mf":
                    count = rng.randint(0, 6 if small else 24)
                    if not count:
                        continue
                    cell = {
                        "school": code,
                        "grade": grade if rng.random() < 0.98 else "x9",
                        "sex": _pick(rng, [sex]),
                    }
                    base = {**cell, "pupils": count}
                    pupils.append(
                        {
                            **base,
                            "room": room,
                            "disadvantage": _pick(rng, ["", "poor", "orphan"]),
                            "disability": _pick(rng, ["", "", "learning", "autism"]),
                        }
                    )
                    ages.append({**base, "age": _pick(rng, range(4, 17), None)})
                    origins.append(
                        {
                            **base,
                            "nationality": _pick(rng, ["ไทย", "ไทย", "ลาว"]),
                            "religion": _pick(rng, ["buddhism", "islam"]),
                        }
                    )
                    band = rng.choice(["", "0-1", "1-3", "3-6", "6-10", "10+"])
                    journeys.append(
                        {
                            **base,
                            "journey": _pick(rng, ["walk", "free"]),
                            "band": band,
                            "km": Decimal(count) * 2 if band else Decimal(0),
                            "minutes": count * 7,
                            "timed": count - 1,
                        }
                    )
                    bodies.append(
                        {
                            **base,
                            "nutrition": _pick(rng, ["normal", "thin", "obese", "overweight", "wasted"]),
                            "stature": _pick(rng, ["normal", "short", "stunted"]),
                        }
                    )
                    roll.append(base)
                    if rng.random() < 0.2:
                        wants.append(
                            {
                                "school": code,
                                "grade": grade,
                                "lacking": rng.choice(["lunch", "books"]),
                                "pupils": 1 + count // 5,
                            }
                        )
                    if rng.random() < 0.4:
                        kind = rng.choice(
                            [
                                "new",
                                "from_school",
                                "repeated",
                                "graduated",
                                "moved",
                                "resigned",
                                "traced",
                                "died",
                                "transfer_in",
                            ]
                        )
                        moves.append(
                            {
                                **cell,
                                "kind": kind,
                                "reason": rng.choice(["", "income"]),
                                "pupils": 1 + count // 6,
                            }
                        )
        for _person in range(rng.randint(1, 14)):
            staff.append({
                "school": code, "kind": _pick(rng, ["teacher", "teacher", "government", "permanent"]), "job": _pick(rng, ["teacher", "assistant", "principal", "clerk"]),
                "standing": _pick(rng, ["none", "k2", "k3"]), "level": _pick(rng, ["k1", "k2"]), "education": _pick(rng, ["bachelor", "master"]), "subject": _pick(rng, ["thai", "maths"]),
                "sex": _pick(rng, "mf"), "age": _pick(rng, range(24, 61), None), "retires": _pick(rng, range(school_year - 1, school_year + 30), None), "seconded": rng.random() < 0.1, "people": rng.randint(1, 3),
            })  # fmt: skip
        positions += [
            {
                "school": code,
                "kind": "teacher",
                "job": job,
                "standing_allowed": "",
                "positions": rng.randint(1, 9),
                "vacant": rng.randint(0, 1),
            }
            for job in ("teacher", "principal")
        ]
        manpower.append({"school": code, "pupils": 0, "rooms": rng.randint(3, 12), **{
            f"{what}_{seat}": None if what == "wanted" and rng.random() < 0.3 else rng.randint(0, 9) for what in ("wanted", "held", "vacant", "work") for seat in ("principal", "vice", "teacher")
        }})  # fmt: skip
        if n % 6:
            emis.append({
                "school": code, "electricity": _pick(rng, ["grid", "solar"]), "water": _pick(rng, ["deep", "rain"]), "internet_kind": _pick(rng, ["fibre", "none"]), "internet_mbps": _pick(rng, range(10, 900), None),
                "internet_state": _pick(rng, ["good", "slow", "down"]), "internet_baht": _pick(rng, [Decimal("590.5"), Decimal(700)], None), "lan": _pick(rng, ["yes", "no"]), "wireless": _pick(rng, ["yes", "no"]),
                **{f"{purpose}_{what}": _pick(rng, range(30), None) for purpose in ("teach", "office") for what in ("obec", "own", "usable", "broken")},
                "km_to_office": _pick(rng, [Decimal("4.5"), Decimal(12)], None), "terrain": _pick(rng, ["plain", "island"]), "hardship": _pick(rng, ["yes", "no"]), "local_kind": _pick(rng, ["sao", "town"]),
            })  # fmt: skip
        for _building in range(rng.randint(1, 12)):
            buildings.append({
                "school": code, "kind": rng.choice(["01", "02", "05", "28"]), "condition": _pick(rng, ["good", "fair", "poor"]), "standing": rng.choice(["standing"] * 5 + ["asked", "permitted", "demolished"]),
                "rooms_plan": _pick(rng, range(12), None), "rooms_used": _pick(rng, range(8), None), "seats": _pick(rng, range(9), None), "year_built": _pick(rng, range(2500, school_year + 1), None), "budget": _pick(rng, [Decimal("1250000.50")], None),
            })  # fmt: skip
        land += [
            {
                "school": code,
                "kind": _pick(rng, ["treasury", "temple"]),
                "area_wa": Decimal(rng.randint(10, 9999)),
                "documented": rng.random() < 0.7,
            }
            for _parcel in range(rng.randint(0, 2))
        ]
        for holder in (code, "9902")[: 1 + (n == 0)]:
            articles += [{
                "school": holder, "item_code": rng.choice(["21007", "22001", ""]), "kind": _pick(rng, ["computer", "office"]), "condition": rng.choice(["in_use", "waiting_repair", "missing"]),
                "money": rng.choice(["budget", "donation"]), "articles": rng.randint(1, 40), "price": Decimal(rng.randint(1, 10**6)) / 4, "net": Decimal(rng.randint(1, 10**5)) / 4,
            } for _article in range(rng.randint(1, 6))]  # fmt: skip
        children += [
            {
                "school": code,
                "age": rng.randint(1, 18),
                "sex": rng.choice("mf"),
                "state": rng.choice(["service", "area", "private", "none", "exempt", "done", "young"]),
                "children": rng.randint(1, 20),
            }
            for _c in range(30)
        ]
        villages += [
            {
                "school": code,
                "village": v,
                "children": 30,
                "at_school": rng.randint(20, 30),
                "out_of_school": 1,
            }
            for v in ("", "99020101")[: rng.randint(1, 2)]
        ]
        tracing += [
            {
                "school": code,
                "cause": rng.choice(["no_school", "left"]),
                "reason": rng.choice(["", "income"]),
                "state": state,
                "outcome": "" if state else rng.choice(["back", "gone", "mistake"]),
                "cases": rng.randint(1, 9),
            }
            for state in ("", "tracing", "found")
        ]
    gone = {"school": "99029999", "grade": "p1", "sex": "f", "pupils": 6}
    pupils.append({**gone, "room": 1, "disadvantage": "", "disability": ""})
    term = {
        "schools": schools, "roll": roll, "pupils": pupils, "pupils_age": ages, "pupils_origin": origins, "pupils_journey": journeys, "pupils_body": bodies,
        "pupils_wants": wants, "movements": moves, "staff": staff, "positions": positions, "manpower": manpower,
    }  # fmt: skip
    yearly = {
        "schools": schools, "roll": roll, "emis": emis, "buildings": buildings, "land": land, "articles": articles, "children": children,
        "children_villages": villages, "children_tracing": tracing,
    }  # fmt: skip
    return term, yearly
