"""Dated events (closings, openings, auctions, ends of review) as lists, timelines and calendar cells. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tradehall.disclosure.exports import item_json
from tradehall.disclosure.listing import Item
from tradehall.disclosure.selectors import EVENTS, Day
from tradehall.kernel.times import rfc3339, to_beijing
from tradehall.reference.lines import Line
from tradehall.ui.rules import urgency
from tradehall.web.presenters.addresses import address
from tradehall.web.presenters.rows import kind_words, row_of

Event = tuple[str, datetime, Item]
Row = dict[str, Any]
Lines = Mapping[str, Line]

PAGE_SIZE = 50
MARKS = {"closing": ("截止", "项"), "opening": ("开标", "场"), "auction": ("竞价", "场"), "review": ("公示", "项")}
VERBS = {"closing": "截止", "opening": "开标", "auction": "竞价", "review": "期满"}
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class EventList:
    """The events at one address: what its page, its count and its files all show."""

    path: str
    title: str
    events: Sequence[Event]
    given: Mapping[str, str] = field(default_factory=dict)
    page: int = 1

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.events) // PAGE_SIZE))

    @property
    def shown(self) -> Sequence[Event]:
        return self.events[(self.page - 1) * PAGE_SIZE : self.page * PAGE_SIZE]


def event_rows(events: Iterable[Event], lines: Lines, at: datetime) -> list[Row]:
    return [event_row(event, lines, at) for event in events]


def event_row(event: Event, lines: Lines, at: datetime) -> Row:
    kind, moment, item = event
    row = row_of(item, lines, at)
    was = f"{to_beijing(item.moved_from):%m-%d %H:%M}" if kind == "closing" and item.moved_from else None
    return {
        **row,
        "due_text": f"{to_beijing(moment):%m-%d %H:%M} {VERBS[kind]}",
        "due_tone": urgency(moment, at),
        "due_was": was,
    }


def list_json(events: EventList) -> dict[str, object]:
    """The same shape as every list, with what happens and when beside each item."""
    following: dict[str, str | int | None] | None = None
    if events.page < events.pages:
        following = {**events.given, "page": events.page + 1}
    return {
        "total": len(events.events),
        "total_is_exact": True,
        "page": events.page,
        "pages": events.pages,
        "next": address(f"{events.path}.json", following) if following else None,
        "facets": {
            "event": dict(Counter(kind for kind, _, _ in events.events)),
            "line": dict(Counter(item.line for _, _, item in events.events)),
        },
        "items": [
            item_json(item) | {"event": kind, "event_at": rfc3339(moment)} for kind, moment, item in events.shown
        ],
    }


def timeline(events: Iterable[Event], at: datetime, *, dated: bool = False) -> list[Row]:
    """Openings as points in time; `dated` writes the day as well, for those of several days together."""
    return [_point(moment, item, at, dated) for _, moment, item in events]


def _point(moment: datetime, item: Item, at: datetime, dated: bool) -> Row:
    is_past = moment <= at
    day = f"{to_beijing(moment):%m-%d}" if dated else ""
    parts = [day, "" if dated else item.principal or "", item.district_name or "", kind_words(item)]
    return {
        "at": moment,
        "title": item.title,
        "href": item.href,
        "note": " · ".join(part for part in parts if part),
        "state": "past" if is_past else "future",
        "action_label": "进展" if is_past else "项目",
        "action_href": item.project_href,
    }


def by_day(events: Iterable[Event]) -> list[tuple[date, list[Event]]]:
    days: dict[date, list[Event]] = {}
    for event in events:
        days.setdefault(to_beijing(event[1]).date(), []).append(event)
    return sorted(days.items())


def day_words(on: date) -> str:
    return f"{on:%Y-%m-%d} 星期{WEEKDAYS[on.weekday()]}"


def cells(days: Iterable[Day], today: date, *, month: int | None = None, line: str | None = None) -> list[Row]:
    return [_cell(day, today, month, line) for day in days]


def _cell(day: Day, today: date, month: int | None, line: str | None) -> Row:
    on = day.on
    # Days of the neighbouring months say their month; paling them would take the contrast away.
    names_month = on.day == 1 or month not in (None, on.month)
    marks = [
        {
            "label": word,
            "count": day.counts[kind],
            "unit": unit,
            "tone": kind,
            "href": address(f"/calendar/{on:%Y-%m-%d}", {"kind": kind, "line": line}),
        }
        for kind, (word, unit) in MARKS.items()
        if day.counts.get(kind)
    ]
    return {
        "date": f"{on.month}/{on.day}" if names_month else str(on.day),
        "name": "今天" if on == today else f"周{WEEKDAYS[on.weekday()]}",
        "iso": f"{on:%Y-%m-%d}",
        "today": on == today,
        "weekend": on.weekday() > 4,
        "marks": marks,
    }


def choices(path: str, given: Mapping[str, str], events: Sequence[Event], lines: Lines) -> list[Row]:
    """Kind and market as facets of an event list; counts are those of the list shown."""
    kinds = Counter(kind for kind, _, _ in events)
    codes = Counter(item.line for _, _, item in events)
    groups = [
        {
            "title": "事项",
            "items": [_choice(path, given, "kind", kind, EVENTS[kind], n) for kind, n in kinds.most_common()],
        },
        {
            "title": "市场",
            "items": [_choice(path, given, "line", code, _line(code, lines), n) for code, n in codes.most_common()],
        },
    ]
    return [group for group in groups if group["items"]]


def _choice(path: str, given: Mapping[str, str], name: str, value: str, label: str, count: int) -> Row:
    is_chosen = given.get(name) == value
    target = address(path, {**given, name: None if is_chosen else value})
    return {"label": label, "count": count, "href": target, "current": is_chosen}


def _line(code: str, lines: Lines) -> str:
    return lines[code].name if code in lines else code
