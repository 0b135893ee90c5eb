"""One request to the national platform: signed, no redirect followed, few seconds, a small answer.

Its address is the operator's own setting and may lie in a private network, unlike what systems register with us.
"""

import ssl
from dataclasses import dataclass
from datetime import UTC
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from tradehall.exchange.national import package

MOST_BYTES = 8 * 2**20


class NotReached(Exception):
    """No answer was had, or not a whole one: what became of the request is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


def is_on() -> bool:
    return bool(settings.NATIONAL_URL)


def post(path: str, name: str, content: bytes) -> Answer:
    return _call("POST", path, name, content)


def get(path: str) -> Answer:
    """Signed over the time, so that nobody else can ask in our name for long."""
    return _call("GET", path, timezone.now().astimezone(UTC).isoformat(timespec="seconds"), b"")


def _call(method: str, path: str, name: str, content: bytes) -> Answer:
    parts = urlsplit(settings.NATIONAL_URL)
    headers = {"Content-Type": "application/zip", **package.signature(method, path, name, content)}
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.request(method, f"{parts.path.rstrip('/')}{path}", content or None, headers)
        response = connection.getresponse()
        body = response.read(MOST_BYTES + 1)
    except (OSError, HTTPException) as error:
        raise NotReached(f"没有应答（{type(error).__name__}）") from error
    finally:
        connection.close()
    if len(body) > MOST_BYTES:
        raise NotReached("应答过大，没有读取")
    return Answer(response.status, body)


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=settings.NATIONAL_SECONDS, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=settings.NATIONAL_SECONDS)
