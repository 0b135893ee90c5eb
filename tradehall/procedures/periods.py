"""Judges proposed dates by a definition, and proposes the earliest lawful ones.

Says what would be refused, what would move a term and what is only noted; the act that asked decides. No database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tradehall.kernel import periods as lawful
from tradehall.kernel.refusal import Violation
from tradehall.procedures.rules import Definition, PeriodRule, Register
from tradehall.procedures.vocabulary import ANNOUNCEMENTS

UNITS: Final[dict[str, lawful.Unit]] = {"日": "day", "工作日": "workday", "小时": "hour"}
# A `back` limit is counted from its deadline backwards by `check_back`; its measure forward is never used.
MEASURES: Final[dict[str, lawful.Measure]] = {
    "between": "between",
    "full": "full",
    "open": "open",
    "hours": "hours",
    "back": "between",
}
# What exists from the moment the first notice is out.
AT_FIRST: Final[dict[str, tuple[str, ...]]] = {
    "prequal_notice": ("prequal_notice.published", "prequal_documents.from"),
    "notice": ("notice.published", "documents.from"),
    "invitation": ("invitation.issued", "documents.from"),
}
CLOSINGS: Final = frozenset({"bid_deadline", "application_deadline", "listing.from", "listing.until", "auction.at"})
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Move:
    """A term the law moves instead of refusing; `to` is None when the calendar of that year is not published."""

    term: str
    to: datetime | None
    earliest_at: datetime
    violation: Violation


@dataclass(frozen=True, slots=True)
class Judgement:
    """`refused` stops a native act, `moves` are carried out, `noted` warns. For reports all three are findings."""

    refused: tuple[Violation, ...] = ()
    noted: tuple[Violation, ...] = ()
    moves: tuple[Move, ...] = ()

    @property
    def findings(self) -> tuple[Violation, ...]:
        return (*self.refused, *(move.violation for move in self.moves), *self.noted)


@dataclass(frozen=True, slots=True)
class ProposedTerm:
    """The earliest lawful moment of a term, the rule that fixes it and how sure that is."""

    term: str
    at: datetime
    start: str
    rule: str
    basis: str | None
    is_provisional: bool


def as_lawful(period: PeriodRule, register: Register) -> lawful.PeriodRule:
    rule = register.rule(period.rule)
    bound: lawful.Bound = "min" if period.min is not None else "max"
    basis = period.basis or rule.basis
    return lawful.PeriodRule(
        period.rule, rule.title, MEASURES[period.measure], period.count, UNITS[period.unit], bound, basis
    )


def judge(
    definition: Definition, moments: Mapping[str, datetime], calendar: lawful.WorkdayCalendar, register: Register,
    conditions: frozenset[str] = frozenset(),
) -> Judgement:  # fmt: skip
    """Every period whose two ends are both in `moments`; a conditional one only when its condition is named."""
    parts = [_judge_one(p, moments, calendar, register) for p in applying(definition, conditions)
             if p.from_ in moments and p.to in moments]  # fmt: skip
    return Judgement(
        tuple(v for part in parts for v in part.refused),
        tuple(v for part in parts for v in part.noted),
        tuple(m for part in parts for m in part.moves),
    )


def applying(definition: Definition, conditions: frozenset[str]) -> tuple[PeriodRule, ...]:
    return tuple(p for p in definition.law.periods if p.when is None or p.when in conditions)


def propose_schedule(
    definition: Definition, published_at: datetime, calendar: lawful.WorkdayCalendar, register: Register,
    conditions: frozenset[str] = frozenset(),
) -> tuple[ProposedTerm, ...]:  # fmt: skip
    """The earliest lawful moment of every term that follows from the first notice alone, in the order they follow.

    Working days, business hours; where several rules ask, the latest wins. Provisional limits are kept and marked.
    """
    first = next(link for link in definition.chain if link in ANNOUNCEMENTS)
    known = dict.fromkeys(AT_FIRST[first], published_at)
    found: dict[str, ProposedTerm] = {}
    for period in _in_order(definition, conditions):
        if period.from_ in known:
            term = _proposed(period, known[period.from_], calendar, register)
            if period.to not in found or term.at > found[period.to].at:
                found[period.to] = term
            known[period.to] = found[period.to].at
    return tuple(found.values())


def _in_order(definition: Definition, conditions: frozenset[str]) -> list[PeriodRule]:
    """Minimum periods, each after those that fix its beginning."""
    waiting = [p for p in applying(definition, conditions) if p.min is not None and p.measure != "back"]
    waiting = [p for p in waiting if not p.breach.startswith("move:")]
    ordered: list[PeriodRule] = []
    while waiting:
        ends = {p.to for p in waiting}
        ready = [p for p in waiting if p.from_ not in ends] or waiting
        ordered += ready
        waiting = [p for p in waiting if p not in ready]
    return ordered


def _proposed(
    period: PeriodRule, start: datetime, calendar: lawful.WorkdayCalendar, register: Register
) -> ProposedTerm:
    rule = as_lawful(period, register)
    computed = lawful.effective_end(rule, start, calendar)
    unsure = period.provisional or register.rule(period.rule).is_provisional or computed.is_provisional
    at = lawful.nearest_lawful(rule, start, calendar)
    if computed.ends_at is not None and period.measure == "full":
        at = lawful.into_business(computed.ends_at, calendar) if period.to in CLOSINGS else computed.ends_at - _MINUTE
    if period.measure == "open":
        at = at.replace(hour=lawful.BusinessHours().closes.hour, minute=0)
    return ProposedTerm(period.to, at, period.from_, period.rule, rule.basis, unsure)


def _judge_one(
    period: PeriodRule, moments: Mapping[str, datetime], calendar: lawful.WorkdayCalendar, register: Register
) -> Judgement:
    start, end, rule = moments[period.from_], moments[period.to], as_lawful(period, register)
    if period.measure == "back":
        early = lawful.check_back(rule, start, end, calendar, field=period.from_)
        return _weigh(period, early)
    verdict = lawful.check_period(rule, start, end, calendar, field=period.to)
    if period.breach.startswith("move:") and verdict.violation and not period.provisional:
        return _moved(period, verdict.violation, lawful.correction_deadline(rule, start, end, calendar))
    return _weigh(period, verdict.violation, is_late=verdict.state == "overdue")


def _moved(period: PeriodRule, violation: Violation, correction: lawful.Correction) -> Judgement:
    """A deadline that may yet prove lawful stays where it is and is only noted."""
    if not correction.moved:
        return Judgement(noted=(violation,))
    term = period.breach.removeprefix("move:")
    return Judgement(moves=(Move(term, correction.deadline_at, correction.earliest_at, violation),))


def _weigh(period: PeriodRule, violation: Violation | None, *, is_late: bool = False) -> Judgement:
    if violation is None:
        return Judgement()
    stops = period.breach == "refuse" and not period.provisional and not is_late
    return Judgement(refused=(violation,)) if stops else Judgement(noted=(violation,))
