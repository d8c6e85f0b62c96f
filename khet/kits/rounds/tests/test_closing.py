"""Closing freezes what was confirmed, the same bytes for the same rows; reopening leaves every census where it is."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from khet.base.database.checks import verify as verify_all
from khet.base.lib.errors import Conflict, Forbidden, FreshSignInNeeded, Refusal
from khet.base.org.api import Post
from khet.kits.rounds import censuses
from khet.kits.rounds.actions import close, exempt, give_back, reopen, verify
from khet.kits.rounds.actions import closing as closing_module
from khet.kits.rounds.api import census_path
from khet.kits.rounds.checks import check_censuses
from khet.kits.rounds.choices import ReturnState
from khet.kits.rounds.models import Census, Return
from khet.kits.rounds.tests.test_steps import up_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def verified(house, opened):
    for n in range(2):
        up_to(house, house.handed(opened, n), "verified", school=n)
    exempt(actor=house.actor("planner"), round=opened, unit=house.schools[2], reason="ยุบรวมแล้ว")
    return opened


def test_closing_freezes_tables_with_counts_totals_and_hashes(house, verified):
    census = close(actor=house.actor("planner"), round=verified)
    folder = census_path(verified)
    manifest = json.loads((folder / "manifest.json").read_text())
    table = next(t for t in manifest["tables"] if t["code"] == "posts")
    assert (table["rows"], table["total"]) == (
        4,
        4,
    )  # two schools × two kinds of post; the exempt one is not counted
    assert table["sha256"] == censuses.sha256_of(folder / "posts.parquet")
    rows = pq.read_table(folder / "posts.parquet")
    assert rows.schema.names == ["unit", "kind", "numbered", "posts"]
    assert set(rows["unit"].to_pylist()) == {"99020000", "99020001"}
    assert rows["numbered"].to_pylist() == [True] * 4
    assert [rule[0] for rule in manifest["rules"]] == [
        "test.post_held",
        "test.post_number",
        "test.post_shared",
    ]
    assert manifest["round"]["as_at"] == "2026-11-10"
    assert census.sha256 == censuses.sha256_of(folder / "manifest.json")
    assert set(Return.objects.values_list("state", flat=True)) == {ReturnState.CLOSED, ReturnState.EXEMPT}
    assert list(check_censuses()) == []
    assert not [path for path in censuses.root().iterdir() if path.name.startswith(".")]


def test_the_same_rows_make_the_same_bytes(house, verified):
    one, first, _m, _s = closing_module.write_census(verified, 1)
    two, second, _m, _s = closing_module.write_census(verified, 2)
    for name in ("posts.parquet", "returns.parquet", "findings.parquet"):
        assert (censuses.root() / first / name).read_bytes() == (censuses.root() / second / name).read_bytes()
    one.drop()
    two.drop()
    assert list(censuses.root().iterdir()) == []


def test_not_before_everything_is_verified(house, opened):
    up_to(house, house.handed(opened), "verified")
    with pytest.raises(Refusal, match="เหลือ 2 ชุด"):
        close(actor=house.actor("planner"), round=opened)


def test_not_while_something_changed_since(house, verified):
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(title="คนใหม่")
    with pytest.raises(Refusal, match="เปลี่ยนหลังยืนยันที่ บ้านที่ 0"):
        close(actor=house.actor("planner"), round=verified)
    assert list(censuses.root().iterdir()) == []
    assert Census.objects.count() == 0


def test_a_closing_that_fails_leaves_nothing(house, verified, monkeypatch):
    monkeypatch.setattr(closing_module, "tell", lambda **facts: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        close(actor=house.actor("planner"), round=verified)
    assert list(censuses.root().iterdir()) == []
    verified.refresh_from_db()
    assert verified.is_open


def test_what_a_killed_closing_left_is_seen_and_swept(house, verified):
    _writing, folder, _m, _s = closing_module.write_census(verified, 1)  # never committed: as if killed here
    censuses.Writing()  # killed earlier still
    assert len(censuses.strangers()) == 2
    assert list(check_censuses()) == []  # too young to be called left over
    assert len(censuses.collect(older_than=0)) == 2
    assert not (censuses.root() / folder).exists()


def test_closing_and_reopening_need_the_right_a_fresh_sign_in_and_a_reason(house, verified):
    with pytest.raises(Forbidden):
        close(actor=house.actor("head0"), round=verified)
    tired = house.actor("planner")
    tired.fresh_sign_in = False
    with pytest.raises(FreshSignInNeeded):
        close(actor=tired, round=verified)
    close(actor=house.actor("planner"), round=verified)
    with pytest.raises(Conflict):
        close(actor=house.actor("planner"), round=verified)
    with pytest.raises(FreshSignInNeeded):
        reopen(actor=tired, round=verified, reason="พบนักเรียนซ้ำ")
    with pytest.raises(Refusal, match="เหตุผล"):
        reopen(actor=house.actor("planner"), round=verified, reason="")


def test_both_censuses_remain(house, verified):
    first = close(actor=house.actor("planner"), round=verified)
    with pytest.raises(Conflict):
        give_back(actor=house.actor("planner"), handed=house.handed(verified), reason="แก้")
    reopen(actor=house.actor("planner"), round=verified, reason="พบตำแหน่งตกหล่น")
    verified.refresh_from_db()
    handed = give_back(actor=house.actor("planner"), handed=house.handed(verified), reason="เพิ่มตำแหน่งที่ตกหล่น")
    Post.objects.filter(pk=house.posts["clerk0"].pk).update(title="ธุรการ 2")
    from khet.kits.rounds.actions import certify, confirm, submit

    submit(actor=house.actor("clerk0"), handed=handed)
    confirm(actor=house.actor("clerk0"), handed=handed)
    certify(actor=house.actor("head0"), handed=handed, agreed=True)
    verify(actor=house.actor("planner"), round=verified, returns=[handed])
    second = close(actor=house.actor("planner"), round=verified)
    assert (first.number, second.number) == (1, 2)
    assert second.manifest["reopened_because"] == "พบตำแหน่งตกหล่น"
    assert censuses.path_of(first).is_dir()
    assert census_path(verified) == censuses.path_of(second)


def test_damage_to_a_census_is_named(house, verified):
    census = close(actor=house.actor("planner"), round=verified)
    folder = censuses.path_of(census)
    (folder / "posts.parquet").write_bytes(b"x")
    (folder / "returns.parquet").unlink()
    (folder / "more.txt").write_text("x")
    assert {(f.code, f.subject.rsplit("/", 1)[1]) for f in check_censuses()} == {
        ("censuses.altered", "posts.parquet"),
        ("censuses.missing", "returns.parquet"),
        ("censuses.extra", "more.txt"),
    }
    assert any(f.code == "censuses.altered" for f in verify_all())


def test_an_empty_text_and_nothing_are_told_apart(house, verified):
    from khet.kits.rounds.bases import CensusTable
    from khet.kits.rounds.queries.periods import scope_of

    table = CensusTable(
        "odd",
        "odd",
        [("a", "text"), ("b", "text"), ("c", "int"), ("d", "decimal"), ("e", "date"), ("f", "bool")],
        lambda scope: ("SELECT '' AS a, NULL AS b, NULL::int AS c, 1.5 AS d, DATE '2026-11-10' AS e, false AS f UNION ALL"
                       " SELECT %s, 'ข', 7, NULL, NULL, NULL", ['สอง\nบรรทัด, "อัญประกาศ"']),
    )  # fmt: skip
    rows = censuses.read_table(table, scope_of(verified)).to_pylist()
    assert rows[0]["a"] == ""
    assert rows[0]["b"] is None
    assert str(rows[0]["d"]) == "1.5000"
    assert rows[1]["a"] == 'สอง\nบรรทัด, "อัญประกาศ"'
    assert (rows[1]["c"], rows[1]["f"]) == (7, None)
