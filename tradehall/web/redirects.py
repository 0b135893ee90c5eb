"""Old-style addresses answer 301 by a table; everything else that is unknown stays a 404 with a search box."""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

TABLE = Path(__file__).with_name("redirects.toml")
Handler = Callable[[HttpRequest], HttpResponse]


@cache
def table() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = tomllib.loads(TABLE.read_text())["redirect"]
    return tuple((re.compile(row["pattern"]), row["target"]) for row in rows)


def target_of(path: str) -> str | None:
    found = ((pattern.match(path), target) for pattern, target in table())
    return next((match.expand(target) for match, target in found if match), None)


def old_addresses(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        target = target_of(request.path) if response.status_code == 404 else None
        return HttpResponsePermanentRedirect(target) if target else response

    return handle
