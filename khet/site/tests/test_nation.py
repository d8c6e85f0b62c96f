"""A small invented lake of three offices: counted by DuckDB, by Spark, and again by plain Polars; refused when anything is wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from bench.lake import make
from khet.base.lib.errors import Refusal
from khet.kits.rounds.api import census_sha256
from khet.outlets.statistics.api import indicators
from khet.outlets.statistics.nation.engines import lacking_for_spark
from khet.outlets.statistics.nation.lake import open_lake
from khet.outlets.statistics.nation.run import count_nation
from khet.site.cli import nation

ROOT = Path(__file__).resolve().parents[4]
pytestmark = pytest.mark.xdist_group("nation")


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nation") / "lake"
    make(folder, offices=3, schools=24, pupils=1500, years=4)
    return folder


@pytest.fixture(scope="module")
def counted(lake):
    out = lake.parent / "duckdb"
    return out, count_nation(lake, out, schools=True)


@pytest.fixture
def copy(lake, tmp_path):
    return Path(shutil.copytree(lake, tmp_path / "lake"))


def read(out, code, level="offices"):
    return pl.read_parquet(out / level / f"{code}.parquet")


def census(lake, table, kind="term", year=2569):
    files = sorted(lake.glob(f"*/censuses/{year}-{kind}-*/{table}.parquet"))
    return pl.concat([pl.read_parquet(file).with_columns(office=pl.lit(file.parts[-4])) for file in files])


def cells(frame, *keys, of=False):
    return {
        tuple(row[:-2] if of else row[:-1]): row[len(keys) :]
        for row in frame.select(*keys, "n", *(["of"] if of else [])).iter_rows()
    }


def one_of_each_kind():
    """Of indicators of one kind that look back or do not, and read one table or several, the first; without forecasts."""
    found = {}
    for one in indicators:
        found.setdefault((one.kind, bool(one.years), len(one.needs) > 1), one)
    return [one for one in found.values() if not one.code.startswith("forecast_")]


def test_every_indicator_is_written_with_what_it_came_from(lake, counted):
    out, manifest = counted
    assert {one["code"] for one in manifest["indicators"]} == {one.code for one in indicators}
    assert len(manifest["censuses"]) == 3 * 5
    first = manifest["censuses"][0]
    assert census_sha256(lake / first["folder"] / "manifest.json") == first["sha256"]
    for one in manifest["indicators"]:
        for file in one["files"]:
            assert census_sha256(out / file["file"]) == file["sha256"]
    assert json.loads((out / "manifest.json").read_text()) == manifest
    assert {path.name for path in out.parent.iterdir()} >= {"lake", "duckdb"}
    assert not list(out.parent.glob(".*"))


def test_pupils_by_grade_counted_again(lake, counted):
    plain = census(lake, "pupils").group_by("office", "grade", "sex").agg(n=pl.col("pupils").sum())
    found = read(counted[0], "pupils_by_grade").filter(pl.col("school_year") == 2569)
    assert cells(found, "office", "grade", "sex") == {
        key: (Decimal(n),) for key, (n,) in cells(plain, "office", "grade", "sex").items()
    }
    assert sum(found["n"]) == 1500


def test_a_ratio_is_of_the_whole_office_not_a_mean_of_schools(lake, counted):
    rooms = census(lake, "pupils").group_by("office", "grade", "school", "room").agg(n=pl.col("pupils").sum())
    plain = rooms.group_by("office", "grade").agg(n=pl.col("n").sum(), of=pl.len())
    found = read(counted[0], "pupils_per_room").filter(pl.col("school_year") == 2569)
    assert {(row["office"], row["grade"]): (row["n"], row["of"]) for row in found.to_dicts()} == {
        (row["office"], row["grade"]): (Decimal(row["n"]), Decimal(row["of"])) for row in plain.to_dicts()
    }
    assert all(abs(row["value"] - float(row["n"]) / float(row["of"])) < 1e-12 for row in found.to_dicts())


def test_what_looks_back_is_told_of_the_years_that_have_one_before(lake, counted):
    now = census(lake, "pupils").group_by("office").agg(now=pl.col("pupils").sum())
    then = census(lake, "pupils", year=2568).group_by("office").agg(then=pl.col("pupils").sum())
    plain = {row["office"]: row["now"] - row["then"] for row in now.join(then, on="office").to_dicts()}
    found = read(counted[0], "pupils_change")
    assert set(found["school_year"]) == {2567, 2568, 2569}
    whole = found.filter(pl.col("school_year") == 2569).group_by("office").agg(pl.col("n").sum())
    assert {row["office"]: row["n"] for row in whole.to_dicts()} == plain


def test_schools_add_up_to_their_office(counted):
    for code in ("staff_by_kind", "buildings_by_kind", "coverage"):
        schools = read(counted[0], code, "schools").group_by("office").agg(pl.col("n").sum())
        offices = read(counted[0], code).group_by("office").agg(pl.col("n").sum())
        assert dict(schools.iter_rows()) == dict(offices.iter_rows())


def test_few_are_marked_before_anybody_publishes_them(counted):
    found = read(counted[0], "pupils_by_disability")
    assert set(found.filter(pl.col("small"))["n"]) <= {1, 2, 3, 4}
    assert found.filter((pl.col("n") > 0) & (pl.col("n") < 5))["small"].all()


def test_offices_counted_in_several_batches_give_the_same(lake, counted, monkeypatch, tmp_path):
    monkeypatch.setattr("khet.outlets.statistics.nation.engines.BATCH", 1)
    chosen = one_of_each_kind()
    monkeypatch.setattr("khet.outlets.statistics.nation.run.indicators", chosen)
    count_nation(lake, tmp_path / "out")
    for one in chosen:
        assert read(tmp_path / "out", one.code).equals(read(counted[0], one.code)), one.code


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    "chosen_by",
    [one_of_each_kind, pytest.param(lambda: list(indicators), id="all", marks=pytest.mark.slow)],
)
def test_spark_counts_the_same(lake, counted, tmp_path, monkeypatch, chosen_by):
    """One start of Java for all of them; each and every one with `make nation`."""
    why = lacking_for_spark()
    if why and not os.environ.get("CI"):
        pytest.skip(why)
    assert not why
    chosen = chosen_by()
    assert len(chosen) >= 8
    monkeypatch.setattr("khet.outlets.statistics.nation.run.indicators", chosen)
    with warnings.catch_warnings():
        # Sockets to Java that pyspark leaves to the collector, and what it says of itself.
        warnings.simplefilter("ignore")
        manifest = count_nation(lake, tmp_path / "spark", engine="spark", master="local[1]")
    assert manifest["engine"] == "spark"
    for one in chosen:
        spark, duck = read(tmp_path / "spark", one.code), read(counted[0], one.code)
        if one.code.startswith("forecast_"):
            # Logarithms and exponentials of two engines part in the last digits: every cell, to a thousandth of a pupil.
            keys = [name for name in duck.columns if name not in ("n", "of", "value")]
            assert spark.select(keys).equals(duck.select(keys)), one.code
            apart = (spark["n"].cast(pl.Float64) - duck["n"].cast(pl.Float64)).abs().max()
            assert apart is not None and apart <= 0.001, (one.code, apart)
        else:
            assert spark.equals(duck), one.code


def test_a_damaged_file_is_named_and_nothing_is_counted(copy, tmp_path):
    path = copy / "1001" / "censuses" / "2568-term-1-01" / "pupils.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    found = CliRunner().invoke(nation, [str(copy), "--out", str(tmp_path / "out")])
    assert found.exit_code == 1
    assert "เขต 1001 รอบ 2568-term-1 แฟ้ม pupils.parquet: แฟ้มเสียหรือถูกแก้" in found.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lake"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: m.update(format=2), "รูปแบบ 2 ใหม่กว่าที่โปรแกรมนี้รู้จัก"),
        (lambda m: m.update(format="x"), "รูปแบบ x ไม่ใช่ของ khet"),
        (lambda m: m.pop("round"), "อ่านใบกำกับไม่ได้"),
        (lambda m: m["tables"][0]["columns"].pop(), "คอลัมน์ไม่ตรงกับใบกำกับ"),
    ],
)
def test_another_format_is_named(copy, change, says):
    path = copy / "1002" / "censuses" / "2569-term-1-01" / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))
    with pytest.raises(Refusal, match=says) as refused:
        open_lake(copy)
    assert "เขต 1002 รอบ 2569-term-1" in str(refused.value)


def test_a_missing_table_or_manifest_is_named(copy):
    place = copy / "1000" / "censuses" / "2569-yearly-1-01"
    (place / "emis.parquet").unlink()
    (copy / "1001" / "censuses" / "2569-yearly-1-01" / "manifest.json").unlink()
    with pytest.raises(Refusal) as refused:
        open_lake(copy)
    assert "เขต 1000 รอบ 2569-yearly-1 แฟ้ม emis.parquet: ไม่มีแฟ้มนี้" in str(refused.value)
    assert "เขต 1001 รอบ 2569-yearly-1-01 แฟ้ม manifest.json: ไม่มีใบกำกับ" in str(refused.value)


def test_a_round_closed_again_counts_by_its_last_census(copy):
    place = copy / "1000" / "censuses" / "2569-term-1-01"
    again = shutil.copytree(place, place.with_name("2569-term-1-02"))
    with pytest.raises(Refusal, match="มีสองชุดของรอบเดียวกัน"):
        open_lake(copy)
    manifest = json.loads((again / "manifest.json").read_text())
    manifest["round"]["census"] = 2
    (again / "manifest.json").write_text(json.dumps(manifest))
    assert [one.folder.name for one in open_lake(copy) if one.source.key == "1000/2569-term-1"] == [
        "2569-term-1-02"
    ]


def test_an_older_census_without_a_column_is_left_out_of_what_needs_it(copy, tmp_path, monkeypatch):
    """Its office still counts in everything else."""
    place = copy / "1000" / "censuses" / "2569-term-1-01"
    table = (
        pq.read_table(place / "pupils.parquet")
        .drop_columns(["disability"])
        .rename_columns({"school": "unit"})
    )
    pq.write_table(table, place / "pupils.parquet")
    manifest = json.loads((place / "manifest.json").read_text())
    (listed,) = [one for one in manifest["tables"] if one["code"] == "pupils"]
    listed["columns"] = [
        ["unit" if name == "school" else name, kind]
        for name, kind in listed["columns"]
        if name != "disability"
    ]
    listed["sha256"] = census_sha256(place / "pupils.parquet")
    (place / "manifest.json").write_text(json.dumps(manifest))
    asked = [one for one in indicators if one.code in ("pupils_by_disability", "pupils_by_grade")]
    monkeypatch.setattr("khet.outlets.statistics.nation.run.indicators", asked)
    count_nation(copy, tmp_path / "out")
    now = pl.col("school_year") == 2569
    assert set(read(tmp_path / "out", "pupils_by_disability").filter(now)["office"]) == {"1001", "1002"}
    assert sum(read(tmp_path / "out", "pupils_by_grade").filter(now)["n"]) == 1500


def test_a_folder_that_is_there_is_not_written_over(lake, tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(Refusal, match="มีอยู่แล้ว"):
        count_nation(lake, tmp_path / "out")


@pytest.mark.fault
def test_a_killed_run_leaves_no_half(lake, tmp_path, monkeypatch):
    out = tmp_path / "out"
    run = subprocess.Popen(
        [sys.executable, "-m", "khet", "nation", str(lake), "--out", str(out)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    until = time.monotonic() + 240
    while (
        not list(tmp_path.glob(".out-*/offices/*.parquet"))
        and time.monotonic() < until
        and run.poll() is None
    ):
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    (half,) = tmp_path.glob(".out-*")
    assert not out.exists()
    os.utime(half, (0, 0))
    monkeypatch.setattr("khet.outlets.statistics.nation.run.indicators", one_of_each_kind())
    count_nation(lake, out)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
