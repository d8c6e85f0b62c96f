"""Years of past correspondence at full size, set-based: for trying the system at the load it promises.

The rows agree with each other as the verbs would have made them: every register runs without gap in the
order of its days, times follow each other, every registered receipt has its row. No files, no journal.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.transaction import atomic
from django.db.utils import DatabaseError
from django.utils import timezone

from khet.base.org.world import World
from khet.kits.search.api import reindex

_SUBJECTS = [
    "การรายงานข้อมูลสารสนเทศทางการศึกษา", "ขอเชิญประชุมผู้บริหารสถานศึกษา", "การเบิกจ่ายเงินอุดหนุนโรงเรียน", "แจ้งกำหนดการนิเทศติดตาม",
    "การจัดสรรงบประมาณค่าครุภัณฑ์", "โครงการอบรมพัฒนาครู", "การดูแลช่วยเหลือนักเรียน", "การซ่อมแซมอาคารเรียน", "แผนปฏิบัติการประจำปี",
    "การคัดเลือกนักเรียนรางวัลพระราชทาน", "การสำรวจเด็กในเขตบริการ", "การป้องกันโรคในสถานศึกษา", "การประเมินคุณภาพภายใน", "การแข่งขันทักษะทางวิชาการ",
]  # fmt: skip
_SENDERS = [
    "สพฐ.",
    "สำนักงานศึกษาธิการจังหวัดศรีธารา",
    "ที่ว่าการอำเภอธารทอง",
    "สำนักงาน ก.ค.ศ.",
    "สำนักงานสาธารณสุขจังหวัดศรีธารา",
]

# A moment of office hours for the n-th of all letters: days in order, hours in order within the day.
_LETTERS = """
CREATE TEMPORARY TABLE bulk_letter ON COMMIT DROP AS
WITH spread AS (
    SELECT n, %(since)s::timestamptz + (%(until)s::timestamptz - %(since)s::timestamptz) * (n::float8 / %(count)s) AS raw
      FROM generate_series(1, %(count)s) AS n
), placed AS (
    SELECT n, (raw AT TIME ZONE 'Asia/Bangkok')::date AS day,
           extract(epoch FROM (raw AT TIME ZONE 'Asia/Bangkok')::time) / 86400 AS part FROM spread
), worked AS (
    SELECT n, (day - greatest(extract(isodow FROM day)::int - 5, 0)) AS day,
           -- Saturday and Sunday are done on Friday, after Friday's own
           CASE extract(isodow FROM day)::int WHEN 6 THEN (1 + part) / 3 WHEN 7 THEN (2 + part) / 3 WHEN 5 THEN part / 3 ELSE part END AS part
      FROM placed
)
SELECT n, %(base)s + n AS id, day, extract(year FROM day)::int + 543 AS year,
       (day + time '08:30' + interval '7 hours 30 minutes' * part) AT TIME ZONE 'Asia/Bangkok' AS at,
       CASE WHEN n %% 10 < 3 THEN 'circular' WHEN n %% 10 < 7 THEN 'outside' ELSE 'school' END AS class,
       CASE WHEN n %% 10 < 7 THEN NULL ELSE (%(schools)s::bigint[])[1 + (n / 10 * 7 + n) %% cardinality(%(schools)s::bigint[])] END AS school,
       (%(groups)s::bigint[])[1 + n %% cardinality(%(groups)s::bigint[])] AS unit_group,
       (%(subjects)s::text[])[1 + (n * 7) %% cardinality(%(subjects)s::text[])] || ' ครั้งที่ ' || (1 + n %% 12) || '/' || (extract(year FROM day)::int + 543) AS subject,
       CASE WHEN n %% 10 < 3 AND n %% 5 = 0 THEN day + 14 END AS answer_by
  FROM worked
