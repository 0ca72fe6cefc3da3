"""The addresses of messages under /api/v1/."""

from django.urls import path

from selfcare.correspondence import views

urlpatterns = [
    path("messages", views.MessagesView.as_view(), name="api-messages"),
    path("messages/<uuid:message_id>", views.MessageView.as_view(), name="api-message"),
    path("messages/<uuid:message_id>/read", views.ReadView.as_view(), name="api-message-read"),
]
