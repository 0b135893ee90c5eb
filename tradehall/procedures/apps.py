from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "tradehall.procedures"
    label = "procedures"
