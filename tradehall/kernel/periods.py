"""Judging dates by the lawful calendar: what holds, what breaks which rule, and which date would do instead.

The one door to the calendar for other apps. It says what is broken; whether that refuses an act (ours) or is noted as
a finding (reported by others) is for the caller to decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from tradehall.kernel.calendar import BusinessHours, WorkdayCalendar
from tradehall.kernel.outages import Outage, after_outages, closing_problem, into_business
from tradehall.kernel.refusal import Violation
from tradehall.kernel.spans import (
    UNIT_WORDS,
    Bound,
    Measure,
    PeriodEnd,
    PeriodRule,
    Suspension,
    Unit,
    back_limit,
    day_of,
    effective_end,
    extend,
)
from tradehall.kernel.times import BEIJING, format_minute, to_beijing

__all__ = [
    "UNIT_WORDS", "Bound", "BusinessHours", "Correction", "Measure", "Outage", "PeriodEnd",
    "PeriodRule", "Suspension", "Unit",
    "Verdict", "WorkdayCalendar", "after_outages", "back_limit", "check_back", "check_closing", "check_period",
    "closing_problem", "correction_deadline", "day_of", "effective_end", "extend", "into_business", "nearest_lawful",
]  # fmt: skip

# Beyond the horizon, unpublished holidays can delay the earliest possible end by at most this much per 60 days counted.
_SLACK = timedelta(days=14)
_SLACK_PER = 60
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken`: too early for a `min`. `overdue`: too late for a `max`, an alert and never a refusal.

    `unproven`: lawful only if the calendar of a year not yet published turns out well.
    """

    state: Literal["holds", "broken", "overdue", "unproven"]
    computed: PeriodEnd
    violation: Violation | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction does to a deadline. `deadline_at` is None when the lawful one cannot be known yet."""

    deadline_at: datetime | None
    earliest_at: datetime
    moved: bool
    days_left: int
    computed: PeriodEnd


def check_period(
    rule: PeriodRule,
    start: date | datetime,
    end: date | datetime,
    calendar: WorkdayCalendar,
    suspensions: Sequence[Suspension] = (),
    outages: Sequence[Outage] = (),
    *,
    field: str | None = None,
) -> Verdict:
    """Whether a period begun at `start` and ended at `end` (a day, or an instant) keeps the rule."""
    computed = effective_end(rule, start, calendar, suspensions, outages)
    if rule.bound == "max":
        late = _after(end, computed)
        return (
            Verdict("overdue", computed, _overdue(rule, end, computed, field)) if late else Verdict("holds", computed)
        )
    if _before(end, computed):
        return Verdict("broken", computed, _too_short(rule, start, end, computed, calendar, field))
    if computed.is_provisional and day_of(end) < _safe_from(computed):
        return Verdict("unproven", computed, _unproven(rule, end, computed, calendar, field))
    return Verdict("holds", computed)


def check_back(
    rule: PeriodRule,
    act: date | datetime,
    deadline: date | datetime,
    calendar: WorkdayCalendar,
    *,
    field: str | None = None,
) -> Violation | None:
    """Whether an act comes early enough before a deadline (异议 at least 10日 before closing, and the like)."""
    limit = back_limit(rule, deadline, calendar)
    if day_of(act) <= limit.earliest_on:
        return None
    message = f"{rule.label}应在截止前{rule.length_words}提出，最后一日为 {limit.earliest_on}，现为 {_shown(act)}"
    return Violation(rule.code, message, field, rule.basis, limit.earliest_on.isoformat())


def check_closing(
    moment: datetime,
    calendar: WorkdayCalendar,
    hours: BusinessHours | None = None,
    *,
    code: str = "platform.business_hours",
    field: str | None = None,
) -> Violation | None:
    """The platform's own rule: deadlines and openings stand on working days, in business hours."""
    problem = closing_problem(moment, calendar, hours)
    if problem is None:
        return None
    return Violation(code, problem, field, "平台规则", format_minute(into_business(moment, calendar, hours)))


