"""The facts of an edition: figures through the door of statistics, schools as the census froze them, names as the registers have them.

Heavy (pyarrow, and what statistics loads): imported where a file is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import combinations
from typing import Any

import pyarrow.parquet as pq
from django.utils import timezone
from django.utils.translation import gettext as _t

from khet.base.lib.errors import Refusal
from khet.base.lib.thai import learn, sort_key, thai_date
from khet.base.org.api import Holding, Post, Unit, office
from khet.base.org.choices import PostKind, UnitKind
from khet.kits.rounds.api import Census, census_folder, censuses
from khet.modules.schools.api import School, own_schools
from khet.modules.schools.choices import Grade, Levels
from khet.outlets.books.facts import (
    AREA,
    CensusFact,
    Cube,
    Dim,
    Facts,
    Figure,
    GroupFact,
    IndicatorFact,
    PastFact,
    SchoolFact,
)
from khet.outlets.books.models import Edition
from khet.outlets.books.queries.maps import ground_of, kept
from khet.outlets.maps.api import SchoolSymbols, area_map_svg, choropleth_svg, school_map_svg
from khet.outlets.statistics.api import Figures, Indicator, figures, indicators, past_by_place

STAGES = {"k": "อนุบาลปีที่", "p": "ประถมศึกษาปีที่", "m": "มัธยมศึกษาปีที่"}
GRADES = {grade.value: f"{STAGES[grade.value[0]]} {grade.value[1]}" for grade in Grade}
PER_ROOM, ROOMS = "pupils_per_room", "rooms"
"""Rooms are what the pupils of a grade are divided by: the denominator of pupils per room."""


def facts_of(edition: Edition) -> Facts:
    """Everything the edition's book says. Raises ``Refusal`` when none of its censuses counts any more."""
    known = {one.pk: one for one in censuses(edition.school_year)}
    chosen = [known[pk] for pk in edition.census_ids if pk in known]
    if not chosen:
        raise Refusal(_t("ข้อมูลของเล่มนี้ถูกปิดใหม่แล้ว เปิดหน้าเลือกบทแล้วเลือกข้อมูลอีกครั้ง"), code="books.no_census")
    reader = _Reader(chosen)
    own = office()
    return Facts(
        office=own.name,
        office_short=own.short_name,
        school_year=edition.school_year,
        censuses=[census_fact(one) for one in chosen],
        schools=_schools(chosen),
        groups=_groups(own),
        indicators=reader.indicators,
        cube=reader.cube,
        past=reader.past,
        before=reader.before,
    )


def census_fact(census: Census) -> CensusFact:
    round_ = census.round
    return CensusFact(
        pk=census.pk, title=round_.title, short=round_.short, school_year=round_.school_year, as_at=round_.as_at,
        closed_on=timezone.localtime(census.made_at).date(), sha256=census.sha256, yearly=round_.kind != "term",
    )  # fmt: skip


