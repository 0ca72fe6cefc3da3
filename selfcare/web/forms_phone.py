"""The forms about this phone: how it looks, and what others may see on it. Each answer is a word of its cookie."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from selfcare.web import phone


class LookForm(forms.Form):
    """Theme, text and buttons."""

    theme = forms.ChoiceField(
        required=False, label=_("Colours"), widget=forms.RadioSelect,
        choices=[("", _("As the phone")), (phone.LIGHT, _("Light")), (phone.DARK, _("Dark"))],
    )  # fmt: skip
    text = forms.ChoiceField(
        required=False, label=_("Text"), widget=forms.RadioSelect,
        choices=[("", _("Normal")), (phone.LARGE, _("Large")), (phone.LARGEST, _("Very large"))],
    )  # fmt: skip
    buttons = forms.ChoiceField(
        required=False, label=_("Buttons"), widget=forms.RadioSelect,
        choices=[("", _("Normal")), (phone.BIG, _("Bigger"))],
    )  # fmt: skip

    @staticmethod
    def answers(words: Sequence[str]) -> dict[str, str]:
        """Return the answers that these words of the cookie stand for."""
        names = ("theme", "text", "buttons")
        return {
            name: next((word for word in group if word in words), "")
            for name, group in zip(names, phone.LOOK, strict=True)
        }


class PrivacyForm(forms.Form):
    """What others may see who look at this phone."""

    discreet = forms.BooleanField(required=False, label=_("Discreet mode"))
    hide = forms.BooleanField(required=False, label=_("Show Hide on every page"))
