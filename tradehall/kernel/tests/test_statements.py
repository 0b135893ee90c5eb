"""What a stated form may say: each check finds its own fault and nothing in a good one."""

from datetime import date

import pytest

from tradehall.kernel import statements
from tradehall.kernel.money import MAX_CENTS

DAY = date(2026, 9, 18)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("云发改投〔2026〕17号", "", id="合格"),
        pytest.param("  ", "没有填写", id="空白"),
        pytest.param("长" * 301, "超过 300 字", id="过长"),
        pytest.param("甲\x00乙", "控制字符", id="控制字符"),
        pytest.param("联系13812345678", "手机号码", id="手机号码"),
    ],
)
def test_a_text_is_there_short_and_clean(text: str, words: str) -> None:
    found = statements.check_text("approval_no", "批准文号", text)
    assert [words in one.message and one.field == "approval_no" for one in found] == ([True] if words else [])


@pytest.mark.parametrize(
    ("cents", "good"), [(1, True), (MAX_CENTS, True), (0, False), (-1, False), (MAX_CENTS + 1, False)]
)
def test_money_is_positive_and_bounded(cents: int, good: bool) -> None:
    assert bool(statements.check_cents("estimate", "估算价", cents)) is not good


@pytest.mark.parametrize(("day", "good"), [(DAY, True), (date(2026, 9, 17), True), (date(2026, 9, 19), False)])
def test_a_decision_was_made_before_it_is_stated(day: date, good: bool) -> None:
    assert bool(statements.check_day("approved_on", "批准日期", day, today=DAY)) is not good


@pytest.mark.parametrize(
    ("text", "good"),
    [("0.01", True), ("100", True), ("100.01", False), ("0", False), ("-1", False), ("NaN", False), ("x", False)],
)
def test_a_share_is_a_number_up_to_its_bound(text: str, good: bool) -> None:
    assert bool(statements.check_decimal("share", "比例", text, most="100")) is not good


def test_a_choice_names_what_is_offered() -> None:
    [found] = statements.check_choice("kind", "类别", "其他", ("股权", "实物"))
    assert "股权、实物" in found.message
    assert statements.check_choice("kind", "类别", "实物", ("股权", "实物")) == []
