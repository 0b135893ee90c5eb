"""What a proven outage of the platform does to a closing time, and where a closing time may stand at all.

Auctions are not its business: they pause.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tradehall.kernel.calendar import BusinessHours, WorkdayCalendar
from tradehall.kernel.times import BEIJING, format_minute, to_beijing

_WINDOW = timedelta(minutes=120)
_NOTICEABLE = timedelta(minutes=5)
_LEAST_GRACE = timedelta(minutes=60)
_HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Outage:
    """The platform could not be used in [began_at, ended_at); `proof` names the record that shows it."""

    began_at: datetime
    ended_at: datetime
    proof: str = ""

    def __post_init__(self) -> None:
        if to_beijing(self.began_at) >= to_beijing(self.ended_at):
            raise ValueError("an outage ends after it began")


def after_outages(
    closing: datetime, outages: Sequence[Outage], calendar: WorkdayCalendar, hours: BusinessHours | None = None
) -> datetime:
    """The closing time that makes good what the outages took in its last two hours; never earlier than before.

    Beyond the calendar's horizon the answer is the earliest possible one: ask `calendar.knows` of its date.
    """
    moved = to_beijing(closing)
    for outage in sorted(outages, key=lambda each: each.began_at):
        lost = min(moved, outage.ended_at) - max(moved - _WINDOW, outage.began_at)
        if lost >= _NOTICEABLE:
            regained = max(moved, outage.ended_at) + max(_LEAST_GRACE, lost)
            moved = into_business(_up_to_half_hour(to_beijing(regained)), calendar, hours or BusinessHours())
    return moved


def into_business(moment: datetime, calendar: WorkdayCalendar, hours: BusinessHours | None = None) -> datetime:
    """The nearest moment not before this one at which a closing or opening may be set."""
    hours = hours or BusinessHours()
    local = to_beijing(moment)
    if calendar.is_workday(local.date()) and hours.opens <= local.time() <= hours.closes:
        return local
    too_late = local.time() > hours.closes
    day = calendar.next_workday(local.date()) if too_late else calendar.roll(local.date())
    return datetime.combine(day, hours.morning, BEIJING)


def closing_problem(moment: datetime, calendar: WorkdayCalendar, hours: BusinessHours | None = None) -> str | None:
    """Why a deadline or opening may not be set at this moment, with the nearest one that may; None when it may."""
    nearest = into_business(moment, calendar, hours)
    if nearest == moment:
        return None
    day_off = calendar.is_off(to_beijing(moment).date())
    why = "不是工作日" if day_off else "不在工作时间内"
    return f"{format_minute(moment)} {why}，最近可选 {format_minute(nearest)}"


def _up_to_half_hour(moment: datetime) -> datetime:
    midnight = datetime.combine(moment.date(), time(0), BEIJING)
    return midnight + -((midnight - moment) // _HALF_HOUR) * _HALF_HOUR
