from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "guantong.exchange"
    label = "exchange"
