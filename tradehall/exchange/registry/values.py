"""One check for each type of field: wire text → clean value, or why not.

`ValueError` refuses the record (wrong check digits, impossible dates or money); `Odd` is found and published beside it.
Nothing here repairs a value.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from tradehall.exchange.registry.load import code_list
from tradehall.exchange.registry.shape import Field
from tradehall.kernel.identifiers import (
    check_citizen_id,
    check_uscc,
    is_organisation_code,
    normalise_unified_deal_code,
)
from tradehall.kernel.money import wan_to_cents, yuan_to_cents
from tradehall.kernel.times import BEIJING, FIRST_YEAR, LAST_YEAR, parse_claimed, rfc3339
from tradehall.reference import codes

Fields = Mapping[str, object]
Check = Callable[[str, Fields], object]
LONGEST_TEXT = 10_000
LONGEST_LONG = 2_000_000
RULES = {
    "uscc": "check_digit", "party_code": "check_digit", "deal_code": "check_digit", "deal_codes": "check_digit",
    "date": "date", "time": "date", "money": "money", "text": "too_long", "long": "too_long", "fixed": "too_long",
}  # fmt: skip
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,12})?", re.ASCII)
_DIGITS_8 = re.compile(r"\d{8}", re.ASCII)
_DIGITS_14 = re.compile(r"\d{14}", re.ASCII)


class Odd(Exception):
    """Stated, and not what the norm says. `value` is what is kept of it."""

    def __init__(self, rule: str, message: str, value: object = None) -> None:
        super().__init__(message)
        self.rule, self.message, self.value = rule, message, value


def check_of(field: Field) -> Check:
    return _MAKERS[field.base](field)


def _text(field: Field) -> Check:
    limit = int(field.argument)

    def check(text: str, _: Fields) -> object:
        if len(text) > limit:
            if len(text) > LONGEST_TEXT:
                raise ValueError(f"{field.label}超过 {LONGEST_TEXT} 个字符")
            raise Odd("too_long", f"{field.label}超过规范长度 {limit}", text)
        return text

    return check


def _fixed(field: Field) -> Check:
    length = int(field.argument)

    def check(text: str, _: Fields) -> object:
        if len(text) != length:
            raise Odd("length", f"{field.label}应为 {length} 位", text[:100])
        return text

    return check


def _long(field: Field) -> Check:
    def check(text: str, _: Fields) -> object:
        if len(text) > LONGEST_LONG:
            raise ValueError(f"{field.label}超过 {LONGEST_LONG} 个字符")
        return text

    return check


def _number(field: Field) -> Check:
    def check(text: str, _: Fields) -> object:
        if not _NUMBER.fullmatch(text):
            raise Odd("number", f"{field.label}不是数字")
        if text[0] == "-":
            raise Odd("number", f"{field.label}是负数", text)
        return text

    return check


def _whole(field: Field) -> Check:
    def check(text: str, _: Fields) -> object:
        if not (text.isascii() and text.isdigit()) or len(text) > 9:
            raise Odd("number", f"{field.label}不是整数")
        return int(text)

    return check


def _money(field: Field) -> Check:
    fixed = {"yuan": "0", "wan": "1"}.get(field.argument)
    wire = field.argument

    def check(text: str, fields: Fields) -> object:
        unit = fixed or str(fields.get(wire) or "")
        cents = wan_to_cents(text) if unit == "1" else yuan_to_cents(text)
        if unit not in ("0", "1"):
            raise Odd("unit", f"{field.label}没有报送可用的单位（{wire}：0 元，1 万元），不作为金额使用")
        if cents == 0:
            raise Odd("zero_amount", f"{field.label}为 0，按原样公开", 0)
        return cents

    return check


@lru_cache(maxsize=8192)
def _moment(text: str) -> str:
    """Digits only, so the parts are where they are; whatever is not plainly a moment gets the kernel's words for it."""
    try:
        datetime(int(text[:4]), int(text[4:6]), int(text[6:8]), *_clock(text), tzinfo=BEIJING)
    except ValueError:
        return rfc3339(parse_claimed(text)[0])
    if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        return rfc3339(parse_claimed(text)[0])
    clock = f"{text[8:10]}:{text[10:12]}:{text[12:]}" if len(text) == 14 else "00:00:00"
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{clock}+08:00"


