"""A trading system that does everything right except what it is told to do wrong.

Own process, imports nothing of the platform. `python server.py [PORT]` prints its address. `POST /told` changes what it
knows and how it behaves: {"faults": [rule names], "secret", "audience", "issuer", "jwks", "platform", "token", "status",
"drip"}; `GET /received` lists the webhook messages it took in, with their headers and whether their signature held.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

WORLD: dict[str, Any] = {
    "faults": [], "secret": "", "audience": "", "issuer": "", "jwks": {"keys": []}, "platform": "", "token": "",
    "status": 200, "received": [], "seen": [], "logouts": [],
}  # fmt: skip
WINDOW_S = 300
EVENT = "http://schemas.openid.net/event/backchannel-logout"


def has(fault: str) -> bool:
    return fault in WORLD["faults"]


class System(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/.well-known/tradehall.json":
            self.say(404 if has("discovery") else 200, self.addresses())
        elif address.path == "/received":
            self.say(200, WORLD["received"])
        elif address.path == "/callback":
            self.callback({name: values[0] for name, values in parse_qs(address.query).items()})
        else:
            self.say(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/told":
            WORLD.update(json.loads(body))
            self.say(200, {})
        else:
            routes = {"/hook": self.hook, "/logout": self.logout, "/push": self.push}
            routes[self.path](body)

    def addresses(self) -> dict[str, str]:
        root = f"http://{self.headers['Host']}"
        paths = {"redirect": "/callback", "backchannel": "/logout", "webhook": "/hook", "push_test": "/push"}
        return {name: root + path for name, path in paths.items()}

    def callback(self, query: dict[str, str]) -> None:
        if "next" in query and has("redirect-leads-nowhere-else"):
            self.say(302, {}, Location=query["next"])
        elif "error" in query:
            self.say(500 if has("redirect-survives-denial") else 200, {"message": "登录未完成"})
        else:
            self.say(200 if has("redirect-refuses-unknown-state") else 400, {"message": "不是本系统发出的 state"})

    def hook(self, body: bytes) -> None:
        message_id, stamp = self.headers.get("Webhook-Id", ""), self.headers.get("Webhook-Timestamp", "")
        signature = self.headers.get("Webhook-Signature", "")
        problem = self.problem(message_id, stamp, signature, body)
        kept = {"id": message_id, "timestamp": stamp, "signature": signature, "problem": problem, "body": body.decode()}
        WORLD["received"].append(kept)
        is_repeated = message_id in WORLD["seen"]
        if problem and not has(f"webhook-refuses-{problem}"):
            self.say(401, {"problem": problem})
        elif has("webhook-accepts-signed"):
            self.say(500, {})
        elif is_repeated and has("webhook-accepts-repeated"):
            self.say(409, {})
        else:
            if WORLD["status"] == 200:
                WORLD["seen"].append(message_id)
            self.say(WORLD["status"], {})

    def problem(self, message_id: str, stamp: str, signature: str, body: bytes) -> str:
        if not signature:
            return "unsigned"
        secret = base64.b64decode(WORLD["secret"].removeprefix("whsec_"))
        content = f"{message_id}.{stamp}.".encode() + body
        wanted = "v1," + base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()
        if not any(hmac.compare_digest(wanted, one) for one in signature.split(" ")):
            return "altered" if b'"next":1}' in body else "forged"
        return "old" if abs(time.time() - int(stamp)) > WINDOW_S else ""

    def logout(self, body: bytes) -> None:
        token = parse_qs(body.decode()).get("logout_token", [""])[0]
        problem = self.token_problem(token)
        claims = jwt.decode(token, options={"verify_signature": False})
        is_repeated = claims["jti"] in WORLD["logouts"]
        if problem and not has(f"backchannel-refuses-{problem}"):
            self.say(400, {"error": problem})
        elif has("backchannel-accepts-genuine") and not problem and not is_repeated:
            self.say(404, {"error": "no such session"})
        elif is_repeated and not has("backchannel-refuses-replay"):
            self.say(400, {"error": "replay"})
        else:
            WORLD["logouts"].append(claims["jti"])
            self.say(200, {})

    def token_problem(self, token: str) -> str:
        head = jwt.get_unverified_header(token)
        if head["alg"] != "RS256":
            return "unsigned"
        keys = {one.key_id: one.key for one in jwt.PyJWKSet.from_dict(WORLD["jwks"]).keys}
        try:
            claims = jwt.decode(token, keys[head["kid"]], ["RS256"], audience=WORLD["audience"], issuer=WORLD["issuer"])
        except jwt.InvalidAudienceError:
            return "other-audience"
        except jwt.ExpiredSignatureError:
            return "expired"
        except jwt.PyJWTError:
            return "forged"
        return "nonce" if "nonce" in claims or EVENT not in claims["events"] else ""

    def push(self, body: bytes) -> None:
        """One example record to the platform; the receipts as they came, unless told to lie."""
        if has("push-is-accepted"):
            self.say(200, {"receipts": [{"data_key": "none", "status": "refused"}]})
            return
        if has("push-is-true"):
            self.say(200, {"receipts": [{"data_key": "never-sent", "status": "accepted"}]})
            return
        example = f"{WORLD['platform']}/api/v1/exchange/data-sets/WIN_RESULT_ANNO/example.json?n=1&seed=7"
        with urllib.request.urlopen(example, timeout=10) as answer:
            records = answer.read()
        key = hashlib.sha256(records).hexdigest()[:40]
        headers = {
            "Authorization": f"Bearer {WORLD['token']}", "Idempotency-Key": key, "Content-Type": "application/json"
        }  # fmt: skip
        request = urllib.request.Request(f"{WORLD['platform']}/api/v1/exchange/records", records, headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            self.say(200, json.loads(answer.read()))

    def say(self, status: int, value: Any, **headers: str) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: Any) -> None:
        """Quiet: what came is kept, see `/received`."""


def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = ThreadingHTTPServer(("127.0.0.1", port), System)
    server.daemon_threads = True
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
