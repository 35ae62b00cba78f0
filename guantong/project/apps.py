from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "guantong.project"
    label = "project"
