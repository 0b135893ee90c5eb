"""An authorization request, read and judged: either something a page can act on, or the answer that ends it.

Wrong client or wrong address: nobody is sent anywhere. Everything else goes back to the system as an error in words.
"""

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from allauth.core.internal.httpkit import add_query_params
from allauth.idp.oidc.internal.oauthlib.utils import extract_params
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from oauthlib.oauth2.rfc6749.errors import FatalClientError, OAuth2Error

from tradehall.accounts.oidc.clients import ClientSystem, open_system
from tradehall.web.oidc import demands
from tradehall.web.oidc.demands import Demand, Malformed
from tradehall.web.oidc.server import new_server

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
AGAIN = "again"  # our own parameter: proof that this very request has sent its person to prove himself, and when
AGAIN_SALT, AGAIN_SECONDS = "tradehall.oidc.again", 1800
MOST_STATE = 4096


@dataclass(frozen=True, slots=True)
class Asked:
    system: ClientSystem
    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    scopes: tuple[str, ...]
    demand: Demand
    stated: Mapping[str, str]

    @property
    def query(self) -> str:
        return urlencode(self.stated)

    def with_proof_asked(self) -> str:
        """This request's own address, marked: a proof from now on satisfies it, an earlier one does not."""
        mark = signing.dumps([_digest(self.stated), time.time()], salt=AGAIN_SALT)
        return urlencode({**self.stated, AGAIN: mark})

    def answer(self, **parameters: str) -> HttpResponse:
        return send_back(self.redirect_uri, self.state, parameters)

    def error(self, code: str, description: str = "") -> HttpResponse:
        return self.answer(error=code, **({"error_description": description} if description else {}))


def read(request: HttpRequest) -> Asked | HttpResponse:
    stated = {name: str(value) for name, value in request.GET.items() if value}
    uri, _, _, headers = extract_params(request)
    try:
        scopes, info = new_server().validate_authorization_request(uri, "GET", "", headers)
    except FatalClientError as error:
        return no_way_back(request, error.description or error.error)
    except OAuth2Error as error:
        return _refused(error, stated)
    state, address = stated.get("state", ""), str(info["redirect_uri"])
    system = open_system(str(info["client_id"]))
    if system is None or len(state) > MOST_STATE:
        return no_way_back(request, "unknown client or overlong state")
    challenge = stated.get("code_challenge", "")
    if stated.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(challenge):
        return _invalid(address, state, "PKCE with code_challenge_method S256 is demanded of every client")
    try:
        demand = demands.parse(stated, _asked_s(stated))
    except Malformed as problem:
        return _invalid(address, state, str(problem))
    return Asked(system, address, state, stated.get("nonce", ""), challenge, tuple(scopes), demand, stated)


def send_back(address: str, state: str, parameters: Mapping[str, str]) -> HttpResponse:
    """To an address registered for this client, and only after that was checked. `iss` against mix-ups (RFC 9207)."""
    stated = {**parameters, **({"state": state} if state else {}), "iss": settings.SITE_URL}
    response = HttpResponse(status=303)
    response["Location"] = add_query_params(address, stated)
    response["Cache-Control"] = "no-store"
    return response


def no_way_back(request: HttpRequest, reason: str) -> HttpResponse:
    response = render(request, "oidc/error.html", {"reason": reason}, status=400)
    response["Cache-Control"] = "no-store"
    return response


def _refused(error: OAuth2Error, stated: Mapping[str, str]) -> HttpResponse:
    description = {"error_description": error.description} if error.description else {}
    return send_back(error.redirect_uri, stated.get("state", ""), {"error": error.error, **description})


def _invalid(address: str, state: str, description: str) -> HttpResponse:
    return send_back(address, state, {"error": "invalid_request", "error_description": description})


def _digest(stated: Mapping[str, str]) -> str:
    own = sorted((name, value) for name, value in stated.items() if name != AGAIN)
    return hashlib.sha256(urlencode(own).encode()).hexdigest()


def _asked_s(stated: Mapping[str, str]) -> float | None:
    try:
        digest, asked_s = signing.loads(stated.get(AGAIN, ""), salt=AGAIN_SALT, max_age=AGAIN_SECONDS)
    except signing.BadSignature:
        return None
    return float(asked_s) if digest == _digest(stated) else None
