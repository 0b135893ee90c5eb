"""What a visitor asked a list for, read from its address: pure, forgiving, and honest about what it left out.

Unknown parameters and values are ignored (pages) and reported as notes; nothing here touches the database.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from tradehall.kernel.times import BEIJING
from tradehall.tenders.kinds import KINDS, METHODS, STAGES

from .grams import WordKeys, normalise_text, word_keys

PAGE_SIZE = 20
MAX_QUERY = 500
MAX_WORDS = 10
MAX_CENTS = 10**17
SORTS = ("newest", "closing", "amount", "relevance")
STATES: dict[str, str] = {
    "planned": "计划中",
    "open": "正在公告",
    "closed": "已截止",
    "opened": "已开标",
    "review": "公示中",
    "dealt": "已成交",
    "failed": "未成交",
    "terminated": "已终止",
    "suspended": "已暂停",
    "allocated": "已供地",
    "deal": "计入成交统计",
    "changed": "有变更",
}
PARAMETERS = (
    "q", "line", "stage", "district", "kind", "method", "principal", "from", "to",
    "amount_min", "amount_max", "state", "sort", "page",
)  # fmt: skip
_MARKS = re.compile(r"[\"'“”‘’「」『』《》〈〉,，;；、?？!！]+")


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know about the answer; `drop` names parameters to leave out in one click."""

    code: str
    message: str
    drop: str | None = None
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    view: str = "notices"
    q: str = ""
    words: tuple[str, ...] = ()
    line: str | None = None
    stage: str | None = None
    districts: tuple[int, ...] = ()
    place: str = "within"
    kind: str | None = None
    method: str | None = None
    principal: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    amount_min: int | None = None
    amount_max: int | None = None
    state: str | None = None
    sort: str = "newest"
    page: int = 1
    size: int = PAGE_SIZE
    notes: tuple[Note, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)

    def parameters(self, **changes: str | int | None) -> dict[str, str]:
        """The parameters of this list's address, with some changed or (None) left out; page 1 is never written."""
        merged = {**self.given, **changes}
        kept = {name: str(merged[name]) for name in PARAMETERS if merged.get(name) not in (None, "")}
        return {name: value for name, value in kept.items() if (name, value) not in (("page", "1"), ("sort", "newest"))}


def parse_query(given: Mapping[str, str], view: str = "notices") -> Query:
    notes: list[Note] = []
    text = _text(given.get("q", ""), notes)
    place, districts = _place(given, notes)
    query = Query(
        view=view,
        q=text,
        words=split_words(text, notes),
        line=_plain(given, "line"),
        stage=_choice(given, "stage", STAGES, notes),
        districts=districts,
        place=place,
        kind=_choice(given, "kind", KINDS, notes),
        method=_choice(given, "method", METHODS, notes),
        principal=_plain(given, "principal"),
        since=_day(given, "from", notes),
        until=_day(given, "to", notes),
        amount_min=_amount(given, "amount_min", notes),
        amount_max=_amount(given, "amount_max", notes),
        state=_choice(given, "state", STATES, notes),
        sort=_choice(given, "sort", SORTS, notes) or "newest",
        page=_page(given),
        given={name: given[name][:MAX_QUERY] for name in PARAMETERS if given.get(name)},
    )
    return replace(query, until=query.until and query.until + timedelta(days=1), notes=tuple(notes))


def _text(raw: str, notes: list[Note]) -> str:
    if len(raw) > MAX_QUERY:
        notes.append(Note("too_long", f"检索词过长（{len(raw)} 字），只取前 {MAX_QUERY} 字，请缩短后再试。"))
    return raw[:MAX_QUERY].replace("\0", "").strip()


def split_words(text: str, notes: list[Note]) -> tuple[str, ...]:
    found = dict.fromkeys(word.strip() for word in normalise_text(_MARKS.sub(" ", text)).split())
    words = tuple(word for word in found if word)
    if len(words) > MAX_WORDS:
        notes.append(Note("too_many_words", f"检索词过多，只用前 {MAX_WORDS} 个。"))
    return words[:MAX_WORDS]


def _plain(given: Mapping[str, str], name: str) -> str | None:
    return given.get(name, "").replace("\0", "").strip()[:200] or None


def _choice(given: Mapping[str, str], name: str, known: Container[str], notes: list[Note]) -> str | None:
    value = _plain(given, name)
    if value is None or value in known:
        return value
    notes.append(Note("unknown_value", f"条件 {name} 没有“{value[:40]}”这个取值，未使用该条件。", drop=name))
    return None


def _place(given: Mapping[str, str], notes: list[Note]) -> tuple[str, tuple[int, ...]]:
    """`310100,310200` hold what lies in them; `only-310100` is just that; `none` is what states no place."""
    value = _plain(given, "district") or ""
    if value == "none":
        return "none", (0,)
    place = "only" if value.startswith("only-") else "within"
    codes = [part for part in value.removeprefix("only-").split(",") if part][:50]
    if all(len(code) == 6 and code.isascii() and code.isdigit() and code != "000000" for code in codes):
        return place, tuple(int(code) for code in codes)
    notes.append(Note("unknown_value", "地区应为六位行政区划代码，未使用该条件。", drop="district"))
    return "within", ()


def _day(given: Mapping[str, str], name: str, notes: list[Note]) -> datetime | None:
    value = _plain(given, name)
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = date.min
    if 1990 <= day.year <= 2100:
        return datetime.combine(day, time.min, BEIJING)
    notes.append(Note("bad_date", f"日期“{value[:40]}”应写作 2026-01-31（1990—2100 年），未使用该条件。", drop=name))
    return None


def _amount(given: Mapping[str, str], name: str, notes: list[Note]) -> int | None:
    """Amounts in addresses are yuan."""
    value = _plain(given, name)
    if value is None:
        return None
    try:
        cents = Decimal(value) * 100
    except InvalidOperation:
        cents = Decimal(-1)
    if cents.is_finite() and 0 <= cents <= MAX_CENTS and cents == int(cents):
        return int(cents)
    notes.append(
        Note("bad_amount", f"金额“{value[:40]}”应为不小于 0 的元数（至多两位小数），未使用该条件。", drop=name)
    )
    return None


def _page(given: Mapping[str, str]) -> int:
    value = given.get("page", "1")
    return max(1, min(int(value), 100_000)) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def keyed_words(words: tuple[str, ...]) -> tuple[WordKeys, ...]:
    return tuple(word_keys(word) for word in words if len(word) > 1)
