"""Word differences, urgency and page numbers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradehall.ui import rules

NOW = datetime(2026, 9, 18, 2, 24, tzinfo=UTC)


@given(st.text(max_size=60), st.text(max_size=60))
def test_parts_give_both_texts_back(old: str, new: str) -> None:
    olds, news = rules.word_diff(old, new)
    assert "".join(text for _, text in olds) == old
    assert "".join(text for _, text in news) == new


def test_a_date_is_never_cut_in_half() -> None:
    olds, news = rules.word_diff("截止 2026-09-29 09:30", "截止 2026-10-09 09:30")
    assert ("del", "2026-09-29") in olds
    assert ("ins", "2026-10-09") in news


@pytest.mark.parametrize(
    ("left", "tone"),
    [
        pytest.param(timedelta(hours=73), "", id="三日以外"),
        pytest.param(timedelta(hours=72), "soon", id="恰为七十二小时"),
        pytest.param(timedelta(hours=24), "urgent", id="恰为二十四小时"),
        pytest.param(timedelta(0), "over", id="截止那一刻"),
    ],
)
def test_urgency(left: timedelta, tone: str) -> None:
    assert rules.urgency(NOW + left, NOW) == tone


def test_page_numbers_leave_gaps() -> None:
    assert rules.page_numbers(10, 20) == [1, None, 8, 9, 10, 11, 12, None, 20]
    assert rules.page_numbers(1, 1) == [1]
