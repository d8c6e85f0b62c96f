"""The cancelled rows of a register by an index of their own: words typed into a register's filter look among them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("letters", "0002_sent_and_owed")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("cancelled_at__isnull", False)),
                fields=["register"],
                name="letters_entry_cancelled",
            ),
        ),
    ]
