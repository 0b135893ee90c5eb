"""Money as whole cents, and prices that need not be an amount (rates, discounts, unit lists, words).

Exact or refused: nothing here rounds, and no float ever comes in or goes out.
"""

import re
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Literal, get_args

PriceForm = Literal["amount", "rate", "discount", "unit_list", "text"]

MAX_CENTS = 10**17
_CENTS_PER_YUAN = 100
_CENTS_PER_WAN = 1_000_000
_FIGURES = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
_RATE = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_KEYS = ("form", "cents", "rate", "text", "currency", "unit")


@dataclass(frozen=True, slots=True)
class Price:
    """What is paid, in the form it was stated: cents for an amount, decimal text for a rate, words for the rest."""

    form: PriceForm
    cents: int | None = None
    rate: str | None = None
    text: str | None = None
    currency: str = "CNY"
    unit: str | None = None

    def __post_init__(self) -> None:
        problem = _price_problem(self)
        if problem:
            raise ValueError(problem)

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    @staticmethod
    def from_json(value: object) -> "Price":
        """The inverse of `as_json`; unknown or missing keys, and values that make no price, are a ValueError."""
        if not isinstance(value, dict) or set(value) != set(_KEYS):
            raise ValueError("价格必须恰好包含 form、cents、rate、text、currency、unit 六项")
        return Price(**value)


def amount(cents: int) -> Price:
    """The ordinary case: a price that is a sum of money."""
    return Price("amount", cents=cents)


def _price_problem(price: Price) -> str | None:
    if price.form not in get_args(PriceForm):
        return f"没有这种价格形式：{price.form}"
    if not isinstance(price.currency, str) or not re.fullmatch(r"[A-Z]{3}", price.currency):
        return "币种应为三个大写字母，如 CNY"
    if any(words is not None and not isinstance(words, str) for words in (price.rate, price.text, price.unit)):
        return "价格的 rate、text、unit 应为文字或空"
    if price.cents is not None and not _is_cents(price.cents):
        return "金额应为不小于零的整数分，且不超过 10^17"
    if price.form == "amount" and price.cents is None:
        return "金额形式的价格必须有金额"
    if price.form in ("rate", "discount") and (price.rate is None or not _RATE.fullmatch(price.rate)):
        return "费率或下浮率应为十进制数字"
    if price.form in ("unit_list", "text") and not price.text:
        return "单价清单或文字形式的价格必须写明内容"
    return None


def _is_cents(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_CENTS


def yuan_to_cents(text: str) -> int:
    """Exact cents of an amount in 元; negative, fractional-cent, unreadable or absurd amounts are a ValueError."""
    return _to_cents(text, _CENTS_PER_YUAN)


def wan_to_cents(text: str) -> int:
    """Exact cents of an amount in 万元; the same refusals as `yuan_to_cents`."""
    return _to_cents(text, _CENTS_PER_WAN)


def _to_cents(text: str, cents_per_unit: int) -> int:
    figures = text.strip().translate(_HALF_WIDTH) if len(text) <= 64 else ""
    if figures.startswith("-") or figures.startswith("−"):
        raise ValueError(f"金额不能为负数：{text}")
    if not _FIGURES.fullmatch(figures):
        raise ValueError(f"金额不是数字：{text[:40]}")
    cents = _exact_cents(figures.replace(",", ""), cents_per_unit)
    if cents is None:
        raise ValueError(f"金额不能小于一分：{text}")
    if cents > MAX_CENTS:
        raise ValueError(f"金额超出上限：{text}")
    return cents


def _exact_cents(figures: str, cents_per_unit: int) -> int | None:
    whole, _, part = figures.partition(".")
    places = len(str(cents_per_unit)) - 1
    part = part.rstrip("0")
    return int(whole) * cents_per_unit + int(part.ljust(places, "0")) if len(part) <= places else None


def format_yuan(cents: int) -> str:
    """`123456` → `1,234.56`, without the unit."""
    return f"{Decimal(cents).scaleb(-2):,.2f}"


def format_wan(cents: int) -> str:
    """`2631000000000` … in 万元 with at least two decimals, and as many more as exactness needs: `26,310.00`."""
    whole, places = f"{Decimal(cents).scaleb(-6):,.6f}".split(".")
    return f"{whole}.{places[:2]}{places[2:].rstrip('0')}"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_WITHIN_FOUR = ("", "拾", "佰", "仟")


def capital_words(cents: int) -> str:
    """The amount in capital Chinese figures as contracts and bank papers write it: 壹仟零伍元叁角整."""
    if not _is_cents(cents):
        raise ValueError("大写金额只适用于不小于零、不超过 10^17 的整数分")
    yuan, rest = divmod(cents, _CENTS_PER_YUAN)
    jiao, fen = divmod(rest, 10)
    head = f"{_number_words(yuan)}元" if yuan or not rest else ""
    if not rest:
        return f"{head}整"
    tail = f"{_DIGITS[jiao]}角" if jiao else ("零" if head else "")
    return head + tail + (f"{_DIGITS[fen]}分" if fen else "整")


def _number_words(number: int) -> str:
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if low and low * 10 < size else ""
            return _number_words(high) + unit + gap + (_number_words(low) if low else "")
    return _below_ten_thousand(number) or "零"


def _below_ten_thousand(number: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap else "") + _DIGITS[digit] + _WITHIN_FOUR[place]
            gap = False
        else:
            gap = bool(words)
    return words
