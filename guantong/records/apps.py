from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "guantong.records"
    label = "records"
