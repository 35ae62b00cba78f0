from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "guantong.people"
    label = "people"
