"""Places a reader can choose, as the census of the round knows them: districts, networks, schools."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _t

from khet.base.lib.errors import NotFound
from khet.base.lib.thai import sort_key
from khet.outlets.statistics.choices import Level
from khet.outlets.statistics.queries.figures import schools_of
from khet.outlets.statistics.sources import Source


@dataclass(frozen=True)
class Place:
    """``code`` None and ``level`` area: the whole area."""

    level: Level
    code: str | None
    name: str
    district: str = ""
    network: str = ""


@dataclass
class Places:
    """What a census knows of its schools; empty for one from before they were frozen."""

    districts: list[Place] = field(default_factory=list)
    networks: list[Place] = field(default_factory=list)
    schools: dict[str, Place] = field(default_factory=dict)

    def find(self, level: Level, code: str) -> Place:
        """Raises ``NotFound``."""
        if level == Level.AREA or not code:
            return whole_area()
        if level == Level.SCHOOL:
            found = self.schools.get(code)
        else:
            listed = self.districts if level == Level.DISTRICT else self.networks
            found = next((one for one in listed if one.code == code), None)
        if found is None:
            raise NotFound(_t("ไม่พบพื้นที่นี้ในรอบที่เลือก เลือกพื้นที่จากรายการบนหน้าสถิติ"), code="statistics.no_place")
        return found


def whole_area() -> Place:
    return Place(Level.AREA, None, _t("ทั้งเขต"))


_kept: dict[str, Places] = {}


def places_of(source: Source) -> Places:
    """Read once a census and process: a frozen table does not change."""
    if not source.live and source.sha256 in _kept:
        return _kept[source.sha256]
    table = schools_of(source)
    found = Places()
    if table is None:
        return found
    districts: dict[str, str] = {}
    networks: dict[str, str] = {}
    columns = ("school", "name", "district_code", "district", "network_code", "network")
    for row in table.select([name for name in columns if name in table.column_names]).to_pylist():
        one = Place(
            Level.SCHOOL, row["school"], row["name"], row.get("district") or "", row.get("network") or ""
        )
        found.schools[row["school"]] = one
        if row.get("district_code"):
            districts.setdefault(row["district_code"], row["district"] or row["district_code"])
        if row.get("network_code"):
            networks.setdefault(row["network_code"], row["network"] or row["network_code"])
    found.districts = _sorted(Level.DISTRICT, districts)
    found.networks = _sorted(Level.NETWORK, networks)
    found.schools = dict(sorted(found.schools.items(), key=lambda item: sort_key(item[1].name)))
    if not source.live:
        if len(_kept) >= 32:
            _kept.clear()
        _kept[source.sha256] = found
    return found


def _sorted(level: Level, names: dict[str, str]) -> list[Place]:
    return [
        Place(level, code, name) for code, name in sorted(names.items(), key=lambda item: sort_key(item[1]))
    ]
