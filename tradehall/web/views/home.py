"""The home page: what is new, what is live, what closes soon. Every number is a link to the list it counts."""

from collections.abc import Mapping
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
    version = selectors.projection_version()
    at = platform_now()
    today = to_beijing(at).date()
    by_code = {line.code: line for line in lines()}
    numbers = selectors.home_numbers(at)
    new_today, openings_today = numbers.counts["new_today"], numbers.counts["openings_today"]
    cards = _cards(numbers.new_by_line, at, version)
    openings = selectors.openings_today(at, OPENINGS) if openings_today else []
    days = selectors.calendar(today, CALENDAR_DAYS)
    context = {
        "scopes": [("", "全部"), *((line.code, line.name) for line in lines())],
        "hot": show.stated()["hot"],
        "strip": show.strip(numbers.counts, today),
        "markets": [card for card in cards if by_code[card["line"]].is_main],
        "others": [card for card in cards if not by_code[card["line"]].is_main],
        "new_today": new_today,
        "today": today,
        "at": at,
        "openings": events.timeline(openings, at),
        "openings_ahead": events.timeline(_openings_ahead(at, OPENINGS - 1 - openings_today), at, dated=True),
        "openings_total": openings_today,
        "days": events.cells(days, today),
        "roles": show.stated()["role"],
        "platform_notices": show.platform_notices(),
        **_newest(request, numbers.new_by_line, new_today, at),
        **_auctions(at, by_code),
        **_figures(at, by_code, version),
    }
    return render(request, "web/home.html", context)


def _openings_ahead(at: datetime, room: int) -> list[events.Event]:
    """What fills the column on a day with few openings: those of the next days."""
    if room <= 0:
        return []
    tomorrow = to_beijing(at).date() + timedelta(days=1)
    return selectors.events_between(tomorrow, tomorrow + timedelta(days=CALENDAR_DAYS), "opening", limit=room)


def _cards(by_line: Mapping[str, int], at: datetime, version: int) -> list[dict[str, Any]]:
    """Card words that are kinds or stages come from one count of all notices; those that are phrases are searched."""
    whole = counts.counts_by_line(version)
    phrases = [(line.code, word) for line in lines() for word in line.card if "q" in word.query]
    queries = [parse_query({"line": code, **word.query}) for code, word in phrases]
    found = counts.counts_of_words(queries, at, version)
    return [
        show.market_card(
            line,
            whole.get(line.code, counts.LineCounts()),
            by_line.get(line.code, 0),
            {word.label: count for (code, word), count in zip(phrases, found, strict=True) if code == line.code},
        )
        for line in lines()
    ]


def _newest(request: HttpRequest, by_line: Mapping[str, int], total: int, at: datetime) -> dict[str, Any]:
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
    live = selectors.live_auctions(at, AUCTIONS)
    if live:
        rows = show.live_rows(live, by_code, at)
        return {
            "auctions": rows,
            "auctions_title": "正在竞价",
            "auctions_live": True,
            "auctions_href": "/auctions?when=live",
        }
    today = to_beijing(at).date()
    until = today + timedelta(days=AHEAD_DAYS)
    coming = selectors.events_between(today, until, "auction", after=at, limit=AUCTIONS)
    if coming:
        rows = show.announced_rows(coming, by_code)
        return {"auctions": rows, "auctions_title": "竞价预告", "auctions_href": "/auctions"}
    results = show.result_rows(counts.latest_of("result", ROOM_METHODS, AUCTIONS), by_code)
    return {"auctions": results, "auctions_title": "最近竞价结果", "auctions_href": "/auctions?method=listing"}


def _figures(at: datetime, by_code: dict[str, Line], version: int) -> dict[str, Any]:
    first, after = figures_page.window(at)
    found = counts.deals(at, midnight(first), midnight(after), None, version)
    names = district_names(code for code in figures_page.places_shown(found) if code)
    return {
        "kpis": indicators(at, found, first, after, version),
        "months": figures_page.monthly_chart(found, first, after, by_code, None),
        "places": figures_page.district_chart(found, first, after, names, None),
        "figures_from": first,
        "figures_to": after - timedelta(days=1),
    }
