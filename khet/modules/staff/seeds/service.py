"""Service rows of the invented officials: appointment, probation, standing, and the pay of the last six years, some of it corrected."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import connection

from khet.base.lib.thai.calendar import be_year
from khet.base.org.api import Actor
from khet.base.org.world import World
from khet.modules.staff.actions import ask_correction, certify_copy
from khet.modules.staff.choices import Job, Movement, PersonKind, Standing
from khet.modules.staff.models import Official, ServiceRow

SIGNER = "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา"
LAST = date(2026, 10, 1)
HALF_YEARS = 12
_COLUMNS = (
    "id", "official_id", "effective_on", "movement", "words", "title", "unit_id", "place", "position_number", "standing", "level", "salary",
    "order_number", "order_on", "order_by", "signed_by", "corrects_id", "reason", "is_void", "before", "source", "written_at", "written_by",
)  # fmt: skip


def service(world: World) -> None:
    """Rows by COPY, ending with what each earns today; then a wish for correction and a certified copy through the verbs."""
    rng = random.Random(7)  # noqa: S311 – the same orders every time
    officials = list(
        Official.objects.filter(kind__in=[PersonKind.TEACHER, PersonKind.CIVIL, PersonKind.GOVERNMENT])
        .select_related("unit", "position", "person")
        .order_by("pk")
    )
    office = world.office.short_name if world.office else ""
    rows = [row for official in officials for row in _rows(rng, official, office)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('staff_servicerow', 'id')) FROM generate_series(1, %s)",
            [len(rows)],
        )
        keys = [found[0] for found in cursor.fetchall()]
        with cursor.copy(f"COPY staff_servicerow ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
            for pk, row in zip(keys, rows, strict=True):
                row["id"] = pk
                wrong = row.pop("instead_of", None)
                row["corrects_id"] = wrong["id"] if wrong else None
                copy.write_row([row[name] for name in _COLUMNS])
    _papers(world, officials)


def _rows(rng: random.Random, official: Official, office: str) -> Iterator[dict[str, Any]]:
    number = official.position.number if official.position else ""
    appointed = official.appointed_on

    def row(day: date, movement: str, **more: Any) -> dict[str, Any]:
        year = be_year(day)
        return {
            "official_id": official.pk, "effective_on": day, "movement": movement, "words": "", "title": official.title,
            "unit_id": official.unit_id, "place": official.unit.name, "position_number": number, "standing": "", "level": "",
            "salary": None, "order_number": f"{rng.randint(20, 690)}/{year}", "order_on": day, "order_by": office, "signed_by": SIGNER,
            "reason": "", "is_void": False, "before": "{}", "source": "", "written_at": _noon(day), "written_by": "ข้อมูลสาธิต", **more,
        }  # fmt: skip

    pay = official.salary or Decimal(15_800)
    steps: list[dict[str, Any]] = []
    day = LAST
    while len(steps) < HALF_YEARS and day > appointed:
        steps.append(
            row(
                day, Movement.RAISED, salary=pay, level=official.level,
                words=f"เลื่อนเงินเดือน ร้อยละ {rng.choice(('2.85', '2.95', '3.05', '3.10'))}",
            )
        )  # fmt: skip
        pay = Decimal(round(pay / Decimal("1.03") / 10) * 10)
        day = date(day.year, 4, 1) if day.month == 10 else date(day.year - 1, 10, 1)
    teacher = official.job in (Job.TEACHER, Job.ASSISTANT)
    yield row(
        appointed, Movement.APPOINTED, salary=pay, title="ครูผู้ช่วย" if teacher else official.title,
        level="assistant" if teacher else "",
    )  # fmt: skip
    done = date(appointed.year + 2, appointed.month, min(appointed.day, 28))
    if teacher and steps and done < steps[-1]["effective_on"]:
        yield row(
            done, Movement.PROBATION, level="k1", words="พ้นการเตรียมความพร้อมและพัฒนาอย่างเข้ม ให้ดำรงตำแหน่งครู"
        )
    if official.standing_on and official.standing not in ("", Standing.NONE):
        yield row(
            official.standing_on, Movement.PROMOTED, standing=official.standing, level=official.level,
            words=f"เลื่อนเป็นวิทยฐานะ{official.get_standing_display()}",
        )  # fmt: skip
    for step in reversed(steps):
        if rng.random() < 0.004:  # mistyped, and put right a fortnight later
            wrong = {**step, "salary": step["salary"] + 1_000}
            yield wrong
            step = {**step, "instead_of": wrong, "reason": "พิมพ์อัตราเงินเดือนผิด"}
        yield step


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(5), UTC)


def _papers(world: World, officials: list[Official]) -> None:
    teacher = next((o for o in officials if o.job == Job.TEACHER and hasattr(o.person, "account")), None)
    if teacher is None or "head:personnel" not in world.posts:
        return
    row = ServiceRow.objects.in_force().filter(official=teacher).order_by("-effective_on").first()
    ask_correction(
        actor=Actor.of(teacher.person), official=teacher, about="service", row=row,
        words="เลขที่คำสั่งไม่ตรงกับสำเนาคำสั่งที่ได้รับ ส่งสำเนาให้กลุ่มบริหารงานบุคคลแล้ว",
    )  # fmt: skip
    certify_copy(actor=world.as_holder("head:personnel"), official=teacher, purpose="ประกอบคำขอมีวิทยฐานะ")
