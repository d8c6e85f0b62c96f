"""The words by which a past figure is found hold its year too."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("statistics", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "UPDATE statistics_pastfigure SET search_text = search_text || ' ' || school_year",
            "UPDATE statistics_pastfigure SET search_text = regexp_replace(search_text, ' ' || school_year || '$', '')",
        )
    ]
