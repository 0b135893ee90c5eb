"""Addresses of the register: start, dossier, its things, sealed numbers, and the centre's examination. `web.urls` includes them."""

from django.urls import URLPattern, path

from tradehall.web.views import register, register_examine, register_items

_DOSSIER = "desk/organisation/<str:dossier_no>"
_REGISTRATION = "desk/registrations/<str:registration_no>"

urlpatterns: list[URLPattern] = [
    path("register", register.start, name="register"),
    path("desk/organisation", register.desk, name="dossiers"),
    path(_DOSSIER, register.dossier, name="dossier"),
    path(f"{_DOSSIER}/registrations", register.open_next, name="open-registration"),
    path(f"{_DOSSIER}/registrations/<str:registration_no>/submit", register.submit, name="submit-registration"),
    path(f"{_DOSSIER}/consents/<int:consent_id>/withdraw", register.withdraw_consent, name="withdraw-consent"),
    path(f"{_DOSSIER}/files/<str:sha256>", register.evidence, name="evidence"),
    path(f"{_DOSSIER}/profile", register_items.profile, name="state-profile"),
    path(f"{_DOSSIER}/<str:kind>/new", register_items.new_item, name="state-item"),
    path(f"{_DOSSIER}/<str:kind>/<str:item_no>", register_items.item, name="replace-item"),
    path(f"{_DOSSIER}/<str:kind>/<str:item_no>/end", register.end_item, name="end-item"),
    path("desk/numbers/<str:kind>/<str:value_no>", register.read_number, name="read-number"),
    path("desk/registrations", register_examine.registrations, name="registrations"),
    path(_REGISTRATION, register_examine.registration, name="registration"),
    path(f"{_REGISTRATION}/compare", register_examine.compare, name="compare-registration"),
    path(f"{_REGISTRATION}/decide", register_examine.decide, name="decide-registration"),
    path("desk/joins", register_examine.joins, name="joins"),
]
