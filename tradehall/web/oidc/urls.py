"""Addresses of the OpenID Provider; discovery names every one a system needs."""

from django.urls import path

from tradehall.web.oidc import authorize, endpoints, leaving

app_name = "oidc"
urlpatterns = [
    path(".well-known/openid-configuration", endpoints.configuration, name="configuration"),
    path("oidc/jwks.json", endpoints.jwks, name="jwks"),
    path("oidc/authorize", authorize.authorize, name="authorization"),
    path("oidc/consent", authorize.consent, name="consent"),
    path("oidc/token", endpoints.token, name="token"),
    path("oidc/userinfo", endpoints.userinfo, name="userinfo"),
    path("oidc/revoke", endpoints.revocation, name="revocation"),
    path("oidc/logout", leaving.leave, name="end_session"),
    path("oidc/logout/confirm", leaving.confirm, name="end_session_confirm"),
]
