"""Numbers with a definition: deals by month, line and place, the live numbers and market cards of the home page.

Each number is counted as the list behind it is filtered, so that both agree.
Decides nothing about what counts as a deal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from tradehall.kernel.times import BEIJING, to_beijing

from .models import ProjectRow
from .rules import place_parameter

DEFINITION = (
    "按成交公告的发布时间统计，一份成交公告计一宗；同一项目同次交易的同一标段有多份成交公告的，只计最新一份。"
    "金额为人民币成交价之和，以费率、单价成交的计宗数不计金额；不含划拨、协议供地。"
)
SOON = timedelta(hours=48)
ROOM_METHODS = ("auction", "listing", "online_bidding")
LIVE = """status = 'noticed' and method = any(%(rooms)s) and opens_at <= %(at)s
    and (closes_at > %(at)s or (closes_at is null and opens_at > %(at)s - interval '1 day'))"""
HOME = f"""
select 'new', line, count(*) from disclosure_notice_row
    where published_at >= %(today)s and published_at < %(tomorrow)s group by line
union all select 'open', null, count(*) from disclosure_project_row where status = 'noticed' and closes_at > %(at)s
union all select 'in_review', null, count(*) from disclosure_project_row
    where status = 'review' and (review_until is null or review_until > %(at)s)
union all select 'live_auctions', null, count(*) from disclosure_project_row where {LIVE}
union all select 'openings_today', null, count(*) from disclosure_event_row
    where kind = 'opening' and at >= %(today)s and at < %(tomorrow)s
union all select 'closing_soon', null, count(*) from disclosure_event_row
    where kind = 'closing' and at > %(at)s and at <= %(soon)s
union all select 'deals_this_month', null, count(*) from disclosure_notice_row
    where is_counted and published_at >= %(month)s and published_at < %(tomorrow)s
union all select 'cents_this_month', null, coalesce(sum(deal_cents), 0)::bigint from disclosure_notice_row
    where is_counted and published_at >= %(month)s and published_at < %(tomorrow)s
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """`parameters` open the notices that are this many and add up to these cents."""

    month: str
    line: str
    district: int | None
    deals: int
    cents: int
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    bars: tuple[Bar, ...]
    deals: int
    cents: int
    definition: str
    since: datetime | None
    until: datetime | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class HomeNumbers:
    """What is so today or now; `new_by_line` adds up to `new_today`."""

    counts: Mapping[str, int]
    new_by_line: Mapping[str, int]


def midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, BEIJING)


def figures(
    as_of: datetime, since: datetime | None = None, until: datetime | None = None, line: str | None = None
) -> Figures:
    """Deals by month, line and stated district, over whole days: from that of `since` to the last before `until`."""
    first, last = whole_days(since, until)
    low, high = midnight(first) if first else None, midnight(last + timedelta(days=1)) if last else None
    sql = """select to_char(published_at at time zone 'Asia/Shanghai', 'YYYY-MM'), line, district, count(*),
        coalesce(sum(deal_cents), 0)::bigint from disclosure_notice_row where is_counted
        and (%s::timestamptz is null or published_at >= %s) and (%s::timestamptz is null or published_at < %s)
        and (%s::text is null or line = %s) group by 1, 2, 3 order by 1, 2, 3"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [low, low, high, high, line, line])
        rows = cursor.fetchall()
    bars = tuple(_bar(row, first, last) for row in rows)
    deals, cents = sum(bar.deals for bar in bars), sum(bar.cents for bar in bars)
    return Figures(bars, deals, cents, DEFINITION, low, high, as_of)


def whole_days(since: datetime | None, until: datetime | None) -> tuple[date | None, date | None]:
    """The first and the last day of a period that ends before `until`."""
    last = to_beijing(until - timedelta(microseconds=1)).date() if until else None
    return to_beijing(since).date() if since else None, last


def _bar(row: tuple[str, str, int | None, int, int], first: date | None, last: date | None) -> Bar:
    month, line, district, deals, cents = row
    return Bar(month, line, district, deals, cents, _bar_parameters(month, line, district, first, last))


def _bar_parameters(
    month: str, line: str, district: int | None, first: date | None, last: date | None
) -> dict[str, str]:
    begins = date.fromisoformat(f"{month}-01")
    ends = (begins + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    span = {"from": max(begins, first or begins).isoformat(), "to": min(ends, last or ends).isoformat()}
    return {"state": "deal", "line": line, "district": place_parameter(district), **span}


def home_numbers(at: datetime) -> HomeNumbers:
    """Each equals the total of the list it names: notices of a day, projects by state, events of the calendar."""
    today = midnight(to_beijing(at).date())
    given: dict[str, Any] = {
        "at": at,
        "soon": at + SOON,
        "month": today.replace(day=1),
        "today": today,
        "rooms": list(ROOM_METHODS),
    }
    with connection.cursor() as cursor:
        cursor.execute(HOME, {**given, "tomorrow": today + timedelta(days=1)})
        rows = cursor.fetchall()
    new = {line: count for name, line, count in rows if name == "new"}
    numbers = {name: count for name, line, count in rows if name != "new"}
    return HomeNumbers({**numbers, "new_today": sum(new.values())}, new)


def live_auctions(at: datetime, limit: int | None = None) -> list[ProjectRow]:
    sql = f"select * from disclosure_project_row where {LIVE} order by closes_at nulls last, id limit %(limit)s"
    return list(ProjectRow.objects.raw(sql, {"at": at, "rooms": list(ROOM_METHODS), "limit": limit}))
