"""A listed notice or project as the values of one row on screen. Pure: an Item in, a dict for `notice_row` out.

Says only what the item states: an hour nobody stated is not shown, and a year is written where it is not this year's.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from tradehall.disclosure.listing import Item
from tradehall.kernel.money import format_yuan
from tradehall.kernel.times import format_minute, to_beijing
from tradehall.reference.lines import Line
from tradehall.tenders.kinds import STAGES, kind_label
from tradehall.ui.rules import urgency

Row = dict[str, Any]
Lines = Mapping[str, Line]

WAN_CENTS, HUNDRED_YUAN = 1_000_000, 10_000
AMOUNT_WORDS = {"result": "result", "contract": "contract", "fulfillment": "contract"}
PLAIN_AMOUNTS = {"plan": "计划金额", "review": "拟成交金额", "allocation": "供地价款"}
STATUS_WORDS = {
    "failed": "failed", "terminated": "terminated", "suspended": "suspended", "dealt": "awarded",
}  # fmt: skip


def rows_of(items: Iterable[Item], lines: Lines, at: datetime) -> list[Row]:
    return [row_of(item, lines, at) for item in items]


def row_of(item: Item, lines: Lines, at: datetime) -> Row:
    line = lines.get(item.line)
    return {
        "href": item.href,
        "title": item.title,
        "line": item.line,
        "line_label": line.short if line else item.line,
        "stage": item.stage,
        "kind_label": kind_words(item),
        "states": states_of(item),
        "principal": item.principal,
        "district": item.district_name,
        "no": item.project_no,
        **amount_of(item),
        "amount_label": amount_words(item, line) if item.amount is not None else "",
        "published_at": stamp(item.published_at, at),
        "hit": project_words(item),
        **due_of(item, at),
    }


def amount_of(item: Item) -> Row:
    """In 万元 with two decimals, as every list; what is less than one 万 in yuan, to the cent."""
    if item.amount is None:
        return {"amount_cents": None}
    is_yuan = item.currency == "CNY"
    if item.amount < WAN_CENTS:
        return {"amount_cents": None, "amount_text": f"{format_yuan(item.amount)} {'元' if is_yuan else item.currency}"}
    rounded = (item.amount + HUNDRED_YUAN // 2) // HUNDRED_YUAN * HUNDRED_YUAN
    return {"amount_cents": rounded, "amount_unit": "万元" if is_yuan else f"万 {item.currency}"}


def kind_words(item: Item) -> str:
    if item.notice_no is None:
        return STAGES.get(item.stage, item.stage)
    return item.kind_label or kind_label(item.line, item.kind)


def states_of(item: Item) -> list[str]:
    if item.notice_no is None and item.status in STATUS_WORDS:
        return [STATUS_WORDS[item.status]]
    return ["extended"] if item.moved_from and item.closes_at and item.moved_from < item.closes_at else []


def project_words(item: Item) -> str:
    if item.notice_no is not None:
        return ""
    changed = f"，变更 {item.changes} 次" if item.changes else ""
    return f"公告 {item.notices} 条{changed}"


def amount_words(item: Item, line: Line | None) -> str:
    """What the figure is called at this stage in the words of the line; a plain word where lists do not know it."""
    if item.stage in PLAIN_AMOUNTS:
        return PLAIN_AMOUNTS[item.stage]
    key = AMOUNT_WORDS.get(item.stage) or (line.notice_amount if line else None) or ""
    return (line.amounts.get(key) if line else None) or "公告金额"


def due_of(item: Item, at: datetime) -> Row:
    """The deadline with the one it was moved from, or until when objections are taken; `at` is asked of no clock here."""
    if item.closes_at:
        local = to_beijing(item.closes_at)
        is_this_year = local.year == to_beijing(at).year
        words = f"{local:%m-%d %H:%M}" if is_this_year else format_minute(item.closes_at)
        was = f"{to_beijing(item.moved_from):%m-%d %H:%M}" if item.moved_from else None
        return {"due_text": f"{words} 截止", "due_tone": urgency(item.closes_at, at), "due_was": was}
    if item.review_until:
        is_over = item.review_until <= at
        day = f"{to_beijing(item.review_until):%m-%d}"
        return {"due_text": f"公示至 {day}", "due_tone": "over" if is_over else "urgent"}
    return {}


def stamp(moment: datetime, at: datetime) -> datetime | str:
    """This year's moments stay moments; others become text with their year, days without an hour lose the midnight."""
    local = to_beijing(moment)
    if local.time() == time.min:
        return f"{local:%Y-%m-%d}"
    return moment if local.year == to_beijing(at).year else format_minute(moment)