"""
_INSERT_LETTERS = """
INSERT INTO letters_letter (id, origin, kind, is_circular, state, unit_id, issuer_id, number_text, dated_on, from_text,
    to_text, subject, speed, secrecy, "references", enclosures, body, closing, answer_by, to_units, send_when_signed,
    signer_lines, signed_at, sent_at, cancel_reason, version, created_at, updated_at)
SELECT numbered.id, CASE class WHEN 'outside' THEN 'outside' ELSE 'here' END, 'external', class = 'circular',
       CASE class WHEN 'outside' THEN 'closed' ELSE 'sent' END,
       CASE class WHEN 'circular' THEN unit_group WHEN 'outside' THEN %(office)s ELSE school END,
       CASE class WHEN 'circular' THEN %(office)s WHEN 'school' THEN school END,
       CASE class WHEN 'circular' THEN bureau.prefix || '/ว' || run WHEN 'outside' THEN 'ศธ 04006/ว' || n
            ELSE bureau.prefix || bureau.sub_prefix || '/' || run END,
       day, CASE class WHEN 'outside' THEN (%(senders)s::text[])[1 + n %% cardinality(%(senders)s::text[])] ELSE issuer.name END,
       CASE class WHEN 'circular' THEN 'ผู้อำนวยการโรงเรียนในสังกัดทุกโรงเรียน' ELSE 'ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา' END,
       subject, CASE WHEN n %% 17 = 0 THEN 2 WHEN n %% 5 = 0 THEN 1 ELSE 0 END, 0, '{}', '{}', '', '',
       answer_by, '{}', true, '{}',
       CASE class WHEN 'outside' THEN NULL ELSE at END, CASE class WHEN 'outside' THEN NULL ELSE at END, '', 1, at, at
  FROM (SELECT *, row_number() OVER (PARTITION BY class, school, year ORDER BY n) AS run FROM bulk_letter) AS numbered
  LEFT JOIN letters_bureau AS bureau ON bureau.unit_id = coalesce(school, %(office)s)
  LEFT JOIN org_unit AS issuer ON issuer.id = coalesce(school, %(office)s)
"""
_RECEIPTS = """
CREATE TEMPORARY TABLE bulk_receipt ON COMMIT DROP AS
WITH sent AS (
    SELECT letter.id AS letter_id, unit.id AS unit_id, at, letter.n, letter.answer_by, random() AS luck, power(random(), 3) * interval '70 hours' AS lag, random() AS part
      FROM bulk_letter AS letter
      JOIN org_unit AS unit ON unit.id = ANY(CASE letter.class WHEN 'circular' THEN %(schools)s::bigint[] WHEN 'school' THEN ARRAY[%(office)s::bigint] ELSE '{}' END)
)
SELECT letter_id, unit_id, at AS sent_at, answer_by,
       CASE WHEN luck > 0.01 THEN at + interval '5 minutes' + lag * part END AS opened_at,
       CASE WHEN luck > 0.02 THEN at + interval '8 minutes' + lag END AS registered_at,
       CASE WHEN luck > 0.12 AND n %% 10 < 3 AND n %% 5 = 0 THEN at + interval '10 minutes' + lag + interval '96 hours' * luck END AS answered_at
  FROM sent
"""
_ARRIVALS = """
CREATE TEMPORARY TABLE bulk_arrival ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY at, letter_id, unit_id) + %(entry_base)s AS id, letter_id, unit_id, run, year, at,
       row_number() OVER (PARTITION BY unit_id, run, year ORDER BY at, letter_id) AS number
  FROM (
    SELECT letter_id, unit_id, 'receive' AS run, registered_at AS at, extract(year FROM registered_at AT TIME ZONE 'Asia/Bangkok')::int + 543 AS year
      FROM bulk_receipt WHERE registered_at IS NOT NULL
    UNION ALL
    SELECT id, %(office)s, 'receive', at, year FROM bulk_letter WHERE class = 'outside'
    UNION ALL
    SELECT id, coalesce(school, %(office)s), CASE class WHEN 'circular' THEN 'circular' ELSE 'send' END, at, year FROM bulk_letter WHERE class <> 'outside'
  ) AS taken
