"""Whole cents, exact or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradehall.kernel.money import (
    MAX_CENTS,
    Price,
    amount,
    capital_words,
    format_wan,
    format_yuan,
    wan_to_cents,
    yuan_to_cents,
)

CENTS = st.integers(0, MAX_CENTS)


@given(CENTS)
def test_what_is_written_in_yuan_and_wan_reads_back(cents: int) -> None:
    assert yuan_to_cents(format_yuan(cents)) == cents
    assert wan_to_cents(format_wan(cents)) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1,234.5", 123450), ("0", 0), (" 12.30 ", 1230), ("１２．５", 1250), ("1.500000", 150), ("00012", 1200)],
)
def test_yuan(text: str, cents: int) -> None:
    assert yuan_to_cents(text) == cents


@pytest.mark.parametrize(("text", "cents"), [("26,310.00", 26_310_000_000), ("0.000001", 1), ("1.23", 1_230_000)])
def test_wan(text: str, cents: int) -> None:
    assert wan_to_cents(text) == cents


@pytest.mark.parametrize(
    ("text", "words"),
    [("-1", "负数"), ("1.005", "一分"), ("NaN", "不是数字"), ("1e5", "不是数字"), ("", "不是数字"), ("12,34",
     "不是数字"),
     ("1000000000000001", "上限"), ("9" * 5000, "不是数字"), ("一百", "不是数字"), ("Infinity", "不是数字"),
     ("١٢", "不是数字")],
    ids=["负", "厘", "非数", "科学计数", "空", "逗号错位", "过大", "过长", "汉字", "无穷", "别国数字"],
)  # fmt: skip
def test_bad_money_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        yuan_to_cents(text)


def test_wan_shows_two_decimals_and_never_rounds() -> None:
    assert format_wan(26_310_000_000) == "26,310.00"
    assert format_wan(1_234_567) == "1.234567"
    assert format_wan(150) == "0.00015"


@pytest.mark.parametrize(
    ("cents", "words"),
    [(0, "零元整"), (140_950, "壹仟肆佰零玖元伍角整"), (600_714, "陆仟零柒元壹角肆分"),
     (32_504, "叁佰贰拾伍元零肆分"),
     (1_640_902, "壹万陆仟肆佰零玖元零贰分"), (10_700_053, "壹拾万柒仟元伍角叁分"), (100_000_000_00, "壹亿元整"),
     (100_010_000_00, "壹亿零壹万元整"), (100_000_001_00, "壹亿零壹元整"), (5, "伍分"), (50, "伍角整"),
     (1000_00, "壹仟元整"),
     (12_3450_0000_0000_00, "壹拾贰万叁仟肆佰伍拾亿元整"), (1_0010_00, "壹万零壹拾元整")],
)  # fmt: skip
def test_capital_words(cents: int, words: str) -> None:
    assert capital_words(cents) == words


@given(CENTS, CENTS)
def test_different_amounts_have_different_words(one: int, other: int) -> None:
    assert (capital_words(one) == capital_words(other)) == (one == other)


PRICES = [amount(100), Price("rate", rate="3.5", unit="%"), Price("discount", rate="12"), Price("text", text="见清单")]


@pytest.mark.parametrize("price", PRICES, ids=lambda price: price.form)
def test_a_price_survives_its_json(price: Price) -> None:
    assert Price.from_json(price.as_json()) == price


@pytest.mark.parametrize(
    "change",
    [{"cents": -1}, {"cents": 1.5}, {"cents": True}, {"form": "gift"},
     {"cents": None}, {"currency": "cny"}, {"extra": 1},
     {"text": 5}, {"cents": MAX_CENTS + 1}, {"form": "rate"}, {"form": "text"}, {"currency": None}],
    ids=str,
)  # fmt: skip
def test_a_malformed_price_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Price.from_json(amount(100).as_json() | change)
