from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "selfcare.correspondence"
    label = "correspondence"
