from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "guantong.records"
    label = "records"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate
        from django.utils.module_loading import autodiscover_modules

        from guantong.ledger.dating import date_by
        from guantong.ledger.tracking import track
        from guantong.ledger.verification.derived import also_check
        from guantong.records.draws import check_draws
        from guantong.records.models import (
            Comment,
            Draw,
            Drawn,
            Link,
            PaperDecision,
            Participant,
            Partner,
        )
        from guantong.records.past import days_apart
        from guantong.records.periods import check_periods
        from guantong.records.registry import kinds
        from guantong.records.searching import index_missing, index_said, index_texts_of

        track("link", Link)
        track("comment", Comment)
        track("participant", Participant)
        track("partner", Partner)
        track("paper decision", PaperDecision)
        track("draw", Draw)
        # Whom an auditor will look at is on no record's story before it is done.
        track("drawn record", Drawn, record=None)

        date_by(days_apart)
        also_check(check_periods)
        also_check(check_draws)
        # Each app's kinds are known once all models are loaded.
        autodiscover_modules("kinds")
        for kind in kinds():
            index_texts_of(kind)
        index_said("comment", Comment, "text")
        post_migrate.connect(index_missing, sender=self)
