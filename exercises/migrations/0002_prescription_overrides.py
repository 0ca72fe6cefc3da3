from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep with each prescription in spite of which filters it was written, and why."""

    dependencies = [("exercises", "0001_programme")]

    operations = [
        migrations.AddField(
            model_name="prescription", name="overrides", field=models.JSONField(blank=True, default=dict)
        )
    ]
