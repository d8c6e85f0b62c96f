"""Schools by what files call them."""

from __future__ import annotations

from collections.abc import Iterable

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.names import school_key
from khet.modules.schools.models import School, SchoolCode

SCHOOL_CODE = (
    "รหัสโรงเรียน",
    "รหัส Smis 8 หลัก",
    "smis_code8",
    "smis",
    "รหัส 8 หลัก",
    "รหัสโรงเรียน 8 หลัก",
    "school_code",
)
SCHOOL_NAME = ("ชื่อโรงเรียน", "โรงเรียน", "ชื่อสถานศึกษา", "สถานศึกษา", "name_th")


def schools_by_words(words: Iterable[str]) -> dict[str, School]:
    """What a file calls schools, by any code old or new or by a name that only one has → the school; and by its own
    eight digits."""
    plain = {word: to_arabic_digits(word).strip() for word in words}
    if not plain:
        return {}
    codes: dict[str, int] = {}
    held = SchoolCode.objects.filter(value__in=set(plain.values())).exclude(kind="area")
    for value, school, _until in held.order_by("-until", "pk").values_list("value", "school", "until"):
        codes[value] = school
    names: dict[str, int | None] = {}
    for pk, name in School.objects.filter(unit__until__isnull=True).values_list("pk", "name"):
        key = school_key(name)
        names[key] = None if key in names else pk
    pks = {word: codes.get(code) or names.get(school_key(word)) for word, code in plain.items()}
    schools = School.objects.in_bulk([pk for pk in set(pks.values()) if pk])
    found = {word: schools[pk] for word, pk in pks.items() if pk in schools}
    return found | {school.smis8: school for school in found.values()}
