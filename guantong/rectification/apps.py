from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "guantong.rectification"
    label = "rectification"

    def ready(self) -> None:
        from guantong.ledger.tracking import track
        from guantong.rectification.models import Closure, ProgressNote, VerificationItem

        track("closure", Closure)
        track("progress note", ProgressNote)
        track("verification item", VerificationItem)
