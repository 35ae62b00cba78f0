from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "guantong.units"
    label = "units"
