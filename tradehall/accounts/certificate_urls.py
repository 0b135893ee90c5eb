"""Addresses of certificates: coming in with one, one's own, and the roots that are trusted. Included at the root."""

from django.urls import path

from tradehall.accounts.views import certificates

app_name = "certificates"
urlpatterns = [
    path("login/certificate/challenge", certificates.challenge, name="challenge"),
    path("login/certificate", certificates.sign_in, name="sign-in"),
    path("login/certificate/page", certificates.sign_in_page, name="sign-in-page"),
    path("account/certificates", certificates.own, name="own"),
    path("account/certificates/bind", certificates.bind_certificate, name="bind-certificate"),
    path("account/certificates/<str:sha256>/unbind", certificates.unbind_certificate, name="unbind-certificate"),
    path("trust/roots.pem", certificates.roots, name="roots"),
]
