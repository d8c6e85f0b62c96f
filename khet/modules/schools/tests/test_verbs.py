"""Verbs on schools: each done, refused, forbidden."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image

from khet.base.journal.api import Entry
from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.org.actions import add_unit
from khet.base.org.api import groups_of, today
from khet.kits.files.api import read_bytes
from khet.modules.schools.actions import (
    add_photo,
    add_school,
    change_contacts,
    change_school,
    close,
    import_schools,
    keep_outlines,
    merge,
    move_network,
    remove_photo,
    reopen,
    set_position,
)
from khet.modules.schools.actions.photos import photos
from khet.modules.schools.models import Outline, School
from khet.modules.schools.queries import by_code
from khet.modules.schools.seeds import outlines


def test_adding_makes_the_unit_under_the_office(area):
    school = add_school(actor=area.planner, name="โรงเรียนบ้านใหม่", smis8="99020500", pupils=121)
    school.refresh_from_db()
    assert (school.name, school.size, school.unit.name) == ("บ้านใหม่", 2, "โรงเรียนบ้านใหม่")
    with pytest.raises(Conflict) as why:
        add_school(actor=area.planner, name="อีกโรง", smis8="99020500")
    assert why.value.field == "smis8" and "บ้านใหม่" in str(why.value.sentence)
    with pytest.raises(Forbidden):
        add_school(actor=area.principal, name="ของเราเอง", smis8="99020501")


def test_a_new_code_leaves_the_old_one_findable(area):
    change_school(actor=area.planner, school=area.school, smis8="99029111")
    assert area.school.codes.filter(kind="smis8").count() == 2
    assert by_code("99029001").get() == area.school == by_code("99029111").get()
    assert Entry.objects.first().changes["smis8"] == ["99029001", "99029111"]
    with pytest.raises(Conflict):
        change_school(actor=area.planner, school=area.other, smis8="99029001")
    with pytest.raises(Forbidden):
        change_school(actor=area.principal, school=area.school, name="ชื่อใหม่")


def test_a_schools_people_keep_their_own_contacts(area):
    change_contacts(actor=area.principal, school=area.school, phone="0 7000 1111")
    area.school.refresh_from_db()
    assert area.school.phone == "0 7000 1111"
    with pytest.raises(Refusal) as why:
        change_contacts(actor=area.principal, school=area.school, name="ชื่อใหม่")
    assert why.value.code == "schools.contacts_only"
    with pytest.raises(Forbidden):
        change_contacts(actor=area.principal, school=area.other, phone="1")
    with pytest.raises(Forbidden):
        change_contacts(actor=area.teacher, school=area.school, phone="1")


def test_a_person_confirms_the_position(area):
    set_position(actor=area.principal, school=area.school, latitude="7.418261", longitude="100.02417")
    area.school.refresh_from_db()
    assert (str(area.school.latitude), area.school.position_by) == (
        "7.41826",
        "นางอรทัย",
    ) and area.school.position_at
    with pytest.raises(Refusal):
        set_position(actor=area.principal, school=area.school, latitude="100.02417", longitude="7.41826")
    with pytest.raises(Forbidden):
        set_position(actor=area.principal, school=area.other, latitude="7.4", longitude="100.0")


def test_a_school_kept_since_a_day_is_in_its_network_since_then(area):
    network = add_unit(
        actor=area.system, kind="network", code="n9", name="เครือข่ายลานสน", short_name="ลานสน",
        parent=area.office, since=date(2024, 5, 1),
    )  # fmt: skip
    facts = {"network": network.short_name, "levels": "kp"}
    older, newer, plain = import_schools(
        actor=area.planner,
        new=[
            facts | {"name": "บ้านหนึ่ง", "smis8": "99029003", "since": date(2023, 10, 1)},
            facts | {"name": "บ้านสอง", "smis8": "99029004", "since": date(2025, 5, 1)},
            facts | {"name": "บ้านสาม", "smis8": "99029005"},
        ],
        changed=[],
        source="รายชื่อ",
    )
    days = dict(network.groupings.values_list("member", "since"))
    # Not before the network itself was there.
    assert days == {
        older.unit_id: date(2024, 5, 1),
        newer.unit_id: date(2025, 5, 1),
        plain.unit_id: today(),
    }


def test_networks_change_with_their_day(area):
    one, two = (
        add_unit(
            actor=area.system,
            kind="network",
            code=f"n{n}",
            name=f"เครือข่าย {n}",
            short_name=str(n),
            parent=area.office,
        )
        for n in (1, 2)
    )
    assert (
        move_network(
            actor=area.planner, schools=[area.school, area.other], network=one, since=date(2026, 1, 1)
        )
        == 2
    )
    assert move_network(actor=area.planner, schools=[area.school], network=two) == 1
    assert [unit.pk for unit in groups_of(area.school.unit)] == [two.pk]
    assert move_network(actor=area.planner, schools=[area.school], network=two) == 0
    with pytest.raises(Forbidden):
        move_network(actor=area.principal, schools=[area.school], network=one)


def test_merging_closing_and_reopening_keep_old_codes_findable(area):
    merge(actor=area.planner, school=area.school, into=area.other, since=date(2026, 11, 1))
    assert area.school.status == "elsewhere" and area.school.joined == area.other
    with pytest.raises(Conflict):
        merge(actor=area.planner, school=area.school, into=area.other)
    close(actor=area.planner, school=area.school, reference="ประกาศ 1/2570", since=date(2027, 4, 1))
    area.school.refresh_from_db()
    area.other.refresh_from_db()
    assert area.school.unit.until == date(2027, 3, 31)
    assert by_code("99029001").get() == area.school
    assert "99029001" in area.other.search_text and "99029001" in area.school.search_text
    with pytest.raises(Refusal):
        merge(actor=area.planner, school=area.other, into=area.school)
    reopen(actor=area.planner, school=area.school, since=date(2028, 5, 16))
    area.other.refresh_from_db()
    assert area.school.unit.until is None and "99029001" not in area.other.search_text
    assert area.school.codes.filter(kind="smis8", until=None).get().value == "99029001"
    assert [row.status for row in area.school.statuses.all()] == ["normal", "closed", "elsewhere", "normal"]
    for act in (close, reopen):
        with pytest.raises(Forbidden):
            act(actor=area.principal, school=area.school)
    with pytest.raises(Refusal):
        merge(actor=area.planner, school=area.school, into=area.school)


def picture() -> io.BytesIO:
    image, exif = Image.new("RGB", (60, 40), "green"), Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (7.0, 25.0, 1.0)
    exif[0x010E] = "secret place"
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif)
    file.seek(0)
    return file


def test_a_photograph_loses_the_place_where_it_was_taken(area):
    assert Image.open(picture()).getexif().get_ifd(0x8825)
    add_photo(actor=area.principal, school=area.school, upload=picture(), caption="อาคารเรียน 1")
    photo = photos(area.school).get()
    kept = Image.open(io.BytesIO(read_bytes(photo)))
    assert not kept.getexif() and photo.name == "อาคารเรียน 1.jpg"
    with pytest.raises(Refusal):
        add_photo(actor=area.principal, school=area.school, upload=io.BytesIO(b"<svg/>"), caption="x")
    with pytest.raises(Forbidden):
        add_photo(actor=area.principal, school=area.other, upload=picture(), caption="x")
    with pytest.raises(NotFound):
        remove_photo(actor=area.planner, school=area.other, photo=photo.public_id)
    remove_photo(actor=area.principal, school=area.school, photo=photo.public_id)
    assert not photos(area.school)


def test_outlines_are_taken_whole_or_not_at_all(area):
    assert keep_outlines(actor=area.planner, geojson=outlines()) == 29
    turned = outlines()
    turned["features"][3]["geometry"]["coordinates"] = [[[7.4, 100.0], [7.5, 100.0], [7.5, 100.1]]]
    for bad in ({}, {"features": []}, {"features": [{"geometry": None}]}, turned):
        with pytest.raises(Refusal):
            keep_outlines(actor=area.planner, geojson=bad)
    assert Outline.objects.count() == 29
    with pytest.raises(Forbidden):
        keep_outlines(actor=area.principal, geojson=outlines())


@pytest.mark.parametrize(
    ("pupils", "size"),
    [(None, None), (0, 1), (120, 1), (121, 2), (300, 3), (499, 4), (500, 5), (1500, 6), (2500, 7)],
)
def test_the_size_follows_the_pupils(area, pupils, size):
    change_school(actor=area.planner, school=area.school, pupils=pupils, pupils_on=today())
    assert School.objects.get(pk=area.school.pk).size == size
