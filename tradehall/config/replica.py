"""A standby builds public pages, but only one that has replayed everything its reader may have seen (decision 0012).

Refuses to guess by seconds: it compares positions in the write-ahead log. A standby that is away, or behind, is left out
for that page. Whoever is signed in, every act, the log and every interface of systems stay with the primary.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.http import HttpRequest, HttpResponse

from tradehall.web.page_cache import WRITTEN, Environ, StartResponse, Wsgi, is_public

REST_SECONDS = 5.0  # for a standby that did not answer
REMEMBERED_SECONDS = 60
HAS_REPLAYED = "select pg_is_in_recovery() and pg_last_wal_replay_lsn() >= %s::pg_lsn"
FLUSHED = "select pg_current_wal_flush_lsn()::text"
REPLAYED = """
select pg_last_wal_replay_lsn()::text, extract(epoch from clock_timestamp() - coalesce(
    pg_last_xact_replay_timestamp(), pg_postmaster_start_time()))::float8
"""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Lsn = int


class Lag(NamedTuple):
    """How much of the log the standby has still to replay, and how old its newest commit is while there is any."""

    behind_bytes: int
    lag_s: float


class Replica:
    """Wraps Django. `needed` tells up to where a page of this moment must be right."""

    def __init__(self, application: Wsgi, needed: Callable[[], Lsn]) -> None:
        self._application = application
        self._needed = needed
        self._rests_until = 0.0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if time.monotonic() < self._rests_until or not is_public(environ):
            return self._application(environ, start_response)
        head: dict[str, Any] = {}
        body = self._ask(environ, max(self._needed(), _written(environ.get("HTTP_COOKIE", ""))), head)
        if body is None:
            return self._application(environ, start_response)
        start_response(head["status"], head["headers"])
        return [body]

    def _ask(self, environ: Environ, needed: Lsn, head: dict[str, Any]) -> bytes | None:
        """The whole answer by the standby, or None when the primary is to be asked."""

        def remember(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], None]:
            head.update(status=status, headers=headers)
            return lambda _: None

        body = b""
        try:
            if not _has_replayed(needed):
                return None
            with _instead():
                body = b"".join(self._application(environ, remember))
        except DatabaseError:
            head["status"] = "503"
        if head["status"].startswith("5"):
            # It is away, or died in the middle: what it was asked was only reading, and the primary reads it again.
            self._rest()
            return None
        return body

    def _rest(self) -> None:
        self._rests_until = time.monotonic() + REST_SECONDS
        connections["replica"].close()


def flushed() -> Lsn:
    """Up to where everything that can be seen now is on the primary's disk. On the primary's own connection."""
    with connection.cursor() as cursor:
        cursor.execute(FLUSHED)
        return number(cursor.fetchone()[0])


def lag() -> Lag:
    """Raises what the database raises when the standby is away, and ValueError when it is none any more."""
    primary = flushed()
    with connections["replica"].cursor() as cursor:
        cursor.execute(REPLAYED)
        replayed, age_s = cursor.fetchone()
    if replayed is None:
        raise ValueError("DATABASE_REPLICA_URL names a server that replays nothing")
    behind = max(0, primary - number(replayed))
    return Lag(behind, age_s if behind else 0.0)


def number(text: str) -> Lsn:
    """`16/B374D848` as PostgreSQL compares it."""
    high, _, low = text.partition("/")
    return (int(high, 16) << 32) + int(low, 16)


def remember_writing(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whoever has sent something sees it on the next page, whichever host and database build that page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method not in SAFE and response.status_code < 500:
            response.set_cookie(
                WRITTEN, f"{flushed():x}", max_age=REMEMBERED_SECONDS, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response

    return middleware


def _has_replayed(needed: Lsn) -> bool:
    with connections["replica"].cursor() as cursor:
        cursor.execute(HAS_REPLAYED, [f"{needed >> 32:X}/{needed & 0xFFFFFFFF:X}"])
        return bool(cursor.fetchone()[0])


@contextmanager
def _instead() -> Iterator[None]:
    """For this thread the standby is the database: selectors ask the one connection they know."""
    primary = connections["default"]
    connections["default"] = connections["replica"]
    try:
        yield
    finally:
        connections["default"] = primary


def _written(cookies: str) -> Lsn:
    found = re.search(rf"(?:^|;\s*){WRITTEN}=([0-9a-f]{{1,16}})(?:;|$)", cookies)
    return int(found[1], 16) if found else 0
