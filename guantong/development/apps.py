from django.apps import AppConfig


class DevelopmentConfig(AppConfig):
    name = "guantong.development"
    label = "development"
