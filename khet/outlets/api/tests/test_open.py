"""Open data: closed until opened, small cells gone for good, files that stay at their address."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import date

import numpy
import pyarrow.parquet as pq
import pytest

from khet.base.lib.errors import Forbidden, Refusal
from khet.base.org.api import Actor
from khet.outlets.api.actions import publish
from khet.outlets.api.models import OpenSet
from khet.outlets.api.queries.suppressing import ALL, hidden_cells, lattice
from khet.outlets.province.tests.conftest import SYSTEM, freeze, seat
from khet.outlets.province.tests.conftest import area as office
from khet.outlets.statistics.actions import import_past

__all__ = ["office", "seat"]
SCHOOLS = [f"9902900{n}" for n in range(1, 5)]


@pytest.fixture
def area(office):
    return office


@pytest.fixture
def census(area):
    spread = {"99029001": (7, 3), "99029002": (12, 9), "99029003": (2, 8), "99029004": (20, 6)}
    return freeze(
        {
            "schools": (
                [("school", "text"), ("name", "text"), ("district_code", "text"), ("district", "text"), ("network_code", "text"), ("network", "text")],
                [[code, f"บ้านที่ {n}", "9901" if n < 2 else "9902", "ทุ่งไพล" if n < 2 else "ควนไพล", "", ""] for n, code in enumerate(SCHOOLS)],
            ),
            "pupils": (
                [("school", "text"), ("grade", "text"), ("room", "int"), ("sex", "text"), ("disadvantage", "text"), ("disability", "text"), ("pupils", "int")],
                [[school, "p1", 1, sex, "", "", n] for school, pair in spread.items() for sex, n in zip("mf", pair, strict=True)],
            ),
        },
        day=date(2026, 6, 10),
    )  # fmt: skip


def rows_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


CODE = "pupils_by_grade"


def test_nothing_is_open_until_a_press_opens_it(client, census, seat):
    assert client.get(f"/open/{CODE}/").status_code == 404
    assert client.get(f"/open/{CODE}/2569-term-1/area.csv").status_code == 404
    assert json.loads(client.get("/open/catalogue.jsonld").content)["dcat:dataset"] == []
    client.force_login(seat("planner"))
    client.post("/open/manage/", {"code": [CODE]})
    assert OpenSet.objects.get().code == CODE
    client.logout()
    assert client.get(f"/open/{CODE}/").status_code == 200
    assert client.get(f"/open/{CODE}/2569-term-1/area.csv").status_code == 200
    publish(actor=SYSTEM, codes=[])
    assert client.get(f"/open/{CODE}/2569-term-1/area.csv").status_code == 404


def test_open_data_do_not_carry_figures_of_documents(client, census):
    publish(actor=SYSTEM, codes=[CODE])
    addresses = [f"/open/{CODE}/", f"/open/{CODE}/2569-term-1/area.csv", "/open/catalogue.jsonld"]
    before = [client.get(one).content for one in addresses]
    old = {"indicator": CODE, "level": "area", "value": 43210, "source": "สมุดสารสนเทศ 2560"}
    import_past(
        actor=SYSTEM, new=[{"code": "2560", "school_year": 2560, **old}], changed=[], source="past.csv"
    )
    after = [client.get(one).content for one in addresses]
    assert after[1:] == before[1:] and b"43,210" not in after[0] and b"2560" not in after[0]
    assert client.get(f"/open/{CODE}/2560-term-1/area.csv").status_code == 404


def test_opening_needs_the_right_and_a_real_set(census, seat):
    head = seat("head")
    with pytest.raises(Forbidden):
        publish(actor=Actor.of(head.person, account=head), codes=[CODE])
    with pytest.raises(Refusal):
        publish(actor=SYSTEM, codes=["nothing_like_it"])


def test_small_cells_are_hidden_with_what_would_betray_them(client, census):
    publish(actor=SYSTEM, codes=[CODE])
    rows = rows_of(client.get(f"/open/{CODE}/2569-term-1/school.csv"))
    cells = {(row["place"], row["grade"], row["sex"]): row for row in rows}
    small = cells["99029001", "p1", "f"]
    assert (small["value"], small["hidden"]) == ("", "true")  # three girls
    assert cells["99029001", "p1", "m"]["hidden"] == "true"  # else ten less seven
    assert cells["99029001", ALL, ALL]["value"] == "10"
    assert cells["99029002", "p1", "f"]["hidden"] == "true"  # else the district less this one
    assert cells["99029004", ALL, ALL]["value"] == "26"
    area_rows = {
        (row["grade"], row["sex"]): row["value"]
        for row in rows_of(client.get(f"/open/{CODE}/2569-term-1/area.csv"))
    }
    assert area_rows[ALL, ALL] == "67"


def test_csv_json_and_parquet_say_the_same(client, census):
    publish(actor=SYSTEM, codes=[CODE])
    base = f"/open/{CODE}/2569-term-1/district"
    by_csv = rows_of(client.get(f"{base}.csv"))
    by_json = json.loads(client.get(f"{base}.json").content)
    by_parquet = pq.read_table(io.BytesIO(client.get(f"{base}.parquet").content)).to_pylist()
    assert (
        [row["place"] for row in by_csv]
        == [row["place"] for row in by_json]
        == [row["place"] for row in by_parquet]
    )
    assert [row["value"] for row in by_json] == [row["value"] for row in by_parquet]
    assert by_json[0]["place_name"] == "ทุ่งไพล"


def test_for_every_site_and_kept_until_the_census_changes(client, census):
    publish(actor=SYSTEM, codes=[CODE])
    url = f"/open/{CODE}/2569-term-1/area.json"
    answer = client.get(url, headers={"origin": "https://elsewhere.example"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
    again = client.get(url, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(url).status_code == 405
    assert client.get(f"/open/{CODE}/2569-term-2/area.json").status_code == 404


def test_the_catalogue_names_every_file(client, census):
    publish(actor=SYSTEM, codes=[CODE])
    said = json.loads(client.get("/open/catalogue.jsonld").content)
    (one,) = said["dcat:dataset"]
    assert one["dct:identifier"] == CODE
    assert said["dct:license"]["@id"].startswith("https://creativecommons.org/licenses/by/4.0")
    links = [each["dcat:downloadURL"]["@id"] for each in one["dcat:distribution"]]
    assert len(links) == 9
    for link in links:
        assert client.get(link.removeprefix("http://testserver")).status_code == 200


def _told(values, lines, hidden) -> list:
    """Hidden cells that follow from the open ones by any sums and differences: an exact look, by linear algebra."""
    unknown = {node: at for at, node in enumerate(sorted(hidden))}
    rows = []
    for whole, parts in lines:
        row = numpy.zeros(len(unknown))
        for node in parts:
            if node in unknown:
                row[unknown[node]] += 1
        if whole in unknown:
            row[unknown[whole]] -= 1
        if row.any():
            rows.append(row)
    if not rows:
        return sorted(hidden)
    _u, sizes, v = numpy.linalg.svd(numpy.array(rows), full_matrices=True)
    free = v[int((sizes > 1e-9).sum()) :]
    return [node for node, at in unknown.items() if not numpy.abs(free[:, at]).max(initial=0) > 1e-7]


@pytest.mark.parametrize("seed", range(8))
def test_no_hidden_cell_can_be_had_by_any_sums_and_differences(seed):
    chance = random.Random(seed)
    cells = {
        (f"s{school}", (grade, sex)): n
        for school in range(7)
        for grade in ("k1", "p1", "p2")
        for sex in ("m", "f")
        if (n := chance.choice([0, 0, 1, 2, 3, 4, 6, 9, 15, 30]))
    }
    values, lines = lattice(cells, lambda school: [("district", f"d{int(school[1:]) % 3}"), ("area", "a")])
    hidden = hidden_cells(values, lines)
    assert all(node in hidden for node, n in values.items() if 0 < n < 5)
    assert _told(values, lines, hidden) == []
    assert len(hidden) < len(values)


def test_the_exact_look_can_see():
    values, lines = lattice({("s1", ("m",)): 3, ("s1", ("f",)): 9}, lambda school: [("area", "a")])
    assert _told(values, lines, {("school", "s1", ("m",))}) != []
