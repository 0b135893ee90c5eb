"""The limit per address: generous, readable, never before a feed or this machine."""

import pytest
from django.conf import LazySettings as SettingsWrapper
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tradehall.web.limits import Limiter, is_limited, limits


def test_a_burst_passes_then_one_waits() -> None:
    limiter = Limiter(rate=2, burst=3)
    assert [limiter.wait_s("a", 0.0) for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert limiter.wait_s("b", 0.0) == 0.0
    assert limiter.wait_s("a", 1.0) == 0.0


@pytest.mark.parametrize(
    ("path", "client", "expected"),
    [
        pytest.param("/notices", "203.0.113.9", True, id="页面"),
        pytest.param("/notices.atom", "203.0.113.9", False, id="订阅不限"),
        pytest.param("/api/v1/feed", "203.0.113.9", False, id="接口不限"),
        pytest.param("/notices", "127.0.0.1", False, id="本机不限"),
    ],
)
def test_what_is_limited(path: str, client: str, expected: bool) -> None:
    assert is_limited(path, client, loopback_too=False) is expected
    assert is_limited("/notices", "127.0.0.1", loopback_too=True)


@pytest.mark.django_db
def test_over_the_limit_the_page_names_the_feed(rf: RequestFactory, settings: SettingsWrapper) -> None:
    settings.PAGES_PER_SECOND = 0.01
    handle = limits(lambda request: HttpResponse("ok"))
    requests = [rf.get("/notices", REMOTE_ADDR="203.0.113.9") for _ in range(300)]
    last = [handle(request) for request in requests][-1]
    assert last.status_code == 429
    assert "/notices.atom" in last.content.decode()
    assert int(last["Retry-After"]) >= 1


@pytest.mark.django_db
def test_the_platform_limits_every_page_but_never_the_api(settings: SettingsWrapper) -> None:
    """V8: through the whole stack, as a stranger's address would meet it; slow enough for any machine to outrun."""
    settings.PAGES_PER_SECOND, settings.PAGES_AT_ONCE = 0.01, 20
    client = Client(REMOTE_ADDR="203.0.113.10")
    answers = [client.get("/privacy").status_code for _ in range(25)]
    assert answers[0] == 200 and answers[-1] == 429
    assert client.get("/log/key").status_code == 200
