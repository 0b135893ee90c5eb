"""The addresses this site answers to, and whether a request comes from a page of ours.

The Host header is anybody's to write, so it never makes an address ours: the configured one does, and on a machine that
serves only itself the other names of that machine.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
OWN_SITE = ("same-origin", "none")


def sites() -> tuple[str, ...]:
    home: str = settings.SITE_URL.lower()
    parts = urlsplit(home)
    if f"[{parts.hostname}]" not in LOOPBACK and parts.hostname not in LOOPBACK:
        return (home,)
    port = f":{parts.port}" if parts.port else ""
    return (home, *[f"{parts.scheme}://{name}{port}" for name in LOOPBACK if name != parts.netloc.split(":")[0]])


def site_of(request: HttpRequest) -> str:
    """The origin a visitor of this request has to sign for."""
    asked = f"{request.scheme}://{request.get_host()}".lower()
    return asked if asked in sites() else sites()[0]


def is_foreign(request: HttpRequest) -> bool:
    """True when a browser says that another site's page sent this. Programs send neither header."""
    origin, fetched = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    return (origin is not None and origin.lower() not in sites()) or (fetched is not None and fetched not in OWN_SITE)
