from django.apps import AppConfig


class OthersConfig(AppConfig):
    name = "tradehall.others"
    label = "others"
