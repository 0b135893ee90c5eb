from django.apps import AppConfig


class LandConfig(AppConfig):
    name = "tradehall.land"
    label = "land"
