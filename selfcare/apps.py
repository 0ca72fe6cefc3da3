from django.apps import AppConfig
from django.core.checks import Tags, register

from selfcare import checks


class SelfcareConfig(AppConfig):
    """The frame around the rooms: launcher, health, start-up checks."""

    name = "selfcare"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(checks.queue_settings)
        register(checks.private_files)
        register(checks.reachable_people, deploy=True)
        register(checks.clinical_content)
        register(checks.language_gaps)
        register(checks.database, Tags.database)
