import django.db.models.deletion
from django.db import migrations, models

# Cases of one pupil and term that wait become the oldest of them, with all their schools and what was said.
MERGE = """
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO students_doubleroll (double_id, school_id, left_on)
SELECT d.id, x.school_id, CASE WHEN x.school_id <> d.keeper_id THEN d.left_on END
  FROM students_double d CROSS JOIN LATERAL (VALUES (d.first_id), (d.second_id)) x (school_id) ORDER BY d.id, x.school_id;
CREATE TEMPORARY TABLE merged ON COMMIT DROP AS
SELECT * FROM (SELECT id, state, min(id) OVER (PARTITION BY pupil_id, school_year, term) AS kept FROM students_double
                WHERE state IN ('open', 'disputed')) g WHERE id <> kept;
UPDATE students_claim c SET double_id = m.kept FROM merged m WHERE c.double_id = m.id;
INSERT INTO students_doubleroll (double_id, school_id)
SELECT DISTINCT m.kept, r.school_id FROM students_doubleroll r JOIN merged m ON m.id = r.double_id
    ON CONFLICT DO NOTHING;
UPDATE students_double d SET state = 'disputed' FROM merged m WHERE d.id = m.kept AND m.state = 'disputed';
DELETE FROM students_doubleroll WHERE double_id IN (SELECT id FROM merged);
DELETE FROM students_double WHERE id IN (SELECT id FROM merged);
DROP TABLE merged;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0001_initial"),
        ("students", "0006_facets_by_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="DoubleRoll",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("left_on", models.DateField(null=True, verbose_name="ออกตั้งแต่วันที่")),
                (
                    "double",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rolls",
                        to="students.double",
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.school"
                    ),
                ),
            ],
            options={
                "verbose_name": "โรงเรียนที่มีชื่อนักเรียนซ้ำ",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=["double", "school"], name="students_doubleroll_once")
                ],
            },
        ),
        migrations.RunSQL(MERGE),
        migrations.RemoveConstraint(model_name="double", name="students_double_once"),
        migrations.RemoveConstraint(model_name="double", name="students_double_in_order"),
        migrations.RemoveIndex(model_name="double", name="students_double_first"),
        migrations.RemoveIndex(model_name="double", name="students_double_second"),
        migrations.RemoveField(model_name="double", name="first"),
        migrations.RemoveField(model_name="double", name="second"),
        migrations.RemoveField(model_name="double", name="left_on"),
        migrations.AlterModelOptions(
            name="double",
            options={"ordering": ["due_on", "pk"], "verbose_name": "นักเรียนซ้ำหลายโรงเรียน"},
        ),
        migrations.AddConstraint(
            model_name="double",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "disputed"])),
                fields=("pupil", "school_year", "term"),
                name="students_double_once",
            ),
        ),
    ]
