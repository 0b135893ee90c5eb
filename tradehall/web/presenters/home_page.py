"""The home page as values for its components. Pure: what was counted comes in, words and links go out."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tradehall.disclosure.counts import LineCounts
from tradehall.disclosure.listing import Item
from tradehall.kernel.times import to_beijing
from tradehall.reference.lines import CardWord, Line
from tradehall.tenders.kinds import STAGES
from tradehall.web.presenters.addresses import address
from tradehall.web.presenters.events import Event

Row = dict[str, Any]
TEXT = Path(__file__).parents[1] / "home.toml"
CHIP_STAGES = ("", "notice", "change", "review", "result", "contract", "abnormal")


@cache
def stated() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads(TEXT.read_text("utf-8"))


def platform_notices() -> list[Row]:
    newest = sorted(stated()["notice"], key=lambda row: row["on"], reverse=True)
    return [{"title": row["title"], "href": row["href"], "at": row["on"]} for row in newest]


def strip(numbers: Mapping[str, int], today: date) -> list[Row]:
    """Five numbers, each as long as the list it opens."""
    day = today.isoformat()
    shown = (
        ("megaphone", "new_today", "条", "今日新发公告", address("/notices", {"from": day, "to": day})),
        ("gavel", "live_auctions", "场", "正在竞价", "/auctions?when=live"),
        ("monitor-play", "openings_today", "场", "今日开标", f"/calendar/{day}?kind=opening"),
        ("timer", "closing_soon", "项", "48 小时内截止", "/calendar/soon"),
        ("message-square", "in_review", "项", "公示期内可提异议", "/projects?state=review"),
    )
    return [
        {
            "icon": icon,
            "value": numbers[name],
            "unit": unit,
            "label": label,
            "href": href,
            "hot": name == "live_auctions",
        }
        for icon, name, unit, label, href in shown
    ]


def market_card(line: Line, whole: LineCounts, today: int, counted: Mapping[str, int]) -> Row:
    """`whole` counts the notices of the line; words that ask for a phrase were counted by searching (`counted`)."""
    items = [
        {
            "label": word.label,
            "count": card_count(word, whole, counted),
            "href": address("/notices", {"line": line.code, **word.query}),
        }
        for word in line.card
    ]
    href = f"/notices?line={line.code}"
    return {"line": line.code, "name": line.name, "icon": line.icon, "href": href, "today": today, "items": items}


def card_count(word: CardWord, whole: LineCounts, counted: Mapping[str, int]) -> int:
    if set(word.query) not in ({"kind"}, {"stage"}):
        return counted.get(word.label, 0)
    ((name, value),) = word.query.items()
    return whole.kinds[value] if name == "kind" else whole.stages[value]


def tabs(lines: Sequence[Line], today: Mapping[str, int], total: int, line: str | None, stage: str | None) -> list[Row]:
    """Markets with what is new today; the stage chosen stays."""
    every = [("", "全部", total), *((each.code, each.name, today.get(each.code, 0)) for each in lines)]
    return [
        {"label": name, "count": count, "href": _here(line=code, stage=stage), "current": (line or "") == code}
        for code, name, count in every
    ]


def stage_chips(line: str | None, stage: str | None) -> list[Row]:
    return [
        {"label": STAGES.get(code, "不限"), "href": _here(line=line, stage=code), "current": (stage or "") == code}
        for code in CHIP_STAGES
    ]


def _here(line: str | None, stage: str | None) -> str:
    return address("/", {"line": line, "stage": stage}) + "#newest"


def live_rows(items: Iterable[Item], lines: Mapping[str, Line], at: datetime) -> list[Row]:
    """Rooms open now: what is announced of them. Offers are shown by the room itself."""
    return [
        {
            **_auction(item, lines),
            "left_text": f"{to_beijing(item.closes_at):%m-%d}" if item.closes_at else "—",
            "phase": f"{to_beijing(item.closes_at):%H:%M} 报价截止" if item.closes_at else "截止时间见公告",
            "urgent": bool(item.closes_at and (item.closes_at - at).days < 1),
        }
        for item in items
    ]


def announced_rows(events: Iterable[Event], lines: Mapping[str, Line]) -> list[Row]:
    return [
        {
            **_auction(item, lines),
            "left_text": f"{to_beijing(moment):%m-%d}",
            "phase": f"{to_beijing(moment):%H:%M} 开始竞价",
        }
        for _, moment, item in events
    ]


def result_rows(items: Iterable[Item], lines: Mapping[str, Line]) -> list[Row]:
    return [
        {**_auction(item, lines), "left_text": f"{to_beijing(item.published_at):%Y-%m-%d}", "phase": "已公布结果"}
        for item in items
    ]


def _auction(item: Item, lines: Mapping[str, Line]) -> Row:
    line = lines.get(item.line)
    return {
        "line": item.line,
        "line_label": line.short if line else item.line,
        "title": item.title,
        "href": item.href,
        "price_cents": item.amount,
        "unit": "万元" if item.amount is not None else "公告未载明价格",
    }
