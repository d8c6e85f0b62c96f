"""The catalogue of open data in DCAT 2 (JSON-LD), as data.go.th and others gather it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from khet.base.org.api import office
from khet.kits.rounds.api import Census, censuses
from khet.outlets.api.queries.opening import FORMATS, LEVELS, open_sets, round_name, rounds_of
from khet.outlets.statistics.api import Indicator

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip
_MEDIA = "https://www.iana.org/assignments/media-types/"


def file_path(indicator: Indicator, census: Census, level: str, ending: str) -> str:
    return reverse("open:file", args=[indicator.code, round_name(census), level, ending])


def catalogue(base: str) -> dict[str, Any]:
    """Every open data set with a distribution for each round, level and format. ``base``: https://… without a slash."""
    own, closed = office(), censuses()
    publisher = {"@type": "foaf:Agent", "foaf:name": own.name, "dct:identifier": own.code}
    return {
        "@context": CONTEXT,
        "@id": base + reverse("open:home"),
        "@type": "dcat:Catalog",
        "dct:title": _thai(f"ข้อมูลเปิดของ{own.name}"),
        "dct:publisher": publisher,
        "dct:license": {"@id": LICENCE},
        "dct:language": "th",
        "dcat:dataset": [_dataset(one, base, publisher, closed) for one in open_sets()],
    }


def _thai(words: Any) -> dict[str, str]:
    return {"@value": str(words), "@language": "th"}


def _dataset(
    indicator: Indicator, base: str, publisher: dict[str, Any], closed: list[Census]
) -> dict[str, Any]:
    rounds = rounds_of(indicator, closed)
    said: dict[str, Any] = {
        "@id": base + reverse("open:set", args=[indicator.code]),
        "@type": "dcat:Dataset",
        "dct:identifier": indicator.code,
        "dct:title": _thai(indicator.title),
        "dct:description": _thai(indicator.definition),
        "dcat:theme": str(indicator.chapter),
        "dct:publisher": publisher,
        "dct:license": {"@id": LICENCE},
        "dct:accrualPeriodicity": {"@id": "http://purl.org/cld/freq/triannual"},
    }
    if rounds:
        said["dct:issued"] = _day(rounds[-1].made_at.date())
        said["dct:modified"] = _day(max(one.made_at for one in rounds).date())
    said["dcat:distribution"] = [
        {
            "@id": base + file_path(indicator, one, level, ending),
            "@type": "dcat:Distribution",
            "dct:title": _thai(f"{one.round.title} {level} {ending}"),
            "dcat:downloadURL": {"@id": base + file_path(indicator, one, level, ending)},
            "dcat:mediaType": {"@id": _MEDIA + mime.split(";")[0]},
            "dct:license": {"@id": LICENCE},
            "dct:temporal": {"@type": "dct:PeriodOfTime", "dcat:startDate": _day(one.round.as_at), "dcat:endDate": _day(one.round.as_at)},
        }
        for one in rounds
        for level in LEVELS
        for ending, mime in FORMATS.items()
    ]  # fmt: skip
    return said


def _day(day: Any) -> dict[str, str]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
