"""Reading claimed times, writing ours."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradehall.kernel.times import BEIJING, format_minute, parse_claimed, parse_rfc3339, rfc3339, to_beijing

NOW = datetime(2026, 9, 18, 2, 24, 36, tzinfo=UTC)
FIRST, LAST = datetime(1990, 1, 2, tzinfo=UTC), datetime(2100, 12, 30, tzinfo=UTC)


def test_shown_in_beijing() -> None:
    assert format_minute(NOW) == "2026-09-18 10:24"
    assert rfc3339(NOW) == "2026-09-18T10:24:36+08:00"
    with pytest.raises(ValueError, match="without zone"):
        to_beijing(NOW.replace(tzinfo=None))


@given(st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC)))
def test_written_times_read_back(moment: datetime) -> None:
    assert parse_rfc3339(rfc3339(moment)) == moment
    assert parse_claimed(format_minute(moment)) == (moment.replace(second=0, microsecond=0), "minute")


@pytest.mark.parametrize(
    "text", ["2026-09-18", "2026-09-18T10:24:00", "2026-02-30T10:24:00Z", "x", "2026-09-18T25:00:00Z"]
)
def test_rfc3339_is_strict(text: str) -> None:
    with pytest.raises(ValueError):
        parse_rfc3339(text)


@pytest.mark.parametrize(
    "text",
    ["2026年3月17日9时30分", "2026年03月17日 09:30", "2026-03-17 09:30:00", "2026/3/17 9:30",
     "2026.03.17 9点半", "202603170930",
     "20260317093000", "2026-03-17T09:30:00+08:00", "2026-03-17T01:30:00Z", "2026 年 3 月 17 日 上午 9 时 30 分",
     "2026年3月17日上午9时30分（北京时间）", "2026-03-17 09:30:00.0", "２０２６－０３－１７　０９：３０",
     "2026年3月17日（星期二）9:30",
     "20260317T093000"],
)  # fmt: skip
def test_one_minute_in_many_hands(text: str) -> None:
    assert parse_claimed(text) == (datetime(2026, 3, 17, 9, 30, tzinfo=BEIJING), "minute")


@pytest.mark.parametrize(
    "text", ["2026年3月17日", "2026-03-17", "2026/3/17", "20260317", "2026.3.17", " 2026-03-17 ", "2026年3月17号"]
)
def test_one_day_in_many_hands(text: str) -> None:
    assert parse_claimed(text) == (datetime(2026, 3, 17, tzinfo=BEIJING), "day")


@pytest.mark.parametrize(
    ("text", "hour"), [("2026-03-17 下午2:30", 14), ("2026年3月17日中午12时30分", 12), ("2026年3月17日14点30", 14)]
)
def test_hours_in_words(text: str, hour: int) -> None:
    assert parse_claimed(text)[0] == datetime(2026, 3, 17, hour, 30, tzinfo=BEIJING)


def test_24_o_clock_is_the_end_of_the_day() -> None:
    assert parse_claimed("2026-12-31 24:00") == (datetime(2027, 1, 1, tzinfo=BEIJING), "minute")


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "2026-13-01", "1989-12-31", "2101-01-01", "2026-03-17 25:00", "2026-03-17 24:30", "近期",
     "", "2026-03",
     "9" * 100, "20261301", "0000-00-00", "2026-03-17 09:61", "2026-03-17 09:30 +99:99"],
)  # fmt: skip
def test_impossible_dates_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_claimed(text)
