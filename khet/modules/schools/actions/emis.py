"""The yearly facts of schools: beginning a year from the last one, changing, importing. Set-based where it is many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.calendar import school_year
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, entry, save, today, verb, visible
from khet.base.org.rules import forbidden
from khet.modules.schools.choices import Standing
from khet.modules.schools.models import Emis, School
from khet.modules.schools.queries import own_schools
from khet.modules.schools.rules import EMIS

EMIS_FIELDS = (
    "electricity", "water", "internet_kind", "internet_provider", "internet_mbps", "internet_state", "internet_baht", "lan", "wireless",
    "teach_obec", "teach_own", "teach_usable", "teach_broken", "office_obec", "office_own", "office_usable", "office_broken",
    "km_to_office", "km_to_amphoe", "land_wa", "standing", "mother", "terrain", "hardship", "local_kind", "local_government", "note",
)  # fmt: skip
_COLUMNS = [Emis._meta.get_field(name).column for name in EMIS_FIELDS]
EARLIEST_YEAR = 2480


def emis_code(school: School, year: int) -> str:
    return f"{school.smis8}-{year}"


@verb("schools.start_emis", gettext_lazy("เริ่มข้อมูล EMIS ของปีการศึกษา"), capability=EMIS, on="school")
def start_emis(*, actor: Actor, school: School, year: int | None = None) -> Emis:
    """The year's facts of a school, begun with those of the newest year before; what is there already is given back."""
    year = _year(year)
    _begin([school.pk], year)
    entry().on(school, school.unit)
    entry().tell(school_year=year)
    return Emis.objects.select_related("school").get(school=school, school_year=year)


@verb("schools.start_emis_year", gettext_lazy("เริ่มข้อมูล EMIS ของทุกโรงเรียน"), capability=EMIS)
def start_emis_year(*, actor: Actor, year: int | None = None) -> int:
    """Begin a year for every open school that the actor may write for; one statement. Returns how many began."""
    year = _year(year)
    schools = list(visible(actor, own_schools(), EMIS).values_list("pk", flat=True))
    begun = _begin(schools, year)
    entry().tell(school_year=year, schools=begun)
    return begun


@verb("schools.change_emis", gettext_lazy("แก้ข้อมูล EMIS"), capability=EMIS, on="emis")
def change_emis(*, actor: Actor, emis: Emis, **values: Any) -> Emis:
    """Change facts of one school and year."""
    values = _tidy(values)
    merged = {name: values.get(name, getattr(emis, name)) for name in ("standing", "mother")}
    _refuse_mother(emis.school_id, merged["standing"], merged["mother"])
    entry().on(emis, emis.school, emis.school.unit)
    save(emis, **values)
    Emis.objects.filter(pk=emis.pk).update(told_on=today())
    _carry([emis.school_id])
    return emis


@verb("schools.import_emis", gettext_lazy("นำเข้าข้อมูล EMIS"), capability=EMIS)
def import_emis(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[Emis, Mapping[str, Any]]],
    source: str,
) -> list[Emis]:
    """Keep a file of facts, set-based. New rows carry ``school`` and ``school_year``. Returns the new ones in order."""
    schools = {row["school"].pk for row in new} | {emis.school_id for emis, _values in changed}
    _demand_schools(actor, schools)
    made = [
        Emis(
            school=row["school"],
            school_year=row["school_year"],
            code=emis_code(row["school"], row["school_year"]),
            **_tidy(row),
        )
        for row in new
    ]
    for emis in made:
        _refuse_mother(emis.school_id, emis.standing, emis.mother)
    Emis.objects.bulk_create(made, batch_size=1000)
    for emis, values in changed:
        for name, value in _tidy(values).items():
            setattr(emis, name, value)
        _refuse_mother(emis.school_id, emis.standing, emis.mother)
        emis.told_on = today()
    Emis.objects.bulk_update([emis for emis, _v in changed], [*EMIS_FIELDS, "told_on"], batch_size=500)
    _carry(schools)
    entry().tell(source=source, new=len(new), changed=len(changed))
    return made


