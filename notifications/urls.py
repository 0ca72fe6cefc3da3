"""The API routes of push subscriptions and reminders, under /api/v1/."""

from django.urls import path

from notifications import views

urlpatterns = [
    path("push-key", views.PushKey.as_view(), name="push-key"),
    path("push-subscriptions", views.PushSubscriptions.as_view(), name="push-subscriptions"),
    path("push-subscriptions/test", views.PushTest.as_view(), name="push-test"),
    path(
        "push-subscriptions/<uuid:subscription_id>",
        views.PushSubscriptionDetail.as_view(),
        name="push-subscription",
    ),
    path("reminder", views.ReminderView.as_view(), name="reminder"),
]
