"""What has happened in the cases of the demo office: visits over the last months, some closed, some late, some untouched."""

from __future__ import annotations

from typing import Any

# Most cases were visited once to three times; the last visit leaves its state, reason and next step on the case.
_VISITS = """
INSERT INTO children_visit (case_id, visited_on, way, state, reason, note, next_step, due_on, by_name, recorded_at)
SELECT k.id, w.day, CASE WHEN turn = 1 THEN (ARRAY['home', 'phone', 'leader'])[1 + k.id %% 3] ELSE (ARRAY['home', 'meeting'])[1 + k.id %% 2] END,
       t.state, CASE WHEN t.state IN ('tracing', 'not_found') THEN '' ELSE r.reason END,
       (ARRAY['พบคุณยายที่บ้าน เด็กไปช่วยพ่อทำสวนยางต่างอำเภอ', 'โทรไม่ติดสองครั้ง ผู้ใหญ่บ้านว่าบ้านปิดมาเดือนหนึ่ง', 'ผู้ปกครองว่าไม่มีรถไปส่ง ขอรถรับส่ง',
              'เด็กอยากเรียนต่อ รอย้ายทะเบียนบ้านกลับ', 'พบเด็กที่บ้าน ขอปรึกษาญาติก่อน'])[1 + (k.id + turn) %% 5],
       CASE WHEN turn = n.visits AND k.id %% 6 = 0 THEN '' ELSE t.step END,
       CASE WHEN turn = n.visits AND k.id %% 6 = 0 THEN NULL ELSE w.day + 10 + (k.id %% 25)::int END,
       (ARRAY['ครูที่ปรึกษา', 'ธุรการโรงเรียน', 'ผู้อำนวยการโรงเรียน'])[1 + k.id %% 3], w.day + time '15:30' + interval '1 minute' * (k.id %% 60)
  FROM children_case k
 CROSS JOIN LATERAL (SELECT (k.id %% 8)::int %% 4 AS visits) n
 CROSS JOIN LATERAL generate_series(1, n.visits) AS turn
 CROSS JOIN LATERAL (SELECT (now() - interval '1 day' * (70 - turn * 18 - k.id %% 15))::date AS day) w
 CROSS JOIN LATERAL (SELECT CASE WHEN turn < n.visits THEN 'tracing' ELSE (ARRAY['found', 'returning', 'not_found', 'unwilling', 'tracing', 'found'])[1 + k.id %% 6] END AS state,
                            (ARRAY['visit', 'call', 'enrol', 'support', 'nonformal', 'confirm'])[1 + (k.id + turn) %% 6] AS step) t
 CROSS JOIN LATERAL (SELECT (ARRAY['income', 'family_need', 'family_state', 'transport', 'adjustment', 'migrated', 'health'])[1 + k.id %% 7] AS reason) r
 WHERE k.school_year = %(year)s
"""
_REPEATED = """
UPDATE children_case k SET state = v.state, reason = CASE WHEN v.reason = '' THEN k.reason ELSE v.reason END, next_step = v.next_step,
       due_on = v.due_on, visited_on = v.visited_on, visits_count = v.visits
  FROM (SELECT DISTINCT ON (case_id) case_id, state, reason, next_step, due_on, visited_on, count(*) OVER (PARTITION BY case_id) AS visits
          FROM children_visit ORDER BY case_id, visited_on DESC, id DESC) v WHERE v.case_id = k.id
"""
_OPENED = """
UPDATE children_case SET opened_at = now() - interval '1 day' * (75 + id %% 40),
       due_on = CASE WHEN visits_count = 0 THEN (now() - interval '1 day' * (60 + id %% 40))::date + (CASE WHEN id %% 3 = 0 THEN 95 ELSE 70 END) ELSE due_on END
 WHERE school_year = %(year)s
"""
# Ended by a person. Those found at school were closed by matching already.
_CLOSED = """
UPDATE children_case SET outcome = w.outcome, closed_at = now() - interval '1 day' * (3 + id %% 12), closed_by = 'ผู้อำนวยการโรงเรียน',
       closing_note = w.note
  FROM (VALUES (0, 'unwilling', 'ติดตามครบสามครั้ง ผู้ปกครองยืนยันไม่ประสงค์ ส่งต่อ สกร. แล้ว'), (1, 'gone', 'ผู้ใหญ่บ้านยืนยันว่าย้ายไปอยู่กับแม่ที่ต่างจังหวัด'),
               (2, 'elsewhere', 'เรียนสถานศึกษาปอเนาะ มีหนังสือรับรอง'), (3, 'mistake', 'ชื่อซ้ำกับเด็กอีกคน'), (4, 'exempt', 'แพทย์รับรอง พักรักษาตัวที่บ้าน')) AS w(turn, outcome, note)
 WHERE school_year = %(year)s AND closed_at IS NULL AND visits_count > 0 AND id %% 9 = 4 AND (id / 9) %% 5 = w.turn
"""
# Last year's leavers who are back: closed by matching.
_BACK = """
INSERT INTO children_case (pupil_id, name, sort_name, search_text, birth_year, school_id, school_year, cause, opened_at, opened_by, state, reason, next_step,
       outcome, closed_at, closed_by, closing_note)
SELECT p.id, p.title || p.first_name || ' ' || p.last_name, p.sort_name, p.search_text, extract(year FROM p.born_on)::int + 543, p.school_id,
       %(year)s, 'left', now() - interval '110 days', 'ระบบ', 'returning', 'family_need', 'enrol', 'back', now() - interval '40 days', 'ระบบ',
       'พบจากการจับคู่กับทะเบียนนักเรียนและบันทึกที่เรียน'
  FROM students_pupil p WHERE p.state = 'studying' AND p.born_on IS NOT NULL ORDER BY md5('back' || p.id::text) LIMIT 24
"""


def tell_cases(cursor: Any, year: int) -> None:
    """Visits, ends and late steps, set-based."""
    for statement in (_VISITS, _REPEATED, _OPENED, _CLOSED, _BACK):
        cursor.execute(statement, {"year": year})
