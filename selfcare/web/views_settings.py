"""The settings page, and the pages about this phone: look, sound, privacy."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from selfcare.web import patients, phone, settings_words
from selfcare.web.forms_phone import LookForm, PrivacyForm

get_or_post = require_http_methods(["GET", "POST"])


@login_required
@never_cache
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """Show what can be changed with what it is now, and the way out."""
    patient = patients.load(request.user, now=timezone.now())
    current = settings_words.current(patient, phone.words_of(request))
    return render(request, "web/settings.html", {"patient": patient, "now": current})


@login_required
@never_cache
@get_or_post
def look(request: HttpRequest) -> HttpResponse:
    """Ask how this phone shows the app; the answer is kept on the phone alone."""
    patients.profile_of(request.user)
    sent = request.POST if request.method == "POST" else None
    form = LookForm(sent, initial=LookForm.answers(phone.words_of(request)))
    if form.is_valid():
        messages.success(request, _("Saved on this phone."))
        return phone.keep(request, redirect("settings-look"), form.cleaned_data.values(), of=phone.LOOK)
    return render(request, "web/settings/look.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@require_GET
def sound(request: HttpRequest) -> HttpResponse:
    """Show the switches for sound, voice and vibration; they are the player's own and live on the phone."""
    patients.profile_of(request.user)
    return render(request, "web/settings/sound.html")


@login_required
@never_cache
@get_or_post
def privacy(request: HttpRequest) -> HttpResponse:
    """Ask what others may see who look at this phone; the PIN is set by a script and never sent."""
    patients.profile_of(request.user)
    words = phone.words_of(request)
    # Bound to the form that was sent even when every box in it is empty.
    sent = request.POST if request.method == "POST" else None
    form = PrivacyForm(sent, initial={name: name in words for name in PrivacyForm.base_fields})
    if form.is_valid():
        chosen = [name for name, wanted in form.cleaned_data.items() if wanted]
        messages.success(request, _("Saved on this phone."))
        return phone.keep(request, redirect("settings-privacy"), chosen, of=phone.PRIVACY)
    return render(request, "web/settings/privacy.html", {"form": form})


@login_required
@never_cache
@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    """Show how this phone comes to show reminders, step by step; what it can do is found out by the page's script."""
    patients.profile_of(request.user)
    return render(request, "web/alerts.html")
