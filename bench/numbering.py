"""Two hundred ask for a number at once, from eight processes (L3): 1 … 200, no gap, no double.

Floor: the same askers with the bare upsert of the register's row and a bare insert of the entry.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor

from bench.measure import p50, p95, table

ASKERS, PROCESSES, AT_ONCE = (
    200,
    8,
    10,
)  # ten connections of each process: the embedded server allows a hundred


def numbering() -> bool:
    from django.db import connections

    from khet.base.org.api import Unit
    from khet.modules.letters.models import Entry, Register
    from khet.modules.letters.numbers import this_year

    kept, rows, half = True, [], {}
    for way in ("bare", "verb"):
        unit = Unit.objects.get(kind="office")
        register = Register.objects.filter(
            unit=unit, kind="receive", is_secret=False, year=this_year()
        ).first()
        before = register.last_number if register else 0
        connections.close_all()
        begin = time.perf_counter()
        with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
            pool.map(_warm, range(PROCESSES), chunksize=1)
            begin = time.perf_counter()
            parts = pool.map(_ask, [(way, unit.pk, ASKERS // PROCESSES)] * PROCESSES, chunksize=1)
            whole = time.perf_counter() - begin
        taken = sorted(number for part in parts for number, _span in part)
        spans = [span for part in parts for _number, span in part]
        is_right = taken == list(range(before + 1, before + ASKERS + 1))
        stored = sorted(
            Entry.objects.filter(register__unit=unit, register__kind="receive", register__is_secret=False,
                                 register__year=this_year(), number__gt=before).values_list("number", flat=True)
        )  # fmt: skip
        is_right = is_right and stored == taken
        kept = kept and is_right
        half[way] = whole
        rows.append(
            [
                "receive() whole: number, letter, entry, journal, index" if way == "verb" else "floor: bare upsert and insert",
                f"{whole:.2f}", f"{ASKERS / whole:.0f}", f"{p50(spans):.0f}", f"{p95(spans):.0f}",
                f"{before + 1}…{before + ASKERS}: " + ("no gap, no double" if is_right else "WRONG"),
            ]
        )  # fmt: skip
    print(
        table(
            [f"{ASKERS} askers, {PROCESSES} processes", "s", "per second", "p50 ms", "p95 ms", "numbers"],
            rows,
        )
    )
    print(f"ratio to floor {half['verb'] / half['bare']:.1f}")
    if not kept:
        print("MISSED numbering")
    return kept


def _warm(_number: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.site.settings")
    import django

    django.setup()
    import khet.modules.letters.actions  # noqa: F401

    time.sleep(1)  # so that every process gets one of these


def _ask(given: tuple[str, int, int]) -> list[tuple[int, float]]:
    way, unit, count = given
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda turn: _one(way, unit, turn), range(count)))


def _one(way: str, unit_pk: int, turn: int) -> tuple[int, float]:
    from django.db import connection, transaction
    from django.utils import timezone

    from khet.base.org.api import Actor, Unit
    from khet.modules.letters.actions import receive
    from khet.modules.letters.models import Letter
    from khet.modules.letters.numbers import take

    unit = Unit.objects.get(pk=unit_pk)
    begin = time.perf_counter()
    if way == "verb":
        row = receive(
            actor=Actor.system(), unit=unit, subject=f"ขอเลขพร้อมกัน {turn}", from_text="สพฐ.",
            number_text=f"{os.getpid()}/{turn}/{time.time_ns()}",
        )  # fmt: skip
        return row.number, (time.perf_counter() - begin) * 1000
    letter = Letter.objects.order_by("pk").values_list("pk", flat=True).first()
    begin = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        taken = take(unit_pk, "receive")
        cursor.execute(
            "INSERT INTO letters_entry (register_id, number, letter_id, taken_at, action, remark, cancel_reason)"
            " VALUES (%s, %s, %s, %s, '', '', '')",
            [taken.register_id, taken.first, letter, timezone.now()],
        )
    return taken.first, (time.perf_counter() - begin) * 1000
