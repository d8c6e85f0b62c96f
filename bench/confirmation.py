"""The confirmation hour: every school opens, checks, corrects ten rows, confirms and certifies, while clerks work.

    python -m bench confirmation [minutes, default 30] [schools, default 130] [pupils of each, default 192]

Real HTTP to the real server (``khet run``: web workers, worker, database), a real session for every person, on a world of
its own made by the import itself: 130 schools with 192 pupils each, a clerk and a head, and one open round. Promise: all schools certified within the minutes, p95 of every kind of request under 300 ms, nothing lost:
what stands in the database afterwards is what was typed. Floor: the same page asked for by nobody else.

A school's people begin at a moment of their own within the first four fifths of the time, and think between two requests.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
P95 = 300.0
ROWS = 10
WORKING = 12  # clerks who do other work meanwhile
THINK = 6.0  # seconds between two requests of one person in the full half hour


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def cookies_of(account: Any) -> dict[str, str]:
    """A session of this account as the sign-in leaves it, second factor given and fresh."""
    from django.conf import settings
    from django.test import Client

    from khet.base.org.middleware import FRESH_UNTIL
    from khet.base.signin import sessions

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(account)
    session = client.session
    now = time.time()
    session[sessions.SEEN_AT] = session[sessions.BEGUN_AT] = now
    session[sessions.SECOND_FACTOR] = True
    # The sign-in before certifying is measured elsewhere (bench.signin): here it was given just before.
    session[FRESH_UNTIL] = now + 3 * 3600
    session.save()
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def made_ready(schools: int, each: int, folder: Path) -> tuple[int, list[dict[str, Any]]]:
    """The world: schools with people and pupils, an open round of the present term, and every rule run once."""
    from django.contrib.auth.hashers import make_password
    from django.db import connection

    from khet.base.lib.thai.calendar import school_year
    from khet.base.org.actions import Appointment, add_unit, staff
    from khet.base.org.api import Account, Actor, Person, Profile, Unit, ensure_roles, today
    from khet.base.signin.demo import open_demo_factor
    from khet.kits.register.api import import_file
    from khet.kits.rounds.actions import open_round, plan_year
    from khet.kits.rounds.actions.checking import checks_of, run
    from khet.kits.rounds.models import Return, Round
    from khet.kits.rounds.queries.periods import scope_of
    from khet.modules.schools.actions import import_schools
    from tests.dmc import write_dmc

    actor = Actor.system()
    roles = ensure_roles()
    Profile.load()
    Profile.objects.update(is_demo=True)  # second factors that need no telephone
    add_unit(actor=actor, kind="office", code="9902", name="สพป.ศรีธารา เขต 2", short_name="สพป.ศรีธารา เขต 2")
    codes = [f"9902{number:04d}" for number in range(1, schools + 1)]
    import_schools(
        actor=actor, changed=[], source="bench",
        new=[{"name": f"บ้านไร่ธาร {code}", "smis8": code, "levels": "kp"} for code in codes],
    )  # fmt: skip
    units = list(Unit.objects.filter(kind="school").order_by("code"))
    lines = [
        Appointment(unit, kind, title, title, Person(title="นาย", first_name=f"{title}{unit.code}", last_name="ทดสอบ"), (roles[role],), "1", place, f"{letter}.{unit.code}")
        for unit in units
        for place, (letter, kind, title, role) in enumerate(
            (("p", "principal", "ผู้อำนวยการ", "principal"), ("c", "clerk", "ธุรการ", "school_clerk"))
        )
    ]  # fmt: skip
    staff(
        actor=actor,
        appointments=lines,
        since=today().replace(year=today().year - 1),
        password_hash=make_password(None),
    )
    year = school_year(today())
    path = folder / f"{year}-2-student.xlsx"
    write_dmc(path, [(code, f"บ้านไร่ธาร {code}", "kp") for code in codes], each, year=year)
    brought = import_file(actor=actor, kind="enrolments", path=path, confirm=True)
    if brought.new != schools * each:
        raise SystemExit(f"the world could not be made: {brought}")
    plan_year(actor=actor, school_year=year)
    round_ = Round.objects.filter(school_year=year, kind="term", term=2).order_by("number").first()
    open_round(actor=actor, round=round_)
    round_.refresh_from_db()
    run(round_, scope_of(round_), checks_of(["students"]))
    with connection.cursor() as cursor:
        # What only the area decides, or what another register must mend, is settled: this measures the hour, not the
        # weeks before it. What a school explains itself, it explains here.
        cursor.execute(
            "UPDATE rounds_finding SET state = 'accepted' WHERE round_id = %s AND (level = 'stop' OR other_unit_id IS NOT NULL)",
            [round_.pk],
        )
        cursor.execute(
            "SELECT s.unit_id, p.id FROM students_pupil p JOIN schools_school s ON s.id = p.school_id ORDER BY s.unit_id, p.sort_name, p.id"
        )
        pupils: dict[int, list[int]] = {}
        for unit, pupil in cursor.fetchall():
            pupils.setdefault(unit, []).append(pupil)
        cursor.execute("ANALYZE")
    accounts = {one.username: one for one in Account.objects.all()}
    for account in accounts.values():
        open_demo_factor(account)
    told = []
    for handed in Return.objects.filter(round=round_, sheet="students").select_related("unit"):
        code = handed.unit.code
        told.append({
            "return": handed.pk, "unit": handed.unit_id, "code": code, "pupils": pupils[handed.unit_id][:ROWS],
            "head": cookies_of(accounts[f"p.{code}"]), "clerk": cookies_of(accounts[f"c.{code}"]),
        })  # fmt: skip
    return round_.pk, told


class School(threading.Thread):
    """One school's way through the round."""

    def __init__(self, told: dict[str, Any], port: int, clock: Any, begins: float, think: float) -> None:
        super().__init__(daemon=True, name=f"school {told['code']}")
        from bench.driving import Visitor

        self.told, self.clock, self.begins, self.think = told, clock, begins, think
        self.clerk = Visitor(port, told["clerk"], clock)
        self.head = Visitor(port, told["head"], clock)
        self.rng = random.Random(told["code"])
        self.typed: dict[int, str] = {}
        self.is_done = False
        self.ended = 0.0

    def pause(self) -> None:
        time.sleep(self.think * self.rng.uniform(0.3, 1.7))

    def run(self) -> None:
        time.sleep(max(0.0, self.begins - time.monotonic()))
        try:
            self.go()
            self.is_done = True
        except Exception as why:
            self.clock.fault(f"{self.told['code']}: {type(why).__name__}: {why}")
        self.ended = time.monotonic()

    def go(self) -> None:
        page = f"/rounds/returns/{self.told['return']}/"
        self.clerk.get("open the round", "/rounds/mine/")
        self.pause()
        self.clerk.press("start", page, "/start/")
        self.pause()
        self.clerk.press("check", page, "/submit/")
        for pupil in self.told["pupils"]:
            self.pause()
            self.correct(pupil)
        self.pause()
        self.clerk.press("check", page, "/submit/")
        for finding in sorted(
            set(re.findall(r"/rounds/findings/(\d+)/", self.clerk.get("the return", page)))
        ):
            self.pause()
            self.explain(finding)
        self.pause()
        self.clerk.press("confirm", page, "/confirm/")
        self.pause()
        self.head.get("open the round", "/rounds/mine/")
        self.pause()
        self.head.press("certify", page, "/certify/", agreed="1")

    def correct(self, pupil: int) -> None:
        """One row: its form opened, the address put right, saved."""
        url = f"/register/pupils/{pupil}/edit/"
        form = next(one for one in self.clerk.forms("a pupil's form", url) if "version" in one.names())
        typed = f"ซอย {self.rng.randint(1, 9999)}"
        form.put("live_road", typed)
        self.clerk.send("a pupil saved", form)
        self.typed[pupil] = typed

    def explain(self, finding: str) -> None:
        url = f"/rounds/findings/{finding}/"
        for form in self.clerk.forms("a finding", url):
            if "reason" in form.names() and form.action.rstrip("/") == url.rstrip("/"):
                form.put("reason", "ตรวจกับสูติบัตรและทะเบียนบ้านแล้ว ข้อมูลถูกต้อง")
                self.clerk.send("explain", form)
                return


