"""Villages, and which school serves them. Set-based: a file of a whole area is a handful of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.calendar import school_year
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, entry, save, today, verb, visible
from khet.base.org.rules import forbidden
from khet.modules.schools.choices import PROVINCES, STEPS_OF_SERVICE, ServiceLevel, grades_of
from khet.modules.schools.models import School, ServiceVillage, Village
from khet.modules.schools.rules import SERVICE

VILLAGE_FIELDS = ("name", "tambon", "amphoe", "province")
EARLIEST_YEAR = 2480
_LEVELS = {f"{level}_code": level for level in ServiceLevel}


@verb("schools.add_village", gettext_lazy("เพิ่มหมู่บ้าน"), capability=SERVICE)
def add_village(*, actor: Actor, **values: Any) -> Village:
    """Add a village by its tambon code and number."""
    village = _built(values)
    if Village.objects.filter(code=village.code).exists():
        raise Conflict(
            _("มีหมู่ %(moo)d ของตำบลนี้แล้ว เปิดหมู่บ้านเดิมเพื่อแก้ไข") % {"moo": village.moo},
            code="schools.village_taken",
            field="moo",
        )
    village.save()
    entry().on(village)
    return village


@verb("schools.change_village", gettext_lazy("แก้ไขหมู่บ้าน"), capability=SERVICE)
def change_village(*, actor: Actor, village: Village, **values: Any) -> Village:
    """Change names; the tambon and the number of a village are what it is and do not change."""
    if values.keys() & {"moo", "tambon_code"} and (
        int(values.get("moo", village.moo)) != village.moo
        or values.get("tambon_code", village.tambon_code) != village.tambon_code
    ):
        raise Refusal(
            _("ตำบลและเลขหมู่แก้ไม่ได้ เพราะข้อมูลเดิมอ้างถึงอยู่ เพิ่มเป็นหมู่บ้านใหม่"),
            code="schools.village_key",
            field="moo",
        )
    entry().on(village)
    save(village, **{name: normalise(values[name] or "") for name in VILLAGE_FIELDS if name in values})
    return village


@verb("schools.serve_villages", gettext_lazy("กำหนดเขตพื้นที่บริการ"), capability=SERVICE)
def serve_villages(
    *,
    actor: Actor,
    school: School | None,
    villages: Sequence[Village],
    level: str = ServiceLevel.PRIMARY,
    since_year: int | None = None,
    reference: str = "",
) -> int:
    """From a school year on (BE, default the present one) these villages belong to ``school``, or to none.

    Whatever was to hold from that year on gives way; earlier years stay as they were. Returns how many changed.
    """
    year = since_year or school_year(today())
    if not EARLIEST_YEAR <= year <= school_year(today()) + 1:
        raise Refusal(
            _("ปีการศึกษาต้องอยู่ระหว่าง %(low)d ถึง %(high)d")
            % {"low": EARLIEST_YEAR, "high": school_year(today()) + 1},
            code="schools.service_year",
            field="since_year",
        )
    changed = _serve(
        actor,
        {(village.pk, level): school for village in villages},
        year=year,
        reference=normalise(reference),
    )
    if school is not None:
        entry().on(school, school.unit)
    entry().on(*villages[:200])
    entry().tell(level=level, since_year=year, villages=changed, reference=reference)
    return changed


@verb("schools.import_villages", gettext_lazy("นำเข้าหมู่บ้านและเขตพื้นที่บริการ"), capability=SERVICE)
def import_villages(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[Village, Mapping[str, Any]]],
    source: str,
) -> list[Village]:
    """Add and change many villages. ``primary_code`` and ``lower_code`` name schools by their eight digits, from the
    present school year on; empty means that no school serves the village any more. Returns the new ones in order."""
    made = [_built(row) for row in new]
    Village.objects.bulk_create(made, batch_size=2000)
    for village, values in changed:
        for name in VILLAGE_FIELDS:
            if name in values:
                setattr(village, name, normalise(values[name] or ""))
    Village.objects.bulk_update([village for village, _v in changed], VILLAGE_FIELDS, batch_size=1000)
    rows = [*zip(made, new, strict=True), *changed]
    fresh = {village.pk for village in made}
    codes = {values[column] for _v, values in rows for column in _LEVELS if values.get(column)}
    schools = {school.smis8: school for school in School.objects.filter(smis8__in=codes)}
    wanted: dict[tuple[int, str], School | None] = {}
    for village, values in rows:
        for column, level in _LEVELS.items():
            if column not in values or (village.pk in fresh and not values[column]):
                continue
            code = values[column]
            if code and code not in schools:
                raise Refusal(_("ไม่พบโรงเรียนรหัส %(code)s") % {"code": code}, code="schools.no_school")
            wanted[village.pk, level] = schools[code] if code else None
    served = _serve(actor, wanted, year=school_year(today()), reference="")
    entry().tell(source=source, new=len(new), changed=len(changed), served=served)
    return made


@verb("schools.remove_imported_villages", gettext_lazy("นำหมู่บ้านที่นำเข้าออก"), capability=SERVICE)
def remove_imported_villages(*, actor: Actor, villages: Sequence[Village], source: str) -> None:
    """Take away villages that an import has just made, with their services; what refers to them stops it."""
    gone = [village.pk for village in villages]
    ServiceVillage.objects.filter(village__in=gone).delete()
    Village.objects.filter(pk__in=gone).delete()
    entry().tell(source=source, removed=len(gone))


def _built(values: Mapping[str, Any]) -> Village:
    """A village from values, with its code; refused where the values cannot be one."""
    tambon_code, moo = str(values.get("tambon_code") or ""), values.get("moo")
    if not (len(tambon_code) == 6 and tambon_code.isascii() and tambon_code.isdigit()):
        raise Refusal(_("รหัสตำบลต้องเป็นตัวเลข 6 หลัก"), code="schools.tambon_code", field="tambon_code")
    if moo is None or not 0 <= int(moo) <= 99:
        raise Refusal(_("เลขหมู่ต้องอยู่ระหว่าง 0 ถึง 99 (0 คือไม่มีหมู่)"), code="schools.moo", field="moo")
    names = {name: normalise(values.get(name) or "") for name in VILLAGE_FIELDS}
    if not names["tambon"] or not names["amphoe"]:
        raise Refusal(_("ใส่ชื่อตำบลและอำเภอ"), code="schools.tambon_name", field="tambon")
    names["province"] = names["province"] or PROVINCES.get(tambon_code[:2], "")
    return Village(code=f"{tambon_code}{int(moo):02d}", tambon_code=tambon_code, moo=int(moo), **names)


def _serve(
    actor: Actor, wanted: Mapping[tuple[int, str], School | None], *, year: int, reference: str
) -> int:
    """(village, level) → its school from a year on. Four statements, whatever the number of villages."""
    goals = {key: school.pk if school else None for key, school in wanted.items()}
    _refuse_levels(wanted)
    held = list(
        ServiceVillage.objects.select_for_update()
        .filter(village__in={village for village, _level in goals})
        .filter(Q(until_year__isnull=True) | Q(until_year__gte=year))
        .order_by("since_year")
    )
    standing: dict[tuple[int, str], list[ServiceVillage]] = {}
    for service in held:
        if (service.village_id, service.level) in goals:
            standing.setdefault((service.village_id, service.level), []).append(service)
    moving = {key: goal for key, goal in goals.items() if not _is_so(standing.get(key, []), goal, year=year)}
    touched = [service for key in moving for service in standing.get(key, [])]
    _demand_schools(actor, {s.school_id for s in touched} | {goal for goal in moving.values() if goal})
    ServiceVillage.objects.filter(pk__in=[s.pk for s in touched if s.since_year >= year]).delete()
    ServiceVillage.objects.filter(pk__in=[s.pk for s in touched if s.since_year < year]).update(
        until_year=year - 1
    )
    ServiceVillage.objects.bulk_create(
        [
            ServiceVillage(
                village_id=village, level=level, school_id=goal, since_year=year, reference=reference[:200]
            )
            for (village, level), goal in moving.items()
            if goal is not None
        ],
        batch_size=2000,
    )
    return len(moving)


def _is_so(standing: Sequence[ServiceVillage], goal: int | None, *, year: int) -> bool:
    """Is that already what holds from the year on?"""
    if goal is None:
        return not standing
    return len(standing) == 1 and (
        standing[0].school_id == goal and standing[0].since_year <= year and standing[0].until_year is None
    )


def _refuse_levels(wanted: Mapping[tuple[int, str], School | None]) -> None:
    """A school serves only a level that it teaches; one whose levels nobody has said may serve any."""
    for (_village, level), school in wanted.items():
        if school is None or not school.levels:
            continue
        if STEPS_OF_SERVICE[ServiceLevel(level)] not in {grade.step for grade in grades_of(school.levels)}:
            raise Refusal(
                _("%(school)sเปิดสอน%(levels)s จึงรับเขตพื้นที่บริการระดับ%(level)sไม่ได้")
                % {
                    "school": school.full_name,
                    "levels": school.get_levels_display(),
                    "level": ServiceLevel(level).label,
                },
                code="schools.service_level",
                field="level",
            )


def _demand_schools(actor: Actor, schools: Iterable[int]) -> None:
    """Every school that gains or loses a village is the actor's to write."""
    schools = set(schools)
    if schools and visible(actor, School.objects.filter(pk__in=schools), SERVICE).count() != len(schools):
        raise forbidden(SERVICE)
