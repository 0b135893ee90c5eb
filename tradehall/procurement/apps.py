from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    name = "tradehall.procurement"
    label = "procurement"
