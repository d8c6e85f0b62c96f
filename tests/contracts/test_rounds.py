"""What every check and every sheet promises, asked of each declared one; a new one is asked by being declared."""

from __future__ import annotations

from datetime import date

import pytest

from khet.kits.register.api import records
from khet.kits.rounds.actions.closing import OWN
from khet.kits.rounds.api import (
    Scope,
    SheetKind,
    census_of,
    checks,
    columns_of,
    findings_of,
    references,
    sheets,
    totals_of,
)
from khet.kits.rounds.bases import CHECK_COLUMNS, STATE_COLUMNS, TOTAL_COLUMNS

pytestmark = pytest.mark.django_db

BIGINT, JSONB = 20, 3802
BEFORE = Scope(None, school_year=2569, term=1, as_at=date(2026, 6, 10))
WHOLE = Scope(None, school_year=2569, term=2, as_at=date(2026, 11, 10), before=BEFORE)
SCOPES = [WHOLE, WHOLE.of([1, 2]), Scope([1], school_year=2569, term=1, as_at=date(2026, 6, 10))]

every_check = pytest.mark.parametrize("check", [pytest.param(c, id=c.code) for c in checks])
every_sheet = pytest.mark.parametrize("sheet", [pytest.param(s, id=s.code) for s in sheets])
every_table = pytest.mark.parametrize(
    "table",
    [pytest.param(t, id=f"{s.code}.{t.code}") for s in sheets for t in s.census]
    + [pytest.param(t, id=t.code) for t in references],
)


@every_check
def test_a_check_is_one_select_with_its_columns(check):
    for scope in SCOPES:
        columns = columns_of(check.find(scope))
        assert set(columns) >= set(CHECK_COLUMNS)
        assert set(columns) <= {*CHECK_COLUMNS, "other_unit_id"}
        assert columns["subject_id"] == BIGINT
        assert columns["unit_id"] == BIGINT
        assert columns["facts"] == JSONB


@every_check
def test_a_check_finds_nothing_where_there_is_nothing(check):
    for scope in SCOPES:
        assert findings_of(check, scope) == []


@every_check
def test_a_check_guards_a_sheet_and_leads_to_a_register(check):
    assert check.sheet in sheets, f"{check.code}: there is no sheet {check.sheet}"
    assert check.link or check.model in records, f"{check.code}: there is no register {check.model}"
    assert check.words({}).strip()


@every_sheet
def test_a_sheet_counts_and_lists_its_rows(sheet):
    if sheet.kind != SheetKind.REGISTER:
        assert not sheet.census or sheet.totals
        return
    assert sheet.record in records
    for scope in SCOPES:
        assert set(columns_of(sheet.totals(scope))) == set(TOTAL_COLUMNS)
        assert set(columns_of(sheet.state(scope))) == set(STATE_COLUMNS)
        assert totals_of(sheet, scope) == []


@every_table
def test_a_census_table_has_its_columns_in_order(table):
    for scope in SCOPES:
        names = list(columns_of(table.select(scope)))
        assert names == [name for name, _type in table.columns]
        assert census_of(table, scope) == []


@every_table
def test_a_census_table_names_its_school_alike(table):
    """Whoever counts joins the tables of a census by ``school``, the eight digits of SMIS."""
    names = dict(table.columns)
    assert names.get("school") == "text"
    assert "unit" not in names


def test_no_two_census_tables_share_a_file():
    codes = (
        [table.code for sheet in sheets for table in sheet.census]
        + references.codes()
        + [table.code for table in OWN]
    )
    assert len(codes) == len(set(codes))
