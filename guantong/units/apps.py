from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "guantong.units"
    label = "units"

    def ready(self) -> None:
        from guantong.ledger.tracking import track
        from guantong.units.models import ParentPeriod, Unit

        track("unit", Unit)
        track("unit parent", ParentPeriod)
