from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "guantong.units"
    label = "units"

    def ready(self) -> None:
        from guantong.ledger.tracking import track
        from guantong.ledger.verification.derived import also_compare
        from guantong.units.models import ParentPeriod, Unit
        from guantong.units.queries import paths_kept

        track("unit", Unit)
        track("unit parent", ParentPeriod)
        also_compare("unit", "path", paths_kept)