class _Reader:
    """Figures of the edition's censuses, each asked for once; and of the years before."""

    def __init__(self, chosen: Sequence[Census]) -> None:
        self.chosen = chosen
        self.indicators = {one.code: _indicator(one) for one in indicators}
        if PER_ROOM in self.indicators:
            self.indicators[ROOMS] = IndicatorFact(
                code=ROOMS,
                chapter="pupils",
                title="ห้องเรียน",
                definition="ห้องที่มีนักเรียน นับจากชั้นและห้องในทะเบียน",
                unit="ห้อง",
                dims=("grade",),
            )
        self.cube = cache(self._cube)
        self.past = cache(self._past)
        self.before = cache(self._before)
        self._years = cache(self._years_of)
        self._documents = cache(self._documents_of)
        self.answering = cache(self._answering)

    def _cube(self, code: str, level: str) -> Cube:
        indicator = self.indicators[code]
        declared = indicators[PER_ROOM if code == ROOMS else code]
        for census in self.chosen:
            found = figures(declared.code, [census], level)
            if found.missing:
                continue
            rows = [_row(found, row, rooms=code == ROOMS) for row in found.rows]
            sums = None
            if declared.small and declared.dims:
                sums = {
                    key: row
                    for subset in _subsets(declared)
                    for key, row in _partial(declared, census, level, subset)
                }
            return Cube(indicator, [_dim(one) for one in found.dims], rows, census_fact(census), level, sums)
        return Cube(indicator, [], [], None, level)

    def _answering(self, code: str) -> Census | None:
        """The census of the edition that counts an indicator."""
        cube = self.cube(code, "area")
        return next((one for one in self.chosen if cube.census and one.pk == cube.census.pk), None)

    def _years_of(self, code: str, level: str) -> list[tuple[CensusFact, dict[str, float | None]]]:
        census = self.answering(code)
        if census is None:
            return []
        round_ = census.round
        alike = [
            one
            for one in censuses()
            if (one.round.kind, one.round.number) == (round_.kind, round_.number)
            and one.round.school_year <= round_.school_year
        ]
        found = []
        declared = PER_ROOM if code == ROOMS else code
        for one in reversed(alike[:10]):
            asked = figures(declared, [one], level, dims=())
            values = {
                AREA if level == "area" else row.place: (row.of if code == ROOMS else row.value)
                for row in asked.rows
            }
            found.append((census_fact(one), {} if asked.missing else values))
        return found

    def _past(self, code: str, school: str = "") -> list[tuple[CensusFact, float | None]]:
        """Year by year, oldest first; years that did not count the indicator are None."""
        return [
            (fact, values.get(school)) for fact, values in self._years(code, "school" if school else "area")
        ]

    def _before(self, code: str, school: str = "") -> list[PastFact]:
        """Year by year, oldest first, before the first census."""
        return self._documents(code, "school" if school else "area").get(school, [])

    def _documents_of(self, code: str, level: str) -> dict[str, list[PastFact]]:
        census, declared = self.answering(code), indicators.get(code)
        if census is None or declared is None:
            return {}
        found = past_by_place(declared, level, of=census.round)
        return {
            place: [
                PastFact(school_year=one.school_year, value=one.cell.value, source=one.source)
                for one in years
                if one.cell.value is not None
            ]
            for place, years in found.items()
        }


def _indicator(one: Indicator) -> IndicatorFact:
    return IndicatorFact(
        code=one.code, chapter=str(one.chapter), title=str(one.title), definition=str(one.definition), unit=str(one.unit),
        dims=one.dim_codes, kind=str(one.kind), decimals=one.digits, scale=float(one.scale),
    )  # fmt: skip


def _dim(one: Any) -> Dim:
    values = dict(one.values)
    if one.code == "grade":
        return Dim(
            code=one.code,
            title=one.title,
            values={code: GRADES.get(code, words) for code, words in values.items()},
            short=values,
        )
    return Dim(code=one.code, title=one.title, values=values)


def _row(found: Figures, row: Any, *, rooms: bool = False) -> Figure:
    place = AREA if found.level == "area" else row.place
    if rooms:
        return Figure(place, row.dims, row.of)
    return Figure(place, row.dims, row.n, row.of, row.value, row.hidden)


def _subsets(declared: Indicator) -> list[tuple[str, ...]]:
    codes = declared.dim_codes
    return [chosen for size in range(len(codes)) for chosen in combinations(codes, size)]


def _partial(
    declared: Indicator, census: Census, level: str, chosen: tuple[str, ...]
) -> list[tuple[tuple[str, tuple[str | None, ...]], Figure]]:
    """Figures of what may be hidden are not added up here, they are asked for: the whole of a hidden cell is no secret."""
    found = figures(declared.code, [census], level, dims=chosen)
    made = []
    for row in found.rows:
        given = dict(zip(chosen, row.dims, strict=True))
        figure = _row(found, row)
        made.append(((figure.place, tuple(given.get(code) for code in declared.dim_codes)), figure))
    return made


@lru_cache(maxsize=8)
def _frozen_schools(path: str) -> list[dict[str, Any]]:
    return pq.read_table(path).to_pylist()


def _schools(chosen: Sequence[Census]) -> list[SchoolFact]:
    """Schools of the first census that knows them, with what only the register has; without such a census those of the register."""
    register = {school.smis8: school for school in own_schools().exclude(smis8="")}
    heads = _heads()
    rows: list[dict[str, Any]] = []
    for census in chosen:
        path = census_folder(census) / "schools.parquet"
        if path.is_file():
            rows = _frozen_schools(str(path))
            break
    if not rows:
        rows = [_as_row(school) for school in register.values()]
    made = [_school(row, register.get(row["school"]), heads) for row in rows]
    learn([one.name for one in made] + [one.subdistrict for one in made] + [one.district for one in made])
    return sorted(made, key=lambda one: (one.district_code, one.sort_name, one.code))


