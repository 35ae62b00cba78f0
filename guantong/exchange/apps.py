from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "guantong.exchange"
    label = "exchange"

    def ready(self) -> None:
        from guantong.exchange.models import ImportRun
        from guantong.exchange.operations.forgetting import forget_words
        from guantong.ledger.tracking import track
        from guantong.records.registry import forget_also

        track("import", ImportRun)
        forget_also(forget_words)
