"""The page cache: builds once, forgets when content changes, never shares what is personal."""

import gzip
import threading
import time
from collections.abc import Iterable
from typing import Any

import pytest

from tradehall.web.page_cache import PageCache

BODY = ("公告" * 600).encode()


class Site:
    """A WSGI application that counts how often it is entered."""

    def __init__(self, status: str = "200 OK", headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.entered = 0
        self.status = status
        self.headers = [("Content-Type", "text/html; charset=utf-8"), *headers]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.entered += 1
        time.sleep(0.01)
        start_response(self.status, self.headers)
        return [BODY]


def ask(cache: PageCache, path: str = "/notices", **environ: str) -> tuple[str, dict[str, str], bytes]:
    seen: dict[str, Any] = {}
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "hall", **environ}
    body = b"".join(cache(asked, lambda status, headers: seen.update(status=status, headers=dict(headers))))
    return seen["status"], seen["headers"], body


@pytest.fixture
def site() -> Site:
    return Site()


def test_it_builds_an_anonymous_page_once(site: Site) -> None:
    cache = PageCache(site, lambda: 1)
    assert ask(cache)[2] == ask(cache)[2] == BODY
    assert site.entered == 1


def test_new_content_is_shown(site: Site) -> None:
    versions = iter(range(100))
    cache = PageCache(site, lambda: next(versions))
    ask(cache)
    time.sleep(0.25)
    ask(cache)
    assert site.entered == 2


@pytest.mark.parametrize("cookie", ["sessionid=1", "mode=elder; sessionid=abc"])
def test_a_session_is_never_shared(site: Site, cookie: str) -> None:
    cache = PageCache(site, lambda: 1)
    ask(cache, HTTP_COOKIE=cookie)
    ask(cache, HTTP_COOKIE=cookie)
    assert site.entered == 2


def test_the_visitors_choices_are_kept_apart(site: Site) -> None:
    cache = PageCache(site, lambda: 1)
    for cookie in ("", "mode=elder", "other=1", "mode=elder; other=2"):
        ask(cache, HTTP_COOKIE=cookie)
    assert site.entered == 2


@pytest.mark.parametrize("site", [Site("404 Not Found"), Site(headers=(("Set-Cookie", "mode=elder"),))])
def test_errors_and_cookies_are_not_kept(site: Site) -> None:
    cache = PageCache(site, lambda: 1)
    ask(cache)
    ask(cache)
    assert site.entered == 2


def test_many_readers_build_one_page(site: Site) -> None:
    cache = PageCache(site, lambda: 1)
    readers = [threading.Thread(target=ask, args=(cache,)) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert site.entered == 1


def test_unchanged_pages_answer_304_and_travel_compressed(site: Site) -> None:
    cache = PageCache(site, lambda: 1)
    _, headers, body = ask(cache, HTTP_ACCEPT_ENCODING="gzip")
    assert gzip.decompress(body) == BODY and headers["Content-Encoding"] == "gzip"
    status, _, body = ask(cache, HTTP_IF_NONE_MATCH=headers["ETag"])
    assert status.startswith("304") and body == b""


def test_the_api_passes_untouched(site: Site) -> None:
    cache = PageCache(site, lambda: 1)
    _, headers, _ = ask(cache, "/api/v1/feed")
    ask(cache, "/api/v1/feed")
    assert site.entered == 2 and "ETag" not in headers
