"""A price as it was written → a `Price` in its form: an amount, a rate, a discount, unit prices, or just the words.

Never invents an amount: a number that may be yuan or per cent stays words.
"""

import re

from tradehall.kernel.money import Price, wan_to_cents, yuan_to_cents

_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_PLAIN = re.compile(rf"{_NUMBER}")
_MONEY = re.compile(rf"(?:人民币|约)?\s*[￥¥]?\s*{_NUMBER}\s*(亿元|万元|元)\s*(?:人民币|整)?")
_LEAD = re.compile(rf"(?:投标)?(?:总报价|总价|报价)?(?:为)?[:：]?\s*{_NUMBER}\s*(万元|元)\s*[（(]")
_TOTAL = re.compile(rf"(?:投标总报价|总报价|总价)(?:为)?[:：]?\s*{_NUMBER}\s*(万元|元)(?![/／])")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*[%％]")
_UNIT = re.compile(rf"{_NUMBER}\s*(元\s*[/／]\s*[\w㎡³²·]{{1,10}})")
LEAST_PLAIN_YUAN = 1000


def price_of(text: str, *, unit: str = "元") -> Price | None:
    """None when nothing is stated. `unit`: what a bare number of 1,000 or more means."""
    words = " ".join(text.split())[:2000]
    if not words or words in {"/", "-", "无", "未提供"} or words.startswith("投标报价(元/%)"):
        return None
    try:
        return _amount(words, unit) or _unit_price(words) or _share(words) or _words(words)
    except ValueError:
        return _words(words)


def _words(words: str) -> Price:
    return Price("text", text=words)


def _cents(number: str, unit: str) -> int:
    if unit == "亿元":
        return wan_to_cents(number) * 10_000
    return wan_to_cents(number) if unit == "万元" else yuan_to_cents(number)


def _amount(words: str, unit: str) -> Price | None:
    if _PLAIN.fullmatch(words):
        if float(words.replace(",", "")) < LEAST_PLAIN_YUAN and unit == "元":
            return None
        return Price("amount", cents=_cents(words, unit))
    if found := _MONEY.fullmatch(words):
        return Price("amount", cents=_cents(*found.groups()))
    if found := (_LEAD.match(words) or _TOTAL.search(words)):
        return Price("amount", cents=_cents(*found.groups()), text=words)
    return None


def _unit_price(words: str) -> Price | None:
    found = _UNIT.findall(words)
    if not found:
        return None
    one = len(found) == 1 and _UNIT.fullmatch(words)
    return Price("unit_list", text=words, unit="".join(found[0][1].split()) if one else None)


def _share(words: str) -> Price | None:
    found = _PERCENT.findall(words)
    if len(found) != 1 or re.search(r"\d\s*万?元", words):
        return None
    return Price("discount" if "下浮" in words else "rate", rate=found[0], text=words)
