from django.apps import AppConfig


class IndustryConfig(AppConfig):
    name = "guantong.industry"
    label = "industry"
