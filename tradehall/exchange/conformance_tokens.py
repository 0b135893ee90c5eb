"""Logout tokens that test a system: a genuine one for a session that does not exist, and ones it must refuse."""

import secrets
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from tradehall.accounts.oidc.clients import client_systems
from tradehall.accounts.oidc.logout import EVENT
from tradehall.accounts.oidc.signing import ALGORITHM, sign

KIND = "logout+jwt"
SECONDS = 120


@cache
def _foreign_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True, slots=True)
class LogoutTokens:
    audience: str

    @classmethod
    def of(cls, backchannel: str) -> "LogoutTokens | None":
        """For the client that is told at this address; None when there is none."""
        found = (one for one in client_systems() if one.backchannel_href == backchannel and one.disabled_at is None)
        system = next(found, None)
        return cls(system.client_id) if system else None

    def genuine(self) -> str:
        return sign(self._claims(), kind=KIND)

    def unsigned(self) -> str:
        return jwt.encode(self._claims(), "", algorithm="none", headers={"typ": KIND})

    def forged(self) -> str:
        kid = jwt.get_unverified_header(self.genuine())["kid"]
        return jwt.encode(self._claims(), _foreign_key(), algorithm=ALGORITHM, headers={"typ": KIND, "kid": kid})

    def of_another(self) -> str:
        return sign(self._claims(aud=f"not-{self.audience}"), kind=KIND)

    def expired(self) -> str:
        now = int(time.time())
        return sign(self._claims(iat=now - 7_200, exp=now - 3_600), kind=KIND)

    def with_nonce(self) -> str:
        return sign(self._claims(nonce=secrets.token_urlsafe(16)), kind=KIND)

    def _claims(self, **changes: object) -> dict[str, Any]:
        now = int(time.time())
        nobody = secrets.token_urlsafe(16)
        return {
            "iss": settings.SITE_URL, "aud": self.audience, "sub": f"conformance-{nobody}", "sid": nobody,
            "jti": secrets.token_urlsafe(24), "iat": now, "exp": now + SECONDS, "events": {EVENT: {}}, **changes,
        }  # fmt: skip
