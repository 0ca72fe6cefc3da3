"""What a clinician may type, and the sentences that say what is missing."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from selfcare.accounts.models import Clinic, Invitation
from selfcare.triage.models import Alert, Tier

NOTE = 2000
ROTA_LEVELS = [(0, _("told first")), (1, _("told second")), (2, _("told third")), (3, _("told fourth"))]
WEEKDAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]


class ActionForm(forms.Form):
    """What was done about an alert."""

    HOW = [
        ("phone", _("Phoned, spoke with the patient")),
        ("phone_no_answer", _("Phoned, no answer")),
        ("third_party", _("Spoke with somebody else who looks after the patient")),
        ("message", _("Sent a message")),
        ("in_person", _("Saw the patient")),
        ("passed_on", _("Passed on to a colleague")),
        ("other", _("Something else")),
    ]
    how = forms.ChoiceField(
        label=_("What did you do?"),
        choices=HOW,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you did.")},
    )
    # Who spoke with the patient, saw them, or spoke with somebody who is with them, knows how they are.
    REACHED = ("phone", "third_party", "in_person")
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Make the note shorter: at most 2000 characters.")},
    )

    def reached(self) -> bool:
        """Return whether this was a contact: only that ends the task to contact a patient who is silent."""
        return self.cleaned_data["how"] in self.REACHED

    def words(self) -> str:
        """Return the record in words: what was done, then the note."""
        how = str(dict(self.HOW)[self.cleaned_data["how"]])
        return f"{how}. {self.cleaned_data['note']}".strip()


class CloseForm(forms.Form):
    """How it ended. An emergency needs a note and a second look at who this is."""

    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        choices=Alert.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ended.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("Make the note shorter: at most 2000 characters.")},
    )
    same_person = forms.BooleanField(
        label=_("I have checked that this is the right patient, and read what was reported."), required=False
    )
    token = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, shown: list[Alert], closing: list[Alert], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.emergency = any(alert.tier == Tier.EMERGENCY for alert in closing)
        if not any(alert.tier == Tier.EMERGENCY for alert in shown):
            del self.fields["same_person"]
        else:
            self.fields["note"].label = _("Note: what was found, and who has taken over")

    def clean(self) -> dict[str, Any]:
        """Return the answers; an emergency without a note or the second look is refused with a sentence."""
        cleaned = super().clean() or {}
        if self.emergency and not (cleaned.get("note") or "").strip():
            self.add_error("note", gettext("Write what was found and who has taken over. A red item needs a note."))
        if self.emergency and not cleaned.get("same_person"):
            self.add_error("same_person", gettext("Check the name and year of birth above, then tick this box."))
        return cleaned


class InvitationForm(forms.Form):
    """Whom to invite, and to which clinic."""

    kind = forms.ChoiceField(
        label=_("Who is it for?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who the invitation is for.")},
    )
    clinic = forms.ModelChoiceField(
        label=_("Clinic"),
        queryset=Clinic.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose the clinic."), "invalid_choice": _("Choose one of your clinics.")},
    )

    def __init__(self, *args: Any, clinics: list[Clinic], manages: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(Invitation.Kind.PATIENT, _("A patient"))]
        if manages:
            kinds += [
                (Invitation.Kind.CLINICIAN, _("A colleague who looks after patients")),
                (Invitation.Kind.MANAGER, _("A colleague who manages the clinic")),
            ]
        self.fields["kind"].choices = kinds
        self.fields["clinic"].queryset = Clinic.objects.filter(id__in=[clinic.id for clinic in clinics]).order_by(
            "name"
        )
        if len(kinds) == 1:
            self.fields["kind"].initial = Invitation.Kind.PATIENT
        if len(clinics) == 1:
            self.fields["clinic"].initial = clinics[0].id
            self.fields["clinic"].widget = forms.HiddenInput()


class HoursForm(forms.ModelForm):
    """When the clinic answers, what patients read when it does not, and when the next person is told."""

    working_days = forms.MultipleChoiceField(
        label=_("Days on which the clinic answers"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )

    class Meta:
        model = Clinic
        fields = [
            "phone",
            "working_days",
            "opens_at",
            "closes_at",
            "out_of_hours_text",
            "duty_email",
            "answer_messages_within_days",
            "escalate_emergency_after_min",
            "escalate_same_day_after_min",
            "escalate_emergency_closed_after_min",
            "escalate_same_day_closed_after_min",
        ]
        labels = {
            "phone": _("Telephone number that patients may call"),
            "opens_at": _("Opens at"),
            "closes_at": _("Closes at"),
            "out_of_hours_text": _("What patients read when nobody answers"),
            "duty_email": _("Duty e-mail address"),
            "answer_messages_within_days": _("Working days until the rota is reminded of an unanswered message"),
            "escalate_emergency_after_min": _("Minutes until the next person is told about a Now item"),
            "escalate_same_day_after_min": _("Minutes until the next person is told about a Today item"),
            "escalate_emergency_closed_after_min": _("The same out of hours, for a Now item"),
            "escalate_same_day_closed_after_min": _("The same out of hours, for a Today item"),
        }
        help_texts = {
            "out_of_hours_text": _("Say whom to call. Nobody may think that you are watching."),
            "escalate_same_day_closed_after_min": _(
                "When the clinic opens first, the minutes of working hours count from then on."
            ),
            "answer_messages_within_days": _("Patients read this number, and that it may take longer."),
            "duty_email": _("Told last, when nobody on the team has confirmed. The mail holds no patient data."),
        }
        widgets = {
            "opens_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "out_of_hours_text": forms.Textarea(attrs={"rows": 3}),
        }
        error_messages = {
            "opens_at": {
                "required": _("Enter when the clinic opens, such as 09:00."),
                "invalid": _("Write the time like 09:00."),
            },
            "closes_at": {
                "required": _("Enter when the clinic closes, such as 17:00."),
                "invalid": _("Write the time like 17:00."),
            },
            "duty_email": {"invalid": _("Write the address like name@example.org.")},
        }

    # Longer than this and an emergency would wait for a deputy for over two hours; shorter, and nobody could answer.
    LIMITS = {
        "answer_messages_within_days": (1, 10),
        "escalate_emergency_after_min": (1, 120),
        "escalate_same_day_after_min": (15, 1440),
        "escalate_emergency_closed_after_min": (1, 120),
        "escalate_same_day_closed_after_min": (15, 1440),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["working_days"] = list(self.instance.working_days)
        for name, (least, most) in self.LIMITS.items():
            field = self.fields[name]
            asks = gettext("Enter a number of minutes from %(least)d to %(most)d.")
            if name == "answer_messages_within_days":
                asks = gettext("Enter a number of working days from %(least)d to %(most)d.")
            sentence = asks % {"least": least, "most": most}
            field.min_value, field.max_value = least, most
            field.widget.attrs.update({"min": least, "max": most})
            field.validators = [MinValueValidator(least, sentence), MaxValueValidator(most, sentence)]
            field.error_messages.update({"invalid": sentence, "required": sentence})

    def clean_working_days(self) -> str:
        """Return the days as the clinic keeps them, such as "12345"."""
        return "".join(sorted(self.cleaned_data["working_days"]))

    def clean(self) -> dict[str, Any]:
        """Return the answers; hours with a gap are refused without a text for the gap."""
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and closes <= opens and closes != time(0, 0):
            self.add_error("closes_at", gettext("Choose a closing time after the opening time. Midnight is 00:00."))
        always = cleaned.get("working_days") == "1234567" and opens == closes == time(0, 0)
        if not always and not (cleaned.get("out_of_hours_text") or "").strip():
            self.add_error(
                "out_of_hours_text", gettext("There are hours when nobody answers. Write what patients should do then.")
            )
        return cleaned


class RotaForm(forms.Form):
    """When a clinician is told about an alert, in working hours and out of hours."""

    rota_level = forms.TypedChoiceField(label=_("In working hours"), choices=ROTA_LEVELS, coerce=int)
    out_of_hours_level = forms.TypedChoiceField(
        label=_("Out of hours"),
        choices=[("", _("not told")), *ROTA_LEVELS],
        coerce=int,
        empty_value=None,
        required=False,
    )