def _as_row(school: School) -> dict[str, Any]:
    return {
        "school": school.smis8, "name": school.name, "district_code": school.amphoe_code, "district": school.amphoe, "subdistrict": school.tambon,
        "network": "", "levels": school.levels, "kind": "", "standing": "", "lat": school.latitude, "lon": school.longitude,
        "position_confirmed": school.position_confirmed,
    }  # fmt: skip


def _school(row: Mapping[str, Any], known: School | None, heads: Mapping[int, tuple[str, str]]) -> SchoolFact:
    head, post = heads.get(known.unit_id, ("", "")) if known else ("", "")
    levels = row["levels"] or ""
    return SchoolFact(
        code=row["school"], name=row["name"], sort_name=sort_key(row["name"]), district=row["district"] or "ไม่ระบุ", district_code=row["district_code"] or "",
        subdistrict=row["subdistrict"] or "", network=row["network"] or "", levels=levels, levels_words=str(Levels(levels).label) if levels in Levels.values else "",
        extended=levels in ("kl", "pl"), standing=row["standing"] or "", latitude=float(row["lat"]) if row["lat"] is not None else None,
        longitude=float(row["lon"]) if row["lon"] is not None else None, confirmed=bool(row["position_confirmed"]), head=head, head_post=post,
        obec10=known.obec10 if known else "", obec6=known.obec6 if known else "", address=known.full_address if known else "",
        phone=known.phone if known else "", email=known.email if known else "", website=known.website if known else "",
        founded=thai_date(known.founded_on) if known and known.founded_on else "", km_to_office=float(known.km_to_office) if known and known.km_to_office is not None else None,
        unit=known.unit_id if known else None,
    )  # fmt: skip


def _heads() -> dict[int, tuple[str, str]]:
    """Unit of a school → who heads it today, and as what."""
    rows = (
        Holding.objects.on()
        .filter(post__kind=PostKind.PRINCIPAL, post__unit__kind=UnitKind.SCHOOL)
        .select_related("person", "post")
        .order_by("since")
    )
    return {
        one.post.unit_id: (
            one.person.full_name,
            "ผู้อำนวยการ" if one.kind == "substantive" else "รักษาการผู้อำนวยการ",
        )
        for one in rows
    }


def _groups(own: Unit) -> list[GroupFact]:
    """The office and its groups with the people who hold their posts today."""
    units = [own, *Unit.objects.on().filter(kind=UnitKind.GROUP, parent=own).order_by("position", "pk")]
    held = {
        one.post_id: one.person.full_name
        for one in Holding.objects.on()
        .filter(post__unit__in=units)
        .select_related("person")
        .order_by("since")
    }
    people: dict[int, list[tuple[str, str]]] = {}
    for post in Post.objects.on().filter(unit__in=units).order_by("position", "pk"):
        if post.pk in held:
            people.setdefault(post.unit_id, []).append((held[post.pk], post.title))
    return [
        GroupFact(name="ผู้บริหาร" if unit is own else unit.name, people=people.get(unit.pk, []))
        for unit in units
    ]


class AreaMaps:
    """Maps of the area for paper, through the door of maps."""

    def __init__(self, facts: Facts, thai_digits: bool) -> None:
        codes = [one.code for one in facts.schools]
        self.schools = {school.smis8: school for school in own_schools().filter(smis8__in=codes)}
        self.thai_digits = thai_digits
        self.ground = ground_of()

    def districts(self, values: Mapping[str, float | None], unit: str, decimals: int) -> str | None:
        return choropleth_svg(
            dict(values), unit=unit, decimals=decimals, width=260, compact=True, thai_digits=self.thai_digits
        )

    def area(self) -> str | None:
        return area_map_svg(
            schools=self.schools.values(), symbols=SchoolSymbols.SIZE, width=680, thai_digits=self.thai_digits
        )

    def school(self, code: str) -> str | None:
        school = self.schools.get(code)
        if school is None:
            return None
        key = [
            self.ground,
            school.latitude,
            school.longitude,
            school.position_state,
            school.tambon_code,
            school.amphoe_code,
            self.thai_digits,
        ]
        return kept("school", key, lambda: school_map_svg(school, width=260, thai_digits=self.thai_digits))

    def cover(self, values: Mapping[str, float | None], unit: str) -> str | None:
        return choropleth_svg(dict(values), unit=unit, width=320, compact=True, thai_digits=self.thai_digits)
