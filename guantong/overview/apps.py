from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "guantong.overview"
    label = "overview"
