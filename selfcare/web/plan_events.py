"""The part of the check-in about what happened besides: a visit, a medicine, a fall, a few words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from selfcare.web import words
from selfcare.web.flow import EVENT
from selfcare.web.steps import answer, step

Data = dict[str, Any]


def happened() -> list[Data]:
    """Return the steps that ask what happened."""
    return [
        step("event", heading=_("What would you like to add?"), modes=[EVENT], answers=[
            answer(value, label, writes={"event": value}) for value, label in words.events().items()
        ]),
        # What rules read of a person's medicines, and nothing else: no word about taking them or not.
        step("medicine", heading=_("Is one of these new?"), when=[["event", ["medicine_change"]]], answers=[
            answer("anticoagulant", _("A blood thinner"), writes={"medicine_started": "anticoagulant"}),
            answer("immunosuppressed", _("One that makes my immune system weak"),
                   writes={"medicine_started": "immunosuppressed"}),
            answer("opioid", _("A strong painkiller, like codeine or morphine"), writes={"medicine_started": "opioid"}),
            answer("other", _("None of these"), writes={"medicine_started": "other"}),
        ]),
    ]  # fmt: skip


def own_words() -> list[Data]:
    """Return the step for a few words."""
    return [
        step("words", heading=_("Do you want to add a few words?"),
             hint=_("You can leave this empty. Nobody reads it live."), when=[["event", list(words.events())]],
             fields=[_note()], answers=[answer("save", _("Save"), writes={}, extras=True)]),
    ]  # fmt: skip


def _note() -> Data:
    return {
        "name": "note",
        "kind": "text",
        "label": _("In your own words"),
        "max": words.MOST_LETTERS,
        "error": _("Please use at most 500 letters."),
    }
