"""Numbers with a definition: deals by month, line and place, the live numbers and market cards of the home page.

Each number is counted as the list behind it is filtered, so that both agree.
Decides nothing about what counts as a deal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from tradehall.kernel.times import BEIJING, to_beijing
from tradehall.tenders.kinds import STAGES

from .models import EventRow, NoticeRow, ProjectRow
from .rules import place_parameter

DEFINITION = (
    "按成交公告的发布时间统计，一份成交公告计一宗；同一项目同次交易的同一标段有多份成交公告的，只计最新一份。"
    "金额为人民币成交价之和，以费率、单价成交的计宗数不计金额；不含划拨、协议供地。"
)
SOON = timedelta(hours=48)
ROOM_METHODS = ("auction", "listing", "online_bidding")


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
class Card:
    """One line on the home page; `stages` counts all its notices, the rest is of today or of now."""

    line: str
    today: int
    open: int
    closing_soon: int
    openings_today: int
    stages: Mapping[str, int]


def midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, BEIJING)


def figures(
    as_of: datetime, since: datetime | None = None, until: datetime | None = None, line: str | None = None
) -> Figures:
    """Deals by month, line and stated district, over whole days: from that of `since` to the last before `until`."""
    first = to_beijing(since).date() if since else None
    last = to_beijing(until - timedelta(microseconds=1)).date() if until else None
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


def home_numbers(at: datetime) -> dict[str, int]:
    """Each equals the total of the list it names: notices of a day, projects by state, events of the calendar."""
    today = midnight(to_beijing(at).date())
    tomorrow = today + timedelta(days=1)
    month = figures(at, since=today.replace(day=1), until=tomorrow)
    projects = ProjectRow.objects.aggregate(
        open=Count("id", filter=Q(status="noticed", closes_at__gt=at)),
        in_review=Count("id", filter=Q(status="review") & (Q(review_until=None) | Q(review_until__gt=at))),
        live_auctions=Count("id", filter=_live(at)),
    )
    return {
        "new_today": NoticeRow.objects.filter(published_at__gte=today, published_at__lt=tomorrow).count(),
        **projects,
        "openings_today": EventRow.objects.filter(kind="opening", at__gte=today, at__lt=tomorrow).count(),
        "closing_soon": EventRow.objects.filter(kind="closing", at__gt=at, at__lte=at + SOON).count(),
        "deals_this_month": month.deals,
        "cents_this_month": month.cents,
    }


def _live(at: datetime) -> Q:
    begun = Q(status="noticed", method__in=ROOM_METHODS, opens_at__lte=at)
    return begun & (Q(closes_at__gt=at) | Q(closes_at=None, opens_at__gt=at - timedelta(days=1)))


def live_auctions(at: datetime) -> list[ProjectRow]:
    return list(ProjectRow.objects.filter(_live(at)).order_by(F("closes_at").asc(nulls_last=True), "id"))


def home_cards(at: datetime) -> tuple[Card, ...]:
    """One for each line that has notices, in the order of their codes."""
    today = midnight(to_beijing(at).date())
    tomorrow = today + timedelta(days=1)
    stages: dict[str, dict[str, int]] = {}
    for line, stage, count in NoticeRow.objects.order_by().values_list("line", "stage").annotate(n=Count("id")):
        stages.setdefault(line, dict.fromkeys(STAGES, 0))[stage] = count
    new = today_by_line(at)
    still_open = _by_line(ProjectRow.objects.filter(status="noticed", closes_at__gt=at).values_list("line"))
    closing = _by_line(EventRow.objects.filter(kind="closing", at__gt=at, at__lte=at + SOON).values_list("line"))
    openings = EventRow.objects.filter(kind="opening", at__gte=today, at__lt=tomorrow).values_list("line")
    opening = _by_line(openings)
    return tuple(
        Card(line, new.get(line, 0), still_open.get(line, 0), closing.get(line, 0), opening.get(line, 0), counts)
        for line, counts in sorted(stages.items())
    )


def today_by_line(at: datetime) -> dict[str, int]:
    today = midnight(to_beijing(at).date())
    rows = NoticeRow.objects.filter(published_at__gte=today, published_at__lt=today + timedelta(days=1))
    return _by_line(rows.values_list("line"))


def _by_line(rows: QuerySet[Any, tuple[str]]) -> dict[str, int]:
    return dict(rows.order_by().annotate(n=Count("id")))
