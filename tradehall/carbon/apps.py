from django.apps import AppConfig


class CarbonConfig(AppConfig):
    name = "tradehall.carbon"
    label = "carbon"
