"""How often a page asks the database. These numbers may fall; whoever makes them grow says why."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from tradehall.disclosure import follower
from tradehall.disclosure.models import NoticeRow
from tradehall.journal.sealer import seal_pending
from tradehall.tenders.reports import LotClaim
from tradehall.tenders.services import record_notices
from tradehall.tenders.tests.samples import AT

from .city import BY, PARCEL, SCHOOL, notice
from .test_lists import text

AtMost = Callable[[int], AbstractContextManager[object]]
pytestmark = pytest.mark.usefixtures("city")


def publish(*reports: object) -> None:
    record_notices(list(reports), by=BY, at=AT)
    seal_pending()
    follower.catch_up()


def address_of(name: str) -> str:
    return f"/p/{NoticeRow.objects.filter(project_title=name).values_list('project_no', flat=True)[0]}"


@pytest.mark.parametrize(
    ("address", "first", "again"),
    [
        pytest.param("/", 20, 10, id="首页"),
        pytest.param("/?line=land&stage=result", 23, 13, id="首页选了市场和环节"),
    ],
)
def test_home_asks_little_and_less_until_something_is_published(
    client: Client, django_assert_max_num_queries: AtMost, address: str, first: int, again: int
) -> None:
    with django_assert_max_num_queries(first):
        assert client.get(address).status_code == 200
    with django_assert_max_num_queries(again):
        assert client.get(address).status_code == 200


def test_a_detail_page_asks_as_little_of_a_long_story(client: Client, django_assert_max_num_queries: AtMost) -> None:
    one = notice(60, "tender_notice", "land", "A37 地块", method="listing")
    lots = tuple(LotClaim(f"{number}号地块") for number in range(1, 6))
    publish(*(replace(one, source_id=f"x{n}", source_digest=f"{600 + n:064x}", lots=lots) for n in range(4)))
    for name in (PARCEL, SCHOOL, "A37 地块"):
        page = address_of(name)
        with django_assert_max_num_queries(8):
            assert client.get(page).status_code == 200
    newest = NoticeRow.objects.filter(project_title="A37 地块").latest("id")
    for page in (f"/n/{newest.notice_no}", f"/n/{newest.notice_no}/v/1"):
        with django_assert_max_num_queries(9):
            assert client.get(page).status_code == 200


def test_what_is_published_is_counted_at_once(client: Client) -> None:
    """The word 矿权 of the card of land, the whole line, and all notices of the year: each was counted before."""
    asked = 'href="/notices?line=land&amp;q=%E7%9F%BF%E6%9D%83">矿业权出让<span class="num">{}</span>'
    before = text(client.get("/"))
    assert asked.format(0) in before and '<span>公告数</span><b class="num">8' in before
    publish(notice(80, "tender_notice", "land", "云岭采矿权", published_at=AT - timedelta(hours=3)))
    after = text(client.get("/"))
    assert asked.format(1) in after and '<span>公告数</span><b class="num">9' in after
