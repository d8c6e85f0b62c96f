"""Foreign keys checked once for all new rows: as strict as row by row, and row by row where that is not allowed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from khet.base.database.bulk import keys_checked_as_a_whole

pytestmark = pytest.mark.django_db

TABLES = ["bulk_child"]


@pytest.fixture
def tables():
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bulk_parent (id bigint PRIMARY KEY);"
            "CREATE TABLE bulk_child (id bigint PRIMARY KEY, parent_id bigint REFERENCES bulk_parent DEFERRABLE INITIALLY DEFERRED,"
            " other_id bigint REFERENCES bulk_parent DEFERRABLE INITIALLY DEFERRED);"
            "INSERT INTO bulk_parent SELECT generate_series(1, 100)"
        )


def insert(values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO bulk_child {values}")


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('session_replication_role')")
        return cursor.fetchone()[0]


def test_rows_that_point_somewhere_are_taken(tables):
    with keys_checked_as_a_whole(TABLES):
        assert role() == "replica"
        insert("SELECT n, n, NULL FROM generate_series(1, 100) n")
    assert role() == "origin"


@pytest.mark.parametrize("row", ["(1, 101, 1)", "(1, 1, 101)"])
def test_a_row_that_points_nowhere_is_refused(tables, row):
    with (
        pytest.raises(IntegrityError, match=r"bulk_child\.(parent|other)_id"),
        transaction.atomic(),
        keys_checked_as_a_whole(TABLES),
    ):
        insert("SELECT n, n, NULL FROM generate_series(2, 100) n")
        insert(f"VALUES {row}")
    assert role() == "origin"


def test_an_error_inside_ends_the_setting_with_the_transaction(tables):
    with pytest.raises(IntegrityError), transaction.atomic(), keys_checked_as_a_whole(TABLES):
        insert("VALUES (1, 1, 1), (1, 2, 2)")
    assert role() == "origin"


def test_a_table_with_triggers_of_its_own_is_checked_row_by_row(tables):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            "CREATE TRIGGER own BEFORE INSERT ON bulk_child FOR EACH ROW EXECUTE FUNCTION pg_temp.nothing()"
        )
    with keys_checked_as_a_whole(TABLES):
        assert role() == "origin"


def test_a_user_who_may_not_has_rows_checked_one_by_one(tables):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE bulk_plain; GRANT ALL ON bulk_child, bulk_parent TO bulk_plain")
        cursor.execute("SET LOCAL ROLE bulk_plain")
    with keys_checked_as_a_whole(TABLES):
        assert role() == "origin"
        insert("VALUES (1, 101, 1)")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM bulk_child; RESET ROLE; DROP OWNED BY bulk_plain; DROP ROLE bulk_plain")
