"""Signing and reading our own JSON Web Tokens. One algorithm, our own keys, nothing the token itself proposes."""

from typing import Any

import jwt
from allauth.core.internal import jwkkit
from allauth.idp.oidc.adapter import get_adapter
from django.conf import settings

ALGORITHM = "RS256"


def sign(claims: dict[str, Any], *, kind: str = "JWT") -> str:
    jwk, key = jwkkit.load_jwk_from_pem(get_adapter().get_signing_key().pem)
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": jwk["kid"], "typ": kind})


def read(token: str, *, audience: str | None = None) -> dict[str, Any] | None:
    """The claims of a token of ours, expired or not (a hint may be old); None for anything else."""
    try:
        wanted = jwt.get_unverified_header(token).get("kid")
        for held in get_adapter().list_private_keys(is_active=True):
            jwk, key = jwkkit.load_jwk_from_pem(held.pem)
            if jwk["kid"] == wanted:
                found: dict[str, Any] = jwt.decode(
                    token,
                    key.public_key(),
                    [ALGORITHM],
                    options={"verify_exp": False, "verify_aud": audience is not None},
                    audience=audience,
                    issuer=settings.SITE_URL,
                )
                return found
    except jwt.PyJWTError:
        return None
    return None
