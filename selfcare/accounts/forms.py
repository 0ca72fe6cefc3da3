"""The shape of what people fill in about themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from selfcare.accounts import places
from selfcare.accounts.consents import ConsentText
from selfcare.accounts.history import CHOICE, WEEKS, YES_NO, Question
from selfcare.accounts.models import PatientProfile

YES, NO, UNSURE = "yes", "no", "unsure"
YES_OR_NO = ((YES, _("Yes")), (NO, _("No")))
YES_NO_UNSURE = (*YES_OR_NO, (UNSURE, _("Not sure, or rather not say")))
ADULT_AGE = 18


class CodeForm(forms.Form):
    """The code of an invitation."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("It looks like AB12-CD34-EF56-GH78."),
        max_length=80,
        error_messages={"required": _("Enter the code from your clinic.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "inputmode": "text"}
        ),
    )


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, in plain words; it may sign in by itself unless the person says otherwise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of this key")
        self.fields["passwordless"].label = _("Sign in with this key alone")
        self.fields["passwordless"].help_text = _("Your phone then asks for your finger, face or PIN.")
        self.fields["passwordless"].initial = True


class CheckQuestionForm(forms.Form):
    """The one question that shows whether the most important sentence was understood."""

    answer = forms.ChoiceField(
        label=_("Will someone see your answers at 2 am?"),
        choices=YES_OR_NO,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )


class ConsentForm(forms.Form):
    """One yes or no per purpose; nothing is chosen beforehand."""

    def __init__(self, *args: Any, texts: list[ConsentText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for text in texts:
            self.fields[text.purpose] = forms.ChoiceField(
                label=text.title,
                help_text=text.summary,
                choices=((YES, _("Yes, I agree")), (NO, _("No"))),
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose yes or no. You can change it later.")},
            )
            self.fields[text.purpose].more = text.more  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """Where the person lives: it decides the emergency numbers and what "today" is."""

    country = forms.ChoiceField(
        label=_("Country"),
        help_text=_("We show the emergency numbers of this country."),
        choices=lambda: (("", _("Choose a country")), *places.countries()),
        error_messages={"required": _("Choose your country.")},
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("The nearest big city. It decides when your day starts and when reminders come."),
        choices=lambda: (
            ("", _("Choose a time zone")),
            *((name, name.replace("_", " ")) for name in places.time_zones()),
        ),
        error_messages={"required": _("Choose your time zone.")},
        widget=forms.Select(attrs={"data-time-zone": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data.get("time_zone") or self.initial.get("time_zone", "")
        # A phone may send an older name of its zone that the list leaves out.
        if given and places.is_time_zone(given) and given not in places.time_zones():
            self.fields["time_zone"].choices = [*self.fields["time_zone"].choices, (given, given)]


class ColleagueForm(forms.Form):
    """What a clinic calls a colleague."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Your colleagues see it beside what you take and close."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name. It stands beside what you take and close.")},
    )


class PersonForm(forms.Form):
    """Name, year of birth and sex."""

    name = forms.CharField(
        label=_("What should we call you?"),
        help_text=_("You may leave this empty. Your care team sees it."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    year_of_birth = forms.IntegerField(
        label=_("In which year were you born?"),
        help_text=_("Some warning signs depend on age."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year", "class": "short"}),
        error_messages={
            "required": _("Enter your year of birth, like 1980."),
            "invalid": _("Enter your year of birth with four digits, like 1980."),
        },
    )
    adult = forms.BooleanField(
        label=_("I am 18 or over."),
        required=False,
    )
    sex = forms.ChoiceField(
        label=_("Your sex"),
        help_text=_("Some questions depend on it. You may leave this empty."),
        choices=[choice for choice in PatientProfile.Sex.choices if choice[0]] + [("", _("Prefer not to say"))],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.too_young = False

    def clean_year_of_birth(self) -> int:
        """Return the year; refuse what cannot be one."""
        born = self.cleaned_data["year_of_birth"]
        if not self.year - 120 <= born <= self.year:
            raise forms.ValidationError(_("Enter your year of birth with four digits, like 1980."))
        return born

    def clean(self) -> dict[str, Any]:
        """Mark who is under 18: by the year, and in the year of the 18th birthday by their word."""
        cleaned = super().clean() or {}
        born = cleaned.get("year_of_birth")
        if born is not None:
            age = self.year - born
            self.too_young = age < ADULT_AGE
            if age == ADULT_AGE and not cleaned.get("adult"):
                self.add_error("adult", _("Tick this box if you have had your 18th birthday."))
        return cleaned


class HistoryForm(forms.Form):
    """One page of questions about what is normal; each may be left out, except where ``all_needed``."""

    def __init__(self, *args: Any, questions: tuple[Question, ...], all_needed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[question.key] = field = _field(question)
            if all_needed:
                field.required = NO not in self.data.getlist("rest") if self.is_bound else True
                field.error_messages["required"] = _("Choose an answer. Not sure is an answer too.")

    def answers(self, *, rest: str = "") -> dict[str, Any]:
        """Return the vocabulary values of what was answered; ``rest`` = "no" answers every open question but weeks."""
        found: dict[str, Any] = {}
        for question in self.questions:
            value = self.cleaned_data[question.key]
            if rest and value == "" and question.kind == CHOICE:
                value = question.choices[0][0]
            if question.kind == YES_NO and (value or rest):
                value = value or rest
                if value != UNSURE:
                    found[question.key] = value == YES
            elif value not in ("", None, UNSURE, question.absent or ""):
                found[question.key] = value
        return found

    def unsure(self) -> set[str]:
        """Return the keys that were answered with "not sure"."""
        return {question.key for question in self.questions if self.cleaned_data[question.key] == UNSURE}


def history_initial(profile: PatientProfile, *, today: date) -> dict[str, Any]:
    """Return the stored answers as the form shows them, weeks as they are today."""
    shown = {True: YES, False: NO}
    answers = profile.history_on(today)
    known = {key: shown[value] if isinstance(value, bool) else value for key, value in answers.items()}
    return {**known, **dict.fromkeys(profile.history_unsure, UNSURE)}


def _field(question: Question) -> forms.Field:
    if question.kind == WEEKS:
        return forms.IntegerField(
            label=question.text,
            help_text=question.hint,
            required=False,
            min_value=0,
            max_value=question.most,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_value"),
                _("Enter the number of weeks, from 0 to %(most)s.") % {"most": question.most},
            ),
        )
    return forms.ChoiceField(
        label=question.text,
        help_text=question.hint,
        required=False,
        choices=(*question.choices, YES_NO_UNSURE[-1]) if question.kind == CHOICE else YES_NO_UNSURE,
        widget=forms.RadioSelect,
    )