class Working(threading.Thread):
    """Somebody at other work: letters, registers, the map, search."""

    PAGES = (
        ("other: desk", "/desk/"), ("other: letters", "/letters/"), ("other: pupils", "/register/pupils/"),
        ("other: schools", "/register/schools/"), ("other: search", "/search/?q=ประชุม"),
    )  # fmt: skip

    def __init__(self, cookies: dict[str, str], port: int, clock: Any, ends: float, think: float) -> None:
        super().__init__(daemon=True)
        from bench.driving import Visitor

        self.visitor, self.clock, self.ends, self.think = Visitor(port, cookies, clock), clock, ends, think
        self.rng = random.Random(str(cookies))
        self.going = True

    def run(self) -> None:
        from urllib.parse import quote

        while self.going and time.monotonic() < self.ends:
            for kind, url in self.PAGES:
                if not self.going:
                    return
                try:
                    self.visitor.get(kind, quote(url, safe="/?=&"))
                except Exception as why:
                    self.clock.fault(f"{kind}: {type(why).__name__}: {why}")
                time.sleep(self.think * self.rng.uniform(0.3, 1.7))


def lost(round_id: int, schools: list[School]) -> list[str]:
    """What was acknowledged and does not stand in the database; a journal entry for every row too."""
    from django.db import connection

    found = []
    typed = {pupil: words for school in schools for pupil, words in school.typed.items()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, live_road FROM students_pupil WHERE id = ANY(%s)", [list(typed)])
        there = dict(cursor.fetchall())
        found += [
            f"pupil {pupil}: {there.get(pupil)!r}, typed {words!r}"
            for pupil, words in typed.items()
            if there.get(pupil) != words
        ]
        cursor.execute(
            "SELECT count(DISTINCT subject) FROM journal_entry WHERE subject = ANY(%s) AND changes ? 'live_road'",
            [[f"students.pupil:{pupil}" for pupil in typed]],
        )
        journalled = cursor.fetchone()[0]
        if journalled != len(typed):
            found.append(f"{journalled} of {len(typed)} corrected rows in the journal")
        done = [school.told["return"] for school in schools if school.is_done]
        cursor.execute(
            "SELECT count(*) FROM rounds_return r WHERE r.id = ANY(%s) AND r.state = 'certified' AND r.certified_at IS NOT NULL"
            " AND EXISTS (SELECT FROM rounds_snapshot s WHERE s.handed_id = r.id AND s.digest = r.digest)",
            [done],
        )
        certified = cursor.fetchone()[0]
        if certified != len(done):
            found.append(f"{certified} of {len(done)} schools certified")
    return found


def main(minutes: float, count: int, each: int) -> int:
    data = Path(tempfile.mkdtemp(prefix="khet-bench-"))
    port = free_port()
    os.environ |= {"KHET_DATA": str(data), "KHET_PORT": str(port)}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")
    from khet.base.database.embedded import cluster_of, ensure_running

    try:
        ensure_running(data)
        return measure(minutes, count, each, data, port)
    finally:
        cluster_of(data).stop("immediate")
        shutil.rmtree(data, ignore_errors=True)


def measure(minutes: float, count: int, each: int, data: Path, port: int) -> int:
    import django

    django.setup()
    from django.db import connection
    from django.utils.translation import activate

    from bench.driving import Clock
    from khet.base.database.embedded import cluster_of
    from khet.site.prepare import collect_static, migrate

    activate("th")
    migrate()
    collect_static()
    round_id, told = made_ready(count, each, data)
    print(
        f"{len(told)} schools of {each} pupils within {minutes:g} minutes; {os.cpu_count()} cores; load {os.getloadavg()[0]:.1f}"
    )
    connection.close()
    with open(data / "bench-run.log", "wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "khet", "run"], cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    try:
        _wait_until_ready(port, server)
        clock, alone = Clock(), Clock()
        floor = School(told[0], port, alone, 0, 0)
        for _ in range(10):
            floor.clerk.get("alone: open the round", "/rounds/mine/")
            floor.clerk.get("alone: the return", f"/rounds/returns/{told[0]['return']}/")
            floor.clerk.get("alone: a pupil's form", f"/register/pupils/{told[0]['pupils'][0]}/edit/")
        began, span = time.monotonic(), minutes * 60
        think = THINK * minutes / 30
        spread = random.Random(1)
        before = _spent(server.pid, cluster_of(data).postmaster())
        schools = [School(one, port, clock, began + spread.random() * span * 0.8, think) for one in told]
        working = [
            Working(one["clerk"], port, clock, began + span, think)
            for one in told[:: max(1, len(told) // WORKING)][:WORKING]
        ]
        for thread in (*schools, *working):
            thread.start()
        for school in schools:
            school.join(max(1.0, began + span * 1.5 - time.monotonic()))
        for one in working:
            one.going = False
        for one in working:  # nobody is cut off by the end of the measurement
            one.join(60)
        last = max(school.ended for school in schools) - began
        after = _spent(server.pid, cluster_of(data).postmaster())
    finally:
        server.terminate()
        try:
            server.wait(40)
        except subprocess.TimeoutExpired:
            server.kill()
    from khet.base.database.embedded import ensure_running

    ensure_running(data)  # the server took it down with itself
    missing = lost(round_id, schools)
    done = sum(school.is_done for school in schools)
    alone.print(P95)
    kept = clock.print(P95)
    requests = sum(map(len, clock.spent.values()))
    print(
        f"{done} of {len(schools)} schools certified, {sum(len(s.typed) for s in schools):,} rows corrected, {requests:,} requests; the last school was done after "
        f"{last / 60:.1f} of {minutes:g} minutes; processor {after[0] - before[0]:.0f} s server and worker, {after[1] - before[1]:.0f} s database"
    )
    for words in [*clock.wrong[:10], *missing[:10]]:
        print(f"MISSED {words}")
    connection.close()
    return int(not (kept and done == len(schools) and not missing and not clock.wrong and last <= span))


def _spent(server: int, postmaster: int | None) -> tuple[float, float]:
    from bench.processors import of_tree

    database = of_tree(postmaster) if postmaster else 0.0
    return of_tree(server), database


def _wait_until_ready(port: int, server: subprocess.Popen[bytes]) -> None:
    import http.client

    end = time.monotonic() + 240
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SystemExit("khet run ended: see bench-run.log")
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            asked.request("GET", "/readyz")
            if asked.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise SystemExit("not ready within 4 minutes")


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(
        main(
            float(given[0]) if given else 30.0,
            int(given[1]) if len(given) > 1 else 130,
            int(given[2]) if len(given) > 2 else 192,
        )
    )
