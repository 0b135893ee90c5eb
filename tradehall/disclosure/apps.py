from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "tradehall.disclosure"
    label = "disclosure"
