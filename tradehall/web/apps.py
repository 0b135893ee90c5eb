from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tradehall.web"
    label = "web"
