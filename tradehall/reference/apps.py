from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "tradehall.reference"
    label = "reference"
