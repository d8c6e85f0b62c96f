"""A circular to every school (L4), with all who may receive told: the press of the button, and when it is in the inboxes.

Floor: the bare ``INSERT … SELECT`` of the same receipts and notices, rolled back.
"""

from __future__ import annotations

import time

from bench.measure import p50, p95, table
from bench.world import account_of, actor_of, sign_in

PAGE, INBOX = 1_000, 5_000
ROUNDS = 5


def dispatch() -> bool:
    from django.db import connection, transaction
    from django.utils import timezone

    from khet.base.notices.models import Notice
    from khet.base.org.api import Person, Unit
    from khet.modules.letters.actions import send_ready
    from khet.modules.letters.models import Letter, Receipt

    saraban = actor_of("saraban")
    client, clerk = sign_in("saraban"), sign_in("clerk")
    office = Unit.objects.get(kind="office")
    schools = list(Unit.objects.on().filter(kind="school").values_list("pk", flat=True))
    clerk_unit = account_of("clerk").person.holdings.on().select_related("post").first().post.unit_id
    # A server has loaded its views before it takes a request (khet/site/server.py); this process has not yet.
    client.get("/letters/"), clerk.get("/letters/inbox/?tab=all")
    presses, inboxes, floors, receipts, notices = [], [], [], 0, 0
    for turn in range(ROUNDS):
        subject = f"เวียนทุกโรงเรียน วัดครั้งที่ {turn} {time.time_ns()}"
        # A letter signed and numbered, waiting for the press: made and held back, then sent through the page.
        letter = send_ready(
            actor=saraban, unit=office, subject=subject, to_text="ผู้อำนวยการโรงเรียนทุกโรงเรียน", is_circular=True, units=[]
        )  # fmt: skip
        Letter.objects.filter(pk=letter.pk).update(state="signed", sent_at=None, to_units=schools)
        begin = time.perf_counter()
        response = client.post(f"/letters/{letter.pk}/dispatch/")
        presses.append((time.perf_counter() - begin) * 1000)
        if response.status_code != 302:
            raise SystemExit(f"dispatch answered {response.status_code}")
        receipts = Receipt.objects.filter(letter=letter).count()
        notices = Notice.objects.filter(event__startswith=f"letters.sent:{letter.pk}:").count()
        if receipts != len(schools):
            raise SystemExit(f"{receipts} receipts for {len(schools)} schools")
        while subject not in clerk.get("/letters/inbox/?tab=all").content.decode():
            time.sleep(0.05)
        inboxes.append((time.perf_counter() - begin) * 1000)
        now = timezone.now()
        with transaction.atomic(), connection.cursor() as cursor:
            plain = Letter.objects.create(
                origin="here",
                kind="external",
                state="draft",
                unit=office,
                from_text="-",
                to_text="-",
                subject="-",
            )
            people = list(Person.objects.order_by("pk").values_list("pk", flat=True)[:notices])
            start = time.perf_counter()
            cursor.execute(
                "INSERT INTO letters_receipt (letter_id, unit_id, sent_at, reason)"
                " SELECT %s, id, %s, '' FROM unnest(%s::bigint[]) AS id",
                [plain.pk, now, schools],
            )
            cursor.execute(
                "INSERT INTO notices_notice (event, person_id, channel, title, body, url, is_urgent, created_at, state, attempts, error)"
                " SELECT 'bench', id, 'app', 'x', '', '', false, %s, 'sent', 0, '' FROM unnest(%s::bigint[]) AS id",
                [now, people],
            )
            floors.append((time.perf_counter() - start) * 1000)
            transaction.set_rollback(True)
    doubled = Receipt.objects.filter(unit_id=clerk_unit).values("letter").count() - (
        Receipt.objects.filter(unit_id=clerk_unit).values("letter").distinct().count()
    )
    print(
        table(
            [f"dispatch, {receipts} receivers, {notices} notices", "p50 ms", "p95 ms", "ratio p50"],
            [
                ["the press (one request)", f"{p50(presses):.0f}", f"{p95(presses):.0f}", f"{p50(presses) / p50(floors):.1f}"],
                ["press to seen in a school's inbox", f"{p50(inboxes):.0f}", f"{p95(inboxes):.0f}", ""],
                ["floor: bare INSERT … SELECT of receipts and notices", f"{p50(floors):.1f}", f"{p95(floors):.1f}", ""],
            ],
        )
    )  # fmt: skip
    kept = max(presses) <= PAGE and max(inboxes) <= INBOX and not doubled
    everybody = _everybody(saraban, office)
    if not (kept and everybody):
        print(f"MISSED dispatch: press {max(presses):.0f} ms, inbox {max(inboxes):.0f} ms, doubled {doubled}")
    return kept and everybody


def _everybody(saraban, office) -> bool:
    """Every person told at once, in the app and by e-mail: exactly one each, in one statement per channel."""
    from django.db import connection, transaction
    from django.db.models import Count

    from khet.base.notices.api import tell
    from khet.base.notices.models import Notice
    from khet.base.org.api import Person

    event = f"bench:{time.time_ns()}"
    with transaction.atomic():
        begin = time.perf_counter()
        first = tell(event=event, title="วัดความเร็ว", people=Person.objects.all())
        spent = (time.perf_counter() - begin) * 1000
        again = tell(event=event, title="วัดความเร็ว", people=Person.objects.all())
        most = (
            Notice.objects.filter(event=event)
            .values("person", "channel")
            .annotate(n=Count("pk"))
            .order_by("-n")
            .first()
        )["n"]
        with connection.cursor() as cursor:
            begin = time.perf_counter()
            cursor.execute(
                "INSERT INTO notices_notice (event, person_id, channel, title, body, url, is_urgent, created_at, state, attempts, error)"
                " SELECT 'bench-floor', id, unnest(ARRAY['app', 'email']), 'x', '', '', false, now(), 'sent', 0, '' FROM org_person"
            )
            floor = (time.perf_counter() - begin) * 1000
        transaction.set_rollback(True)
    print(
        f"{Person.objects.count():,} people told in {spent:.0f} ms: {first:,} notices, a second telling added {again}, most per person and channel {most};"
        f" bare INSERT … SELECT {floor:.0f} ms, ratio {spent / floor:.1f}"
    )
    return again == 0 and most == 1 and spent <= INBOX
