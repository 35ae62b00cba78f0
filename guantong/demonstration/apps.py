from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "guantong.demonstration"
    label = "demonstration"
