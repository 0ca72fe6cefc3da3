"""The addresses of the catalogue and of alerts under /api/v1/."""

from django.urls import path

from selfcare.triage import api, views

urlpatterns = [
    path("catalogue", views.CatalogueView.as_view(), name="api-catalogue"),
    path("alerts", api.AlertsView.as_view(), name="api-alerts"),
    path("alerts/<uuid:alert_id>/acknowledge", api.AcknowledgeView.as_view(), name="api-alert-acknowledge"),
    path("alerts/<uuid:alert_id>/release", api.ReleaseView.as_view(), name="api-alert-release"),
    path("alerts/<uuid:alert_id>/actions", api.ActionsView.as_view(), name="api-alert-actions"),
    path("alerts/<uuid:alert_id>/close", api.CloseView.as_view(), name="api-alert-close"),
    path("alerts/<uuid:alert_id>/reopen", api.ReopenView.as_view(), name="api-alert-reopen"),
]
