"""What public pages ask: notices, projects, calendar; organisations and figures come through here too.

Plain values, no HTTP, no clock of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from tradehall.kernel.money import format_yuan
from tradehall.kernel.times import format_minute, parse_rfc3339, to_beijing
from tradehall.tenders import selectors as tenders

from .diffing import Comparison, body_lines, compare_lines, compare_terms
from .figures import Bar, Figures, HomeNumbers, figures, home_numbers, midnight
from .figures import live_auctions as live_auction_rows
from .follower import projection_version
from .listing import Item, notice_item, project_item
from .models import EventRow, NoticeRow
from .organisations import OrganisationPage, OrganisationView, organisation_view, organisations
from .query import Query, parse_query
from .search import search

__all__ = [
    "Bar", "Figures", "HomeNumbers", "OrganisationPage", "OrganisationView", "Query", "figures", "home_numbers",
    "organisation_view", "organisations", "parse_query", "projection_version", "search",
]  # fmt: skip
EVENTS = {"closing": "截止", "opening": "开标", "auction": "竞价", "review": "公示截止"}
Dated = tuple[str, datetime, Item]


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    counts: dict[str, int]


def compare(notice_no: str, old: int, new: int) -> Comparison:
    before: Mapping[str, Any] = tenders.rendition(notice_no, old)
    after: Mapping[str, Any] = tenders.rendition(notice_no, new)
    terms = compare_terms(terms_of(before), terms_of(after))
    lines = compare_lines(body_lines(before["body"]), body_lines(after["body"]))
    is_same = not terms and all(segment.op == "same" for line in lines for segment in line)
    return Comparison(old, new, terms, lines, is_same)


def terms_of(rendition: Mapping[str, Any]) -> dict[str, str]:
    """The terms of a version in words: times in Beijing time, amounts in yuan."""
    times = {"截止时间": rendition["closes_at"], "开标时间": rendition["opens_at"]}
    times |= {term["label"]: term["value_at"] for term in rendition["terms"]}
    shown = {label: format_minute(parse_rfc3339(text)) for label, text in times.items() if text}
    amount = rendition["amount"] or {}
    cents = amount.get("cents")
    price = f"{format_yuan(cents)} 元" if cents is not None else amount.get("text") or amount.get("rate")
    named = {"标题": rendition["title"], "金额": price}
    return {label: str(value) for label, value in named.items() if value not in (None, "")} | shown


def calendar(since: date, days: int = 14, line: str | None = None) -> tuple[Day, ...]:
    sql = """select kind, (at at time zone 'Asia/Shanghai')::date, count(*) from disclosure_event_row
        where at >= %s and at < %s and (%s::text is null or line = %s) group by 1, 2"""
    counts = {since + timedelta(days=at): dict.fromkeys(EVENTS, 0) for at in range(days)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [midnight(since), midnight(since + timedelta(days=days)), line, line])
        for kind, on, count in cursor.fetchall():
            counts[on][kind] = count
    return tuple(Day(on, found) for on, found in counts.items())


def events_on(on: date, kind: str | None = None, line: str | None = None, limit: int | None = None) -> list[Dated]:
    """The list that a day's count opens; also what `exports.calendar_ics` takes."""
    return events_between(on, on + timedelta(days=1), kind, line, limit=limit)


def events_between(
    since: date, until: date, kind: str | None = None, line: str | None = None, *,
    after: datetime | None = None, limit: int | None = None,
) -> list[Dated]:  # fmt: skip
    """A closing that was moved carries the earlier time on its item; `after` leaves out what has begun by then."""
    rows = EventRow.objects.filter(at__gte=midnight(since), at__lt=midnight(until)).select_related("notice")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(line=line) if line else rows
    rows = rows.filter(at__gt=after) if after else rows
    return [(row.kind, row.at, _event_item(row)) for row in rows.order_by("at", "id")[:limit]]


def _event_item(row: EventRow) -> Item:
    item = notice_item(row.notice)
    return replace(item, moved_from=row.moved_from) if row.moved_from else item


def openings_today(at: datetime, limit: int | None = None) -> list[Dated]:
    return events_on(to_beijing(at).date(), "opening", limit=limit)


def live_auctions(at: datetime, limit: int | None = None) -> tuple[Item, ...]:
    """Trades whose room is open now; as many as `home_numbers` says, those that close first at the top."""
    return tuple(project_item(row) for row in live_auction_rows(at, limit))


def latest(limit: int = 10, line: str | None = None) -> tuple[Item, ...]:
    rows = NoticeRow.objects.filter(line=line) if line else NoticeRow.objects.all()
    return tuple(notice_item(row) for row in rows.order_by("-published_at", "-id")[:limit])
