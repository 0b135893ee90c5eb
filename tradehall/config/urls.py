"""Every address of the platform, app by app. Nothing is discovered: what is not named here is not public."""

from django.urls import URLPattern, URLResolver, include, path

from tradehall.config import api, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("log/", include("tradehall.journal.urls")),
    *api.urls(),
    path("", include("tradehall.ui.urls")),
    path("", include("tradehall.accounts.urls")),
    path("", include("tradehall.web.oidc.urls")),
    path("", include("tradehall.accounts.certificate_urls")),
    path("", include("tradehall.web.urls")),
]
handler404 = "tradehall.ui.views.not_found"
handler500 = "django.views.defaults.server_error"  # renders ui's 500.html, which needs neither database nor context
