"""The pages about reminders: when and how often, a pause, and the answer to "Fewer reminders?"."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from notifications import reminders, schedule
from notifications.models import Reminder
from selfcare.accounts import consents
from selfcare.accounts.models import Consent
from selfcare.web import patients, reminder_words
from selfcare.web.forms_reminder import PaceForm, PauseForm, ReminderForm
from selfcare.web.patients import Patient

get_or_post = require_http_methods(["GET", "POST"])


@login_required
@never_cache
@get_or_post
def reminder(request: HttpRequest) -> HttpResponse:
    """Ask when to remind; the phone's own permission is asked by a button of its own, never on load."""
    now = timezone.now()
    patient = patients.load(request.user, now=now)
    kept = Reminder.objects.filter(user=request.user).first()
    form = ReminderForm(request.POST if request.method == "POST" else None, initial=ReminderForm.answers(kept))
    if form.is_valid():
        _set(patient, form.cleaned_data, kept, now=now)
        messages.success(request, _("Saved."))
        return redirect("settings-reminders")
    zone = patient.profile.zone()
    return render(request, "web/settings/reminders.html", {
        "form": form,
        "kept": kept,
        "coming": reminder_words.coming(kept, zone=zone, now=now),
        "paused": kept is not None and reminder_words.is_paused(kept, zone=zone, now=now),
        "paused_words": reminder_words.summary(kept, zone=zone, now=now),
    }, status=422 if form.errors else 200)  # fmt: skip


@login_required
@never_cache
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Let reminders rest for a week or two, or let them come again."""
    now = timezone.now()
    patients.profile_of(request.user)
    form = PauseForm(request.POST)
    if form.is_valid() and reminders.pause(request.user.pk, days=form.cleaned_data["days"], now=now):
        messages.success(request, _("Saved."))
    return redirect("settings-reminders")


@login_required
@never_cache
@get_or_post
def fewer(request: HttpRequest) -> HttpResponse:
    """Ask how often to remind: the page that "Fewer reminders?" opens, and the answer to the offer on Today."""
    now = timezone.now()
    patients.profile_of(request.user)
    kept = Reminder.objects.filter(user=request.user).first()
    if kept is None:
        return redirect("settings-reminders")
    form = PaceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        every_days, offered = form.cleaned_data["every_days"], form.cleaned_data["offered"]
        reminders.choose_pace(request.user.pk, every_days=every_days, now=now)
        reminders.offered(request.user.pk, every_days=max(every_days, offered or 1))
        messages.success(request, _("Saved. You can change this whenever you want."))
        # An offer was made on Today; elsewhere the page of reminders says what holds now.
        return redirect("home" if offered else "settings-reminders")
    return render(request, "web/settings/fewer.html", {"kept": kept}, status=422 if form.errors else 200)


def _set(patient: Patient, answers: dict[str, Any], kept: Reminder | None, *, now: datetime) -> None:
    reminders.set_reminder(
        patient.user.pk,
        local_time=answers["local_time"] or (kept.local_time if kept else reminders.DEFAULT_TIME),
        time_zone=patient.profile.time_zone,
        days="".join(answers["days"]) or schedule.EVERY_DAY,
        every_days=answers["every_days"] or 1,
        paused_until=kept.paused_until if kept else None,
        enabled=answers["enabled"],
        by_push=answers["by_push"],
        by_email=answers["by_email"],
        quiet_from=answers["quiet_from"],
        quiet_until=answers["quiet_until"],
        now=now,
    )
    if answers["enabled"] and not consents.holds(patient.user, Consent.Purpose.REMINDERS):
        consents.give(patient.user, Consent.Purpose.REMINDERS, now=now)
