from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "guantong.people"
    label = "people"

    def ready(self) -> None:
        from guantong.ledger.tracking import track
        from guantong.people.models import Appointment, Deputyship, Person

        track("person", Person)
        track("appointment", Appointment)
        track("deputyship", Deputyship)
