"""What every adapter shares: the row it reads, the report it makes, and the list of what was wrong with the row.

A `Reading` collects refusals (the row cannot stand) and findings (it stands, and this is odd) while an adapter reads.
It refuses to guess: a value that is not what its column promises is refused or found, never repaired silently.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from tradehall.kernel.money import Price, wan_to_cents, yuan_to_cents
from tradehall.kernel.refusal import Refusal, Violation
from tradehall.kernel.times import parse_claimed
from tradehall.tenders.reports import Finding, NoticeReport

EMPTY_WORDS = frozenset({"", "/", "-", "—", "无", "null", "None", "公告未明确列示", "公告未单独列示", "未提供"})
_PLACEHOLDER = re.compile(r"\s*(?:0001|1900|1901)\b|\s*(?:0001|1900|1901)\s*年")
_DATE_SHAPE = re.compile(r"\s*\d{4}\s*(?:[-/年.]\s*\d{1,2}\s*[-/月.]\s*\d{1,2}|\d{4}(?:\d{6})?)[^至~—到]*$")


@dataclass(frozen=True, slots=True)
class Row:
    """One record as received: its first line in the file, its fields, its canonical text and the digest of that."""

    line: int
    fields: dict[str, object]
    raw: str
    digest: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that could not even be read."""

    line: int
    rule: str
    message: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Adapter:
    """`columns`: the keys by which a file is recognised; `convert` raises nothing but `Refusal`."""

    code: str
    label: str
    columns: frozenset[str]
    convert: Callable[[Row], NoticeReport]


@lru_cache(maxsize=65536)
def moment(text: str) -> tuple[datetime, str]:
    return parse_claimed(text)


def clean(value: object) -> str:
    """The text of a scalar, inner white space collapsed; words that mean "not stated" become empty."""
    if value is None or isinstance(value, bool | dict | list):
        return ""
    text = " ".join(str(value).replace("\u200c", "").split())
    return "" if text in EMPTY_WORDS else text


@dataclass(slots=True)
class Reading:
    """A row being read; `done()` raises one `Refusal` with everything that was refused."""

    row: Row
    violations: list[Violation] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, rule: str, message: str, key: str | None = None) -> None:
        self.violations.append(Violation(code=rule, message=message, field=key))

    def find(self, rule: str, message: str, key: str | None = None, value: str | None = None) -> None:
        self.findings.append(Finding(rule=rule, message=message, field=key, value=(value or "")[:200] or None))

    def text(self, key: str, *, required: bool = False, limit: int = 2000) -> str:
        value = self.row.fields.get(key)
        if isinstance(value, dict | list | bool):
            self.refuse("type", f"{key} 应当是文字", key)
            return ""
        text = clean(value)
        if len(text) > limit:
            self.refuse("too_long", f"{key} 超过 {limit} 个字符", key)
            return ""
        if required and not text:
            self.refuse("required", f"缺少 {key}，无法确认是哪一条记录", key)
        return text

    def long_text(self, key: str, limit: int = 2_000_000) -> str:
        """Text whose line breaks matter."""
        value = self.row.fields.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse("type", f"{key} 应当是文字", key)
            return ""
        if len(value) > limit:
            self.refuse("too_long", f"{key} 超过 {limit} 个字符", key)
            return ""
        return value

    def mapping(self, key: str) -> dict[str, object]:
        value = self.row.fields.get(key)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.refuse("type", f"{key} 应当是键值对象", key)
        return {}

    def when(self, key: str, *, required: bool = False) -> tuple[datetime, str] | None:
        return self.moment_of(self.text(key), key, required=required)

    def moment_of(self, text: str, key: str, *, required: bool = False) -> tuple[datetime, str] | None:
        """A stated date. Impossible ones refuse the row; words that are no date, and placeholders, are found."""
        if not text:
            if required:
                self.refuse("required", f"缺少 {key}，无法确认发布日期", key)
            return None
        try:
            return moment(text)
        except ValueError as error:
            if required or (_DATE_SHAPE.match(text) and not _PLACEHOLDER.match(text)):
                self.refuse("date", f"{key} 不是可能的日期：{text[:40]}（{error}）", key)
            else:
                self.find("date_not_stated", f"{key} 不是日期，按原文保留", key, text)
            return None

    def money(self, key: str, *, wan: bool = False) -> int | None:
        """Cents of a numeric column; negative, fractional cents and words refuse the row."""
        text = self.text(key)
        return self.cents_of(text, key, wan=wan) if text else None

    def cents_of(self, text: str, key: str, *, wan: bool = False) -> int | None:
        try:
            return wan_to_cents(text) if wan else yuan_to_cents(text)
        except (ValueError, ArithmeticError) as error:
            self.refuse("money", f"{key} 不是可能的金额：{text[:40]}（{error}）", key)
            return None

    def done(self) -> None:
        if self.violations:
            raise Refusal(tuple(self.violations))


def amount(cents: int | None) -> Price | None:
    return None if cents is None else Price(form="amount", cents=cents, rate=None, text=None)


def drop_empty(facts: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in facts.items() if value not in (None, "", [])}
