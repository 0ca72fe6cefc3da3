"""The addresses of the patient's app."""

from django.urls import path

from selfcare.web import (
    views,
    views_checkin,
    views_diary,
    views_follow_up,
    views_guide,
    views_help,
    views_pwa,
    views_settings,
    views_setup,
)

urlpatterns = [
    path("", views.home, name="home"),
    path("today/follow-up", views_follow_up.show, name="follow-up"),
    path("check-in", views_checkin.shell, name="check-in"),
    path("check-in/context", views_checkin.context, name="check-in-context"),
    path("check-in/start", views_checkin.start, name="check-in-start"),
    path("check-in/saved", views_checkin.saved, name="check-in-saved"),
    path("check-in/<uuid:draft_id>/advice", views_checkin.advice, name="check-in-advice"),
    path("check-in/<uuid:draft_id>/<slug:step_id>", views_checkin.step, name="check-in-step"),
    path("diary", views_diary.diary, name="diary"),
    path("diary/<uuid:entry_id>", views_diary.entry, name="diary-entry"),
    path("diary/<uuid:entry_id>/change/<slug:step_id>", views_diary.change, name="diary-change"),
    path("patterns", views_guide.patterns, name="patterns"),
    path("help-now", views_help.help_now, name="help-now"),
    path("help-now/which", views_help.which, name="help-which"),
    path("help-now/show", views_help.show, name="help-show"),
    path("help-now/countries", views_help.countries, name="help-countries"),
    path("help-now/<slug:name>", views_help.level, name="help-level"),
    path("offline", views_help.offline, name="offline"),
    path("set-up/episode", views_setup.episode, name="setup-episode"),
    path("set-up/safety", views_setup.safety, name="setup-safety"),
    path("set-up/goal", views_setup.goal, name="setup-goal"),
    path("set-up/reminder", views_setup.reminder, name="setup-reminder"),
    path("settings", views_settings.settings, name="settings"),
    path("settings/reminders", views_setup.reminder, name="settings-reminders"),
    path("sign-out", views_pwa.sign_out, name="sign-out"),
    path("manifest.webmanifest", views_pwa.manifest, name="manifest"),
    path("sw.js", views_pwa.worker, name="service-worker"),
]
