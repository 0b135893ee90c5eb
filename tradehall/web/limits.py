"""A limit per client address for pages that are built anew: generous to people, readable when it is reached.

Feeds, the API, the log and files are never limited, and neither is this machine itself (unless TRADEHALL_LIMIT=on).
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Handler = Callable[[HttpRequest], HttpResponse]

MAX_CLIENTS = 10_000
FREE = ("/api/", "/log/", "/static/", "/healthz", "/metrics", "/clock", "/.well-known/")
FEEDS = (".atom", ".ics")
LOOPBACK = ("127.", "::1")


@dataclass(slots=True)
class Allowance:
    left: float
    seen_s: float


class Limiter:
    """A token bucket an address; the least recently seen address is forgotten first."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._clients: OrderedDict[str, Allowance] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, client: str, now_s: float) -> float:
        """0 when the request may pass, else the seconds until the next one may."""
        with self._lock:
            known = self._clients.pop(client, Allowance(self._burst, now_s))
            left = min(self._burst, known.left + (now_s - known.seen_s) * self._rate)
            self._clients[client] = Allowance(max(0.0, left - 1) if left >= 1 else left, now_s)
            if len(self._clients) > MAX_CLIENTS:
                self._clients.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / self._rate


def is_limited(path: str, client: str, *, loopback_too: bool) -> bool:
    if path.startswith(FREE) or path.endswith(FEEDS):
        return False
    return loopback_too or not client.startswith(LOOPBACK)


def limits(get_response: Handler) -> Handler:
    limiter = Limiter(settings.PAGES_PER_SECOND, settings.PAGES_AT_ONCE)
    loopback_too = bool(settings.LIMIT_LOOPBACK)

    def handle(request: HttpRequest) -> HttpResponse:
        client = request.META.get("REMOTE_ADDR", "")
        # A private socket has no address: whoever stands before it does the limiting.
        if not client or not is_limited(request.path, client, loopback_too=loopback_too):
            return get_response(request)
        wait = limiter.wait_s(client, time.monotonic())
        return _too_many(request, max(1, ceil(wait))) if wait else get_response(request)

    return handle


def _too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    response = render(request, "429.html", {"retry_after": str(seconds)}, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
