"""Addresses about data exchange: the public figure of its quality, the centre's monitor, the supervisors' live events."""

from django.urls import URLPattern, path

from tradehall.web.views import data_quality, exchange_monitor, live_events, national_desk

urlpatterns: list[URLPattern] = [
    path("figures/quality", data_quality.quality, name="data-quality"),
    path("figures/quality.<str:suffix>", data_quality.quality, name="data-quality-file"),
    path("desk/exchange", exchange_monitor.monitor, name="exchange-monitor"),
    path("desk/exchange/refusals/<str:refusal_no>/rejudge", exchange_monitor.rejudge, name="rejudge-record"),
    path("desk/exchange/webhooks/<str:webhook_no>/resend", exchange_monitor.resend, name="resend-webhook"),
    path("desk/national", national_desk.national, name="national-desk"),
    path("desk/national/<str:message_no>/resend", national_desk.resend, name="resend-message"),
    path("desk/events", live_events.events, name="live-events"),
]
