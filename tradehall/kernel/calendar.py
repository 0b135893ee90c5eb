"""The working-day calendar as a value: which days are off, and up to which day anybody knows.

Holds no data of its own; `reference` reads the published lists. Beyond its horizon it only guesses the best case.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta

ONE_DAY = timedelta(days=1)
# 全国年节及纪念日放假办法: days that are off in every year, whatever the yearly notice will say.
_ALWAYS_OFF = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """When a counter is open, and when a deadline moved to another morning falls."""

    opens: time = time(9, 0)
    closes: time = time(17, 0)
    morning: time = time(9, 30)


@dataclass(frozen=True, slots=True)
class WorkdayCalendar:
    """`off` and `on` are the exceptions to Monday–Friday; nothing is known before `first` or after `last`."""

    version: str
    off: frozenset[date]
    on: frozenset[date]
    first: date
    last: date

    def knows(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_off(self, day: date) -> bool:
        """Outside the known days: weekends and the holidays fixed by date, so that counts end as early as they can."""
        if day in self.on:
            return False
        return (
            day in self.off
            or day.weekday() >= _SATURDAY
            or (not self.knows(day) and (day.month, day.day) in _ALWAYS_OFF)
        )

    def is_workday(self, day: date) -> bool:
        return not self.is_off(day)

    def roll(self, day: date) -> date:
        """This day, or the first working day after it."""
        while self.is_off(day):
            day += ONE_DAY
        return day

    def next_workday(self, day: date) -> date:
        return self.roll(day + ONE_DAY)

    def workday_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it, when negative); `day` itself is not counted."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, after: date, until: date) -> int:
        """Working days in (after, until]."""
        return sum(self.is_workday(after + ONE_DAY * step) for step in range(1, (until - after).days + 1))
