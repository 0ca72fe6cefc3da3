from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "selfcare.diary"
    label = "diary"
