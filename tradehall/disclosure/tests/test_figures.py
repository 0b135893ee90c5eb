"""Numbers equal the lists behind them: bars, home numbers, cards, days of the calendar, organisations."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tradehall.disclosure import selectors
from tradehall.disclosure.projector import write_batch
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.rules import project_rendition
from tradehall.disclosure.search import search
from tradehall.kernel.names import mention_no

from .renditions import rendition

AT = datetime(2026, 4, 1, 4, tzinfo=UTC)
TODAY = "2026-04-01T09:00:00+08:00"


def _publish(*renditions: dict[str, Any]) -> None:
    write_batch([project_rendition(item, at) for at, item in enumerate(renditions, 1)])


def _won(*cents: int, lot: str | None = None) -> dict[str, Any]:
    return {
        "winners": [{"name": "甲公司", "uscc": None, "rank": 1, "lot": lot, "price": {"cents": one}} for one in cents]
    }


@pytest.fixture
def deals(db: None) -> None:
    places = [("310115", "临港区"), ("310000", "上海市"), (None, None), ("310115", "临港区")]
    for number in range(24):
        code, name = places[number % 4]
        _publish(rendition(
            number, kind="result", stage="result", district=code, district_name=name, facts=_won(100 + number),
            published_at=f"2026-0{1 + number % 3}-{1 + number:02d}T23:30:00+08:00", line=("works", "land")[number % 2],
        ))  # fmt: skip
    two_lots = {"winners": _won(7, lot="1")["winners"] + _won(9, lot="2")["winners"]}
    _publish(rendition(50, kind="result", stage="result", facts=two_lots, project_no="R50", published_at=TODAY))
    _publish(
        rendition(51, kind="result", stage="result", facts=_won(11, lot="2"), project_no="R50", published_at=TODAY)
    )
    _publish(rendition(52, kind="result", stage="result", facts=_won(5), amount=None))


@pytest.mark.parametrize("words", ["", "小学"])
def test_a_bar_opens_a_list_of_that_many_with_that_sum(deals: None, words: str) -> None:
    found = selectors.figures(AT)
    assert len(found.bars) > 6 and {bar.district for bar in found.bars} == {310115, 310000, None}
    for bar in found.bars:
        page = search(parse_query({"q": words, **bar.parameters}), AT)
        assert (page.total, sum(item.amount or 0 for item in page.items)) == (bar.deals, bar.cents), bar


def test_the_same_lot_counts_once_and_the_older_price_leaves(deals: None) -> None:
    april = selectors.figures(AT, since=datetime(2026, 4, 1, tzinfo=UTC))
    assert (april.deals, april.cents) == (2, 7 + 11)


def test_bars_of_a_cut_month_stay_inside_the_period(deals: None) -> None:
    found = selectors.figures(AT, since=datetime(2026, 1, 10, tzinfo=UTC), until=datetime(2026, 3, 15, tzinfo=UTC))
    assert 0 < found.deals < selectors.figures(AT).deals
    assert sum(search(parse_query(bar.parameters), AT).total for bar in found.bars) == found.deals


def test_home_numbers_equal_their_lists(deals: None) -> None:
    _publish(
        rendition(60, published_at=TODAY, closes_at="2026-04-02T09:00:00+08:00", opens_at="2026-04-01T15:00:00+08:00"),
        rendition(61, method="listing", line="land", opens_at="2026-04-01T11:00:00+08:00"),
        rendition(62, kind="candidates", stage="review", facts={"review_until": "2026-04-03T00:00:00+08:00"}),
        rendition(63, kind="candidates", stage="review", facts={"review_until": "2026-03-20T00:00:00+08:00"}),
    )
    found = selectors.home_numbers(AT)
    numbers, today = found.counts, {"from": "2026-04-01", "to": "2026-04-01"}
    assert numbers["new_today"] == search(parse_query(today), AT).total == 3
    assert numbers["open"] == search(parse_query({"state": "open"}, "projects"), AT).total == 2
    assert numbers["in_review"] == search(parse_query({"state": "review"}, "projects"), AT).total == 1
    assert numbers["live_auctions"] == len(selectors.live_auctions(AT)) == 1
    assert numbers["openings_today"] == len(selectors.openings_today(AT)) == 1
    assert (numbers["closing_soon"], numbers["deals_this_month"], numbers["cents_this_month"]) == (1, 2, 18)
    new = {line: search(parse_query({"line": line, **today}), AT).total for line in ("works", "land", "property")}
    assert found.new_by_line == {line: count for line, count in new.items() if count}
    assert sum(found.new_by_line.values()) == numbers["new_today"]


def test_a_day_counts_what_its_list_holds_and_a_moved_closing_says_from_when(db: None) -> None:
    _publish(
        rendition(1, closes_at="2026-04-10T09:30:00+08:00"),
        rendition(2, closes_at="2026-04-10T23:59:00+08:00", moved_from="2026-04-08T09:30:00+08:00"),
        rendition(3, closes_at="2026-04-11T00:00:00+08:00", opens_at="2026-04-10T00:00:00+08:00"),
    )
    days = selectors.calendar(date(2026, 4, 1))
    assert len(days) == 14
    for day in days:
        for kind, count in day.counts.items():
            assert len(selectors.events_on(day.on, kind)) == count
    closing = selectors.events_on(date(2026, 4, 10), "closing")
    assert [item.moved_from and item.moved_from.day for _, _, item in closing] == [None, 8]
    assert {day.on.day: day.counts["closing"] for day in days if day.counts["closing"]} == {10: 2, 11: 1}


def test_an_organisation_counts_projects_and_wins_once(db: None) -> None:
    code = "91310000MA1FL0AA12"
    winner = [{"name": "甲公司", "uscc": code, "rank": 1, "lot": None, "price": {"cents": 900}}]
    _publish(
        rendition(1, project_no="R1"),
        rendition(2, project_no="R1", kind="candidates", stage="review", facts={"candidates": winner}),
        rendition(3, project_no="R1", kind="result", stage="result", facts={"winners": winner}),
        rendition(4, project_no="R1", kind="result", stage="result", facts={"winners": winner}),
        rendition(5, kind="result", stage="result", facts=_won(50), project_no="R5"),
    )
    by_code, by_name = selectors.organisation_view(code), selectors.organisation_view(mention_no("甲公司"))
    assert by_code and by_name and selectors.organisation_view("n-0000000000000000") is None
    assert (by_code.counts, by_code.won_cents, by_code.same_name) == ({"candidate": 1, "winner": 1}, 900, 1)
    assert (by_name.counts["winner"], by_name.won_cents) == (2, 950)
    listed = selectors.organisations("甲公", role="winner")
    assert [(item.href, item.projects, item.counts["winner"]) for item in listed.items] == [(f"/org/{code}", 2, 2)]
    assert selectors.organisations().total == 2 and selectors.organisations("没有").total == 0


def test_a_name_that_is_stated_no_more_leaves_the_list(db: None) -> None:
    _publish(rendition(1))
    _publish(rendition(1, version=2, principal={"name": "云湖区教育局", "uscc": None}))
    assert [item.name for item in selectors.organisations().items] == ["云湖区教育局"]
