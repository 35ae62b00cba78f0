from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "guantong.rectification"
    label = "rectification"
