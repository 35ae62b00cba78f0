from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "guantong.bulletins"
    label = "bulletins"
