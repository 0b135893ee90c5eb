"""The calendar: every day's count is the length of the list it opens, in every format."""

import json
import re

import pytest
from django.test import Client

from .test_lists import text

pytestmark = pytest.mark.usefixtures("city")
DAY = re.compile(r'href="(/calendar/[\d-]{10}\?kind=\w+)"><span class="sr">[\d-]+ </span>(\S+) (\d+) [项场]</a>')


@pytest.mark.parametrize("page", ["/", "/calendar?month=2026-09"])
def test_a_days_count_is_its_list(client: Client, page: str) -> None:
    days = [(address.replace("&amp;", "&"), int(count)) for address, _, count in DAY.findall(text(client.get(page)))]
    assert len(days) >= 3
    for address, count in days:
        assert json.loads(client.get(address.replace("?", ".json?")).content)["total"] == count, address


def test_calendar_file_has_zone_and_moved_time(client: Client) -> None:
    body = client.get("/calendar.ics").content.decode()
    assert "TZID:Asia/Shanghai" in body
    assert "DTSTART;TZID=Asia/Shanghai:20260919T160000" in body
    assert "20260916T160000" not in body


def test_closings_within_two_days(client: Client) -> None:
    page = text(client.get("/calendar/soon"))
    assert "09-19 16:00 截止" in page
    assert "原为" in page


@pytest.mark.parametrize("path", ["/openings", "/auctions", "/auctions?when=live", "/auctions?method=listing"])
def test_halls_have_files_that_count_the_same(client: Client, path: str) -> None:
    found = json.loads(client.get(path.replace("?", ".json?") if "?" in path else f"{path}.json").content)
    assert found["total"] == len(found["items"])
    assert f'class="num">{found["total"]}</span>' in text(client.get(path))


@pytest.mark.parametrize("path", ["/calendar/2026-02-30", "/calendar/9999-01-01", "/calendar/x.json", "/calendar.csv"])
def test_days_that_do_not_exist_are_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
