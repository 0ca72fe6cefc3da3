from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "selfcare.triage"
    label = "triage"
