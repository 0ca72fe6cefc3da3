"""The question "Did you get seen?": one for all open alerts, with the last answer and whether anybody has confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from selfcare.accounts import care, hours
from selfcare.accounts.models import Clinic
from selfcare.triage.models import Alert, AlertEvent, Hindrance, Said, SeenAt, SeenOutcome
from selfcare.web import words
from selfcare.web.patients import Patient

WORDS_LIMIT = 2000
# In the order in which a person may get on; what needs no second page comes first.
TAPPED = (Said.GOING, Said.THERE, Said.NOT_YET)
TOLD_MORE = (Said.SEEN, Said.COULD_NOT)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Whether somebody at the clinic has confirmed, and how to reach the clinic; never who it was."""

    card: dict[str, Any]
    at: datetime | None
    clinics: tuple[Clinic, ...]
    closed: tuple[Clinic, ...]

    @property
    def to_call(self) -> tuple[Clinic, ...]:
        """Return the clinics that have a number to call."""
        return tuple(clinic for clinic in self.clinics if clinic.phone)


@dataclass(frozen=True, slots=True)
class Question:
    """What Today and the follow-up page show while an alert that asks for being seen is open."""

    alerts: tuple[Alert, ...]
    tier: str
    ask: dict[str, Any]
    said: AlertEvent | None
    said_label: str
    answer_card: dict[str, Any] | None
    confirmed: Confirmed

    @property
    def reported_at(self) -> datetime:
        """Return when the patient first told about any of it."""
        return min(alert.reported_at for alert in self.alerts)

    @property
    def examined(self) -> bool:
        """Return whether the patient has said of everything that somebody examined them."""
        return all(alert.assessed_at is not None for alert in self.alerts)


def open_alerts(patient: Patient) -> list[Alert]:
    """Return the patient's open alerts that ask for being seen now or today, the most urgent first."""
    return list(Alert.objects.open().urgent().filter(patient=patient.user).by_urgency())


def question(patient: Patient, region: Mapping[str, Any], *, now: datetime) -> Question | None:
    """Return what to ask about all open alerts together, or None where nothing is open."""
    alerts = open_alerts(patient)
    if not alerts:
        return None
    tier = alerts[0].tier
    answers = AlertEvent.objects.filter(alert__in=alerts, kind=AlertEvent.Kind.PATIENT_SAID)
    said = answers.order_by("-at", "-id").first()
    answer = said.data.get("answer", "") if said else ""
    return Question(
        alerts=tuple(alerts),
        tier=tier,
        ask=words.follow_up_card(f"ask_{tier}", region),
        said=said,
        said_label=str(Said(answer).label) if answer in Said.values else "",
        answer_card=words.follow_up_card(f"{answer}_{tier}", region) if answer in Said.values else None,
        confirmed=_confirmed(patient, alerts, region, now=now),
    )


def _confirmed(patient: Patient, alerts: list[Alert], region: Mapping[str, Any], *, now: datetime) -> Confirmed:
    clinics = tuple(care.clinics_of_patient(patient.user.pk, now=now))
    waiting = [alert for alert in alerts if alert.acknowledged_at is None]
    seen = [alert.acknowledged_at for alert in alerts if alert.acknowledged_at is not None]
    tier = (waiting or alerts)[0].tier
    return Confirmed(
        card=words.follow_up_card(f"{'unconfirmed' if waiting else 'confirmed'}_{tier}", region),
        at=None if waiting else max(seen),
        clinics=clinics,
        closed=tuple(clinic for clinic in clinics if not hours.is_open(clinic, now)),
    )


class SeenForm(forms.Form):
    """Where, when, and what came of it."""

    where = forms.ChoiceField(
        label=_("Where were you seen?"),
        choices=SeenAt.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where you were seen.")},
    )
    seen_on = forms.DateField(
        label=_("On which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={name: _("Enter the day you were seen.") for name in ("required", "invalid")},
    )
    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=SeenOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    words = forms.CharField(
        label=_("What did they say? You may leave this empty."),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Write at most 2000 letters.")},
    )

    def __init__(self, *args: Any, first: date, last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first, self.last = first, last
        self.fields["seen_on"].initial = last
        self.fields["seen_on"].widget.attrs.update({"min": first.isoformat(), "max": last.isoformat()})

    def clean_seen_on(self) -> date:
        """Return the day; one before the report, or one that has not come yet, is refused with a sentence."""
        day: date = self.cleaned_data["seen_on"]
        if not self.first <= day <= self.last:
            raise forms.ValidationError(gettext("Enter a day from when you told us until today."))
        return day


class CouldNotForm(forms.Form):
    """Why somebody could not be seen."""

    why = forms.ChoiceField(
        label=_("What stopped you?"),
        choices=Hindrance.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what stopped you.")},
    )
    words = forms.CharField(
        label=_("Anything else? You may leave this empty."),
        required=False,
        max_length=WORDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Write at most 2000 letters.")},
    )
