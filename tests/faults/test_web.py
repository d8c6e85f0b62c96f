"""The web under faults: killed, reloaded, with the database away, busy, restarted."""

from __future__ import annotations

import os
import random
import signal
import threading
import time

import httpx
import psutil
import pytest

from tests.faults.office import Office, Writers, wait_for

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("faults")]


@pytest.fixture
def office(shared: Office) -> Office:
    wait_for(shared.ready, 20, "the shared office")
    return shared


def kill_workers(office: Office, cycles: int, seed: int = 1) -> Writers:
    rng = random.Random(seed)
    with Writers(office) as writers:
        for _cycle in range(cycles):
            time.sleep(rng.uniform(0.1, 0.6))
            workers = office.web_workers()
            if workers:
                rng.choice(workers).kill()
    return writers


def test_f1_killed_web_workers_lose_nothing_they_acknowledged(office: Office) -> None:
    writers = kill_workers(office, 12)
    assert len(writers.acknowledged) > 50
    assert writers.lost() == set()
    assert writers.halves() == 0
    wait_for(lambda: len(office.web_workers()) == 2, 5, "both web workers back")
    assert office.verify() == []


def answers(office: Office) -> bool:
    try:
        return httpx.get(f"{office.url}/livez", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


PULSE = "SELECT max(last_heartbeat) FROM procrastinate_workers"


@pytest.mark.parametrize("word", ["serve", "worker"])
def test_f24_a_killed_process_is_back_within_five_seconds(office: Office, word: str) -> None:
    """From the death to the next one's first pulse: a request answered, a worker enrolled.

    Where other work slows the machine, loading the code alone may take as long: it is measured beside it.
    """
    old = wait_for(lambda: office.child(word), 20, word)
    pulse = wait_for(lambda: office.sql(PULSE)[0][0], 20, "the worker's first pulse")
    os.kill(old.pid, signal.SIGKILL)
    began = time.monotonic()
    new = wait_for(
        lambda: (found := office.child(word)) and found.pid != old.pid and found, 10, "a new process"
    )
    born = time.monotonic() - began
    if word == "worker":
        wait_for(lambda: office.sql(PULSE)[0][0] > pulse, 60, "the new worker's pulse")
    else:
        # The web processes of the killed one are taken down with it, so an answer is the new one's.
        wait_for(lambda: new.children() and answers(office), 60, "an answer")
    back = time.monotonic() - began
    loading = office.loading_seconds()
    assert born < 3, f"the supervisor took {born:.1f} s to notice"
    assert back <= max(5, 2 * loading + 2), f"back after {back:.1f} s, loading takes {loading:.1f} s now"


def requests_while(office: Office, act, count: int, over=lambda: True) -> tuple[int, list[str]]:
    """At least ``count`` requests from four threads, until ``over``; ``act`` runs after the first tenth."""
    done, failed = [0], []
    lock = threading.Lock()
    started = threading.Event()

    def ask() -> None:
        with httpx.Client(timeout=20, transport=httpx.HTTPTransport(retries=0)) as client:
            while True:
                with lock:
                    if done[0] >= count and over():
                        return
                    done[0] += 1
                    number = done[0]
                if number == count // 10:
                    started.set()
                try:
                    answer = client.get(f"{office.url}/fault/read", headers={"Connection": "close"})
                    if answer.status_code != 200:
                        failed.append(f"{number}: {answer.status_code}")
                except httpx.HTTPError as why:
                    failed.append(f"{number}: {why!r}")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    started.wait(20)
    act()
    for thread in threads:
        thread.join(60)
    return done[0], failed


def test_l12_a_reload_during_a_thousand_requests_fails_none(office: Office) -> None:
    before = wait_for(lambda: office.child("serve"), 20, "the web server").pid
    held: list[int] = []
    waiting = threading.Thread(
        target=lambda: held.append(httpx.get(f"{office.url}/fault/slow?seconds=10", timeout=30).status_code)
    )
    waiting.start()
    time.sleep(0.3)
    end = time.monotonic() + 60
    done, failed = requests_while(
        office,
        lambda: office.process.send_signal(signal.SIGHUP),
        1000,
        over=lambda: not psutil.pid_exists(before) or time.monotonic() > end,
    )
    waiting.join()
    after = office.child("serve")
    assert after is not None and after.pid != before, "the requests ran across the whole exchange"
    assert done >= 1000 and failed == []
    assert held == [200], "the request under way during the reload was finished by the old server"


def test_f10_a_database_restart_is_met_by_a_retry_or_503(office: Office) -> None:
    answers: list[tuple[int, str | None]] = []
    going = [True]

    def ask() -> None:
        while going[0]:
            answer = httpx.get(f"{office.url}/fault/read?seconds=0.05", timeout=30)
            answers.append((answer.status_code, answer.headers.get("Retry-After")))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    office.cluster.stop("immediate")  # the supervisor brings it back
    stopped = time.monotonic()
    wait_for(lambda: office.ready(), 15, "database back")
    recovered = time.monotonic() - stopped
    time.sleep(1)
    going[0] = False
    for thread in threads:
        thread.join(40)
    codes = {code for code, _after in answers}
    assert codes <= {200, 503}, codes
    assert all(after == "5" for code, after in answers if code == 503)
    assert recovered < 8
    assert httpx.post(f"{office.url}/fault/write?key=after", timeout=10).status_code == 200


def test_a_write_is_never_repeated_when_the_connection_breaks(office: Office) -> None:
    holder = office.connect()
    holder.autocommit = False
    holder.execute("LOCK TABLE org_person IN EXCLUSIVE MODE")
    result: list[httpx.Response] = []
    thread = threading.Thread(
        target=lambda: result.append(httpx.post(f"{office.url}/fault/write?key=once", timeout=30))
    )
    thread.start()
    wait_for(
        lambda: office.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '%%org_person%%'"),
        4, "the waiting write",
    )  # fmt: skip
    holder.rollback()
    holder.close()
    thread.join()
    assert result[0].status_code == 503 and result[0].headers["Retry-After"] == "5"
    assert office.sql("SELECT count(*) FROM org_person WHERE last_name = 'once'") == [(0,)]


def test_f9_a_locked_table_gives_503_and_the_worker_lives(office: Office) -> None:
    workers = {p.pid for p in office.web_workers()}
    with office.connect() as holder:
        holder.autocommit = False
        holder.execute("LOCK TABLE org_person IN EXCLUSIVE MODE")
        began = time.monotonic()
        answer = httpx.post(f"{office.url}/fault/locked", timeout=30)
        assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
        assert 4 < time.monotonic() - began < 9
        assert httpx.get(f"{office.url}/fault/read", timeout=5).status_code == 200, "reads go on"
        holder.rollback()
    assert {p.pid for p in office.web_workers()} == workers


def test_health_tells_the_truth_without_a_database(office: Office) -> None:
    os.kill(office.process.pid, signal.SIGSTOP)  # so that nobody brings the database back
    try:
        office.cluster.stop("immediate")
        assert httpx.get(f"{office.url}/livez", timeout=20).status_code == 200
        answer = httpx.get(f"{office.url}/readyz", timeout=40)
        assert answer.status_code == 503 and answer.json()["database"] is False
    finally:
        os.kill(office.process.pid, signal.SIGCONT)


def test_a_taken_port_and_a_second_office_are_told_in_a_sentence(office: Office) -> None:
    second = office.khet("run")
    assert second.returncode == 1 and "ทำงานอยู่แล้ว" in second.stderr and "Traceback" not in second.stderr
    other = office.khet("run", KHET_DATA=str(office.data.parent / "other"))
    assert other.returncode == 1 and f"พอร์ต {office.port} มีโปรแกรมอื่นใช้อยู่" in other.stderr
