"""When a period of the law ends, in the four measures `between`, `full`, `open` and `hours`.

Every answer carries what went into it, so that anybody can compute it again. Judging stated dates by it is the
business of `periods`; which rule applies to which act is data of `procedures`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from tradehall.kernel.calendar import ONE_DAY, WorkdayCalendar
from tradehall.kernel.outages import Outage, after_outages
from tradehall.kernel.times import BEIJING, to_beijing

Measure = Literal["between", "full", "open", "hours"]
Unit = Literal["day", "workday", "hour"]
Bound = Literal["min", "max"]

UNIT_WORDS: dict[Unit, str] = {"day": "日", "workday": "个工作日", "hour": "小时"}
_MEASURE_UNITS: dict[Measure, tuple[Unit, ...]] = {
    "between": ("day", "workday"),
    "full": ("day", "workday"),
    "open": ("day", "workday"),
    "hours": ("hour",),
}
_MOST = 36_500


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """One time limit as the law words it.

    `bound`: `min` is the least that must pass, `max` the most that may. `closes_at`: where the rule ends a `full`
    period at close of business instead of 24:00. `resume_floor`: what must at least remain after a resumption.
    """

    code: str
    label: str
    measure: Measure
    length: int
    unit: Unit
    bound: Bound = "min"
    basis: str | None = None
    closes_at: time | None = None
    resume_floor: int | None = None

    def __post_init__(self) -> None:
        if self.unit not in _MEASURE_UNITS[self.measure]:
            raise ValueError(f"{self.code}: measure {self.measure} does not count in {self.unit}")
        if not 1 <= self.length <= _MOST:
            raise ValueError(f"{self.code}: a period of {self.length}")

    @property
    def length_words(self) -> str:
        return f"{self.length}{UNIT_WORDS[self.unit]}"


@dataclass(frozen=True, slots=True)
class Suspension:
    """The proceeding stood still from `stopped_at` to `resumed_at`; without the latter it still does."""

    stopped_at: datetime
    resumed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.resumed_at is not None and to_beijing(self.resumed_at) < to_beijing(self.stopped_at):
            raise ValueError("a suspension ends after it began")


@dataclass(frozen=True, slots=True)
class PeriodEnd:
    """When a period ends, and everything that decided it.

    `ends_on` is None when nobody can know yet: the calendar of that year is not published (`horizon`) or the
    proceeding stands still (`suspended`). `earliest_on` is then the earliest possible day, else the same day.
    `ends_at` is the instant: 24:00 is written as 00:00 of the next day.
    """

    rule: PeriodRule
    start: date | datetime
    earliest_on: date
    ends_on: date | None
    ends_at: datetime | None
    open_because: Literal["horizon", "suspended"] | None
    calendar_version: str
    suspensions: tuple[Suspension, ...] = ()
    outages: tuple[Outage, ...] = ()

    @property
    def is_provisional(self) -> bool:
        return self.ends_on is None

    @property
    def next_act_from(self) -> date | None:
        """The first day on which what waits for the end may happen."""
        return None if self.ends_on is None else self.ends_on + ONE_DAY


def day_of(moment: date | datetime) -> date:
    """The Beijing day of an instant, or the day itself."""
    return to_beijing(moment).date() if isinstance(moment, datetime) else moment


def effective_end(
    rule: PeriodRule,
    start: date | datetime,
    calendar: WorkdayCalendar,
    suspensions: Sequence[Suspension] = (),
    outages: Sequence[Outage] = (),
) -> PeriodEnd:
    """When a period of this rule, begun at `start`, ends. A period in hours needs an instant to begin at."""
    if rule.measure == "hours":
        return _end_of_hours(rule, start, calendar, suspensions, outages)
    day = day_of(start)
    end = _counted(rule, day, calendar)
    return _end(rule, start, end, _is_known(rule, day, end, calendar), calendar, suspensions, outages)


def extend(
    rule: PeriodRule,
    start: date | datetime,
    announced_end: date,
    calendar: WorkdayCalendar,
    suspensions: Sequence[Suspension],
) -> PeriodEnd:
    """The end of a period announced to last until `announced_end` (longer than the rule asks) after suspensions."""
    return _end(rule, start, announced_end, True, calendar, suspensions, ())


def back_limit(rule: PeriodRule, deadline: date | datetime, calendar: WorkdayCalendar) -> PeriodEnd:
    """The last day of what must happen `rule.length` before a deadline. Not rolled: that would shorten protection."""
    day = day_of(deadline)
    if rule.unit == "workday":
        last = calendar.workday_after(day, -rule.length)
        known = calendar.knows(last) and calendar.knows(day)
    else:
        last, known = day - timedelta(days=rule.length), True
    ends_at = _midnight_after(last) if known else None
    return PeriodEnd(
        rule, deadline, last, last if known else None, ends_at, None if known else "horizon", calendar.version
    )


def _counted(rule: PeriodRule, day: date, calendar: WorkdayCalendar) -> date:
    if rule.measure == "open":
        before = day - ONE_DAY
        return (
            before + timedelta(days=rule.length) if rule.unit == "day" else calendar.workday_after(before, rule.length)
        )
    if rule.unit == "workday":
        return calendar.workday_after(day, rule.length)
    return calendar.roll(day + timedelta(days=rule.length))


def _is_known(rule: PeriodRule, start: date, end: date, calendar: WorkdayCalendar) -> bool:
    if rule.unit == "day" and rule.measure == "open":
        return True
    first_asked = end if rule.unit == "day" else start
    return calendar.knows(first_asked) and calendar.knows(end)


def _end(
    rule: PeriodRule,
    start: date | datetime,
    end: date,
    known: bool,
    calendar: WorkdayCalendar,
    suspensions: Sequence[Suspension],
    outages: Sequence[Outage],
) -> PeriodEnd:
    standing = False
    for suspension in sorted(suspensions, key=lambda each: each.stopped_at):
        if day_of(suspension.stopped_at) > end:
            continue
        standing = standing or suspension.resumed_at is None
        end = _resumed_end(rule, end, suspension, calendar)
        known = known and calendar.knows(end)
    ends_at = _instant(rule, end)
    if ends_at is not None and outages:
        ends_at = after_outages(ends_at, outages, calendar)
        end = ends_at.date() if ends_at != _instant(rule, end) else end
        known = known and calendar.knows(end)
    open_because: Literal["horizon", "suspended"] | None = "suspended" if standing else None if known else "horizon"
    settled = open_because is None
    return PeriodEnd(
        rule, start, end, end if settled else None, ends_at if settled else None, open_because, calendar.version,
        tuple(suspensions), tuple(outages),
    )  # fmt: skip


def _resumed_end(rule: PeriodRule, end: date, suspension: Suspension, calendar: WorkdayCalendar) -> date:
    """What was left when it stopped runs again from the day of resumption; the day of stopping is lost to `full`."""
    if suspension.resumed_at is None:
        return end
    stopped, resumed = day_of(suspension.stopped_at), day_of(suspension.resumed_at)
    ran_until = stopped - ONE_DAY if rule.measure in ("full", "open") else stopped
    if rule.unit == "workday":
        left = max(calendar.workdays_between(ran_until, end), rule.resume_floor or 0)
        return calendar.workday_after(resumed, left)
    left = max((end - ran_until).days, rule.resume_floor or 0)
    later = resumed + timedelta(days=left)
    return later if rule.measure == "open" else calendar.roll(later)


def _end_of_hours(
    rule: PeriodRule,
    start: date | datetime,
    calendar: WorkdayCalendar,
    suspensions: Sequence[Suspension],
    outages: Sequence[Outage],
) -> PeriodEnd:
    if not isinstance(start, datetime):
        raise ValueError(f"{rule.code}: a period in hours begins at an instant")
    ends_at, standing = to_beijing(start) + timedelta(hours=rule.length), False
    for suspension in sorted(suspensions, key=lambda each: each.stopped_at):
        if suspension.stopped_at < ends_at:
            standing = standing or suspension.resumed_at is None
            ends_at += (suspension.resumed_at or suspension.stopped_at) - suspension.stopped_at
    ends_at = after_outages(ends_at, outages, calendar)
    day = ends_at.date()
    return PeriodEnd(
        rule, start, day, None if standing else day, None if standing else ends_at, "suspended" if standing else None,
        calendar.version, tuple(suspensions), tuple(outages),
    )  # fmt: skip


def _instant(rule: PeriodRule, end: date) -> datetime | None:
    if rule.measure != "full":
        return None
    return _midnight_after(end) if rule.closes_at is None else datetime.combine(end, rule.closes_at, BEIJING)


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + ONE_DAY, time(0), BEIJING)
