"""The calendar, its days, and the halls of openings and auctions: every count is the length of the list it opens."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tradehall.disclosure import exports, selectors
from tradehall.disclosure.query import parse_query
from tradehall.disclosure.search import search
from tradehall.journal.clock import platform_now
from tradehall.kernel.times import to_beijing
from tradehall.reference.lines import lines
from tradehall.tenders.kinds import METHODS
from tradehall.web import formats
from tradehall.web.presenters import events as show
from tradehall.web.presenters.addresses import address
from tradehall.web.presenters.events import Event, EventList
from tradehall.web.presenters.rows import rows_of

SOON = timedelta(hours=48)
AHEAD_DAYS = 60
ROOM_METHODS = ("listing", "auction", "online_bidding")
FIRST_YEAR, LAST_YEAR = 1990, 2100


@require_safe
def month(request: HttpRequest, suffix: str = "") -> HttpResponse:
    at = platform_now()
    today = to_beijing(at).date()
    first = month_of(request.GET.get("month", ""), today)
    given = chosen(request)
    if suffix == "ics":
        wanted = first if "month" in request.GET else today - timedelta(days=7)
        found = selectors.events_between(
            wanted, wanted + timedelta(days=AHEAD_DAYS + 7), given.get("kind"), given.get("line")
        )
        return formats.answer(exports.calendar_ics(found, host=formats.host_of(request), now=at), "ics", "calendar")
    start = first - timedelta(days=first.weekday())
    days = selectors.calendar(start, 42, given.get("line"))
    if suffix == "json":
        return formats.answer(month_json(days), "json", "calendar")
    if suffix:
        raise Http404(suffix)
    todays = selectors.events_on(today, given.get("kind"), given.get("line"))
    by_code = {line.code: line for line in lines()}
    context = {
        "title": f"{first:%Y 年 %m 月} 截止与开标日历",
        "first": first,
        "earlier": address("/calendar", {**given, "month": f"{first - timedelta(days=1):%Y-%m}"}),
        "later": address("/calendar", {**given, "month": f"{first + timedelta(days=32):%Y-%m}"}),
        "cells": show.cells(days, today, month=first.month, line=given.get("line")),
        "line_chips": line_chips("/calendar", {**given, "month": request.GET.get("month", "")}),
        "today": show.day_words(today),
        "today_href": address(f"/calendar/{today:%Y-%m-%d}", given),
        "today_count": len(todays),
        "rows": show.event_rows(todays[: show.PAGE_SIZE], by_code, at),
        "file_query": address("", {**given, "month": request.GET.get("month", "")}),
        "at": at,
        "crumbs": [{"label": "首页", "href": "/"}, {"label": "日历", "href": ""}],
    }
    return render(request, "web/calendar.html", context)


def month_of(text: str, today: date) -> date:
    """The first day of the month asked for, else of this month."""
    try:
        first = date.fromisoformat(f"{text}-01") if text else today.replace(day=1)
    except ValueError:
        first = today.replace(day=1)
    return first if FIRST_YEAR <= first.year <= LAST_YEAR else today.replace(day=1)


def month_json(days: Sequence[selectors.Day]) -> bytes:
    rows = [{"on": f"{day.on:%Y-%m-%d}", "counts": day.counts, "href": f"/calendar/{day.on:%Y-%m-%d}"} for day in days]
    return json.dumps({"days": rows}, ensure_ascii=False).encode()


def chosen(request: HttpRequest) -> dict[str, str]:
    codes = {line.code for line in lines()}
    known = {"kind": request.GET.get("kind", "") in selectors.EVENTS, "line": request.GET.get("line", "") in codes}
    return {name: request.GET[name] for name, is_known in known.items() if is_known}


def line_chips(path: str, given: dict[str, str]) -> list[dict[str, Any]]:
    every = [("", "全部市场"), *((line.code, line.name) for line in lines())]
    return [
        {"label": name, "href": address(path, {**given, "line": code}), "current": given.get("line", "") == code}
        for code, name in every
    ]


@require_safe
def day(request: HttpRequest, on: str, suffix: str = "") -> HttpResponse:
    try:
        wanted = date.fromisoformat(on)
    except ValueError as error:
        raise Http404(on) from error
    if not FIRST_YEAR <= wanted.year <= LAST_YEAR:
        raise Http404(on)
    given = chosen(request)
    found = selectors.events_on(wanted, given.get("kind"), given.get("line"))
    kind = selectors.EVENTS.get(given.get("kind", ""), "截止、开标与竞价")
    near = [
        {"label": label, "href": address(f"/calendar/{wanted + timedelta(days=by):%Y-%m-%d}", given)}
        for label, by in (("前一天", -1), ("后一天", 1))
    ]
    near.append({"label": "当月日历", "href": address("/calendar", {"month": f"{wanted:%Y-%m}"})})
    return respond(
        request, EventList(f"/calendar/{on}", f"{show.day_words(wanted)} {kind}", found, given), suffix, near=near
    )


@require_safe
def soon(request: HttpRequest, suffix: str = "") -> HttpResponse:
    at = platform_now()
    given = {name: value for name, value in chosen(request).items() if name == "line"}
    return respond(
        request, EventList("/calendar/soon", "48 小时内截止", closing_soon(at, given.get("line")), given), suffix
    )


def closing_soon(at: datetime, line: str | None = None) -> list[Event]:
    today = to_beijing(at).date()
    found = selectors.events_between(today, today + timedelta(days=3), "closing", line)
    return [event for event in found if at < event[1] <= at + SOON]


@require_safe
def openings(request: HttpRequest, suffix: str = "") -> HttpResponse:
    at = platform_now()
    today = to_beijing(at).date()
    spans = {"coming": (today, AHEAD_DAYS, "今日与以后"), "past": (today - timedelta(days=30), 30, "过去 30 天")}
    when = request.GET.get("when", "")
    start, days, words = spans.get(when, spans["coming"])
    given = {name: value for name, value in chosen(request).items() if name == "line"}
    found = selectors.events_between(start, start + timedelta(days=days), "opening", given.get("line"))
    given |= {"when": "past"} if when == "past" else {}
    near = [{"label": label, "href": address("/openings", {**given, "when": code or None}), "current": given.get("when", "") == code}
            for code, label in (("", "今日与以后"), ("past", "过去 30 天"))]  # fmt: skip
    near.append({"label": "开标记录", "href": "/notices?stage=opening"})
    days_shown = [(show.day_words(on), show.timeline(events, at)) for on, events in show.by_day(found)]
    events = EventList("/openings", f"开标大厅 · {words}", found, given)
    return respond(request, events, suffix, near=near, template="web/openings.html", days=days_shown[:31])


@require_safe
def auctions(request: HttpRequest, suffix: str = "") -> HttpResponse:
    """Rooms open now, announced auctions by time, and results by the way they were sold."""
    at = platform_now()
    method, when = request.GET.get("method", ""), request.GET.get("when", "")
    near = auction_tabs(method, when)
    if method in ROOM_METHODS:
        return auction_results(request, suffix, near, at)
    given = {name: value for name, value in chosen(request).items() if name == "line"}
    if when == "live":
        events = EventList("/auctions", "竞价大厅 · 正在竞价", live(at, given.get("line")), {**given, "when": "live"})
        return respond(request, events, suffix, near=near, template="web/auctions.html")
    today = to_beijing(at).date()
    found = selectors.events_between(today, today + timedelta(days=AHEAD_DAYS), "auction", given.get("line"))
    events = EventList("/auctions", "竞价大厅 · 今日与预告", found, given)
    return respond(request, events, suffix, near=near, template="web/auctions.html")


def auction_tabs(method: str, when: str) -> list[dict[str, Any]]:
    is_result = method in ROOM_METHODS
    tabs = [
        {"label": "今日与预告", "href": "/auctions", "current": not is_result and when != "live"},
        {"label": "正在竞价", "href": "/auctions?when=live", "current": not is_result and when == "live"},
    ]
    for code in ROOM_METHODS:
        tabs.append(
            {"label": f"{METHODS[code]}结果", "href": address("/auctions", {"method": code}), "current": method == code}
        )
    return tabs


def live(at: datetime, line: str | None = None) -> list[Event]:
    """What the home page counts as being auctioned now, at the time its room closes."""
    found = [item for item in selectors.live_auctions(at) if line in (None, item.line)]
    return [("auction", item.closes_at or item.opens_at or at, item) for item in found]


def auction_results(request: HttpRequest, suffix: str, near: list[dict[str, Any]], at: datetime) -> HttpResponse:
    asked = {name: request.GET[name] for name in ("method", "line", "page") if name in request.GET}
    page = search(parse_query({**asked, "stage": "result"}), at)
    title = f"竞价大厅 · {METHODS[asked['method']]}结果"
    if suffix:
        return formats.list_file(request, page, path="/auctions", suffix=suffix, title=title, now=at)
    by_code = {line.code: line for line in lines()}
    context = {
        "title": title,
        "near": near,
        "rows": rows_of(page.items, by_code, at),
        "total": page.total,
        "page": page.page,
        "pages": page.pages,
        "path": "/auctions",
        "file_query": address("", {**asked, "page": None}),
        "at": at,
        "crumbs": [{"label": "首页", "href": "/"}, {"label": "竞价大厅", "href": ""}],
    }
    return render(request, "web/auctions.html", context)


def respond(
    request: HttpRequest, events: EventList, suffix: str, *, near: list[dict[str, Any]] | None = None,
    template: str = "web/events.html", **more: object,
) -> HttpResponse:  # fmt: skip
    at = platform_now()
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    shown = EventList(events.path, events.title, events.events, events.given, max(1, min(page, events.pages)))
    if suffix:
        return event_file(request, shown, suffix, at)
    by_code = {line.code: line for line in lines()}
    context = {
        "title": shown.title,
        "near": near or [],
        "facets": show.choices(shown.path, shown.given, shown.events, by_code),
        "rows": show.event_rows(shown.shown, by_code, at),
        "total": len(shown.events),
        "page": shown.page,
        "pages": shown.pages,
        "path": shown.path,
        "file_query": address("", shown.given),
        "given": shown.given,
        "at": at,
        "crumbs": [
            {"label": "首页", "href": "/"},
            {"label": "日历", "href": "/calendar"},
            {"label": shown.title, "href": ""},
        ],
    }
    return render(request, template, {**context, **more})


def event_file(request: HttpRequest, events: EventList, suffix: str, at: datetime) -> HttpResponse:
    """CSV and iCalendar hold the whole list; JSON and Atom its page."""
    name = events.path.strip("/").replace("/", "-")
    base = formats.base_of(request)
    if suffix == "json":
        content = json.dumps(show.list_json(events), ensure_ascii=False).encode()
    elif suffix == "csv":
        content = exports.list_csv((item for _, _, item in events.events), base)
    elif suffix == "ics":
        content = exports.calendar_ics(events.events, host=formats.host_of(request), now=at)
    elif suffix == "atom":
        items = [item for _, _, item in events.shown]
        content = exports.list_atom(items, title=events.title, base=base, address=request.get_full_path(), now=at)
    else:
        raise Http404(suffix)
    return formats.answer(content, suffix, name)
