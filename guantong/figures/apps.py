from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "guantong.figures"
    label = "figures"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from guantong.figures.models import SealedList
        from guantong.figures.operations.sealing import lists_kept
        from guantong.ledger.tracking import track
        from guantong.ledger.verification.derived import also_compare

        track("sealed list", SealedList)
        also_compare("sealed list", "rows", lists_kept)
        # Each app's figures are known once all models and kinds are loaded.
        autodiscover_modules("figures")
