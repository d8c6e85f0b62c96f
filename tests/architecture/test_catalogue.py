"""Thai is always complete; English must be too, sentence for sentence and blank for blank."""

from __future__ import annotations

import re

from babel.messages.catalog import Catalog
from django.utils.translation import gettext, override

from tests import catalogue

PLACES = re.compile(r"%\((\w+)\)[sd]")


def test_every_sentence_has_its_english():
    assert catalogue.missing(catalogue.load_all()) == []


def test_a_sentence_without_english_is_seen():
    nothing = {place: Catalog(locale="en") for place in catalogue.messages()}
    assert len(catalogue.missing(nothing)) == sum(len(said) for said in catalogue.messages().values())


def test_the_compiled_catalogue_is_that_of_the_sources():
    stale = [
        place.name
        for place, catalog in catalogue.load_all().items()
        if (catalogue.folder_of(place) / "django.mo").read_bytes() != catalogue.compiled(catalog)
    ]
    assert stale == []


def test_no_blank_is_lost_in_translation():
    wrong = []
    for message in (m for catalog in catalogue.load_all().values() for m in catalog):
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        words = [message.string] if isinstance(message.string, str) else list(message.string)
        wrong += [key for text in words if set(PLACES.findall(text)) - set(PLACES.findall(key))]
        if isinstance(message.id, str):
            wrong += [key for text in words if set(PLACES.findall(key)) != set(PLACES.findall(text))]
    assert wrong == []


def test_the_interface_speaks_english_on_request():
    with override("en"):
        assert gettext("โต๊ะงาน") == "Desk"
