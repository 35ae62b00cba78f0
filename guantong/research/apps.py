from django.apps import AppConfig


class ResearchConfig(AppConfig):
    name = "guantong.research"
    label = "research"
