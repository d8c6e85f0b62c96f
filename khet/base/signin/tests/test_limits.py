from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from khet.base.signin import limits
from khet.base.signin.limits import Limit, Limited, Unguarded, take
from khet.base.signin.models import Counter

FIVE = Limit("test", 5, 300)


def attempt(name: object, limit: Limit = FIVE) -> bool:
    try:
        take((limit, name))
    except Limited:
        return False
    return True


@pytest.mark.django_db(transaction=True)
def test_exactly_five_of_sixty_parallel_attempts_pass():
    def one(_number: int) -> bool:
        try:
            return attempt("somebody")
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        passed = list(pool.map(one, range(60)))
    assert sum(passed) == 5
    assert Counter.objects.get().count == 60


@pytest.mark.django_db
def test_names_are_counted_apart_and_not_readable():
    assert all(attempt("a") for _ in range(5))
    assert not attempt("a")
    assert attempt("b")
    assert all(len(key) == 64 for key in Counter.objects.values_list("key", flat=True))


@pytest.mark.django_db
def test_a_success_is_given_back_but_wipes_no_failures():
    for _ in range(4):
        attempt("a")
    take((FIVE, "a")).give_back()
    assert attempt("a")
    assert not attempt("a")


@pytest.mark.django_db
def test_an_overrun_window_makes_the_next_one_twice_as_long():
    def run_out() -> float:
        for _ in range(7):
            attempt("a")
        row = Counter.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM until - now()) FROM signin_counter")
            seconds = float(cursor.fetchone()[0])
            cursor.execute("UPDATE signin_counter SET until = now() - interval '1 second'")
        assert row.count == 7
        return seconds

    waits = [round(run_out() / 300) for _ in range(5)]
    assert waits == [1, 2, 4, 8, 12]  # an hour at the most


@pytest.mark.django_db
def test_a_quiet_window_forgets_the_strikes():
    for _ in range(7):
        attempt("a")
    for sql in ("UPDATE signin_counter SET until = now() - interval '1 second'",):
        with connection.cursor() as cursor:
            cursor.execute(sql)
    attempt("a")
    assert Counter.objects.get().strikes == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE signin_counter SET until = now() - interval '1 second'")
    attempt("a")
    assert Counter.objects.get().strikes == 0


@pytest.mark.django_db(transaction=True)
def test_without_its_table_the_door_stays_closed(office, client):
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE signin_counter")
    with pytest.raises(Unguarded):
        take((FIVE, "a"))
    answer = office.sign_in(client, office.teacher)
    assert answer.status_code == 200
    assert "ยังไม่เปิดให้เข้าสู่ระบบ" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_password_attempts_run_out_per_account_and_address(office, client):
    for _ in range(limits.ACCOUNT_HERE.attempts):
        office.sign_in(client, office.teacher, "ผิดผิดผิดผิด")
    answer = office.sign_in(client, office.teacher)
    assert "ลองถี่เกินไป" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    elsewhere = client.post(
        "/accounts/login/",
        {"login": "mana", "password": "เรือลำน้อย ลอยกลางทะเลสาบ"},
        REMOTE_ADDR="203.0.113.200",
    )
    assert elsewhere.status_code == 302


@pytest.mark.django_db
def test_user_name_and_email_share_one_allowance(office, client):
    for number in range(limits.ACCOUNT_HERE.attempts):
        login = "mana" if number % 2 else "MANA@example.go.th"
        client.post("/accounts/login/", {"login": login, "password": "ผิด"}, REMOTE_ADDR="203.0.113.7")
    assert "ลองถี่เกินไป" in office.sign_in(client, office.teacher).content.decode()


@pytest.mark.django_db
def test_one_address_cannot_try_many_names(client, office):
    for number in range(limits.ADDRESS.attempts):
        client.post(
            "/accounts/login/", {"login": f"name{number}", "password": "ผิด"}, REMOTE_ADDR="203.0.113.9"
        )
    answer = client.post("/accounts/login/", {"login": "mana", "password": "ผิด"}, REMOTE_ADDR="203.0.113.9")
    assert "ลองถี่เกินไป" in answer.content.decode()
