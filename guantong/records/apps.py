from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "guantong.records"
    label = "records"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from guantong.ledger.tracking import track
        from guantong.records.models import Comment, Link, PaperDecision, Participant, Partner

        track("link", Link)
        track("comment", Comment)
        track("participant", Participant)
        track("partner", Partner)
        track("paper decision", PaperDecision)

        # Each app's kinds are known once all models are loaded.
        autodiscover_modules("kinds")
