from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "selfcare.clinic"
    label = "clinic"
