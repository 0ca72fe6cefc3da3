"""The table: for each route, who may use which method. A route that is not here fails the suite.

Letters stand for roles: A anonymous, P Ada (the patient), D another patient, B Ada's clinician, C a clinician of
another clinic, M a manager of Ada's clinic, E a clinician of Ada's clinic before the second factor. Whoever is not
named is refused. Where a route names an object it is Ada's, or Harbour Clinic's.
"""

from __future__ import annotations

from tests.access.matrix import Row

EVERYBODY = "APDBCEM"
# Everybody but a clinician who has not shown the second factor yet.
SHOWN = "APDBCM"
SIGNED_IN = "PDBCM"
ENTRY = {
    "occurred_on": "2026-03-01",
    "recorded_at": "2026-03-01T18:00:00+00:00",
    "recorded_zone": "Europe/London",
    "observations": {"pain_avg": 3},
}

EXERCISE_SESSION = {
    "occurred_on": "2026-03-01",
    "recorded_at": "2026-03-01T18:00:00+00:00",
    "recorded_zone": "Europe/London",
    "results": [{"exercise": "EX-05", "done": True}],
}

TABLE: dict[str, Row] = {
    # --- Health, documents, catalogue ---
    "healthz": Row(GET=EVERYBODY),
    # 503 without a broker: let in, and answered with what is wrong.
    "readyz": Row(GET=EVERYBODY),
    "operator/mail/<str:given>": Row(),
    "api/schema/": Row(GET=SHOWN),
    "api/docs/": Row(GET=SHOWN),
    "api/v1/catalogue": Row(GET=SHOWN),
    # --- Diary ---
    "api/v1/entries": Row(GET=SIGNED_IN),
    "api/v1/entries/batch": Row(POST=SIGNED_IN),
    # An id that is taken is refused with 409, in the same words whoever it belongs to (tests/diary).
    "api/v1/entries/<uuid:entry_id>": Row(GET="P", PUT="PD", body=ENTRY, same_as_missing="DBCM"),
    "api/v1/entries/<uuid:entry_id>/correction/<uuid:new_id>": Row(PUT="P", body=ENTRY, same_as_missing="DBCM"),
    "api/v1/episode": Row(GET="PD", PUT="PD", body={"onset_on": "2026-02-01"}),
    "api/v1/patients/<uuid:patient_id>/entries": Row(GET="PB", same_as_missing="DCM"),
    # --- Messages ---
    "api/v1/messages": Row(GET=SIGNED_IN),
    # An id that is taken is refused with 409, in the same words whoever it belongs to (tests/correspondence).
    "api/v1/messages/<uuid:message_id>": Row(PUT="PD", body={"text": "May I swim?"}, same_as_missing="BCM"),
    "api/v1/messages/<uuid:message_id>/read": Row(PUT="P", same_as_missing="DBCM"),
    # --- Alerts ---
    "api/v1/alerts": Row(GET=SIGNED_IN),
    "api/v1/alerts/<uuid:alert_id>/acknowledge": Row(POST="B", same_as_missing="PDCM"),
    "api/v1/alerts/<uuid:alert_id>/release": Row(POST="B", same_as_missing="PDCM"),
    "api/v1/alerts/<uuid:alert_id>/actions": Row(POST="B", body={"note": "Phoned."}, same_as_missing="PDCM"),
    "api/v1/alerts/<uuid:alert_id>/close": Row(
        POST="B", body={"outcome": "referred", "note": "Seen."}, same_as_missing="PDCM"
    ),
    "api/v1/alerts/<uuid:alert_id>/reopen": Row(POST="B", same_as_missing="PDCM"),
    "api/v1/alerts/<uuid:alert_id>/said": Row(POST="P", body={"answer": "going"}, same_as_missing="DBCM"),
    # --- Exercises ---
    "api/v1/exercises/catalogue": Row(GET=SIGNED_IN),
    "api/v1/exercises/today": Row(GET="PD"),
    # An id that is taken is refused with 409, in the same words whoever it belongs to (tests/exercises).
    "api/v1/exercises/sessions/<uuid:session_id>": Row(
        GET="P", PUT="PD", body=EXERCISE_SESSION, same_as_missing="DBCM"
    ),
    "api/v1/exercises/sessions/<uuid:session_id>/hour-after": Row(PUT="P", body={"pain": 2}, same_as_missing="DBCM"),
    "api/v1/exercises/mornings": Row(PUT="PD", body={"on": "2026-03-02", "pain": 2}),
    "api/v1/programme": Row(GET="P"),
    # Refused with a sentence (409) where there is a programme already, or no clear safety screen.
    "api/v1/programme/start": Row(POST="PD"),
    "api/v1/programme/pause": Row(POST="P"),
    "api/v1/programme/resume": Row(POST="P"),
    "api/v1/programme/maintenance": Row(POST="P"),
    "api/v1/dose-changes/<uuid:change_id>/undo": Row(POST="PB", same_as_missing="DCM"),
    "api/v1/patients/<uuid:patient_id>/programme": Row(GET="PB", same_as_missing="DCM"),
    "api/v1/patients/<uuid:patient_id>/programme/draft": Row(PUT="B", body={"pattern": "back"}, same_as_missing="PDCM"),
    "api/v1/patients/<uuid:patient_id>/programme/publish": Row(POST="B", same_as_missing="PDCM"),
    "api/v1/patients/<uuid:patient_id>/programme/end": Row(POST="B", same_as_missing="PDCM"),
    "api/v1/patients/<uuid:patient_id>/programme/resume": Row(POST="B", same_as_missing="PDCM"),
    "api/v1/patients/<uuid:patient_id>/programme/<slug:exercise_id>/mastery": Row(
        POST="B", body={"event": "taught"}, same_as_missing="PDCM"
    ),
    # For Ben it is refused as well, because Ada's exercise needs no unlocking (tests/exercises).
    "api/v1/patients/<uuid:patient_id>/programme/<slug:exercise_id>/unlock": Row(
        POST="B", body={"irritability": "low"}, same_as_missing="PDCM"
    ),
    # What the token it gives may do: tests/diary/test_device_tokens.py.
    "api/v1/device": Row(POST="PD"),
    # --- Telling people ---
    "api/v1/push-key": Row(GET=SIGNED_IN),
    "api/v1/push-subscriptions": Row(GET=SIGNED_IN, POST=SIGNED_IN),
    "api/v1/push-subscriptions/test": Row(POST=SIGNED_IN),
    "api/v1/push-subscriptions/<uuid:subscription_id>": Row(GET="P", DELETE="P", same_as_missing="DBCM"),
    "api/v1/reminder": Row(GET=SIGNED_IN, PUT=SIGNED_IN),
    # --- Signing in ---
    "account/login/": Row(GET=EVERYBODY, POST=EVERYBODY, PUT=EVERYBODY, PATCH="PDBCEM", DELETE="PDBCEM"),
    "account/login/code/": Row.any_method(SHOWN),
    "account/login/code/confirm/": Row.any_method(SHOWN),
    "account/login/passkey/": Row(GET=EVERYBODY, POST=EVERYBODY, PUT=EVERYBODY, PATCH="PDBCEM", DELETE="PDBCEM"),
    "account/logout/": Row(GET=EVERYBODY, POST=EVERYBODY),
    "account/inactive/": Row(GET=EVERYBODY),
    "account/signup/": Row(GET=SHOWN, POST=SHOWN, PUT=SHOWN, PATCH=SIGNED_IN, DELETE=SIGNED_IN),
    "account/signup/passkey/": Row(GET=SHOWN, POST=SHOWN, PUT=SHOWN, PATCH=SIGNED_IN, DELETE=SIGNED_IN),
    "account/signup/passkey/create/": Row.any_method(SHOWN),
    "account/confirm-email/": Row.any_method(SHOWN),
    "account/email/": Row(GET=SIGNED_IN, POST=SIGNED_IN, PUT=SIGNED_IN),
    "account/2fa/": Row(GET="PDBCEM"),
    "account/2fa/authenticate/": Row.any_method(SHOWN),
    "account/2fa/reauthenticate/": Row(GET="BCM", POST="BCM", PUT="BCM"),
    "account/2fa/app/activate/": Row.any_method("PDBCEM", but_not={"PATCH": "PDE", "DELETE": "PDE"}),
    "account/2fa/app/deactivate/": Row.any_method("BCM"),
    "account/2fa/recovery-codes/": Row(),
    "account/2fa/recovery-codes/new/": Row.any_method("PDBCM", but_not={"PATCH": "PD", "DELETE": "PD"}),
    "account/2fa/recovery-codes/download/": Row(),
    "account/2fa/keys/": Row(GET="PDBCEM"),
    "account/2fa/keys/add/": Row.any_method("PDBCEM", but_not={"PATCH": "PDE", "DELETE": "PDE"}),
    "account/2fa/keys/reauthenticate/": Row.any_method("BCM"),
    "account/2fa/keys/<int:pk>/edit/": Row.any_method("BCM"),
    "account/2fa/keys/<int:pk>/remove/": Row.any_method("BCM"),
    # --- Joining and setting up ---
    "join": Row(GET=SHOWN, POST=SHOWN),
    "join/confirm": Row(GET=SIGNED_IN, POST=SIGNED_IN),
    "welcome": Row.any_method(SIGNED_IN),
    "welcome/about": Row(GET=SIGNED_IN, POST=SIGNED_IN),
    "welcome/consent": Row(GET=SIGNED_IN, POST=SIGNED_IN),
    "welcome/place": Row(GET=SIGNED_IN, POST=SIGNED_IN),
    "welcome/person": Row(GET=SIGNED_IN, POST=SIGNED_IN),
    "welcome/history/<slug:slug>": Row(GET="BCM", POST="BCM"),
    "set-up/episode": Row(GET="PD", POST="PD"),
    "set-up/safety": Row(GET=SIGNED_IN),
    "set-up/goal": Row(GET="PD", POST="PD"),
    "set-up/reminder": Row(GET="PD", POST="PD"),
    "settings": Row(GET="PD"),
    "settings/look": Row(GET="PD", POST="PD"),
    "settings/sound": Row(GET="PD"),
    "settings/privacy": Row(GET="PD", POST="PD"),
    "settings/devices": Row(GET="PD"),
    "settings/devices/sign-out": Row(POST="PD"),
    "settings/devices/<uuid:device_id>/sign-out": Row(POST="P", same_as_missing="DBCM"),
    "settings/delete": Row(GET="PD", POST="PD", form={"sure": "yes"}),
    "settings/export": Row(GET="PD", POST="PD"),
    "settings/profile": Row(GET="PD", POST="PD"),
    "settings/history": Row.any_method("PD"),
    "settings/history/same": Row(POST="PD"),
    "settings/history/<slug:slug>": Row(),
    "settings/sharing": Row(GET=SIGNED_IN),
    "settings/alerts": Row(GET="PD"),
    "settings/reminders": Row(GET="PD", POST="PD"),
    "settings/reminders/pause": Row(POST="PD"),
    "settings/reminders/fewer": Row(GET="PD", POST="PD"),
    # --- The clinician's side ---
    "clinic/": Row(GET="BCM"),
    "clinic/rows/": Row(GET="BCM"),
    "clinic/done/": Row(GET="BCM"),
    "clinic/alerts/<uuid:alert_id>/": Row(GET="B", same_as_missing="PDCM"),
    "clinic/alerts/<uuid:alert_id>/state/": Row(GET="B", same_as_missing="PDCM"),
    "clinic/alerts/<uuid:alert_id>/take/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/alerts/<uuid:alert_id>/release/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/alerts/<uuid:alert_id>/action/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/alerts/<uuid:alert_id>/escalate/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/alerts/<uuid:alert_id>/close/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/alerts/<uuid:alert_id>/undo/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/patients/": Row(GET="BCM", POST="BCM"),
    "clinic/patients/<uuid:patient_id>/": Row(GET="B", same_as_missing="PDCM"),
    "clinic/patients/<uuid:patient_id>/reviewed/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/patients/<uuid:patient_id>/plan/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/patients/<uuid:patient_id>/programme/": Row(GET="B", same_as_missing="PDCM"),
    "clinic/patients/<uuid:patient_id>/programme/edit/": Row(GET="B", POST="B", same_as_missing="PDCM"),
    "clinic/patients/<uuid:patient_id>/programme/publish/": Row(GET="B", POST="B", same_as_missing="PDCM"),
    "clinic/patients/<uuid:patient_id>/programme/paper/": Row(GET="B", same_as_missing="PDCM"),
    "clinic/patients/<uuid:patient_id>/programme/resume/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/patients/<uuid:patient_id>/programme/changes/<uuid:change_id>/undo/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/patients/<uuid:patient_id>/programme/<slug:exercise_id>/mastery/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/patients/<uuid:patient_id>/programme/<slug:exercise_id>/unlock/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/messages/": Row(GET="BCM"),
    "clinic/patients/<uuid:patient_id>/messages/": Row(GET="B", POST="B", same_as_missing="PDCM"),
    "clinic/patients/<uuid:patient_id>/messages/settle/": Row(POST="B", same_as_missing="PDCM"),
    "clinic/rules/": Row(GET="BCM"),
    "clinic/invitations/": Row(GET="BCM", POST="BCM"),
    "clinic/invitations/<uuid:invitation_id>/withdraw/": Row(POST="BM", same_as_missing="PDC"),
    "clinic/settings/": Row(GET="BCM", POST="M"),
    "clinic/settings/<uuid:clinic_id>/": Row(GET="BM", POST="M", same_as_missing="PDC"),
    "clinic/places/<int:place_id>/rota/": Row(POST="M", same_as_missing="PDBC"),
    "clinic/places/<int:place_id>/end/": Row(POST="M", same_as_missing="PDBC"),
    # --- The patient's app ---
    "": Row(GET=SHOWN),
    "today/follow-up": Row(GET="PD", POST="PD"),
    "check-in": Row(GET=SHOWN),
    "check-in/context": Row(GET="PD"),
    "check-in/start": Row(GET="PD", POST="PD"),
    "check-in/saved": Row(GET=SIGNED_IN),
    "check-in/<uuid:draft_id>/advice": Row(GET=SIGNED_IN, POST=SIGNED_IN),
    "check-in/<uuid:draft_id>/<slug:step_id>": Row(GET="PD", POST="PD"),
    "diary": Row(GET="PD"),
    "diary/days/<slug:on>": Row(GET="PD"),
    "diary/<uuid:entry_id>": Row(GET="P", same_as_missing="DBCM"),
    "diary/<uuid:entry_id>/change/<slug:step_id>": Row(),
    "exercises": Row(GET="PD"),
    "exercises/session": Row(GET=SHOWN),
    "exercises/context": Row(GET="PD"),
    "exercises/log": Row(GET="PD", POST="PD"),
    "exercises/hour-after": Row(POST="PD"),
    "exercises/history": Row(GET="P"),
    "exercises/start": Row(POST="PD"),
    "exercises/pause": Row(POST="P"),
    "exercises/resume": Row(POST="P"),
    "exercises/flare": Row(POST="P"),
    "exercises/maintenance": Row(POST="P"),
    "exercises/changes/<uuid:change_id>/undo": Row(POST="P", same_as_missing="DBCM"),
    "exercises/moves/<slug:exercise_id>": Row(GET="PD"),
    "progress": Row(GET="PD"),
    "progress/summary": Row(GET="PD"),
    "progress/<slug:chart_name>": Row(GET="PD"),
    "plan": Row(GET="PD"),
    "plan/read": Row(POST="PD"),
    "plan/pace": Row(POST="PD"),
    "plan/again": Row(GET="PD", POST="PD"),
    "plan/weeks/<int:week_number>": Row(GET=SHOWN),
    "plan/reviews/<slug:review_name>": Row(GET="PD", POST="PD"),
    "messages": Row(GET="PD", POST="PD"),
    "messages/visit": Row(GET="PD", POST="PD"),
    "messages/write": Row(GET=SHOWN),
    "patterns": Row(GET="PD"),
    "learn": Row(GET=SHOWN),
    "learn/detailed": Row(GET=SHOWN),
    "learn/<slug:card_id>": Row(GET=SHOWN),
    "learn/detailed/<slug:card_id>": Row(GET=SHOWN),
    "help-now": Row(GET=EVERYBODY),
    "help-now/which": Row(GET=EVERYBODY),
    "help-now/show": Row(GET=EVERYBODY),
    "language": Row(POST=SHOWN),
    "help-now/countries": Row(GET=EVERYBODY, POST=EVERYBODY),
    "help-now/<slug:name>": Row(GET=EVERYBODY),
    "offline": Row(GET=EVERYBODY),
    "clock": Row(GET=SHOWN),
    "sign-out": Row(POST=EVERYBODY),
    # Open in development alone.
    "style": Row(),
    "manifest.webmanifest": Row(GET=EVERYBODY),
    "sw.js": Row(GET=EVERYBODY),
}
