"""The home page and the figures: every number is a link, and the list behind it is as long."""

import json
import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tradehall.reference.lines import lines

from .test_lists import text

pytestmark = pytest.mark.usefixtures("city")


def as_json(address: str) -> str:
    parts = urlsplit(address.replace("&amp;", "&"))
    return f"{parts.path}.json?{parts.query}"


def totals(client: Client, found: list[tuple[str, str]]) -> list[tuple[str, int, int]]:
    return [(a, int(n), json.loads(client.get(as_json(a)).content)["total"]) for a, n in found]


def test_live_numbers_open_lists_of_that_length(client: Client) -> None:
    strip = re.search(r'<section class="card strip".*?</section>', text(client.get("/")), re.S)
    assert strip
    found = totals(client, re.findall(r'<a href="([^"]+)".*?<b class="num">(\d+)<small>', strip[0], re.S))
    assert len(found) == 5
    assert [(address, shown) for address, shown, listed in found if shown != listed] == []
    assert sum(shown for _, shown, _ in found) >= 4


def test_market_cards_open_lists_of_that_length(client: Client) -> None:
    page = text(client.get("/"))
    found = totals(
        client, re.findall(r'<li><a href="(/notices\?line=[^"]+)">[^<]+<span class="num">(\d+)</span>', page)
    )
    assert len(found) == sum(len(line.card) for line in lines()) >= 30
    assert [(address, shown) for address, shown, listed in found if shown != listed] == []


def test_newest_can_be_narrowed_without_script(client: Client) -> None:
    page = text(client.get("/?line=land&stage=result"))
    rows = re.search(r'<ul class="rows" aria-label="最新公告">.*?</ul>', page, re.S)
    assert rows and rows[0].count("<li>") == 1


def test_a_day_without_openings_says_so(client: Client) -> None:
    assert "今天没有公告的开标" in text(client.get("/"))


def test_home_figures_and_file_agree(client: Client) -> None:
    found = json.loads(client.get("/figures.json").content)
    shown = re.findall(
        r'<span>成交宗数</span><b class="num">(\d+)', text(client.get("/")) + text(client.get("/figures"))
    )
    assert shown == ["2", "2"]
    assert found["deals"] == 2
    assert found["cents"] == 123_456_78 + 9_000_000_00


def test_each_bar_opens_the_notices_it_sums(client: Client) -> None:
    for bar in json.loads(client.get("/figures.json").content)["bars"]:
        listed = json.loads(client.get(as_json(bar["href"])).content)
        assert (listed["total"], sum(item["amount"] for item in listed["items"])) == (bar["deals"], bar["cents"])


def test_table_cells_of_the_figures_lead_to_their_lists(client: Client) -> None:
    page = text(client.get("/figures"))
    cells = re.findall(r'href="(/notices\?state=deal[^"]+)">(\d+) / [\d,.]+</a>', page)
    assert len(cells) == 2
    assert all(shown == listed for _, shown, listed in totals(client, cells))


def test_organisations_are_listed_with_their_roles(client: Client) -> None:
    found = json.loads(client.get("/orgs.json?q=云河第三").content)
    assert [(item["projects"], item["roles"]["winner"]) for item in found["items"]] == [(2, 2)]
    assert found["items"][0]["href"] in text(client.get("/orgs"))
    assert "云河市教育局" in client.get("/orgs.csv").content.decode("utf-8-sig")
