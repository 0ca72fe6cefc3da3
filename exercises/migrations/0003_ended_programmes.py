from django.db import migrations, models

KINDS = [
    ("started", "started"),
    ("published", "published"),
    ("paused", "paused"),
    ("resumed", "resumed"),
    ("eased", "gentle days"),
    ("offered", "keeping well offered"),
    ("maintenance", "keeping well"),
    ("ended", "ended"),
]


class Migration(migrations.Migration):
    """Name the end of a programme among its events."""

    dependencies = [("exercises", "0002_prescription_overrides")]

    operations = [
        migrations.AlterField(
            model_name="programmeevent", name="kind", field=models.CharField(choices=KINDS, max_length=12)
        )
    ]
