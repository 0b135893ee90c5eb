"""Lawful days for the demonstration city: working days in business hours, periods by the platform's own calendar."""

from datetime import date, datetime, time, timedelta

from tradehall.kernel.calendar import WorkdayCalendar
from tradehall.kernel.times import BEIJING
from tradehall.reference.codes import work_calendar


def calendar() -> WorkdayCalendar:
    return work_calendar()


def is_working(day: date) -> bool:
    return calendar().is_workday(day)


def on_or_after(day: date) -> date:
    """The day itself if people work on it, else the next on which they do."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


def working_days(day: date, count: int) -> date:
    """The count-th working day after `day`."""
    for _ in range(count):
        day = on_or_after(day + timedelta(days=1))
    return day


def after(day: date, days: int) -> date:
    """At least `days` calendar days later, on a working day."""
    return on_or_after(day + timedelta(days=days))


def at(day: date, hour: int = 9, minute: int = 30) -> datetime:
    return datetime.combine(day, time(hour, minute), BEIJING)


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59), BEIJING)
