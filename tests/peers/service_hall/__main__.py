"""`python -m tests.peers.service_hall --port N --client-id ID --secret-file F --redirect URI`: one provider, one client.

People are whoever the sign-in form names as subject; every answer is signed with a key made at the start. It demands
PKCE S256, gives each code once, and can be told to err: a subject of `refuse` comes back as access_denied.
"""

import argparse
import base64
import hashlib
import hmac
import html
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

FORM = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>统一身份认证（演示）</title>
<h1>统一身份认证（演示）</h1><form method="post" action="/authorize?{query}"><label for="sub">身份</label>
<input id="sub" name="sub" required><button>登录</button></form></html>"""


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Hall:
    """What the provider knows: its key, its one client, and the codes it gave."""

    def __init__(self, issuer: str, client_id: str, secret: str, redirect: str) -> None:
        self.issuer, self.client_id, self.secret, self.redirect = issuer, client_id, secret, redirect
        self.key = rsa.generate_private_key(65537, 2048)
        self.codes: dict[str, dict[str, str]] = {}

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }

    def jwks(self) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        modulus = numbers.n.to_bytes(256, "big")
        return {
            "keys": [
                {"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256", "n": b64(modulus), "e": b64(b"\x01\x00\x01")}
            ]
        }

    def problem(self, asked: dict[str, str]) -> str:
        if (asked.get("client_id"), asked.get("redirect_uri")) != (self.client_id, self.redirect):
            return "unknown client or redirect"
        return "" if asked.get("code_challenge_method") == "S256" and asked.get("code_challenge") else "no PKCE"

    def give_code(self, asked: dict[str, str], sub: str) -> str:
        code = secrets.token_urlsafe(24)
        self.codes[code] = {"sub": sub, "challenge": asked["code_challenge"]}
        return code

    def tokens(self, given: dict[str, str]) -> dict[str, Any] | None:
        """None for anything but a fresh code with its verifier, from our client."""
        known = self.codes.pop(given.get("code", ""), None)
        is_client = hmac.compare_digest(given.get("client_secret", ""), self.secret)
        if known is None or not is_client or given.get("client_id") != self.client_id:
            return None
        if b64(hashlib.sha256(given.get("code_verifier", "").encode()).digest()) != known["challenge"]:
            return None
        return {
            "access_token": secrets.token_urlsafe(24), "token_type": "Bearer", "expires_in": 300,
            "id_token": self.sign({"sub": known["sub"], "name": "某人", "email": "lin@hall.example"}),
        }  # fmt: skip

    def sign(self, claims: dict[str, Any]) -> str:
        now = int(time.time())
        body = claims | {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 300}
        text = ".".join(b64(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "1", "typ": "JWT"}, body))
        return f"{text}.{b64(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


class Handler(BaseHTTPRequestHandler):
    hall: ClassVar[Hall]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            self._json(200, self.hall.configuration())
        elif parts.path == "/jwks":
            self._json(200, self.hall.jwks())
        elif parts.path == "/authorize":
            problem = self.hall.problem(_flat(parts.query))
            self._html(400 if problem else 200, problem or FORM.format(query=html.escape(parts.query)))
        else:
            self._json(404, {"error": "not_found"})

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        given = _flat(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
        if parts.path == "/token":
            tokens = self.hall.tokens(given)
            self._json(200 if tokens else 400, tokens or {"error": "invalid_grant"})
        elif parts.path == "/authorize" and not self.hall.problem(_flat(parts.query)):
            self._go_back(_flat(parts.query), given.get("sub", ""))
        else:
            self._json(400, {"error": "invalid_request"})

    def _go_back(self, asked: dict[str, str], sub: str) -> None:
        answer = {"error": "access_denied"} if sub == "refuse" else {"code": self.hall.give_code(asked, sub)}
        self.send_response(302)
        self.send_header("Location", f"{self.hall.redirect}?{urlencode(answer | {'state': asked.get('state', '')})}")
        self.end_headers()

    def _json(self, status: int, body: object) -> None:
        self._send(status, "application/json", json.dumps(body).encode())

    def _html(self, status: int, body: str) -> None:
        self._send(status, "text/html; charset=utf-8", body.encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client-id", required=True)
    parser.add_argument("--secret-file", type=Path, required=True)
    parser.add_argument("--redirect", required=True)
    stated = parser.parse_args()
    issuer = f"http://127.0.0.1:{stated.port}"
    Handler.hall = Hall(issuer, stated.client_id, stated.secret_file.read_text().strip(), stated.redirect)
    ThreadingHTTPServer(("127.0.0.1", stated.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
