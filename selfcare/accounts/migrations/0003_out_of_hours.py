from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="escalate_emergency_closed_after_min",
            field=models.PositiveSmallIntegerField(default=15),
        ),
        migrations.AddField(
            model_name="clinic",
            name="escalate_same_day_closed_after_min",
            field=models.PositiveSmallIntegerField(default=240),
        ),
        migrations.AddField(
            model_name="membership",
            name="out_of_hours_level",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
    ]
