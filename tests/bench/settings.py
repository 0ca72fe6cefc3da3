"""The product's settings, with the rivals' addresses beside its own."""

from selfcare.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
LOGGING["root"]["level"] = "ERROR"  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