def _clock(text: str) -> tuple[int, int, int]:
    return (int(text[8:10]), int(text[10:12]), int(text[12:])) if len(text) == 14 else (0, 0, 0)


def _date(field: Field) -> Check:
    def check(text: str, _: Fields) -> object:
        if not _DIGITS_8.fullmatch(text):
            raise ValueError(f"{field.label}应为 8 位数字 yyyyMMdd：{text[:40]}")
        return _moment(text)[:10]

    return check


def _time(field: Field) -> Check:
    def check(text: str, _: Fields) -> object:
        if not _DIGITS_14.fullmatch(text):
            raise ValueError(f"{field.label}应为 14 位数字 yyyyMMddHHmmss：{text[:40]}")
        return _moment(text)

    return check


def _yes_no(field: Field) -> Check:
    def check(text: str, _: Fields) -> object:
        if text not in ("0", "1"):
            raise Odd("dictionary", f"{field.label}应为 1（是）或 0（否）")
        return text == "1"

    return check


def _code(field: Field) -> Check:
    known = code_list(field.argument)

    def check(text: str, _: Fields) -> object:
        if text in known:
            return text
        unknown = [one for one in text.split(";") if one not in known]
        if unknown:
            raise Odd(
                "dictionary", f"{field.label}不在代码集 {field.argument} 中：{';'.join(unknown)[:100]}", text[:200]
            )
        return text

    return check


@lru_cache(maxsize=8192)
def _checked_uscc(text: str) -> str:
    """Remembered: a message names the same few organisations again and again."""
    check_uscc(text)
    return text


def _uscc(_: Field) -> Check:
    return lambda text, _fields: _checked_uscc(text)


def _party_code(field: Field) -> Check:
    wire = field.argument

    def check(text: str, fields: Fields) -> object:
        kind = str(fields.get(wire) or "1")
        if kind == "2":
            check_citizen_id(text)
        elif kind == "1":
            if is_organisation_code(text):
                raise Odd("uscc", f"{field.label}报送的是组织机构代码，应为统一社会信用代码")
            return _checked_uscc(text)
        return text

    return check


def _deal_code(_: Field) -> Check:
    return lambda text, _fields: full_deal_code(text)


def _deal_codes(_: Field) -> Check:
    return lambda text, _fields: [full_deal_code(one.strip()) for one in text.split(";") if one.strip()]


@lru_cache(maxsize=8192)
def full_deal_code(text: str) -> str:
    """The full form; the 33-character one lacks its classification, which the check character then has to reveal."""
    if len(text.replace("-", "")) != 33:
        return normalise_unified_deal_code(text)
    fitting = []
    for classification in codes.classifications():
        try:
            fitting.append(normalise_unified_deal_code(text, classification))
        except ValueError as error:
            last = error
    if not fitting:
        raise last
    if len(fitting) > 1:
        raise Odd("deal_code_short", "33 位的统一交易标识码对应不止一个分类代码，请报送 36 位")
    return fitting[0]


def _region(field: Field) -> Check:
    def check(text: str, _: Fields) -> object:
        if not codes.is_region_code(text):
            raise Odd("dictionary", f"{field.label}不是已知的六位行政区划代码")
        return text

    return check


_MAKERS: dict[str, Callable[[Field], Check]] = {
    "text": _text, "fixed": _fixed, "long": _long, "number": _number, "int": _whole, "money": _money,
    "date": _date, "time": _time, "yes_no": _yes_no, "code": _code, "uscc": _uscc, "party_code": _party_code,
    "deal_code": _deal_code, "deal_codes": _deal_codes, "region": _region,
}  # fmt: skip
