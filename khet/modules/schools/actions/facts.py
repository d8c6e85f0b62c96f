"""Adding and changing schools, one or a whole list, with the units, codes and networks that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.sorting import sort_key
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.actions import add_units
from khet.base.org.api import Actor, Grouping, Unit, entry, today, verb
from khet.base.org.choices import UnitKind
from khet.kits.search.api import index
from khet.modules.schools.actions.outlines import measure
from khet.modules.schools.choices import PROVINCES, CodeKind, PositionState, Status
from khet.modules.schools.models import School, SchoolCode, SchoolStatus
from khet.modules.schools.queries import area_office, find_networks, is_own_area
from khet.modules.schools.rules import EDIT, EDIT_OWN, IMPORT

CODE_FIELDS = {
    "smis8": CodeKind.SMIS,
    "obec10": CodeKind.MOE,
    "obec6": CodeKind.OBEC,
    "area_code": CodeKind.AREA,
}
CONTACT_FIELDS = (
    "phone", "fax", "email", "website", "line_id", "saraban_name", "saraban_phone",
)  # fmt: skip
FACT_FIELDS = (
    "name", "name_en", "smis8", "obec10", "obec6", "area_code", "area_name", "levels", "founded_on",
    "local_government", "address", "tambon", "tambon_code", "amphoe", "amphoe_code", "province", "postcode",
    "km_to_office", "km_to_amphoe", *CONTACT_FIELDS, "pupils", "pupils_on", "pupils_source",
)  # fmt: skip
_PLACE = ("latitude", "longitude", "position_source")


def bare_name(name: str) -> str:
    """The name without โรงเรียน."""
    return normalise(name).removeprefix("โรงเรียน").strip()


@verb("schools.add", gettext_lazy("เพิ่มโรงเรียน"), capability=EDIT)
def add_school(*, actor: Actor, **values: Any) -> School:
    """Add one school with its unit, codes and network; values as for ``import_schools``."""
    school = _create(actor, [values])[0]
    entry().on(school, school.unit)
    return school


@verb("schools.change", gettext_lazy("แก้ไขข้อมูลโรงเรียน"), capability=EDIT, on="school")
def change_school(*, actor: Actor, school: School, **values: Any) -> School:
    """Change facts. A new code closes the old one, which goes on finding the school."""
    entry().on(school, school.unit)
    _change(actor, [(school, values)], journal=True)
    return school


@verb("schools.change_contacts", gettext_lazy("แก้ไขข้อมูลติดต่อ"), capability=EDIT_OWN, on="school")
def change_contacts(*, actor: Actor, school: School, **values: Any) -> School:
    """What a school's own people keep up to date themselves."""
    strange = values.keys() - set(CONTACT_FIELDS)
    if strange:
        raise Refusal(
            _("โรงเรียนแก้ได้เฉพาะข้อมูลติดต่อ ข้อมูลอื่นแจ้งผู้ดูแลข้อมูลโรงเรียนของเขต"), code="schools.contacts_only"
        )
    entry().on(school, school.unit)
    _change(actor, [(school, values)], journal=True)
    return school


@verb("schools.import", gettext_lazy("นำเข้าทะเบียนโรงเรียน"), capability=IMPORT)
def import_schools(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[School, Mapping[str, Any]]],
    source: str,
) -> list[School]:
    """Add and change many schools, set-based; returns the new ones in order.

    Values are named like the fields of ``School``, with ``network`` as a name: a network that does not exist
    is made. ``since`` is the day from which a new school is kept here, in its network too.
    """
    made = _create(actor, new)
    _change(actor, changed)
    entry().tell(source=source, new=len(new), changed=len(changed))
    return made


@verb("schools.remove_imported", gettext_lazy("นำโรงเรียนที่นำเข้าออก"), capability=IMPORT)
def remove_imported(*, actor: Actor, schools: Sequence[School], source: str) -> None:
    """Take away schools that an import has just made. Whatever refers to them stops it (``ProtectedError``)."""
    units = [school.unit_id for school in schools]
    entry().tell(source=source, codes=[school.smis8 for school in schools][:500], removed=len(units))
    gone = [school.pk for school in schools]
    School.objects.filter(pk__in=gone).delete()
    index(School, gone)
    Grouping.objects.filter(member__in=units).delete()
    Unit.objects.filter(pk__in=units).delete()


