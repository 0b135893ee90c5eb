"""Requests that leave the platform for an address somebody registered: no redirects, no private networks, few seconds.

The address is resolved once and the connection goes to what was judged, so that a name cannot change its mind in
between. Loopback is allowed only where the caller says so (demonstrations run their peers on this machine).
"""

import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

MOST_BYTES = 64 * 2**10


class NotReached(Exception):
    """No answer was had; the text says why, without anything the other side sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes


def address_problem(address: str, *, loopback: bool) -> str | None:
    """Why nothing may be sent there, or None. Judges the text only; names are judged when they are resolved."""
    try:
        parts = urlsplit(address)
        number = parts.port
    except ValueError:
        return "地址无法读取"
    if not parts.hostname or parts.username or parts.fragment or number == 0 or not address.isprintable():
        return "应为完整地址，不带用户名和 # 部分"
    if parts.scheme == "https":
        return None
    if parts.scheme == "http" and loopback and is_loopback(parts.hostname):
        return None
    return "应为 https 地址" if not loopback else "应为 https 地址；http 只可用于本机（127.0.0.1）"


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def post(address: str, body: bytes, headers: Mapping[str, str], *, loopback: bool, seconds: float) -> Answer:
    problem = address_problem(address, loopback=loopback)
    if problem:
        raise NotReached(problem)
    parts = urlsplit(address)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        with _connected(parts, loopback=loopback, seconds=seconds) as connection:
            connection.request("POST", path, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, response.read(MOST_BYTES))
    except (OSError, HTTPException) as error:
        raise NotReached(f"没有应答（{type(error).__name__}）") from error


@contextlib.contextmanager
def _connected(parts: SplitResult, *, loopback: bool, seconds: float) -> Iterator[HTTPConnection]:
    """A connection whose socket already leads to the judged address; the name stays for Host and the certificate."""
    host, secure = parts.hostname or "", parts.scheme == "https"
    number = parts.port or (443 if secure else 80)
    plain = socket.create_connection((_judged(host, number, loopback), number), timeout=seconds)
    connection = HTTPSConnection(host, number, timeout=seconds) if secure else HTTPConnection(host, number, seconds)
    try:
        connection.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if secure else plain
        yield connection
    finally:
        connection.close()
        plain.close()


def _judged(host: str, number: int, loopback: bool) -> str:
    """The first address of the host, once all of them are public (or, where allowed, this machine)."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)]
    for address in found:
        ip = ipaddress.ip_address(address)
        if not ip.is_global and not (loopback and ip.is_loopback):
            raise NotReached("地址指向内部网络，没有发送")
    return found[0]
