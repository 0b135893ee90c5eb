from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "tradehall.ui"
    label = "ui"
