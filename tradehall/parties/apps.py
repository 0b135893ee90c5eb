from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "tradehall.parties"
    label = "parties"
