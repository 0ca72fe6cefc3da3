"""The diary's addresses under /api/v1/."""

from django.urls import path

from selfcare.diary import answering, views

urlpatterns = [
    path("entries", views.EntriesView.as_view(), name="api-entries"),
    path("entries/batch", views.BatchView.as_view(), name="api-entries-batch"),
    path("entries/<uuid:entry_id>", views.EntryView.as_view(), name="api-entry"),
    path("entries/<uuid:entry_id>/correction/<uuid:new_id>", views.CorrectionView.as_view(), name="api-correction"),
    path("alerts/<uuid:alert_id>/said", answering.SaidView.as_view(), name="api-alert-said"),
    path("episode", views.EpisodeView.as_view(), name="api-episode"),
    path("patients/<uuid:patient_id>/entries", views.PatientEntriesView.as_view(), name="api-patient-entries"),
]
