"""What public pages ask: notices, projects, organisations, calendar, figures.

Plain values, no HTTP, no clock of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from tradehall.kernel.times import BEIJING, to_beijing
from tradehall.tenders import selectors as tenders

from .diffing import Comparison, body_lines, compare_lines, compare_terms
from .listing import Item, notice_item, project_item
from .models import EventRow, NoticeRow, ProjectRow, RoleRow
from .query import Query, parse_query
from .search import Page, search

__all__ = ["Query", "parse_query", "search"]
EVENTS = {"closing": "截止", "opening": "开标", "auction": "竞价", "review": "公示截止"}
CHAIN = ("plan", "notice", "change", "opening", "review", "result", "contract", "fulfillment", "abnormal")
DEFINITION = "按成交公告发布时间统计；每个项目每次交易的每个标段只计一次，以最新成交公告为准；不含划拨、协议供地。"


@dataclass(frozen=True, slots=True)
class Step:
    stage: str
    state: str
    at: datetime | None
    href: str | None


@dataclass(frozen=True, slots=True)
class ProjectView:
    item: Item
    notices: tuple[Item, ...]
    chain: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class NoticeView:
    rendition: Mapping[str, Any]
    newest_version: int
    versions: tuple[int, ...]
    is_superseded: bool


@dataclass(frozen=True, slots=True)
class OrganisationView:
    no: str
    name: str
    uscc: str | None
    names: tuple[str, ...]
    counts: dict[str, int]
    won_cents: int
    roles: tuple[RoleRow, ...]
    same_name: int


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Bar:
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


def project_view(project_no: str) -> ProjectView | None:
    row = ProjectRow.objects.filter(project_no=project_no).first()
    if row is None:
        return None
    notices = NoticeRow.objects.filter(project_no=project_no).order_by("published_at", "id")
    items = tuple(notice_item(notice) for notice in notices)
    return ProjectView(project_item(row), items, chain_of(items))


def chain_of(items: Sequence[Item]) -> tuple[Step, ...]:
    """Done steps with their date and newest notice; the last done is current; exceptions appear only when they happened."""
    newest = {item.stage: item for item in items}
    done = [stage for stage in CHAIN if stage in newest]
    current = max(done, key=lambda stage: newest[stage].published_at, default=None)
    shown = [stage for stage in CHAIN if stage in newest or stage not in ("plan", "change", "abnormal")]
    steps = []
    for stage in shown:
        item = newest.get(stage)
        state = "future" if item is None else "current" if stage == current else "done"
        steps.append(Step(stage, state, item.published_at if item else None, item.href if item else None))
    return tuple(steps)


def notice_view(notice_no: str, version: int | None = None) -> NoticeView | None:
    newest = NoticeRow.objects.filter(notice_no=notice_no).values_list("version", flat=True).first()
    if newest is None or not 1 <= (version or newest) <= newest:
        return None
    shown = version or newest
    rendition = tenders.rendition(notice_no, shown)
    return NoticeView(rendition, newest, tuple(range(1, newest + 1)), shown < newest)


def compare(notice_no: str, old: int, new: int) -> Comparison:
    before, after = tenders.rendition(notice_no, old), tenders.rendition(notice_no, new)
    terms = compare_terms(terms_of(before), terms_of(after))
    lines = compare_lines(body_lines(before["body"]), body_lines(after["body"]))
    is_same = not terms and all(segment.op == "same" for line in lines for segment in line)
    return Comparison(old, new, terms, lines, is_same)


def terms_of(rendition: Mapping[str, Any]) -> dict[str, str]:
    terms = {term["label"]: term["value_at"] or "" for term in rendition["terms"]}
    amount = rendition["amount"] or {}
    price = amount.get("text") or amount.get("rate") or amount.get("cents")
    named = {"标题": rendition["title"], "截止时间": rendition["closes_at"], "开标时间": rendition["opens_at"]}
    values = {**named, "金额": price} | terms
    return {label: str(value) for label, value in values.items() if value not in (None, "")}


def organisation_view(no: str, limit: int = 200) -> OrganisationView | None:
    """By code only what was stated with that code; by mention number everything under that name."""
    is_mention = no.startswith("n-")
    roles = RoleRow.objects.filter(mention_no=no) if is_mention else RoleRow.objects.filter(uscc=no)
    newest = list(roles.select_related("notice").order_by("-published_at", "-id")[:limit])
    if not newest:
        return None
    counts = dict(roles.order_by().values_list("role").annotate(n=Count("project_no", distinct=True)))
    won = roles.filter(role="winner").aggregate(cents=Sum("cents"))["cents"] or 0
    names = tuple(dict.fromkeys(role.name for role in newest))
    mentions = {role.mention_no for role in newest}
    same = 0 if is_mention else RoleRow.objects.filter(mention_no__in=mentions, uscc=None).count()
    uscc = next((role.uscc for role in newest if role.uscc), None)
    return OrganisationView(no, names[0], uscc, names, counts, won, tuple(newest), same)


def calendar(since: date, days: int = 14, line: str | None = None) -> tuple[Day, ...]:
    start = _midnight(since)
    events = EventRow.objects.filter(at__gte=start, at__lt=start + timedelta(days=days))
    counts = {since + timedelta(days=at): dict.fromkeys(EVENTS, 0) for at in range(days)}
    for kind, at in (events.filter(line=line) if line else events).values_list("kind", "at"):
        counts[to_beijing(at).date()][kind] += 1
    return tuple(Day(on, found) for on, found in counts.items())


def events_on(on: date, kind: str | None = None, line: str | None = None) -> list[tuple[str, datetime, Item]]:
    """The list that a day's count opens; also what `exports.calendar_ics` takes."""
    return events_between(on, on + timedelta(days=1), kind, line)


