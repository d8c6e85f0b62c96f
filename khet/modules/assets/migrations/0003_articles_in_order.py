"""The register of articles over the whole area is read in the order of its numbers, a page at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assets", "0002_item_counts")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["number", "id"], name="assets_article_in_order"),
        ),
    ]
