from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "guantong.exchange"
    label = "exchange"

    def ready(self) -> None:
        from guantong.exchange.models import ImportRun
        from guantong.ledger.tracking import track

        track("import", ImportRun)
