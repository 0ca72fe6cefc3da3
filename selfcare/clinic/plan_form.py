"""When a clinician wants to see a patient again, when they were examined, and when prompts must end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from selfcare.diary import episodes
from selfcare.diary.models import Episode

NOT_A_DATE = {"invalid": _("Write the day as a date.")}


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PlanForm(forms.Form):
    """The plan for one episode."""

    next_review_on = forms.DateField(
        label=_("Next review on"),
        required=False,
        widget=_day(),
        help_text=_("Until then the patient gets no prompt to book a review. Warning signs are looked for as before."),
        error_messages=NOT_A_DATE,
    )
    assessed_on = forms.DateField(
        label=_("Examined for this episode on"), required=False, widget=_day(), error_messages=NOT_A_DATE
    )
    stop = forms.ChoiceField(
        label=_("End all prompts and reminders"),
        required=False,
        choices=[("", _("no")), *Episode.Stopped.choices],
        error_messages={"invalid_choice": _("Choose one of the answers.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @classmethod
    def of(cls, episode: Episode, *, today: date) -> Self:
        """Return the form as it stands for an episode."""
        initial = {
            "next_review_on": episode.next_review_on,
            "assessed_on": episode.assessed_on,
            "stop": episode.prompts_stopped_because,
        }
        return cls(initial=initial, today=today)

    def clean_next_review_on(self) -> date | None:
        """Return the day; one that has been is refused with a sentence."""
        day: date | None = self.cleaned_data["next_review_on"]
        if day is not None and day < self.today:
            raise forms.ValidationError(gettext("Choose today or a later day, or leave the next review empty."))
        return day

    def clean_assessed_on(self) -> date | None:
        """Return the day; one that lies ahead is refused with a sentence."""
        day: date | None = self.cleaned_data["assessed_on"]
        if day is not None and day > self.today:
            raise forms.ValidationError(gettext("Choose a day that has already been, or leave it empty."))
        return day

    def carry_out(self, episode: Episode, *, by: Any, now: datetime) -> None:
        """Keep what was typed."""
        given = self.cleaned_data
        episodes.plan_review(
            episode, next_review_on=given["next_review_on"], assessed_on=given["assessed_on"], by=by, now=now
        )
        if given["stop"]:
            episodes.stop_prompts(episode, because=given["stop"], by=by, now=now)
        else:
            episodes.resume_prompts(episode, by=by, now=now)
