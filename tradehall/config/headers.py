"""What every answer carries: how long the application took, and what a browser may load. It changes no body."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
# No inline script anywhere and no nonce either: a nonce per request would forbid the page cache.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",  # widths and positions that are data
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)


def headers(get_response: Handler) -> Handler:
    def answer(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers["Server-Timing"] = f"app;dur={(time.perf_counter() - begun) * 1000:.1f}"
        return response

    return answer
