"""What allauth asks the house: who the issuer is, which keys sign, what a subject is called. Claims are `claims`'."""

from collections.abc import Iterable
from typing import Any, Literal

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.internal.private_keys import filter_keys
from allauth.idp.oidc.models import Client, PrivateKey
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from tradehall.accounts.oidc.keys import signing_keys


class ProviderAdapter(DefaultOIDCAdapter):
    def get_issuer(self) -> str:
        return str(settings.SITE_URL)

    def get_claims(
        self, purpose: str, user: AbstractBaseUser, client: Client, scopes: Iterable[str], **rest: object
    ) -> dict[str, Any]:
        """Only the subject: everything else depends on the family of the token, which allauth does not know."""
        return {"sub": self.get_user_sub(client, user)}

    def list_private_keys(
        self, *, did_activate: Literal[True] | None = None, is_active: Literal[True] | None = None
    ) -> list[PrivateKey]:
        held = [
            PrivateKey(pem=key.pem, not_before=key.not_before, issued_at=key.not_before, expires_at=key.expires_at)
            for key in signing_keys()
        ]
        return filter_keys(held, did_activate=did_activate, is_active=is_active)
