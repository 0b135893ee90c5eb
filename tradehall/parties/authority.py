"""The authoritative source of organisation facts, as a port: one question over HTTP, a hard time limit, a strict reading.

Configured by TRADEHALL_AUTHORITY_URL (`GET <url>/organisations/<code>`); a demonstration also looks whether its own registry
office is there. Believes nothing it cannot read: a slow, broken,
oversized or contradictory answer is `AuthoritySilent` with words for the examiner. Writes nothing.
"""

import http.client
import json
import os
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

TIMEOUT_S = 3.0
MAX_BYTES = 256 * 1024
FIELDS = ("name", "legal_person", "district", "address")
CERTIFICATE = ("kind", "level", "certificate_no", "until_on")


class AuthoritySilent(Exception):
    """No usable answer; the text says why, in words an examiner understands."""


@dataclass(frozen=True, slots=True)
class AuthorityFacts:
    """`fields` and `certificates` as the source states them; `is_active` False: deregistered or revoked."""

    source: str
    fields: dict[str, str]
    certificates: tuple[dict[str, str], ...]
    is_active: bool


def look_up(uscc: str) -> AuthorityFacts | None:
    """What the source knows of this code, or None when it knows no such code."""
    url = (os.environ.get("TRADEHALL_AUTHORITY_URL") or _demonstrated()).rstrip("/")
    if not url:
        raise AuthoritySilent("没有配置权威来源")
    status, body = _get(f"{url}/organisations/{uscc}")
    if status == 404:
        return None
    if status != 200:
        raise AuthoritySilent(f"权威来源答复异常（HTTP {status}）")
    return _read(uscc, body)


def _demonstrated() -> str:
    """Never in earnest: whoever can write a file there must not decide what the register is compared with."""
    if settings.KIND != "demo" or not settings.AUTHORITY_FILE.exists():
        return ""
    return str(settings.AUTHORITY_FILE.read_text().strip())


def _get(address: str) -> tuple[int, bytes]:
    """One request, no redirects, all within the limit however slowly the bytes drip."""
    parts, ends = urlsplit(address), time.monotonic() + TIMEOUT_S
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AuthoritySilent("权威来源的地址配置有误")
    connection = kind(parts.hostname, parts.port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", parts.path, headers={"Accept": "application/json", "Connection": "close"})
        response = connection.getresponse()
        return response.status, _body(response, connection.sock, ends)
    except TimeoutError as error:
        raise AuthoritySilent(f"权威来源 {TIMEOUT_S:.0f} 秒内没有答复") from error
    except (OSError, http.client.HTTPException) as error:
        raise AuthoritySilent("权威来源连接不上或中途断开") from error
    finally:
        connection.close()


def _body(response: http.client.HTTPResponse, sock: socket.socket | None, ends: float) -> bytes:
    content = b""
    while chunk := response.read1(16384):
        content += chunk
        left = ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if len(content) > MAX_BYTES:
            raise AuthoritySilent("权威来源的答复过大，没有采用")
        if sock is not None:
            sock.settimeout(left)
    return content


def _read(uscc: str, body: bytes) -> AuthorityFacts:
    try:
        told = json.loads(body)
        fields = {key: _text(told[key]) for key in FIELDS if told.get(key) is not None}
        certificates = tuple(
            {key: _text(one.get(key)) for key in CERTIFICATE} for one in told.get("qualifications", [])
        )
        source, code, status = _text(told["source"]), told["uscc"], told["status"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AuthoritySilent("权威来源的答复读不懂，没有采用") from error
    if code != uscc or status not in ("active", "ended"):
        raise AuthoritySilent("权威来源答的是另一个主体或状态不明，没有采用")
    return AuthorityFacts(source, fields, certificates, status == "active")


def _text(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise TypeError("a text is needed")
    return (value or "")[:500]
