"""Behind a TLS proxy: who the visitor is and that he came by https is believed from configured addresses only.

Everybody else may write what he likes into X-Forwarded-…: it is not read.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
Network = IPv4Network | IPv6Network
A_YEAR = 365 * 24 * 3600


def networks(text: str) -> tuple[Network, ...]:
    """`127.0.0.1, 10.0.0.0/24`; refuses in words what is no address."""
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"TRADEHALL_PROXIES must be addresses or networks with commas: {error}") from error


def behind_proxy(get_response: Handler) -> Handler:
    trusted: tuple[Network, ...] = networks(settings.PROXIES)
    is_https = settings.SITE_URL.startswith("https://")

    def handle(request: HttpRequest) -> HttpResponse:
        if trusted and is_trusted(request.META.get("REMOTE_ADDR", ""), trusted):
            _believe(request, trusted)
        response = get_response(request)
        if is_https:  # on every answer, for a kept page does not know how its next reader comes
            response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
        return response

    return handle


def is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    try:
        return any(ip_address(address) in network for network in trusted)
    except ValueError:
        return False


def client_of(forwarded: str, trusted: Sequence[Network]) -> str | None:
    """The last address that is not one of ours: what stands before it was written by whoever stands there."""
    for text in reversed(forwarded.split(",")):
        address = text.strip()
        if not _is_address(address):
            return None
        if not is_trusted(address, trusted):
            return address
    return None


def _believe(request: HttpRequest, trusted: Sequence[Network]) -> None:
    client = client_of(request.META.get("HTTP_X_FORWARDED_FOR", ""), trusted)
    if client:
        request.META["REMOTE_ADDR"] = client
    if request.META.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip() == "https":
        request.META["wsgi.url_scheme"] = "https"
        if hasattr(request, "scope"):
            request.scope["scheme"] = "https"


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
