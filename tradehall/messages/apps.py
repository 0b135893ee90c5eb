from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "tradehall.messages"
    label = "messages"
