"""Coming in as a browser would, for tests of any app that need somebody who is signed in."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from tradehall.accounts import rules, selectors, services
from tradehall.accounts.models import Account, SignIn

STEP_S = 30


def entered(account: Account, *, amr: tuple[str, ...] = ("pwd",), client: Client | None = None) -> Client:
    """A browser session with its sign-in, without going through the pages."""
    client = client or Client()
    client.force_login(account)
    services.sign_in(
        at=timezone.now(), account=account, session_key=key_of(client), amr=rules.amr_of(amr), acr=rules.acr_of(amr),
        address="127.0.0.1",
    )  # fmt: skip
    return client


def key_of(client: Client) -> str:
    return str(client.session.session_key)


def sign_in_of(client: Client) -> SignIn | None:
    return selectors.sign_in_of(key_of(client))


def post_sign_in(client: Client, password: str, login: str = "lin", **stated: str) -> Any:
    return client.post("/login", {"login": login, "password": password, **stated})


def code_of(secret: str, steps: int = 0) -> str:
    """What the authenticator shows now, or some steps of half a minute later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // STEP_S + steps)))
