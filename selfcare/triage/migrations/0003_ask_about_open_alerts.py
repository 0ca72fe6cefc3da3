from django.db import migrations
from django.utils import timezone


def ask(apps, schema_editor):
    """Let the next tick ask about every urgent alert that was open before anybody was asked."""
    now = timezone.now()
    alerts = apps.get_model("triage", "Alert").objects.exclude(status="closed")
    alerts.filter(tier__in=("emergency", "same_day")).update(next_follow_up_at=now, next_silence_at=now)


class Migration(migrations.Migration):
    dependencies = [("triage", "0002_follow_up")]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
