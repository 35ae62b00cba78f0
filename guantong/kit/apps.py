from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "guantong.kit"
    label = "kit"
