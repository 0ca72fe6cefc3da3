"""In which language somebody is written to: the settings name the room that knows, which this one may not import."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from edge.languages import SOURCE


def of(person: Any) -> AbstractContextManager[None]:
    """Return what lets texts speak the language of a person while it holds; without one, English."""
    language = import_string(settings.NOTIFICATIONS_LANGUAGE)(person) if person is not None else SOURCE
    return translation.override(language)
