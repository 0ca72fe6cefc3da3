from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "selfcare.web"
    label = "web"
