"""The product's API, and three other ways to store the same entry."""

from django.urls import include, path

from tests.bench import rivals

urlpatterns = [
    path("api/v1/", include("selfcare.diary.urls")),
    path("bare/<uuid:entry_id>", rivals.bare),
    path("lean/<uuid:entry_id>", rivals.lean),
    path("serializer/<uuid:entry_id>", rivals.SerializerView.as_view()),
]
