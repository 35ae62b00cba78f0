from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "guantong.ledger"
    label = "ledger"
