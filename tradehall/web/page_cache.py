"""A page cache that stands before Django: the same anonymous GET is built once for each version of the projections.

A WSGI wrapper, not a middleware: half the speed of a static answer is only reached if Django is never entered. It is not a
shared cache and never holds an answer that sets a cookie or was asked with a session.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

# Set for a minute after an anonymous act: up to where its writer must see.
WRITTEN = "written"
SESSION_COOKIES = ("sessionid=", "messages=", f"{WRITTEN}=")
CHOICE_COOKIES = ("mode=", "lang=")
# Streams, files and machine answers pass through as they are; pages for one person are built each time.
UNTOUCHED = ("/api/", "/log/", "/static/", "/healthz", "/metrics", "/oidc/", "/.well-known/")
PERSONAL = ("/login", "/logout", "/desk", "/account")
COMPRESSIBLE = ("text/", "application/json", "application/atom+xml", "application/xml", "image/svg+xml")
# Countdown words and derived phases move with the clock even when nothing is published.
MAX_AGE_S = 20.0
REREAD_S = 0.2
MAX_ENTRIES = 4000
MAX_BODY = 1 << 20
MAX_TOTAL = 256 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer, plain and compressed, and until when (monotonic seconds) it may be given again."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    zipped: bytes | None
    etag: str
    until: float


class _VersionReader:
    """The version of the projections, read at most five times a second in one process."""

    def __init__(self, read: Callable[[], int]) -> None:
        self._read = read
        self._value = -1
        self._next = 0.0

    def __call__(self) -> int:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + REREAD_S
            self._value = self._read()
        return self._value


class PageCache:
    """Wraps a WSGI application. `read_version` returns a number that changes whenever published content changes."""

    def __init__(self, application: Wsgi, read_version: Callable[[], int]) -> None:
        self._application = application
        self._version = _VersionReader(read_version)
        self._answers: OrderedDict[tuple[str, str, int], Answer] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._builders: dict[tuple[str, str, int], threading.Lock] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(UNTOUCHED) or "/files/" in environ["PATH_INFO"]:
            return self._application(environ, start_response)
        began = time.perf_counter()
        if not _may_be_cached(environ):
            return _send(environ, start_response, self._build(environ), began)
        key = (_address(environ), _choices(environ.get("HTTP_COOKIE", "")), self._version())
        answer = self._find(key)
        if answer is None:
            answer = self._fill(key, environ)
        return _send(environ, start_response, answer, began)

    def _find(self, key: tuple[str, str, int]) -> Answer | None:
        answer = self._answers.get(key)
        return answer if answer is not None and answer.until > time.monotonic() else None

    def _fill(self, key: tuple[str, str, int], environ: Environ) -> Answer:
        """One builder a key: whoever comes while a page is being built waits for that one."""
        with self._lock:
            builder = self._builders.setdefault(key, threading.Lock())
        with builder:
            answer = self._find(key)
            if answer is None:
                answer = self._build(environ)
                self._keep(key, answer)
        with self._lock:
            self._builders.pop(key, None)
        return answer

    def _keep(self, key: tuple[str, str, int], answer: Answer) -> None:
        if not answer.status.startswith("200") or len(answer.body) > MAX_BODY or _is_for_one(answer):
            return
        with self._lock:
            old = self._answers.pop(key, None)
            self._answers[key] = answer
            self._bytes += _weight(answer) - (_weight(old) if old else 0)
            while len(self._answers) > MAX_ENTRIES or self._bytes > MAX_TOTAL:
                _, dropped = self._answers.popitem(last=False)
                self._bytes -= _weight(dropped)

    def _build(self, environ: Environ) -> Answer:
        head: dict[str, Any] = {}

        def remember(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], None]:
            head.update(status=status, headers=headers)
            return lambda _: None

        parts = self._application(environ, remember)
        try:
            body = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        return _complete(head["status"], head["headers"], body)


def _complete(status: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    encoded = any(name.lower() == "content-encoding" for name, _ in headers)
    worth = len(body) > 860 and kind.startswith(COMPRESSIBLE) and not encoded
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    kept = tuple(
        (name, value) for name, value in headers if name.lower() not in ("content-length", "etag", "server-timing")
    )
    zipped = gzip.compress(body, compresslevel=5, mtime=0) if worth else None
    return Answer(status, kept, body, zipped, etag, time.monotonic() + MAX_AGE_S)


def _send(environ: Environ, start_response: StartResponse, answer: Answer, began: float) -> Iterable[bytes]:
    """`began`: perf_counter seconds when the request came in; the time stated is that of this answer, kept or built."""
    spent = f"app;dur={(time.perf_counter() - began) * 1000:.1f}"
    headers = [*answer.headers, ("ETag", answer.etag), ("Server-Timing", spent)]
    if environ.get("HTTP_IF_NONE_MATCH") == answer.etag and answer.status.startswith("200"):
        start_response("304 Not Modified", [(n, v) for n, v in headers if n.lower() != "content-type"])
        return [b""]
    body = answer.body
    if answer.zipped is not None:
        headers.append(("Vary", "Accept-Encoding, Cookie"))
        if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            headers.append(("Content-Encoding", "gzip"))
            body = answer.zipped
    headers.append(("Content-Length", str(len(body))))
    start_response(answer.status, headers)
    return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def is_public(environ: Environ) -> bool:
    """Reading a page that is the same for everybody, by somebody who is not signed in."""
    path = environ["PATH_INFO"]
    is_read = environ["REQUEST_METHOD"] in ("GET", "HEAD") and not environ.get("HTTP_AUTHORIZATION")
    is_page = not path.startswith((*UNTOUCHED, *PERSONAL)) and "/files/" not in path
    return is_read and is_page and "sessionid=" not in environ.get("HTTP_COOKIE", "")


def _may_be_cached(environ: Environ) -> bool:
    if not is_public(environ):
        return False
    if "mode=" in environ.get("QUERY_STRING", "") or "lang=" in environ.get("QUERY_STRING", ""):
        return False
    cookies = environ.get("HTTP_COOKIE", "")
    return not any(name in cookies for name in SESSION_COOKIES)


def _address(environ: Environ) -> str:
    host = environ.get("HTTP_HOST", "")
    return f"{environ['REQUEST_METHOD']} {host}{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"


def _choices(cookies: str) -> str:
    """The visitor's own choices that change a page; every other cookie is ignored."""
    return ";".join(sorted(c for c in (part.strip() for part in cookies.split(";")) if c.startswith(CHOICE_COOKIES)))


def _is_for_one(answer: Answer) -> bool:
    """Set for one browser, or said not to be stored."""
    named = [(name.lower(), value) for name, value in answer.headers]
    private = any(name == "cache-control" and ("no-store" in value or "private" in value) for name, value in named)
    return private or any(name == "set-cookie" for name, _ in named)


def _weight(answer: Answer) -> int:
    return len(answer.body) + len(answer.zipped or b"")
