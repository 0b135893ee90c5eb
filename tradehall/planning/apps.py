from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "tradehall.planning"
    label = "planning"
