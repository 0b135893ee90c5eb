"""Every address of the platform, app by app. Nothing is discovered: what is not named here is not public."""

from django.urls import URLPattern, URLResolver, include, path

from tradehall.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("log/", include("tradehall.journal.urls")),
]
