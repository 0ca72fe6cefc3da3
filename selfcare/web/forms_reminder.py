"""The forms about reminders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from notifications import reminders, schedule
from notifications.models import Reminder
from selfcare.web.forms import DAYS
from selfcare.web.reminder_words import PACES

TIME = _("Enter a time such as 19:30.")
PAUSES = (7, 14)


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(required=False, label=label, widget=widget, error_messages={"invalid": TIME})


class ReminderForm(forms.Form):
    """When to be asked to check in, how often and by which way; at most once a day."""

    enabled = forms.BooleanField(required=False, label=_("Remind me to check in"))
    local_time = _time(_("At what time?"))
    every_days = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=1, label=_("How often?"), widget=forms.RadioSelect,
        choices=[(str(days), words) for days, words in PACES.items()],
    )  # fmt: skip
    days = forms.MultipleChoiceField(
        required=False, choices=DAYS, label=_("On which days?"), widget=forms.CheckboxSelectMultiple
    )
    by_email = forms.BooleanField(required=False, label=_("By e-mail"))
    by_push = forms.BooleanField(required=False, label=_("On the screen of my phone"))
    quiet_from = _time(_("Quiet from"))
    quiet_until = _time(_("Quiet until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pace: Any = self.fields["every_days"]
        pace.choices = [(value, capfirst(label)) for value, label in pace.choices]

    @staticmethod
    def answers(kept: Reminder | None) -> dict[str, Any]:
        """Return what the form shows for a stored reminder, or for somebody who has none yet."""
        shown = kept or Reminder(local_time=reminders.DEFAULT_TIME)
        return {
            "enabled": shown.enabled,
            "local_time": shown.local_time,
            "every_days": str(shown.every_days),
            "days": list(shown.days),
            "by_email": shown.by_email,
            "by_push": shown.by_push,
            "quiet_from": shown.quiet_from or schedule.QUIET_FROM,
            "quiet_until": shown.quiet_until or schedule.QUIET_UNTIL,
        }

    def clean(self) -> dict[str, Any]:
        """Ask for a time, a day and a way only when reminders are wanted; quiet hours come with both ends."""
        data = super().clean() or {}
        if data.get("enabled") and not data.get("local_time") and not self.has_error("local_time"):
            self.add_error("local_time", TIME)
        if data.get("enabled") and not data.get("days"):
            self.add_error("days", _("Choose at least one day."))
        if data.get("enabled") and not (data.get("by_email") or data.get("by_push")):
            self.add_error("by_email", _("Choose at least one way."))
        if bool(data.get("quiet_from")) != bool(data.get("quiet_until")) and not self._slip_in_quiet_hours():
            self.add_error("quiet_until" if data.get("quiet_from") else "quiet_from", TIME)
        return data

    def _slip_in_quiet_hours(self) -> bool:
        return self.has_error("quiet_from") or self.has_error("quiet_until")


class PauseForm(forms.Form):
    """For how many days reminders rest; 0 lets them come again."""

    days = forms.TypedChoiceField(coerce=int, choices=[(str(days), days) for days in (0, *PAUSES)])


class PaceForm(forms.Form):
    """How often to remind; 0 is never. ``offered`` is the pace that this is the answer to."""

    every_days = forms.TypedChoiceField(coerce=int, choices=[(str(days), days) for days in (0, *schedule.PACES)])
    offered = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[(str(days), days) for days in schedule.PACES]
    )
