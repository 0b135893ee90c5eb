from django.apps import AppConfig


class PropertyConfig(AppConfig):
    name = "tradehall.property"
    label = "property"
