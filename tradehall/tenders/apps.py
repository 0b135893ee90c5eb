from django.apps import AppConfig


class TendersConfig(AppConfig):
    name = "tradehall.tenders"
    label = "tenders"
