"""A format is data: read from a file, every fault named at once, versions that stay."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, transaction

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.org.api import Actor
from khet.outlets.province.actions import keep_format, retire_format
from khet.outlets.province.bases import BadFormat, read_format
from khet.outlets.province.models import KeptFormat
from khet.outlets.province.queries.formats import format_of, formats, shipped

SYSTEM = Actor.system()
SMALL = """
code = "small-one"
version = "1"
name = "รูปแบบเล็ก"
file = "csv"
[codes.sex]
map = { m = "1", f = "2" }
[[tables]]
name = "T"
rows = "pupils"
columns = [{ name = "S", column = "school" }, { name = "X", column = "sex", codes = "sex" }]
"""


def test_the_shipped_formats_are_sound_and_two():
    assert {"province-basic@1.0", "province-yearly@1.0"} <= set(shipped())
    assert {one.file for one in shipped().values()} == {"csv", "xlsx"}


def test_toml_and_json_say_the_same():
    by_toml = read_format(SMALL)
    import tomllib

    by_json = read_format(json.dumps(tomllib.loads(SMALL)))
    assert by_toml.tables == by_json.tables
    assert by_toml.codes == by_json.codes


def test_every_fault_is_named_with_its_place():
    wrong = SMALL.replace('code = "small-one"', 'code = "Small One"').replace(
        'column = "school"', 'column = "school", sum = "pupils"'
    )
    wrong = wrong.replace('codes = "sex"', 'codes = "gender", width = 3, pattern = "(a+)+"')
    with pytest.raises(BadFormat) as caught:
        read_format(wrong)
    places = {place for place, _words in caught.value.faults}
    assert places >= {
        "code",
        "tables[1].columns[1]",
        "tables[1].columns[2].codes",
        "tables[1].columns[2].width",
        "tables[1].columns[2].pattern",
    }
    assert "อัปโหลดใหม่" in str(caught.value.sentence)


@pytest.mark.parametrize(
    "text",
    ["", "code = ", "[]", "{}", '{"code": 1}', "{" * 50_000, '{"tables": 3, "codes": []}', 'code = "x"\ntables = [{columns = [{name = 5}]}]', "name = '" + "ก" * 200_000 + "'"],
    ids=range(9),
)  # fmt: skip
def test_nonsense_is_a_sentence_and_no_crash(text):
    with pytest.raises(BadFormat):
        read_format(text)


def test_an_uploaded_format_is_offered_and_its_version_stays(area):
    row = keep_format(actor=SYSTEM, text=SMALL)
    assert format_of("small-one").label == "small-one@1"
    assert keep_format(actor=SYSTEM, text=SMALL) == row
    with pytest.raises(Conflict, match="รุ่นใหม่"):
        keep_format(actor=SYSTEM, text=SMALL.replace("รูปแบบเล็ก", "อีกชื่อ"))
    keep_format(actor=SYSTEM, text=SMALL.replace('version = "1"', 'version = "2"'))
    assert format_of("small-one").version == "2"  # the newest of a code
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        KeptFormat.objects.filter(pk=row.pk).update(text="x")
    retire_format(actor=SYSTEM, format=row)
    assert "small-one@1" not in {one.label for one in formats()}


def test_a_shipped_version_cannot_be_overwritten(area):
    with pytest.raises(Conflict):
        keep_format(
            actor=SYSTEM,
            text=SMALL.replace("small-one", "province-basic").replace('version = "1"', 'version = "1.0"'),
        )


def test_adding_a_format_needs_the_right(area, seat):
    director = seat("director")
    with pytest.raises(Forbidden):
        keep_format(actor=Actor.of(director.person, account=director), text=SMALL)
    planner = seat("planner")
    assert keep_format(actor=Actor.of(planner.person, account=planner), text=SMALL).made_by == planner.person


def test_an_unknown_format_names_those_there_are(area):
    with pytest.raises(Refusal, match="province-basic@"):
        format_of("nothing")