def correction_deadline(
    rule: PeriodRule, published: date | datetime, deadline: datetime, calendar: WorkdayCalendar
) -> Correction:
    """The deadline after a correction that affects bids: never earlier than before, same clock time when it moves."""
    computed = effective_end(rule, published, calendar)
    old = to_beijing(deadline)
    earliest = max(old, datetime.combine(computed.earliest_on, old.time(), BEIJING))
    moved = earliest > old
    known = not moved or not computed.is_provisional
    return Correction(earliest if known else None, earliest, moved, (old.date() - day_of(published)).days, computed)


def nearest_lawful(
    rule: PeriodRule,
    start: date | datetime,
    calendar: WorkdayCalendar,
    *,
    at: time | None = None,
    suspensions: Sequence[Suspension] = (),
    hours: BusinessHours | None = None,
) -> datetime:
    """The first moment a refused date may be moved to: lawful, on a working day, in business hours.

    Beyond the horizon it keeps a distance that no published calendar can eat up.
    """
    computed = effective_end(rule, start, calendar, suspensions)
    day = computed.ends_on or _safe_from(computed)
    if rule.measure == "hours" and computed.ends_at is not None:
        return into_business(computed.ends_at, calendar, hours)
    moment = datetime.combine(calendar.roll(day), at or (hours or BusinessHours()).morning, BEIJING)
    return into_business(moment, calendar, hours)


def _before(end: date | datetime, computed: PeriodEnd) -> bool:
    if isinstance(end, datetime) and computed.ends_at is not None:
        # 23:59 is how forms write the end of a day.
        return to_beijing(end) + _MINUTE < computed.ends_at
    return day_of(end) < computed.earliest_on


def _after(end: date | datetime, computed: PeriodEnd) -> bool:
    if computed.is_provisional:
        return day_of(end) > _safe_from(computed)
    if isinstance(end, datetime) and computed.ends_at is not None:
        return to_beijing(end) > computed.ends_at
    return day_of(end) > computed.earliest_on


def _safe_from(computed: PeriodEnd) -> date:
    counted = (computed.earliest_on - day_of(computed.start)).days
    return computed.earliest_on + _SLACK * (1 + counted // _SLACK_PER)


def _too_short(
    rule: PeriodRule,
    start: date | datetime,
    end: date | datetime,
    computed: PeriodEnd,
    calendar: WorkdayCalendar,
    field: str | None,
) -> Violation:
    least = f"最早为 {computed.earliest_on}" if computed.ends_on else f"最早不会早于 {computed.earliest_on}"
    message = f"{rule.label}不得少于{rule.length_words}：自 {_shown(start)} 起算，{least}，现为 {_shown(end)}"
    return Violation(rule.code, message, field, rule.basis, _offered(end, computed, calendar))


def _unproven(
    rule: PeriodRule, end: date | datetime, computed: PeriodEnd, calendar: WorkdayCalendar, field: str | None
) -> Violation:
    why = "程序仍在暂停" if computed.open_because == "suspended" else f"{calendar.last} 之后的放假安排尚未公布"
    earliest = f"最早可能为 {computed.earliest_on}"
    message = f"{rule.label}不得少于{rule.length_words}：{why}，不能确认 {_shown(end)} 合法，{earliest}"
    return Violation(rule.code, message, field, rule.basis, _offered(end, computed, calendar))


def _overdue(rule: PeriodRule, end: date | datetime, computed: PeriodEnd, field: str | None) -> Violation:
    message = f"{rule.label}应在{rule.length_words}内完成：最迟 {computed.earliest_on}，现为 {_shown(end)}"
    return Violation(rule.code, message, field, rule.basis, computed.earliest_on.isoformat())


def _offered(end: date | datetime, computed: PeriodEnd, calendar: WorkdayCalendar) -> str:
    """The nearest lawful date, at the clock time that was asked for when that is one."""
    if computed.rule.measure == "hours" and computed.ends_at is not None:
        return format_minute(computed.ends_at)
    day = calendar.roll(computed.ends_on or _safe_from(computed))
    if isinstance(end, datetime) and computed.rule.measure == "between":
        return format_minute(datetime.combine(day, to_beijing(end).time(), BEIJING))
    return day.isoformat()


def _shown(moment: date | datetime) -> str:
    return format_minute(moment) if isinstance(moment, datetime) else moment.isoformat()
