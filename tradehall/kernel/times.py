"""Instants: stored with a zone, shown in Beijing time, and read from what Chinese notices write.

Never reads a clock: the time of an act is an argument.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

# 北京时间 is a fixed offset in the data norm; the summer time of 1986–1991 is not used in any record.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")

Precision = Literal["minute", "day"]
FIRST_YEAR, LAST_YEAR = 1990, 2100

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_TIME = (
    r"(?P<half>上午|下午|晚上|中午|凌晨)?(?P<hour>\d{1,2})(?::|时|点)"
    r"(?:(?P<minute>\d{1,2})分?|整|(?P<half_past>半))?(?::?(?P<second>\d{1,2})秒?(?:\.\d{1,9})?)?"
)
_ZONE = r"(?P<zone>[Zz]|[+-]\d\d:?\d\d)?"
_CLAIMED = re.compile(
    rf"(?P<year>\d{{4}})(?:年|-|/|\.)(?P<month>\d{{1,2}})(?:月|-|/|\.)(?P<day>\d{{1,2}})[日号]?"
    rf"(?:[Tt]?(?:{_TIME}){_ZONE})?",
    re.ASCII,
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:[Tt]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?", re.ASCII
)
# Between day and hour a blank separates "2026-3-1 12:00"; it becomes T before all other blanks go.
_DAY_GAP = re.compile(r"(?<=\d)\s+(?=\d{1,2}\s*[:时点])")
_NOISE = re.compile(r"\s+|[(（]?北京时间[)）]?|[(（]?(?:星期|周)[一二三四五六日天][)）]?")
_WIDE = str.maketrans("０１２３４５６７８９：－／．", "0123456789:-/.")


def to_beijing(moment: datetime) -> datetime:
    """The same instant on Beijing's clock; a time without zone is a bug of the caller."""
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    return moment.astimezone(BEIJING)


def format_minute(moment: datetime) -> str:
    """`2026-09-18 10:24`, Beijing."""
    return to_beijing(moment).strftime("%Y-%m-%d %H:%M")


def rfc3339(moment: datetime) -> str:
    """`2026-09-18T10:24:36+08:00`; parts of a second appear only when there are some."""
    return to_beijing(moment).isoformat()


def parse_rfc3339(text: str) -> datetime:
    """Strict RFC 3339 with a zone; ValueError in words otherwise."""
    if not _RFC3339.fullmatch(text):
        raise ValueError(f"时间应写作 2026-09-18T10:24:00+08:00 的形式：{text[:40]}")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(BEIJING)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"没有这个时间：{text}") from error


def parse_claimed(text: str) -> tuple[datetime, Precision]:
    """A date or time as notices write it: 2026年3月17日9时30分, 2026/3/17, 20260317093000, ISO, 24:00 as end of day.

    Without an hour the precision is `day` and the instant is Beijing's midnight at its beginning. Impossible dates
    and years outside 1990–2100 are a ValueError.
    """
    if len(text) > 64:
        raise ValueError(f"不是日期：{text[:40]}")
    plain = _NOISE.sub("", _DAY_GAP.sub("T", text.strip().translate(_WIDE)))
    found = _CLAIMED.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if found is None:
        raise ValueError(f"不是日期：{text}")
    parts = found.groupdict()
    try:
        moment = _instant(parts)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"没有这个日期或时间：{text}") from error
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间：{text}")
    return moment, "minute" if parts["hour"] else "day"


def _instant(parts: dict[str, str | None]) -> datetime:
    day = datetime(int(parts["year"] or 0), int(parts["month"] or 0), int(parts["day"] or 0), tzinfo=BEIJING)
    hour, minute, second = _hour(parts), _minute(parts), int(parts["second"] or 0)
    if (hour, minute, second) == (24, 0, 0):
        return day + timedelta(days=1)
    moment = day.replace(hour=hour, minute=minute, second=second)
    return moment.replace(tzinfo=_zone(parts.get("zone"))).astimezone(BEIJING)


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts["hour"] or 0)
    afternoon = parts.get("half") in ("下午", "晚上") or (parts.get("half") == "中午" and hour < 11)
    return hour + 12 if afternoon and hour < 12 else hour


def _minute(parts: dict[str, str | None]) -> int:
    return 30 if parts.get("half_past") else int(parts["minute"] or 0)


def _zone(text: str | None) -> timezone:
    if text is None:
        return BEIJING
    if text in "Zz":
        return UTC
    digits = text.replace(":", "")
    offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return timezone(-offset if digits[0] == "-" else offset)