def events_between(
    since: date, until: date, kind: str | None = None, line: str | None = None
) -> list[tuple[str, datetime, Item]]:
    rows = EventRow.objects.filter(at__gte=_midnight(since), at__lt=_midnight(until)).select_related("notice")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(line=line) if line else rows
    return [(row.kind, row.at, notice_item(row.notice)) for row in rows.order_by("at", "id")]


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, BEIJING)


def figures(
    as_of: datetime, since: datetime | None = None, until: datetime | None = None, line: str | None = None
) -> Figures:
    """Deals by month, line and district; each bar's parameters open the notices whose amounts add up to it."""
    sql = """select to_char(published_at at time zone 'Asia/Shanghai', 'YYYY-MM'), line, district, count(*),
        coalesce(sum(deal_cents), 0)::bigint from disclosure_notice_row where is_counted
        and (%s::timestamptz is null or published_at >= %s) and (%s::timestamptz is null or published_at < %s)
        and (%s::text is null or line = %s) group by 1, 2, 3 order by 1, 2, 3"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [since, since, until, until, line, line])
        bars = tuple(Bar(*row, parameters=_bar_parameters(*row[:3])) for row in cursor.fetchall())
    deals, cents = sum(bar.deals for bar in bars), sum(bar.cents for bar in bars)
    return Figures(bars, deals, cents, DEFINITION, since, until, as_of)


def _bar_parameters(month: str, line: str, district: int | None) -> dict[str, str]:
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    place = {"district": f"{district:06d}"} if district else {}
    return {"state": "deal", "line": line, "from": first.isoformat(), "to": last.isoformat(), **place}


def home_numbers(at: datetime) -> dict[str, int]:
    today = _midnight(to_beijing(at).date())
    month = figures(at, since=today.replace(day=1), until=at)
    return {
        "new_today": NoticeRow.objects.filter(published_at__gte=today, published_at__lte=at).count(),
        "open": ProjectRow.objects.filter(status="noticed", closes_at__gt=at).count(),
        "closing_soon": EventRow.objects.filter(kind="closing", at__gt=at, at__lte=at + timedelta(days=3)).count(),
        "deals_this_month": month.deals,
        "cents_this_month": month.cents,
    }


def latest(limit: int = 10, line: str | None = None) -> tuple[Item, ...]:
    rows = NoticeRow.objects.filter(line=line) if line else NoticeRow.objects.all()
    return tuple(notice_item(row) for row in rows.order_by("-published_at", "-id")[:limit])


def notices_page(given: Mapping[str, str], at: datetime) -> Page:
    return search(parse_query(given), at)
