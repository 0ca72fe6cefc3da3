"""The programme's addresses under /api/v1/."""

from django.urls import path

from exercises import views

urlpatterns = [
    path("exercises/catalogue", views.CatalogueView.as_view(), name="api-exercise-catalogue"),
    path("exercises/today", views.TodayView.as_view(), name="api-exercises-today"),
    path("exercises/sessions/<uuid:session_id>", views.SessionView.as_view(), name="api-exercise-session"),
    path(
        "exercises/sessions/<uuid:session_id>/hour-after",
        views.HourAfterView.as_view(),
        name="api-exercise-hour-after",
    ),
    path("exercises/mornings", views.MorningsView.as_view(), name="api-exercise-mornings"),
    path("programme", views.ProgrammeView.as_view(), name="api-programme"),
    path("programme/start", views.StartView.as_view(), name="api-programme-start"),
    path("programme/pause", views.PauseView.as_view(), name="api-programme-pause"),
    path("programme/resume", views.ResumeView.as_view(), name="api-programme-resume"),
    path("programme/maintenance", views.MaintenanceView.as_view(), name="api-programme-maintenance"),
    path("dose-changes/<uuid:change_id>/undo", views.UndoView.as_view(), name="api-dose-change-undo"),
    path("patients/<uuid:patient_id>/programme", views.PatientProgrammeView.as_view(), name="api-patient-programme"),
    path("patients/<uuid:patient_id>/programme/draft", views.DraftView.as_view(), name="api-programme-draft"),
    path("patients/<uuid:patient_id>/programme/publish", views.PublishView.as_view(), name="api-programme-publish"),
    path("patients/<uuid:patient_id>/programme/end", views.EndView.as_view(), name="api-programme-end"),
    path(
        "patients/<uuid:patient_id>/programme/resume",
        views.PatientResumeView.as_view(),
        name="api-patient-programme-resume",
    ),
    path(
        "patients/<uuid:patient_id>/programme/<slug:exercise_id>/mastery",
        views.MasteryView.as_view(),
        name="api-programme-mastery",
    ),
    path(
        "patients/<uuid:patient_id>/programme/<slug:exercise_id>/unlock",
        views.UnlockView.as_view(),
        name="api-programme-unlock",
    ),
]
