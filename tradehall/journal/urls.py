"""Included at /log/."""

from django.urls import path

from tradehall.journal import views

app_name = "journal"
urlpatterns = [
    path("", views.log, name="log"),
    path("key", views.key, name="key"),
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("entries", views.entries, name="entries"),
    path("proof/inclusion", views.inclusion, name="inclusion"),
    path("proof/consistency", views.consistency, name="consistency"),
    path("batch/<int:no>", views.batch, name="batch"),
    path("receipt/<slug:receipt_no>", views.receipt, name="receipt"),
]
