"""Following the platform: its feed, read by position, and its webhooks, which carry the same items to our door."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping
from typing import Any

import requests

from tests.peers.trading_system.people import Refused
from tests.peers.trading_system.settings import Settings
from tests.peers.trading_system.store import Store

WAIT_S, SECONDS = 20, 40
OLDEST_S = 300
PAUSE_S = 3.0
WITHDRAWN = 410


class Following:
    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store

    def follow_forever(self, stop: threading.Event) -> None:
        """Whatever happens, the next question starts where the last answer ended: nothing is missed."""
        while not stop.is_set():
            try:
                self.read_on(WAIT_S)
            except (requests.RequestException, ValueError, KeyError):
                stop.wait(PAUSE_S)

    def read_on(self, wait_s: int) -> None:
        after = self.store.kept("position")
        query = {"after": self._newest() if after is None else after, "wait": wait_s}
        named = {"Tradehall-Log": self.store.kept("log", "")}
        answer = requests.get(f"{self.settings.issuer}/api/v1/feed", params=query, headers=named, timeout=SECONDS)
        if answer.status_code == WITHDRAWN:
            self._begin_again(int(answer.headers["Tradehall-After"]))
            named = {"Tradehall-Log": answer.headers["Tradehall-Log"]}
        else:
            answer.raise_for_status()
            page = answer.json()
            self._take(page["items"], "feed")
            self.store.keep("position", page["next"])
        self.store.keep("log", answer.headers.get("Tradehall-Log", named["Tradehall-Log"]))

    def _begin_again(self, after: int) -> None:
        """The platform was restored: what it no longer holds goes here too, and is read again in its new place."""
        self.store.run("delete from received where position > ?", after)
        self.store.keep("position", after)

    def _newest(self) -> int:
        """A new follower begins with today: the last position of the log, from its checkpoint."""
        note = requests.get(f"{self.settings.issuer}/log/checkpoint", timeout=SECONDS)
        note.raise_for_status()
        return max(0, int(note.text.splitlines()[1]) - 20)

    # ── webhooks ──
    def subscribe_patiently(self, stop: threading.Event) -> None:
        """The platform may start after us; the feed goes on by itself if it never lets us subscribe."""
        for _ in range(10):
            try:
                self.subscribe()
                return
            except requests.RequestException:
                if stop.wait(PAUSE_S):
                    return

    def subscribe(self) -> None:
        """Once: the secret is shown only now."""
        if self.store.kept("webhook_secret") or not self.settings.token:
            return
        answer = requests.post(
            f"{self.settings.issuer}/api/v1/exchange/webhooks",
            json={"url": f"{self.settings.own}/webhook"},
            headers={"Authorization": f"Bearer {self.settings.token}"},
            timeout=SECONDS,
        )
        if answer.ok:
            self.store.keep("webhook_secret", answer.json()["secret"])

    def be_delivered(self, headers: Mapping[str, str], body: bytes) -> None:
        """Signed over id, time and body; old ones are replays, repeated ones are answered and not taken in again."""
        message, stamp = headers.get("Webhook-Id", ""), headers.get("Webhook-Timestamp", "")
        secret = str(self.store.kept("webhook_secret", ""))
        if not secret or not message or not stamp.isdigit() or abs(time.time() - int(stamp)) > OLDEST_S:
            raise Refused("unsigned, too old, or not subscribed")
        key = base64.b64decode(secret.removeprefix("whsec_"))
        content = b".".join((message.encode(), stamp.encode(), body))
        right = "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
        if not any(hmac.compare_digest(right, given) for given in headers.get("Webhook-Signature", "").split()):
            raise Refused("the signature is not the platform's")
        if self.store.first_time(f"message:{message}", time.time()):
            self._take(json.loads(body)["items"], "webhook")

    def _take(self, items: list[dict[str, Any]], way: str) -> None:
        for item in items:
            kept = json.dumps(item, ensure_ascii=False)
            self.store.run("insert or ignore into received values (?, ?, ?)", item["position"], kept, way)
