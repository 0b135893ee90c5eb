"""Trade figures as indicators, charts and tables: each number beside its definition and the list it counts. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from tradehall.disclosure.figures import Bar, Figures
from tradehall.disclosure.rules import place_parameter
from tradehall.kernel.money import format_wan
from tradehall.kernel.times import to_beijing
from tradehall.reference.lines import Line
from tradehall.web.presenters.addresses import address

Row = dict[str, Any]
Lines = Mapping[str, Line]
K = TypeVar("K")

YI_CENTS = 10**10
WAN_CENTS = 10**6
SOURCE = "本平台已公开的成交公告"
MONTHS = 12
DISTRICTS_SHOWN = 8
PLACES_LISTED = 50
MOST_SERIES = 4  # more colours are not told apart (design, charts)


def window(at: datetime) -> tuple[date, date]:
    """The twelve months that end with this one: first day, and the first day after."""
    this = to_beijing(at).date().replace(day=1)
    first = date(this.year - 1, this.month, 1) + timedelta(days=32)
    return first.replace(day=1), (this + timedelta(days=32)).replace(day=1)


def months_between(first: date, after: date) -> list[str]:
    found, month = [], first.replace(day=1)
    while month < after:
        found.append(f"{month:%Y-%m}")
        month = (month + timedelta(days=32)).replace(day=1)
    return found


def unit_of(cents: int) -> tuple[str, int]:
    return ("亿元", YI_CENTS) if cents >= YI_CENTS else ("万元", WAN_CENTS)


def in_unit(cents: int, size: int) -> float:
    """For charts only, where a pixel is coarser than two decimals; tables and files keep cents."""
    return round(cents / size, 2)


def amount_words(cents: int) -> tuple[str, str]:
    unit, size = unit_of(cents)
    return f"{cents / size:,.2f}", unit


def deals_href(first: date, after: date, **more: str | None) -> str:
    last = after - timedelta(days=1)
    return address("/notices", {"state": "deal", "from": first.isoformat(), "to": last.isoformat(), **more})


def change_words(now: int, before: int) -> str:
    if not before:
        return "上年同期无数据"
    return f"同比 {(now - before) * 100 / before:+.1f}%"


def deal_indicators(found: Figures, before: Figures, first: date, after: date, line: str | None) -> list[Row]:
    value, unit = amount_words(found.cents)
    href = deals_href(first, after, line=line)
    return [
        {
            "label": "成交宗数",
            "value": found.deals,
            "unit": "宗",
            "note": change_words(found.deals, before.deals),
            "href": href,
        },
        {
            "label": "成交总额",
            "value": value,
            "unit": unit,
            "note": change_words(found.cents, before.cents),
            "href": href,
        },
    ]


def count_indicator(label: str, count: int, unit: str, note: str, href: str) -> Row:
    return {"label": label, "value": count, "unit": unit, "note": note, "href": href}


def monthly_chart(found: Figures, first: date, after: date, lines: Lines, line: str | None) -> Row:
    months = months_between(first, after)
    sums = Counter[tuple[str, str]]()
    for bar in found.bars:
        sums[bar.line, bar.month] += bar.cents
    unit, size = unit_of(max((sum(sums[code, month] for code in lines) for month in months), default=0))
    totals = {code: total for code in lines if (total := sum(sums[code, month] for month in months))}
    return {
        "id": "months", "title": "月度成交额", "unit": unit, "kind": "stack",
        "categories": [month_label(month) for month in months],
        "series": [
            {
                "name": "、".join(lines[code].short for code in group), "tone": group[-1],
                "values": [in_unit(sum(sums[code, month] for code in group), size) for month in months],
            }
            for group in _grouped(totals)
        ],
        "links": [month_href(month, line) for month in months],
        **about(found),
    }  # fmt: skip


def _grouped(totals: Mapping[str, int]) -> list[tuple[str, ...]]:
    """One group a series, in the order given; of more than a chart may show, the smallest go together at the end."""
    largest = sorted(totals, key=lambda code: totals[code], reverse=True)
    together = set(largest[MOST_SERIES - 1 :]) if len(largest) > MOST_SERIES else set()
    groups: list[tuple[str, ...]] = [(code,) for code in totals if code not in together]
    return [*groups, tuple(code for code in totals if code in together)] if together else groups


def month_label(month: str) -> str:
    """`2026年1月` where a year begins, else `2月`."""
    year, number = month.split("-")
    return f"{year}年1月" if number == "01" else f"{int(number)}月"


def month_href(month: str, line: str | None = None) -> str:
    first = date.fromisoformat(f"{month}-01")
    return deals_href(first, (first + timedelta(days=32)).replace(day=1), line=line)


def district_chart(found: Figures, first: date, after: date, names: Mapping[int, str], line: str | None) -> Row:
    """The places with most money, exactly as the notices state them; the table beside says what the rest is."""
    sums = sums_by(found.bars, lambda bar: bar.district)
    ranked = places_shown(found)
    unit, size = unit_of(max((sums[code][1] for code in ranked), default=0))
    return {
        "id": "places", "title": "各地成交额", "unit": unit, "kind": "across",
        "categories": [place_name(code, names) for code in ranked],
        "series": [{"name": "成交额", "tone": "works", "values": [in_unit(sums[code][1], size) for code in ranked]}],
        "links": [deals_href(first, after, line=line, district=place_parameter(code)) for code in ranked],
        **about(found),
    }  # fmt: skip


def places_shown(found: Figures) -> list[int | None]:
    """Those of the chart: most money first."""
    sums = sums_by(found.bars, lambda bar: bar.district)
    return sorted(sums, key=lambda code: (-sums[code][1], str(code)))[:DISTRICTS_SHOWN]


def about(found: Figures) -> Row:
    return {"source": SOURCE, "as_of": found.as_of.isoformat(), "definition_href": "/figures#definitions"}


def place_name(code: int | None, names: Mapping[int, str]) -> str:
    return "未注明" if code is None else names.get(code, f"{code:06d}")


def sums_by(bars: Iterable[Bar], key: Callable[[Bar], K]) -> dict[K, tuple[int, int]]:
    found: dict[K, tuple[int, int]] = {}
    for bar in bars:
        deals, cents = found.get(key(bar), (0, 0))
        found[key(bar)] = (deals + bar.deals, cents + bar.cents)
    return found


def month_table(found: Figures, first: date, after: date, lines: Lines, line: str | None) -> Row:
    """Month × line; every cell opens the notices that add up to it."""
    sums = sums_by(found.bars, lambda bar: (bar.month, bar.line))
    codes = [code for code in lines if line in (None, code)]
    rows = [_month_row(month, codes, sums) for month in reversed(months_between(first, after))]
    columns = [{"label": "月份"}, *({"label": f"{lines[code].short}（宗 / 万元）", "right": True} for code in codes)]
    return {"label": "各月各市场成交", "columns": columns, "rows": rows}


def _month_row(month: str, codes: Sequence[str], sums: Mapping[Any, tuple[int, int]]) -> list[Any]:
    cells: list[Any] = [{"text": month, "nowrap": True}]
    for code in codes:
        deals, cents = sums.get((month, code), (0, 0))
        words = f"{deals} / {format_wan(cents)}" if deals else "—"
        cells.append({"text": words, "href": month_href(month, code) if deals else "", "right": True})
    return cells


def place_table(found: Figures, first: date, after: date, names: Mapping[int, str], line: str | None) -> Row:
    sums = sums_by(found.bars, lambda bar: bar.district)
    ranked = sorted(sums, key=lambda code: (-sums[code][1], str(code)))
    rows = [
        [
            {
                "text": place_name(code, names),
                "href": deals_href(first, after, line=line, district=place_parameter(code)),
            },
            {"text": str(sums[code][0]), "right": True},
            {"text": format_wan(sums[code][1]), "right": True},
        ]
        for code in ranked[:PLACES_LISTED]
    ]
    columns = [{"label": "地区"}, {"label": "成交（宗）", "right": True}, {"label": "成交额（万元）", "right": True}]
    return {"label": "各地成交", "columns": columns, "rows": rows, "left": len(ranked) - len(rows)}


def as_json(found: Figures, first: date, after: date) -> dict[str, object]:
    return {
        "definition": found.definition,
        "from": first.isoformat(),
        "to": (after - timedelta(days=1)).isoformat(),
        "as_of": to_beijing(found.as_of).isoformat(timespec="seconds"),
        "currency": "CNY",
        "deals": found.deals,
        "cents": found.cents,
        "bars": [
            {
                "month": bar.month, "line": bar.line, "district": f"{bar.district:06d}" if bar.district else None,
                "deals": bar.deals, "cents": bar.cents, "href": address("/notices", bar.parameters),
            }
            for bar in found.bars
        ],
    }  # fmt: skip


def as_rows(found: Figures, names: Mapping[int, str], lines: Lines) -> list[list[object]]:
    """For CSV: one line a bar, money in yuan as decimal text."""
    head: list[object] = ["月份", "市场", "地区代码", "地区", "成交宗数", "成交额（元）", "清单"]
    rows: list[list[object]] = [head]
    for bar in found.bars:
        name = lines[bar.line].name if bar.line in lines else bar.line
        code = f"{bar.district:06d}" if bar.district else ""
        yuan = f"{bar.cents // 100}.{bar.cents % 100:02d}"
        rows.append(
            [
                bar.month,
                name,
                code,
                place_name(bar.district, names),
                bar.deals,
                yuan,
                address("/notices", bar.parameters),
            ]
        )
    return rows
