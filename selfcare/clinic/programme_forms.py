"""What a clinician may type when prescribing, and the sentences that say what is missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises import catalogue as catalogues
from exercises.answers import DoseBody, PrescriptionBody
from exercises.filters import Filter
from exercises.models import Prescription
from selfcare.clinic import prescription_words as words
from selfcare.clinic.forms import WEEKDAYS

# As many as answers.PrescriptionBody lets a note be long, all notes of one exercise being the same.
NOTE = 500
# The limits of answers.DoseBody.
LIMITS = {"sets": (1, 10), "reps": (1, 50), "hold_s": (0, 3600), "times_a_day": (1, 10)}
OWN_DOSE = tuple(LIMITS)


class PrescriptionForm(forms.Form):
    """One exercise of a draft. ``soft`` are the filters that speak against it and may be overridden with a note."""

    exercise = forms.CharField(widget=forms.HiddenInput)
    level = forms.TypedChoiceField(
        label=_("Level"),
        coerce=int,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose level 1, 2 or 3.")),
    )
    sets = forms.IntegerField(label=_("Sets"), required=False)
    reps = forms.IntegerField(label=_("Repetitions"), required=False)
    hold_s = forms.IntegerField(label=_("Hold, seconds"), required=False)
    times_a_day = forms.IntegerField(label=_("Times a day"), required=False)
    side = forms.ChoiceField(
        label=_("Side"), error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose the side."))
    )
    days = forms.MultipleChoiceField(
        label=_("Days"),
        choices=[(day, words.SHORT_DAYS[day]) for day, _name in WEEKDAYS],
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose at least one day.")),
    )
    start_on = forms.DateField(
        label=_("Start"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose the day of the start."), "invalid": _("Write the day like 2026-03-02.")},
    )
    flare = forms.ChoiceField(
        label=_("In a flare"),
        required=False,
        error_messages={"invalid_choice": _("Choose what is done in a flare: a level, or an exercise of this sheet.")},
    )
    in_spite = forms.BooleanField(label=_("Prescribe it in spite of this"), required=False)
    note = forms.CharField(
        label=_("Why it is right for this person"),
        required=False,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": _("Make the note shorter: at most 500 characters.")},
    )

    def __init__(self, *args: Any, exercise: str, others: list[str], soft: list[Filter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.soft = soft
        known = catalogues.current().exercise(exercise)
        self.fields["level"].choices = [(level, words.level_words(known, level).capitalize()) for level in (1, 2, 3)]
        for name, (least, most) in LIMITS.items():
            sentence = gettext("Enter a number from %(least)d to %(most)d.") % {"least": least, "most": most}
            field = self.fields[name] = forms.IntegerField(
                label=self.fields[name].label,
                required=False,
                min_value=least,
                max_value=most,
                error_messages={"invalid": sentence, "min_value": sentence, "max_value": sentence},
            )
            field.widget.attrs["inputmode"] = "numeric"
        self.fields["flare"].choices = [
            ("", gettext("One level down")),
            ("level:1", gettext("Level 1")),
            ("level:2", gettext("Level 2")),
            *((f"exercise:{id_}", words.flare_words({"exercise": id_})) for id_ in others),
        ]
        if known.sides == 2:
            self.fields["side"].choices = [each for each in Prescription.Side.choices if each[0]]
        else:
            del self.fields["side"]
        if not soft:
            del self.fields["in_spite"], self.fields["note"]

    def clean(self) -> dict[str, Any]:
        """Return the answers; half a dose, or an override without a note, is refused with a sentence."""
        cleaned = super().clean() or {}
        own = [cleaned.get(name) is not None for name in OWN_DOSE]
        if any(own):
            for name in ("sets", "reps"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, gettext("An own dose needs sets and repetitions, or leave all four empty."))
        if self.soft and not cleaned.get("in_spite"):
            self.add_error("in_spite", gettext("Take this exercise out, or tick this box and write why."))
        elif self.soft and not (cleaned.get("note") or "").strip() and "note" not in self.errors:
            self.add_error("note", gettext("Write why it is right for this person."))
        return cleaned

    def body(self) -> PrescriptionBody:
        """Return what was prescribed; call it on a valid form."""
        said = self.cleaned_data
        kind, _colon, what = said["flare"].partition(":")
        flare = {"level": int(what)} if kind == "level" else {"exercise": what} if kind == "exercise" else None
        dose = None
        if said["sets"] is not None:
            dose = DoseBody(
                sets=said["sets"],
                reps=said["reps"],
                hold_s=said["hold_s"] or 0,
                times_a_day=said["times_a_day"] or 1,
                days_a_week=len(said["days"]),
            )
        return PrescriptionBody(
            exercise=said["exercise"],
            level=said["level"],
            dose=dose,
            side=said.get("side", ""),
            days="".join(sorted(said["days"])),
            start_on=said["start_on"],
            flare=flare,
            overrides={one.id: said["note"].strip() for one in self.soft},
        )


class UnlockForm(forms.Form):
    """The judgement that opening a locked exercise rests on."""

    irritability = forms.ChoiceField(
        label=_("Irritability"),
        choices=[("low", _("low")), ("moderate", _("moderate")), ("high", _("high"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how irritable it is."), "invalid_choice": _("Choose one of the three.")},
    )
