from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "tradehall.journal"
    label = "journal"
