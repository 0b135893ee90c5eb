from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "tradehall.documents"
    label = "documents"
