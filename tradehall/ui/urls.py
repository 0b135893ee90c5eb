"""Addresses of the ui's own pages; `config.urls` includes them at the root and names `handler404`."""

from django.urls import path

from tradehall.ui import views

app_name = "ui"
PAGES = ("accessibility", "privacy", "sitemap", "oversight")
urlpatterns = [
    path("styleguide/", views.styleguide, name="styleguide"),
    path("clock", views.clock, name="clock"),
    *[path(name, views.page, {"name": name}, name=name) for name in PAGES],
]
