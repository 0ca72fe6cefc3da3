from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("triage", "0003_ask_about_open_alerts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContentInUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=40)),
                ("etag", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
            ],
            options={"verbose_name_plural": "content in use"},
        ),
    ]
