"""The home page: what is new, what is live, what closes soon. Every number is a link to the list it counts."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.disclosure import counts, selectors
from tradehall.disclosure.figures import midnight
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.search import search
from tradehall.disclosure.suggestions import district_names
from tradehall.journal.clock import platform_now
from tradehall.kernel.times import to_beijing
from tradehall.reference.lines import Line, lines
from tradehall.tenders.kinds import STAGES
from tradehall.web.presenters import events, figures_page
from tradehall.web.presenters import home_page as show
from tradehall.web.presenters.rows import rows_of
from tradehall.web.views.calendar import AHEAD_DAYS, ROOM_METHODS
from tradehall.web.views.figures import indicators

NEWEST = 10
AUCTIONS = 3
OPENINGS = 6
CALENDAR_DAYS = 14


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = platform_now()
    today = to_beijing(at).date()
    by_code = {line.code: line for line in lines()}
    numbers = selectors.home_numbers(at)
    new_by_line = selectors.today_by_line(at)
    openings = selectors.openings_today(at)
    cards = _cards(new_by_line, at)
    days = selectors.calendar(today, CALENDAR_DAYS)
    context = {
        "scopes": [("", "全部"), *((line.code, line.name) for line in lines())],
        "hot": show.stated()["hot"],
        "strip": show.strip(numbers, today),
        "markets": [card for card in cards if card["line"] != "others"],
        "others": [card for card in cards if card["line"] == "others"],
        "new_today": numbers["new_today"],
        "today": today,
        "at": at,
        "openings": events.timeline(openings[:OPENINGS], at),
        "openings_ahead": events.timeline(_openings_ahead(at, OPENINGS - 1 - len(openings)), at, dated=True),
        "openings_total": len(openings),
        "days": events.cells(days, today),
        "roles": show.stated()["role"],
        "platform_notices": show.platform_notices(),
        **_newest(request, new_by_line, numbers["new_today"], at),
        **_auctions(at, by_code),
        **_figures(at, by_code),
    }
    return render(request, "web/home.html", context)


def _openings_ahead(at: datetime, room: int) -> list[events.Event]:
    """What fills the column on a day with few openings: those of the next days."""
    if room <= 0:
        return []
    tomorrow = to_beijing(at).date() + timedelta(days=1)
    return selectors.events_between(tomorrow, tomorrow + timedelta(days=CALENDAR_DAYS), "opening")[:room]


def _cards(by_line: dict[str, int], at: datetime) -> list[dict[str, Any]]:
    counted = counts.counts_by_line()
    return [
        show.market_card(
            line, counted.get(line.code, counts.LineCounts()), by_line.get(line.code, 0), _phrases(line, at)
        )
        for line in lines()
    ]


def _phrases(line: Line, at: datetime) -> dict[str, int]:
    """Card words that are phrases, not kinds: as many as their list has."""
    asked = {word.label: {"line": line.code, **word.query} for word in line.card if "q" in word.query}
    return {label: counts.count(parse_query(given), at) for label, given in asked.items()}


def _newest(request: HttpRequest, by_line: dict[str, int], total: int, at: datetime) -> dict[str, Any]:
    """The newest notices, of one market and stage when the visitor chose them."""
    known = {line.code: line for line in lines()}
    line = request.GET.get("line") if request.GET.get("line") in known else None
    stage = request.GET.get("stage") if request.GET.get("stage") in STAGES else None
    chosen = {name: value for name, value in (("line", line), ("stage", stage)) if value}
    items = search(parse_query(chosen), at).items if chosen else selectors.latest(NEWEST)
    query = "&".join(f"{name}={value}" for name, value in chosen.items())
    return {
        "rows": rows_of(items[:NEWEST], known, at),
        "tab_items": show.tabs(lines(), by_line, total, line, stage),
        "chip_items": show.stage_chips(line, stage),
        "newest_query": f"?{query}" if query else "",
    }


def _auctions(at: datetime, by_code: dict[str, Line]) -> dict[str, Any]:
    """Live rooms; else the next announced; else the latest results: the column is never empty while there is anything."""
    live = selectors.live_auctions(at)
    if live:
        rows = show.live_rows(live[:AUCTIONS], by_code, at)
        return {
            "auctions": rows,
            "auctions_title": "正在竞价",
            "auctions_live": True,
            "auctions_href": "/auctions?when=live",
        }
    today = to_beijing(at).date()
    coming = selectors.events_between(today, today + timedelta(days=AHEAD_DAYS), "auction")
    ahead = [event for event in coming if event[1] > at]
    if ahead:
        rows = show.announced_rows(ahead[:AUCTIONS], by_code)
        return {"auctions": rows, "auctions_title": "竞价预告", "auctions_href": "/auctions"}
    results = show.result_rows(counts.latest_of("result", ROOM_METHODS, AUCTIONS), by_code)
    return {"auctions": results, "auctions_title": "最近竞价结果", "auctions_href": "/auctions?method=listing"}


def _figures(at: datetime, by_code: dict[str, Line]) -> dict[str, Any]:
    first, after = figures_page.window(at)
    found = selectors.figures(at, midnight(first), midnight(after))
    names = district_names(bar.district for bar in found.bars if bar.district)
    return {
        "kpis": indicators(at, found, first, after),
        "months": figures_page.monthly_chart(found, first, after, by_code, None),
        "places": figures_page.district_chart(found, first, after, names, None),
        "figures_from": first,
        "figures_to": after - timedelta(days=1),
    }
