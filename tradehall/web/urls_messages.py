"""Addresses of following and of messages, with an account and without, and of the widget for the service hall."""

from django.urls import URLPattern, path

from tradehall.web.views import deliveries, following, inbox, widget

urlpatterns: list[URLPattern] = [
    path("follow/asked", following.asked, name="subscription-asked"),
    path("follow/<str:kind>", following.subscribe, name="subscribe"),
    path("follow/confirm/<str:token>", following.confirm_contact, name="confirm-contact"),
    path("follow/end/<str:token>", following.unsubscribe, name="unsubscribe-by-mail"),
    path("follow/manage/<str:token>", following.manage, name="subscriptions-by-mail"),
    path("desk/messages", inbox.inbox, name="inbox"),
    path("desk/messages/read", inbox.read_all, name="read-all-messages"),
    path("desk/messages/<str:message_no>", inbox.message, name="message"),
    path("desk/subscriptions", inbox.subscriptions, name="subscriptions"),
    path("desk/subscriptions/address", inbox.state_contact, name="state-contact"),
    path("desk/subscriptions/address/end", inbox.end_contact, name="end-contact"),
    path("desk/subscriptions/<str:subscription_no>", inbox.change, name="change-subscription"),
    path("desk/subscriptions/<str:subscription_no>/end", inbox.unsubscribe, name="unsubscribe"),
    path("desk/deliveries", deliveries.deliveries, name="deliveries"),
    path("desk/deliveries/<str:delivery_no>/resend", deliveries.resend_delivery, name="resend-delivery"),
    path("widget/notices", widget.notices, name="widget"),
    path("widget/notices.json", widget.feed, name="widget-feed"),
]