@verb("schools.move_network", gettext_lazy("ย้ายเครือข่าย"), capability=EDIT)
def move_network(*, actor: Actor, schools: Sequence[School], network: Unit, since: date | None = None) -> int:
    """Put schools into a network from a day; each leaves its former one the day before."""
    moved = _place({school.unit_id: network for school in schools}, since or today())
    entry().on(network, *schools[:200])
    entry().tell(network=network.name, schools=moved, since=since or today())
    return moved


def _create(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[School]:
    if not rows:
        return []
    office = area_office()
    schools, units = [], []
    for row in rows:
        values = _facts(row)
        if not values.get("name"):
            raise Refusal(_("ยังไม่ได้ใส่ชื่อโรงเรียน"), code="schools.name", field="name")
        if not values.get("smis8"):
            raise Refusal(_("ยังไม่ได้ใส่รหัส 8 หลัก"), code="schools.smis8", field="smis8")
        school = School(**values)
        _derive(school)
        own = is_own_area(school.area_code, office)
        if own and office is not None and not school.area_code:
            school.area_code = office.code
        if own and office is not None:
            school.area_name = office.short_name if not school.area_name else school.area_name
        _position(school, row)
        school.unit = Unit(
            kind=UnitKind.SCHOOL,
            code=school.smis8,
            name=school.full_name,
            short_name=school.name[:80],
            name_en=school.name_en,
            parent=office if own else None,
            since=row.get("since") or school.founded_on or today(),
        )
        schools.append(school)
        units.append(school.unit)
    _refuse_taken(schools)
    add_units(actor=actor, units=units)
    for school in schools:
        school.unit_id = school.unit.pk
        school.search_text = search_text(school, [getattr(school, name) for name in CODE_FIELDS], [])
    School.objects.bulk_create(schools, batch_size=1000)
    SchoolCode.objects.bulk_create(
        [
            SchoolCode(school=school, kind=kind, value=getattr(school, name), since=school.unit.since)
            for school in schools
            for name, kind in CODE_FIELDS.items()
            if getattr(school, name)
        ],
        batch_size=2000,
    )
    SchoolStatus.objects.bulk_create(
        SchoolStatus(school=school, status=Status.NORMAL, since=school.unit.since) for school in schools
    )
    _into_networks(
        actor,
        {school.unit_id: row.get("network") for school, row in zip(schools, rows, strict=True)},
        days={school.unit_id: row.get("since") for school, row in zip(schools, rows, strict=True)},
    )
    measure([school.pk for school in schools])
    index(School, [school.pk for school in schools])
    return schools


def _change(actor: Actor, rows: Sequence[tuple[School, Mapping[str, Any]]], *, journal: bool = False) -> None:
    if not rows:
        return
    touched: set[str] = set()
    new_codes: list[SchoolCode] = []
    renamed: list[Unit] = []
    moved_area: list[School] = []
    networks: dict[int, Any] = {}
    day = today()
    for school, given in rows:
        values = _facts(given)
        for name, kind in CODE_FIELDS.items():
            if name in values and values[name] != getattr(school, name):
                if name == "smis8" and not values[name]:
                    raise Refusal(_("รหัส 8 หลักว่างไม่ได้"), code="schools.smis8", field="smis8")
                new_codes.append(SchoolCode(school=school, kind=kind, value=values[name], since=day))
                if name == "area_code":
                    moved_area.append(school)
        before = {name: getattr(school, name) for name in values}
        for name, value in values.items():
            setattr(school, name, value)
        if _position(school, given):
            touched |= {*_PLACE, "position_state", "position_by", "position_at"}
        _derive(school)
        changed = [name for name, value in before.items() if value != getattr(school, name)]
        if journal:
            for name in changed:
                entry().changed(name, before[name], getattr(school, name))
        touched |= {*values, "province"}
        unit = school.unit
        words = {
            "name": school.full_name,
            "short_name": school.name[:80],
            "name_en": school.name_en,
            "code": school.smis8,
        }
        if any(getattr(unit, name) != value for name, value in words.items()):
            for name, value in words.items():
                setattr(unit, name, value)
            renamed.append(unit)
        if "network" in given:
            networks[school.unit_id] = given["network"]
    schools = [school for school, _values in rows]
    _refuse_taken(schools)
    _write_codes(new_codes, day)
    _reindex(schools)
    School.objects.bulk_update(schools, sorted(touched | {"sort_name", "search_text"}), batch_size=500)
    Unit.objects.bulk_update(renamed, ["name", "short_name", "name_en", "code"], batch_size=500)
    _move_areas(moved_area)
    _into_networks(actor, networks, journal=journal)
    if touched & {"tambon_code", "latitude", "longitude"}:
        measure([school.pk for school in schools])
    index(School, [school.pk for school in schools])


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only the facts, each in the one spelling; None becomes the field's own emptiness."""
    facts = {}
    for name in FACT_FIELDS:
        if name in values:
            value = values[name]
            field = School._meta.get_field(name)
            if value is None and not field.null:
                value = ""
            facts[name] = normalise(value) if isinstance(value, str) else value
    if "name" in facts:
        facts["name"] = bare_name(facts["name"])
    return facts


def _derive(school: School) -> None:
    school.sort_name = sort_key(school.name)[:600]
    if not school.province:
        school.province = PROVINCES.get((school.amphoe_code or school.tambon_code)[:2], "")


def _position(school: School, values: Mapping[str, Any]) -> bool:
    """A position from a file stays an estimate until a person confirms it on the map."""
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if "latitude" not in values and "longitude" not in values:
        return False
    latitude = school.latitude if "latitude" not in values else latitude
    longitude = school.longitude if "longitude" not in values else longitude
    if latitude is None or longitude is None:
        latitude = longitude = None
    school.latitude, school.longitude = latitude, longitude
    school.position_state = PositionState.NONE if latitude is None else PositionState.ESTIMATED
    school.position_source = str(values.get("position_source") or school.position_source or "")[:120]
    school.position_by, school.position_at = "", None
    return True


def _refuse_taken(schools: Sequence[School]) -> None:
    """A code that another school bears, or bore, is refused with that school's name."""
    mine = {school.pk for school in schools if school.pk}
    for name, kind in CODE_FIELDS.items():
        if kind == CodeKind.AREA:
            continue
        values = {getattr(school, name): school for school in schools if getattr(school, name)}
        taken = (
            SchoolCode.objects.filter(kind=kind, value__in=values)
            .exclude(school__in=mine)
            .select_related("school")
            .first()
        )
        if taken:
            raise Conflict(
                _("%(label)s %(value)s เป็นของ%(school)s แล้ว ตรวจรหัสกับเอกสาร")
                % {"label": kind.label, "value": taken.value, "school": taken.school.full_name},
                code="schools.code_taken",
                field=name,
            )


def _write_codes(codes: Sequence[SchoolCode], day: date) -> None:
    """Close the codes these replace the day before, and open the new ones."""
    if not codes:
        return
    keys = {(code.school_id, code.kind) for code in codes}
    held = [
        code
        for code in SchoolCode.objects.filter(
            school__in={school for school, _kind in keys}, until__isnull=True
        )
        if (code.school_id, code.kind) in keys
    ]
    for code in held:
        code.until = max(day - timedelta(days=1), code.since)
    SchoolCode.objects.bulk_update(held, ["until"])
    SchoolCode.objects.bulk_create(code for code in codes if code.value)


def _move_areas(schools: Sequence[School]) -> None:
    """A new area code moves the unit under the office, or out from under it."""
    office = area_office()
    for school in schools:
        parent = office if is_own_area(school.area_code, office) else None
        school.unit.parent = parent
        school.unit.ancestors = [*(parent.ancestors if parent else []), school.unit_id]
    Unit.objects.bulk_update([school.unit for school in schools], ["parent", "ancestors"])


def _into_networks(
    actor: Actor,
    wanted: Mapping[int, Any],
    *,
    journal: bool = False,
    days: Mapping[int, date | None] = {},
) -> None:
    """Unit id → network (a unit, a name, or empty to leave); networks named for the first time are made.

    ``days``: from when, where it is not today; never before the network itself.
    """
    names = {name for name in wanted.values() if isinstance(name, str) and name}
    known = find_networks(names)
    missing = sorted(names - known.keys())
    if missing:
        made = [
            Unit(kind=UnitKind.NETWORK, code=f"n-{fold(name)}"[:20], name=f"เครือข่าย{name}", short_name=name[:80], parent=area_office())
            for name in missing
        ]  # fmt: skip
        add_units(actor=actor, units=made)
        known |= dict(zip(missing, made, strict=True))
    goals = {pk: known.get(to) if isinstance(to, str) else to for pk, to in wanted.items()}
    before = dict(
        Grouping.objects.on().filter(member__in=goals, group__kind=UnitKind.NETWORK).values_list("member", "group__name")
    ) if journal else {}  # fmt: skip
    moving: dict[date, dict[int, Unit]] = {}
    for pk, to in goals.items():
        if to is not None:
            moving.setdefault(max(days.get(pk) or today(), to.since), {})[pk] = to
    for day, places in moving.items():
        _place(places, day)
    leaving = [pk for pk, to in wanted.items() if to is None or to == ""]
    # A network not given in a list of new schools is no wish to leave one; only an explicit change is.
    _leave(leaving, today())
    if journal:
        for pk, to in goals.items():
            after = to.name if to else ""
            if before.get(pk, "") != after:
                entry().changed("network", before.get(pk, ""), after)


def _place(goals: Mapping[int, Unit], since: date) -> int:
    """Open memberships in networks, set-based; returns how many schools moved."""
    current = {
        g.member_id: g
        for g in Grouping.objects.filter(member__in=goals, group__kind=UnitKind.NETWORK, until__isnull=True)
    }
    moving = {pk: to for pk, to in goals.items() if pk not in current or current[pk].group_id != to.pk}
    _leave([pk for pk in moving if pk in current], since)
    Grouping.objects.bulk_create(Grouping(group=to, member_id=pk, since=since) for pk, to in moving.items())
    return len(moving)


def _leave(members: Iterable[int], since: date) -> None:
    held = Grouping.objects.filter(member__in=list(members), group__kind=UnitKind.NETWORK, until__isnull=True)
    held.filter(since__gte=since).delete()
    held.update(until=since - timedelta(days=1))


def search_text(school: School, codes: Iterable[str], received: Iterable[str]) -> str:
    """What the list searches: names, every code ever borne, place, and the schools it took over."""
    words = [
        school.full_name, school.name_en, *codes, school.tambon, school.amphoe, *received,
    ]  # fmt: skip
    return fold(" ".join(dict.fromkeys(word for word in words if word)))


def reindex(schools: Sequence[School]) -> None:
    """Rewrite what the list searches, after codes or mergers changed."""
    _reindex(schools)
    School.objects.bulk_update(schools, ["search_text"])
    index(School, [school.pk for school in schools])


def _reindex(schools: Sequence[School]) -> None:
    codes: dict[int, list[str]] = {school.pk: [] for school in schools}
    for pk, value in (
        SchoolCode.objects.filter(school__in=codes).order_by("pk").values_list("school", "value")
    ):
        codes[pk].append(value)
    received: dict[int, list[str]] = {school.pk: [] for school in schools}
    for row in (
        School.objects.filter(joined__in=codes)
        .order_by("pk")
        .values("joined", "name", "smis8", "obec10", "obec6")
    ):
        received[row["joined"]] += [row["name"], row["smis8"], row["obec10"], row["obec6"]]
    for school in schools:
        school.search_text = search_text(school, codes[school.pk], received[school.pk])
