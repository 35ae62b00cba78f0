from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "guantong.visits"
    label = "visits"
