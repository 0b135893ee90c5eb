"""Middleware of the shell: mode and language choices, strict security headers. No page content here.

A choice (`?mode=`, `?lang=`) takes effect on the page asked for and stays as a cookie; unknown values are ignored.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from tradehall.ui.shell import LANGUAGES, MODES

CHOICES: dict[str, tuple[str, ...]] = {"mode": MODES, "lang": tuple(LANGUAGES)}
YEAR_S = 365 * 24 * 3600
# No form-action: the consent form of the OpenID Provider ends in a redirect to another origin, which it would block.
UNFRAMED = "frame-ancestors 'none'"
CSP = f"default-src 'self'; object-src 'none'; base-uri 'self'; {UNFRAMED}"
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

Handler = Callable[[HttpRequest], HttpResponse]


def choice_of(request: HttpRequest, name: str) -> str:
    """The visitor's choice: of this address, else of the cookie, else the first offered."""
    offered = CHOICES[name]
    asked = request.GET.get(name, "")
    kept = request.COOKIES.get(name, "")
    return asked if asked in offered else kept if kept in offered else offered[0]


def choices(get_response: Handler) -> Handler:
    """Keeps what this address chose in a cookie and tells caches that pages differ by it."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        for name, offered in CHOICES.items():
            asked = request.GET.get(name, "")
            if asked in offered:
                response.set_cookie(name, asked, max_age=YEAR_S, samesite="Lax")
        return response

    return handle


def security(get_response: Handler) -> Handler:
    """Strict headers on every answer; a view that needs another value sets its own.

    X-Frame-Options cannot name an origin: it says DENY wherever nobody may frame, and nothing where somebody may.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if UNFRAMED in response.headers["Content-Security-Policy"]:
            response.headers["X-Frame-Options"] = "DENY"
        return response

    return handle
