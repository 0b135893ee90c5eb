from django.apps import AppConfig


class WorksConfig(AppConfig):
    name = "tradehall.works"
    label = "works"