@verb("schools.remove_imported_emis", gettext_lazy("นำข้อมูล EMIS ที่นำเข้าออก"), capability=EMIS)
def remove_imported_emis(*, actor: Actor, rows: Sequence[Emis], source: str) -> None:
    """Take away facts that an import has just made."""
    _demand_schools(actor, {emis.school_id for emis in rows})
    Emis.objects.filter(pk__in=[emis.pk for emis in rows]).delete()
    entry().tell(source=source, removed=len(rows))


def _year(year: int | None) -> int:
    this_year = school_year(today())
    year = year or this_year
    if not EARLIEST_YEAR <= year <= this_year + 1:
        raise Refusal(
            _("ปีการศึกษาต้องอยู่ระหว่าง %(low)d ถึง %(high)d") % {"low": EARLIEST_YEAR, "high": this_year + 1},
            code="schools.emis_year",
            field="school_year",
        )
    return year


def _begin(schools: Sequence[int], year: int) -> int:
    """One statement: last year's facts where there are any, else what the register of schools knows."""
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    known = {
        "km_to_office": "s.km_to_office",
        "km_to_amphoe": "s.km_to_amphoe",
        "local_government": "s.local_government",
    }
    empty = {
        name: "''" if Emis._meta.get_field(name).get_internal_type() == "CharField" else "NULL"
        for name in EMIS_FIELDS
    }
    before = ", ".join(
        f'CASE WHEN l.id IS NULL THEN {known.get(name, empty[name])} ELSE l."{column}" END'
        for name, column in zip(EMIS_FIELDS, _COLUMNS, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO schools_emis (school_id, school_year, code, told_on, {names})
                SELECT s.id, %s, s.smis8 || '-' || %s::text, %s, {before} FROM schools_school s
                  LEFT JOIN LATERAL (SELECT * FROM schools_emis e WHERE e.school_id = s.id AND e.school_year < %s
                                      ORDER BY e.school_year DESC LIMIT 1) l ON TRUE
                 WHERE s.id = ANY(%s)
                ON CONFLICT DO NOTHING""",
            [year, year, today(), year, list(schools)],
        )
        return cursor.rowcount


def _tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Only the facts; None becomes the field's own emptiness."""
    tidy = {}
    for name in EMIS_FIELDS:
        if name in values:
            value = values[name]
            if value is None and not Emis._meta.get_field(name).null:
                value = ""
            tidy[name] = normalise(value) if isinstance(value, str) else value
    return tidy


def _refuse_mother(school: int, standing: str, mother: School | None) -> None:
    if mother is not None and mother.pk == school:
        raise Refusal(_("โรงเรียนเป็นโรงเรียนหลักของตนเองไม่ได้"), code="schools.own_mother", field="mother")
    if mother is not None and standing != Standing.MEMBER:
        raise Refusal(
            _("ระบุโรงเรียนหลักเมื่อเรียนรวมกับโรงเรียนหลักเท่านั้น แก้การจัดการของโรงเรียนให้ตรงกัน"),
            code="schools.mother",
            field="mother",
        )


def _carry(schools: Sequence[int] | set[int]) -> None:
    """Distances and local government of the newest year become those of the register, where they are said."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE schools_school s
                  SET km_to_office = coalesce(n.km_to_office, s.km_to_office),
                      km_to_amphoe = coalesce(n.km_to_amphoe, s.km_to_amphoe),
                      local_government = CASE WHEN n.local_government <> '' THEN n.local_government ELSE s.local_government END
                 FROM (SELECT DISTINCT ON (school_id) * FROM schools_emis WHERE school_id = ANY(%s)
                        ORDER BY school_id, school_year DESC) n
                WHERE n.school_id = s.id""",
            [list(schools)],
        )


def _demand_schools(actor: Actor, schools: set[int]) -> None:
    if schools and visible(actor, School.objects.filter(pk__in=schools), EMIS).count() != len(schools):
        raise forbidden(EMIS)
