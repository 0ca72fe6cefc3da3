from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "selfcare.records"
    label = "records"
