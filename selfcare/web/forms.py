"""The forms of the patient's pages."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from selfcare.web import bodymap

UNKNOWN = "unknown"
DAYS = [(str(n), name) for n, name in enumerate(
    (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")), start=1
)]  # fmt: skip
MONTHS = [(str(n), name) for n, name in enumerate(
    (_("January"), _("February"), _("March"), _("April"), _("May"), _("June"), _("July"), _("August"),
     _("September"), _("October"), _("November"), _("December")), start=1
)]  # fmt: skip


class EpisodeForm(forms.Form):
    """Where it hurts and since when. Without a day, the earliest day that fits is taken: prompts come sooner."""

    regions = forms.MultipleChoiceField(
        choices=[(area.id, area.name) for area in bodymap.AREAS.values()],
        error_messages={"required": _("Mark at least one place where it hurts.")},
    )
    unknown = forms.BooleanField(required=False, label=_("I do not know when it began"))
    day = forms.IntegerField(
        required=False, min_value=1, max_value=31, label=_("Day, if you know it"),
        error_messages={"invalid": _("Enter the day as a number from 1 to 31, or leave it empty."),
                        "max_value": _("Enter the day as a number from 1 to 31, or leave it empty."),
                        "min_value": _("Enter the day as a number from 1 to 31, or leave it empty.")},
    )  # fmt: skip
    month = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[("", _("Choose a month")), *MONTHS], label=_("Month")
    )
    year = forms.IntegerField(required=False, label=_("Year"), min_value=1900, max_value=2200, error_messages={
        name: _("Enter the year with four digits, such as 2026.") for name in ("invalid", "min_value", "max_value")
    })  # fmt: skip
    assessed = forms.ChoiceField(
        required=False, label=_("Has a clinician examined you since it began?"),
        choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data with ``onset_on`` and ``onset_estimated``."""
        data = super().clean() or {}
        if data.get("unknown"):
            return {**data, "onset_on": self.today, "onset_estimated": True}
        day, month, year = (data.get(name) for name in ("day", "month", "year"))
        if self.has_error("day") or self.has_error("year"):
            return data
        if not month or not year:
            self.add_error("month", _("Choose the month and enter the year, or tick that you do not know."))
            return data
        if day and day > calendar.monthrange(year, month)[1]:
            self.add_error("day", _("This month has fewer days. Enter another day, or leave it empty."))
            return data
        onset = date(year, month, day or 1)
        if onset > self.today:
            self.add_error("month", _("Choose a day that has already been."))
        return {**data, "onset_on": onset, "onset_estimated": not day}


class GoalForm(forms.Form):
    """One thing that a person wants to do again, in their own words."""

    goal = forms.CharField(
        required=False, max_length=200, label=_("What would you like to do again?"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("Write your goal in at most 200 letters.")},
    )  # fmt: skip
