from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tradehall.accounts"
    label = "accounts"
