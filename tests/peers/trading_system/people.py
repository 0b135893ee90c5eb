"""Signing in and out with the platform: authorization code with PKCE, RP-initiated logout, back-channel logout."""

import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.peers.trading_system.settings import Settings
from tests.peers.trading_system.store import Store

EVENT = "http://schemas.openid.net/event/backchannel-logout"
SKEW_S = 60
SECONDS = 10


class Refused(Exception):
    """What came from outside is not what it should be; nothing was changed."""


class People:
    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None

    # ── coming in ──
    def begin(self, **wishes: str) -> str:
        """The address to send the browser to. State, nonce and verifier are ours and are used once."""
        nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        address, state = self._client().create_authorization_url(
            self._discovered("authorization_endpoint"), nonce=nonce, code_verifier=verifier, **wishes
        )
        self.store.run("delete from asked where at < ?", time.time() - 600)
        self.store.run("insert into asked values (?, ?, ?, ?)", state, nonce, verifier, time.time())
        return str(address)

    def come_in(self, state: str, code: str, issuer: str) -> str:
        """Takes the code that came back; returns the cookie of the new session."""
        asked = self.store.run("delete from asked where state = ? returning nonce, verifier", state)
        if not asked:
            raise Refused("this sign-in was not begun here, or is already over")
        if issuer and issuer != self.settings.issuer:
            raise Refused("the answer came from another provider")
        tokens = self._client().fetch_token(
            self._discovered("token_endpoint"), code=code, code_verifier=asked[0]["verifier"], timeout=SECONDS
        )
        claims = self._read(tokens["id_token"])
        if claims.get("nonce") != asked[0]["nonce"]:
            raise Refused("the id_token answers another request")
        person = self._userinfo(tokens["access_token"])
        if person.get("sub") != claims["sub"]:
            raise Refused("userinfo speaks of somebody else")
        cookie = secrets.token_urlsafe(32)
        known = json.dumps({**claims, **person}, ensure_ascii=False)
        self.store.run(
            "insert into person values (?, ?, ?, ?, ?)", cookie, claims["sid"], claims["sub"], known, json.dumps(tokens)
        )
        return cookie

    def who(self, cookie: str) -> dict[str, Any] | None:
        found = self.store.run("select claims from person where cookie = ?", cookie)
        return dict(json.loads(found[0]["claims"])) if found else None

    def refresh(self, cookie: str) -> bool:
        """New tokens for old; a refusal means that the sign-in is over on the platform, and so it is here."""
        found = self.store.run("select tokens from person where cookie = ?", cookie)
        old = json.loads(found[0]["tokens"])
        try:
            new = self._client().refresh_token(
                self._discovered("token_endpoint"), refresh_token=old["refresh_token"], timeout=SECONDS
            )
        except AuthlibBaseError:
            self.store.run("delete from person where cookie = ?", cookie)
            return False
        self.store.run("update person set tokens = ? where cookie = ?", json.dumps({**old, **new}), cookie)
        return True

    # ── going out ──
    def leave(self, cookie: str) -> str:
        """Ends our own session and returns the address at which the platform ends its own and all others."""
        found = self.store.run("delete from person where cookie = ? returning tokens", cookie)
        if not found:
            return "/"
        hint = json.loads(found[0]["tokens"])["id_token"]
        back = {"id_token_hint": hint, "post_logout_redirect_uri": self.settings.goodbye, "state": "left"}
        return f"{self._discovered('end_session_endpoint')}?{urlencode(back)}"

    def be_told(self, logout_token: str) -> int:
        """The platform says that a sign-in is over; returns how many sessions ended here."""
        claims = self._read(logout_token)
        if EVENT not in (claims.get("events") or {}) or not isinstance(claims["events"][EVENT], dict):
            raise Refused("this is no logout token")
        if "nonce" in claims or not (claims.get("sid") or claims.get("sub")):
            raise Refused("a logout token has a sid or a sub, and never a nonce")
        if not claims.get("jti") or not self.store.first_time(f"jti:{claims['jti']}", time.time()):
            raise Refused("this logout token was used before")
        if claims.get("sid"):
            ended = self.store.run("delete from person where sid = ? returning cookie", claims["sid"])
        else:
            ended = self.store.run("delete from person where sub = ? returning cookie", claims["sub"])
        return len(ended)

    # ── the platform ──
    def _client(self) -> OAuth2Session:
        return OAuth2Session(
            self.settings.client_id, self.settings.client_secret, scope="openid profile",
            redirect_uri=self.settings.callback, code_challenge_method="S256",
        )  # fmt: skip

    def _discovered(self, name: str) -> str:
        if not self._metadata:
            found = requests.get(f"{self.settings.issuer}/.well-known/openid-configuration", timeout=SECONDS).json()
            if found["issuer"] != self.settings.issuer:
                raise Refused("the platform calls itself by another name than we know it by")
            self._metadata = found
        return str(self._metadata[name])

    def _read(self, token: str) -> dict[str, Any]:
        """The claims of a token of the platform for us. The algorithm is ours to choose, never the token's."""
        try:
            try:
                read = jwt.decode(token, self._key_set(), algorithms=["RS256"])
            except (JoseError, ValueError):
                read = jwt.decode(token, self._key_set(anew=True), algorithms=["RS256"])  # a key may be new
        except (JoseError, ValueError) as problem:
            raise Refused("not signed by the platform") from problem
        claims, now = read.claims, time.time()
        audience = claims.get("aud")
        ours = audience == self.settings.client_id or audience == [self.settings.client_id]
        if claims.get("iss") != self.settings.issuer or not ours:
            raise Refused("not from the platform, or not for us")
        if not claims.get("iat", now + 1e9) - SKEW_S <= now <= claims.get("exp", 0) + SKEW_S:
            raise Refused("not valid at this time")
        return dict(claims)

    def _key_set(self, *, anew: bool = False) -> KeySet:
        if self._keys is None or anew:
            self._keys = KeySet.import_key_set(requests.get(self._discovered("jwks_uri"), timeout=SECONDS).json())
        return self._keys

    def _userinfo(self, access_token: str) -> dict[str, Any]:
        bearer = {"Authorization": f"Bearer {access_token}"}
        answer = requests.get(self._discovered("userinfo_endpoint"), headers=bearer, timeout=SECONDS)
        answer.raise_for_status()
        return dict(answer.json())
