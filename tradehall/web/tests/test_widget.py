"""The widget of the service hall: small, without script, and the only page that may be framed, by the hall alone."""

import json
import re

import pytest
from django.conf import LazySettings
from django.test import Client

pytestmark = pytest.mark.usefixtures("city")
HALL = "https://hall.example"
OURS = (
    "/",
    "/notices",
    "/p/none",
    "/login",
    "/follow/search",
    "/desk",
    "/api/v1/feed?wait=0",
    "/widget/notices.json",
    "/static/ui/app.css",
)


def test_the_widget_lists_the_newest_and_takes_the_lists_conditions(client: Client, settings: LazySettings) -> None:
    settings.SITE_URL = "https://trade.example"
    page = client.get("/widget/notices").content.decode()
    assert "<script" not in page and "<form" not in page and page.count("<li>") == 8
    assert 'href="https://trade.example/n/' in page and 'target="_blank" rel="noopener"' in page
    land = client.get("/widget/notices?line=land&district=990105&count=3&q=ignored&page=9").content.decode()
    assert land.count("<li>") == 1 and "LG-07" in land
    assert 'href="https://trade.example/notices?line=land&amp;district=990105"' in land
    assert "没有符合条件的公告" in client.get("/widget/notices?district=110000").content.decode()
    assert client.get("/widget/notices?count=3").content.decode().count("<li>") == 3
    assert 'data-mode="elder"' in client.get("/widget/notices?mode=elder").content.decode()


def test_the_feed_is_a_json_feed_of_the_same_list(client: Client, settings: LazySettings) -> None:
    settings.SITE_URL, settings.HALL_ORIGIN = "https://trade.example", HALL
    answer = client.get("/widget/notices.json?line=works")
    said = json.loads(answer.content)
    assert answer["Content-Type"].startswith("application/feed+json") and answer["Access-Control-Allow-Origin"] == HALL
    assert said["version"] == "https://jsonfeed.org/version/1.1" and said["title"].endswith("最新公告")
    shown = re.findall(
        r'href="(https://trade.example/n/[^"]+)"', client.get("/widget/notices?line=works").content.decode()
    )
    assert [one["url"] for one in said["items"]] == shown and len(shown) == 5
    assert all(one["id"] and one["title"] and one["date_published"].endswith("+08:00") for one in said["items"])
    settings.HALL_ORIGIN = ""
    assert "Access-Control-Allow-Origin" not in client.get("/widget/notices.json").headers


def test_only_the_widget_may_be_framed_and_only_by_the_hall(client: Client, settings: LazySettings) -> None:
    settings.HALL_ORIGIN = HALL
    answer = client.get("/widget/notices")
    policy = answer["Content-Security-Policy"]
    assert (
        policy.endswith(f"; frame-ancestors {HALL}") and "script-src" not in policy and "default-src 'none'" in policy
    )
    assert "X-Frame-Options" not in answer.headers, "it could only say nobody, or anybody of ours"
    for address in OURS:
        headers = client.get(address).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], address
        assert headers["X-Frame-Options"] == "DENY", address
    settings.HALL_ORIGIN = ""
    answer = client.get("/widget/notices")
    assert (
        answer["Content-Security-Policy"].endswith("; frame-ancestors 'none'") and answer["X-Frame-Options"] == "DENY"
    )
