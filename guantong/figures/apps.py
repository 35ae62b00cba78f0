from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "guantong.figures"
    label = "figures"
