"""Computed ends written down with all their inputs, and computed again from what was written.

The written form is what a stored term keeps and a proof shows; it decides nothing.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime, time

from tradehall.kernel.calendar import WorkdayCalendar
from tradehall.kernel.outages import Outage
from tradehall.kernel.spans import PeriodEnd, PeriodRule, Suspension, effective_end
from tradehall.kernel.times import parse_rfc3339, rfc3339


def written(end: PeriodEnd) -> dict[str, object]:
    """The end and its inputs as JSON values, ready for canonical form."""
    return {
        "rule": {each.name: _plain(getattr(end.rule, each.name)) for each in fields(PeriodRule)},
        "start": _plain(end.start),
        "suspensions": [[_plain(each.stopped_at), _plain(each.resumed_at)] for each in end.suspensions],
        "outages": [[_plain(each.began_at), _plain(each.ended_at), each.proof] for each in end.outages],
        "calendar": end.calendar_version,
        "ends_on": _plain(end.ends_on),
        "ends_at": _plain(end.ends_at),
        "earliest_on": _plain(end.earliest_on),
        "open_because": end.open_because,
    }


def is_reproduced(record: Mapping[str, object], calendar: WorkdayCalendar) -> bool:
    """Whether the same inputs give what was written, by this calendar; another calendar version is a ValueError."""
    if record["calendar"] != calendar.version:
        raise ValueError(f"computed with calendar {record['calendar']}, this is {calendar.version}")
    return written(_again(record, calendar)) == record


def _again(record: Mapping[str, object], calendar: WorkdayCalendar) -> PeriodEnd:
    rule, suspensions, outages = record["rule"], record["suspensions"], record["outages"]
    if not (isinstance(rule, dict) and isinstance(suspensions, list) and isinstance(outages, list)):
        raise ValueError("not a written period")
    closes_at = time.fromisoformat(rule["closes_at"]) if rule["closes_at"] else None
    return effective_end(
        PeriodRule(**{**rule, "closes_at": closes_at}),
        _moment(str(record["start"])),
        calendar,
        [Suspension(parse_rfc3339(began), parse_rfc3339(ended) if ended else None) for began, ended in suspensions],
        [Outage(parse_rfc3339(began), parse_rfc3339(ended), proof) for began, ended, proof in outages],
    )


def _moment(text: str) -> date | datetime:
    return parse_rfc3339(text) if "T" in text else date.fromisoformat(text)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return rfc3339(value)
    return value.isoformat() if isinstance(value, date | time) else value