"""
_REGISTERS = """
INSERT INTO letters_register (unit_id, kind, is_secret, year, last_number)
SELECT unit_id, run, false, year, max(number) FROM bulk_arrival GROUP BY unit_id, run, year
"""
_ENTRIES = """
INSERT INTO letters_entry (id, register_id, number, letter_id, taken_at, action, remark, cancel_reason)
SELECT arrival.id, register.id, arrival.number, arrival.letter_id, arrival.at, '', '', ''
  FROM bulk_arrival AS arrival
  JOIN letters_register AS register ON (register.unit_id, register.kind, register.is_secret, register.year) = (arrival.unit_id, arrival.run, false, arrival.year)
"""
_INSERT_RECEIPTS = """
INSERT INTO letters_receipt (letter_id, unit_id, sent_at, answer_by, opened_at, registered_at, answered_at, entry_id, reason)
SELECT receipt.letter_id, receipt.unit_id, receipt.sent_at, receipt.answer_by, receipt.opened_at, receipt.registered_at, receipt.answered_at, arrival.id, ''
  FROM bulk_receipt AS receipt
  LEFT JOIN bulk_arrival AS arrival ON (arrival.letter_id, arrival.unit_id, arrival.run) = (receipt.letter_id, receipt.unit_id, 'receive')
 ORDER BY receipt.letter_id, receipt.unit_id
"""


def fill(world: World, *, letters: int, years: float) -> dict[str, int]:
    """Past letters up to six weeks ago: three in ten circulars to every school, four from outside, three from schools.

    Runs before anything else is numbered, in the caller's transaction. Returns how many rows of each.
    """
    until = timezone.now() - timedelta(days=45)
    facts = {
        "since": until - timedelta(days=365 * years),
        "until": until,
        "count": letters,
        "office": world.office.pk,
        "schools": [school.pk for school in world.schools],
        "groups": [group.pk for group in world.groups.values()],
        "subjects": _SUBJECTS,
        "senders": _SENDERS,
        "base": 0,
        "entry_base": 0,
    }
    with atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM letters_letter")
        facts["base"] = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(max(id), 0) FROM letters_entry")
        facts["entry_base"] = cursor.fetchone()[0]
        cursor.execute("SELECT setseed(0.9902)")
        checks = _spare_checks(cursor)
        cursor.execute(_LETTERS, facts)
        cursor.execute(_INSERT_LETTERS, facts)
        cursor.execute(_RECEIPTS, facts)
        cursor.execute(_ARRIVALS, facts)
        cursor.execute("CREATE INDEX ON bulk_arrival (letter_id, unit_id)")
        cursor.execute("ANALYZE bulk_arrival")
        cursor.execute("ANALYZE bulk_receipt")
        cursor.execute(_REGISTERS, facts)
        cursor.execute(_ENTRIES, facts)
        entries = cursor.rowcount
        cursor.execute(_INSERT_RECEIPTS, facts)
        receipts = cursor.rowcount
        for table in ("letters_letter", "letters_entry", "letters_receipt", "letters_register"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
        if checks:
            cursor.execute("SET LOCAL session_replication_role = origin")
        for table in ("bulk_letter", "bulk_receipt", "bulk_arrival"):
            cursor.execute(f"DROP TABLE {table}")
        for table in ("letters_letter", "letters_entry", "letters_receipt"):
            cursor.execute(f"ANALYZE {table}")
    return {"letters": letters, "entries": entries, "receipts": receipts, "found": reindex("letters")}


def _spare_checks(cursor) -> bool:
    """Leave out the row-by-row foreign key checks where the database lets us: the joins above made the keys."""
    try:
        with atomic():
            cursor.execute("SET LOCAL session_replication_role = replica")
    except DatabaseError:
        return False
    return True
