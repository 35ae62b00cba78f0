from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "guantong.figures"
    label = "figures"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from guantong.figures.models import SealedList
        from guantong.ledger.tracking import track

        track("sealed list", SealedList)
        # Each app's figures are known once all models and kinds are loaded.
        autodiscover_modules("figures")
