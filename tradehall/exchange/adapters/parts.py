"""Pieces that several sources state alike: candidates, winners, review periods, areas, months."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from tradehall.exchange.adapters.prices import price_of
from tradehall.exchange.adapters.rows import Reading, moment
from tradehall.kernel.money import Price
from tradehall.kernel.times import rfc3339

When = tuple[datetime, str] | None
LONGEST_NAME = 150
_DATE = r"(20\d\d\s*[年/-]\s*\d{1,2}\s*[月/-]\s*\d{1,2}\s*日?(?:\s*\d{1,2}\s*[时点:：]\s*\d{1,2}\s*分?)?)"
_PERIOD = re.compile(rf"{_DATE}\s*(?:至|到|-|—|~)\s*{_DATE}")
_REVIEW = re.compile(rf"公示(?:期|时间|期间|期限)[^\n]{{0,20}}?{_DATE}\s*(?:至|到|-|—|~)\s*{_DATE}")
_STARTS = re.compile(rf"公示开始时间\s*[:：]?\s*{_DATE}.{{0,40}}?公示结束时间\s*[:：]?\s*{_DATE}", re.DOTALL)


def claimed(text: str) -> tuple[datetime, str] | None:
    """A date when the text is one; None otherwise. For places where a date is welcome, not required."""
    try:
        return moment(text.replace("：", ":")) if text else None
    except ValueError:
        return None


def month_of(text: str) -> str | None:
    found = re.search(r"(20\d\d)\s*[年-]\s*(\d{1,2})", text)
    return f"{found[1]}-{int(found[2]):02d}" if found and 1 <= int(found[2]) <= 12 else None


def hectares(reading: Reading, text: str, key: str) -> str | None:
    """Square metres of an area in 公顷, exact decimal text."""
    if not text:
        return None
    try:
        area = Decimal(text) * 10_000
        if not area.is_finite() or area < 0 or area > 10**12 or len(text) > 20:
            raise InvalidOperation
    except InvalidOperation:
        reading.find("area", "面积不是一个数字，按原文保留", key, text)
        return None
    if area == 0:
        reading.find("zero_area", "面积为 0", key, text)
    return f"{area.normalize():f}"


def winners(named: Sequence[tuple[str, Price | None]]) -> list[dict[str, object]]:
    return [
        {"name": name[:300], "uscc": None, "rank": None, "price": price.as_json() if price else None, "lot": None}
        for name, price in named
        if name
    ]


def candidates(reading: Reading, named: Sequence[tuple[str, str]]) -> list[dict[str, object]]:
    """Ranked as listed; cells that are no names are dropped with a finding, more than three is one too (T18)."""
    listed: list[dict[str, object]] = []
    for name, words in named:
        if len(name) > LONGEST_NAME or not name:
            reading.find("candidate_name", "候选人一栏不是名称，未列为候选人", "candidates", name)
            continue
        price = price_of(words)
        if price is None or price.form == "text":
            reading.find("price_form", "投标报价不是可以确认的金额，按原文保留", "candidates", words)
        stated = price.as_json() if price else None
        listed.append({"name": name, "uscc": None, "rank": len(listed) + 1, "price": stated, "score": None})
    if len(listed) > 3:
        reading.find("T18", f"公示候选人 {len(listed)} 名，条例规定不超过 3 名（可能含联合体成员）", "candidates")
    return listed


def review_period(reading: Reading, text: str, facts: dict[str, object]) -> None:
    """review_from and review_until, when the text states both and they are in order."""
    found = _REVIEW.search(text) or _STARTS.search(text) or _PERIOD.fullmatch(text.strip())
    starts, ends = (claimed(found[1]), claimed(found[2])) if found else (None, None)
    if starts is None or ends is None:
        reading.find("review_period", "没有读到公示期", "publicity_period")
        return
    if ends[0] < starts[0]:
        reading.find("review_period", "公示结束早于开始", "publicity_period", found[0] if found else "")
        return
    facts.update(review_from=rfc3339(starts[0]), review_until=rfc3339(ends[0]))
    if (ends[0].date() - starts[0].date()).days < 3:
        reading.find("T16", "公示期少于 3 日", "publicity_period", found[0] if found else "")


def period(text: str) -> tuple[str | None, str | None]:
    """Both ends of `A至B` as RFC 3339, or None."""
    found = _PERIOD.search(text)
    ends = (claimed(found[1]), claimed(found[2])) if found else (None, None)
    return (rfc3339(ends[0][0]) if ends[0] else None, rfc3339(ends[1][0]) if ends[1] else None)
