"""A relying party for tests: one registered system and one browser, driving the provider over its real addresses."""

import base64
import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tradehall.accounts import services
from tradehall.accounts.models import Account
from tradehall.accounts.oidc import clients
from tradehall.accounts.oidc.clients import NewClient
from tradehall.journal.clock import platform_now
from tradehall.kernel.actor import PLATFORM

REDIRECT = "https://works.example/callback"
GOODBYE = "https://works.example/goodbye"
PASSWORD = "urn:tradehall:acr:password"
BACKCHANNEL = "https://works.example/backchannel"


def person(login: str = "lin", name: str = "林远") -> Account:
    return services.create_account(by=PLATFORM, at=platform_now(), login=login, name=name)


def signed_in(
    account: Account, *, amr: tuple[str, ...] = ("pwd",), acr: str = PASSWORD, organisation: str = "", ago_s: int = 0
) -> Client:
    """A browser in which this person has signed in."""
    browser = Client()
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    key = browser.session.session_key
    assert key
    services.sign_in(
        at=timezone.now() - timedelta(seconds=ago_s), account=account, session_key=key, amr=list(amr), acr=acr,
        organisation=organisation,
    )  # fmt: skip
    return browser


def register(name: str = "工程交易系统", *, public: bool = False, redirect: str = REDIRECT) -> NewClient:
    return clients.register_client(
        by=PLATFORM, at=platform_now(), name=name, redirects=[redirect], backchannel=BACKCHANNEL, logouts=[GOODBYE],
        public=public,
    )  # fmt: skip


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Relying:
    """What the system does; `browser` is the person's."""

    made: NewClient
    browser: Client
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    redirect: str = REDIRECT

    @property
    def client_id(self) -> str:
        return self.made.system.client_id

    def request(self, **changes: str | None) -> dict[str, str]:
        stated: dict[str, str | None] = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": self.redirect,
            "scope": "openid profile", "state": "st", "nonce": "no", "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
        }  # fmt: skip
        return {name: value for name, value in (stated | changes).items() if value is not None}

    def authorize(self, **changes: str | None) -> HttpResponse:
        return self.browser.get("/oidc/authorize", self.request(**changes))

    def consent(self, organisation: str = "", action: str = "allow", **changes: str | None) -> HttpResponse:
        address = f"/oidc/consent?{urlencode(self.request(**changes))}"
        return self.browser.post(address, {"organisation": organisation, "action": action})

    def code(self, organisation: str = "", **changes: str | None) -> str:
        answer = answered(self.authorize(**changes))
        if "code" not in answer:
            answer = answered(self.consent(organisation, **changes))
        return answer["code"]

    def token(self, **stated: str) -> tuple[int, dict[str, Any]]:
        return self._post("/oidc/token", stated)

    def exchange(self, code: str, **changes: str) -> tuple[int, dict[str, Any]]:
        stated = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect,
                  "code_verifier": self.verifier}  # fmt: skip
        return self.token(**(stated | changes))

    def refresh(self, token: str) -> tuple[int, dict[str, Any]]:
        return self.token(grant_type="refresh_token", refresh_token=token)

    def tokens(self, organisation: str = "", **changes: str | None) -> dict[str, Any]:
        status, answer = self.exchange(self.code(organisation, **changes))
        assert status == 200, answer
        return answer

    def userinfo(self, access_token: str) -> HttpResponse:
        return Client().get("/oidc/userinfo", headers={"authorization": f"Bearer {access_token}"})

    def revoke(self, token: str) -> int:
        return self._post("/oidc/revoke", {"token": token})[0]

    def _post(self, path: str, stated: dict[str, str]) -> tuple[int, dict[str, Any]]:
        headers = {}
        if self.made.secret:
            pair = base64.b64encode(f"{self.client_id}:{self.made.secret}".encode()).decode()
            headers["authorization"] = f"Basic {pair}"
        else:
            stated = stated | {"client_id": self.client_id}
        answer = Client().post(path, stated, headers=headers)
        return answer.status_code, json.loads(answer.content) if answer.content else {}


def answered(response: HttpResponse) -> dict[str, str]:
    """What came back to the system with the browser; nothing when the browser is still with us."""
    address = urlsplit(response.headers.get("Location", ""))
    return {name: values[0] for name, values in parse_qs(address.query).items()}


def read_unchecked(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found.group(1)
