from django.apps import AppConfig


class StudyConfig(AppConfig):
    name = "guantong.study"
    label = "study"
