"""The clinician's addresses. They carry ids and page numbers, never a name or an answer."""

from django.urls import path

from selfcare.clinic.views import letters, patients, prescribing, programme, rules, team, threads, worklist

urlpatterns = [
    path("", worklist.show, name="clinic-worklist"),
    path("rows/", worklist.rows, name="clinic-worklist-rows"),
    path("done/", worklist.done, name="clinic-done"),
    path("alerts/<uuid:alert_id>/", threads.show, name="clinic-thread"),
    path("alerts/<uuid:alert_id>/state/", threads.state, name="clinic-thread-state"),
    path("alerts/<uuid:alert_id>/take/", threads.take, name="clinic-take"),
    path("alerts/<uuid:alert_id>/release/", threads.release, name="clinic-release"),
    path("alerts/<uuid:alert_id>/action/", threads.act, name="clinic-act"),
    path("alerts/<uuid:alert_id>/escalate/", threads.escalate, name="clinic-escalate"),
    path("alerts/<uuid:alert_id>/close/", threads.close, name="clinic-close"),
    path("alerts/<uuid:alert_id>/undo/", threads.undo, name="clinic-undo"),
    path("patients/", patients.index, name="clinic-patients"),
    path("patients/<uuid:patient_id>/", patients.show, name="clinic-patient"),
    path("patients/<uuid:patient_id>/reviewed/", patients.reviewed, name="clinic-reviewed"),
    path("patients/<uuid:patient_id>/plan/", patients.plan, name="clinic-plan"),
    path("patients/<uuid:patient_id>/programme/", programme.show, name="clinic-programme"),
    path("patients/<uuid:patient_id>/programme/edit/", prescribing.edit, name="clinic-programme-edit"),
    path("patients/<uuid:patient_id>/programme/publish/", prescribing.publish, name="clinic-programme-publish"),
    path("patients/<uuid:patient_id>/programme/paper/", programme.paper, name="clinic-programme-paper"),
    path("patients/<uuid:patient_id>/programme/resume/", programme.resume, name="clinic-programme-resume"),
    path(
        "patients/<uuid:patient_id>/programme/changes/<uuid:change_id>/undo/",
        programme.undo,
        name="clinic-programme-undo",
    ),
    path(
        "patients/<uuid:patient_id>/programme/<slug:exercise_id>/mastery/",
        programme.master,
        name="clinic-programme-mastery",
    ),
    path(
        "patients/<uuid:patient_id>/programme/<slug:exercise_id>/unlock/",
        programme.unlock,
        name="clinic-programme-unlock",
    ),
    path("messages/", letters.unanswered, name="clinic-messages"),
    path("patients/<uuid:patient_id>/messages/", letters.conversation, name="clinic-conversation"),
    path("patients/<uuid:patient_id>/messages/settle/", letters.settle, name="clinic-conversation-settle"),
    path("rules/", rules.show, name="clinic-rules"),
    path("invitations/", team.invite, name="clinic-invitations"),
    path("invitations/<uuid:invitation_id>/withdraw/", team.withdraw, name="clinic-invitation-withdraw"),
    path("settings/", team.settings, name="clinic-settings"),
    path("settings/<uuid:clinic_id>/", team.settings, name="clinic-settings-of"),
    path("places/<int:place_id>/rota/", team.rota, name="clinic-rota"),
    path("places/<int:place_id>/end/", team.end, name="clinic-place-end"),
]
