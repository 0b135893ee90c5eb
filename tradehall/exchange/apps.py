from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tradehall.exchange"
    label = "exchange"
