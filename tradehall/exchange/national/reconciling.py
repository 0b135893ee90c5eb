"""Compares, day by day and data set by data set, what we hold as acknowledged with what the national platform holds.

The count and one digest settle a day; only where they differ are the records listed, and what is missing there is sent
again. What is there and not known here is listed for people: nothing is deleted by a comparison.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Max, Q

from tradehall.crypto.digests import sha256_hex
from tradehall.exchange.models import NationalComparison, NationalMessage
from tradehall.exchange.national import calling
from tradehall.exchange.national.outbox import resend_message
from tradehall.kernel.actor import PLATFORM
from tradehall.kernel.times import to_beijing

MISSING, FOREIGN = "missing", "foreign"
MOST_LISTED = 200
Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Side:
    records: int
    digest: str


def reconcile_due(at: datetime) -> int:
    """The days before today on which something was acknowledged since the last comparison, or differed in it."""
    today = to_beijing(at).date()
    last = NationalComparison.objects.aggregate(last=Max("compared_at"))["last"]
    changed = Q(acknowledged_at__gte=last) if last else Q(acknowledged_at__isnull=False)
    days = set(NationalMessage.objects.filter(changed, stated_on__lt=today).values_list("stated_on", flat=True))
    differing = NationalComparison.objects.filter(stated_on__lt=today).exclude(findings=[])
    days |= set(differing.values_list("stated_on", flat=True))
    for day in sorted(days):
        reconcile(day, at)
    return len(days)


def reconcile(day: date, at: datetime) -> list[NationalComparison]:
    """Raises `NotReached` when the other side cannot be asked; nothing is concluded from silence."""
    theirs = _their_sides(day)
    ours: dict[str, set[Line]] = {}
    acknowledged = NationalMessage.objects.filter(stated_on=day, acknowledged_at__isnull=False)
    for name, *line in acknowledged.values_list("data_set", "data_key", "version", "digest"):
        ours.setdefault(name, set()).add((line[0], line[1], line[2]))
    return [_compare(day, name, ours.get(name, set()), theirs.get(name), at) for name in sorted({*ours, *theirs})]


def side_of(lines: Iterable[Line]) -> Side:
    ordered = sorted(lines)
    return Side(len(ordered), sha256_hex("".join(f"{' '.join(line)}\n" for line in ordered).encode()))


def _compare(day: date, name: str, lines: set[Line], theirs: Side | None, at: datetime) -> NationalComparison:
    own, other = side_of(lines), theirs or side_of(())
    findings: list[list[str]] = []
    if own != other:
        there = _their_lines(day, name)
        sent = NationalMessage.objects.filter(stated_on=day, data_set=name)
        known = set(sent.values_list("data_key", "version", "digest"))
        missing, foreign = sorted(lines - there), sorted(there - known)
        findings = [[MISSING, key, version] for key, version, _ in missing]
        findings += [[FOREIGN, key, version] for key, version, _ in foreign]
        _resend(missing, at)
    found, _ = NationalComparison.objects.update_or_create(
        stated_on=day, data_set=name,
        defaults={
            "own_records": own.records, "own_digest": own.digest, "their_records": other.records,
            "their_digest": other.digest, "findings": findings[:MOST_LISTED], "compared_at": at,
        },
    )  # fmt: skip
    return found


def _resend(missing: Iterable[Line], at: datetime) -> None:
    for key, version, _ in missing:
        message = NationalMessage.objects.get(data_key=key, version=version)
        resend_message(by=PLATFORM, at=at, message_no=message.message_no)


def _their_sides(day: date) -> dict[str, Side]:
    stated = _asked("/counts", on=day.isoformat()).get("data_sets")
    if not isinstance(stated, dict):
        raise calling.NotReached("对账应答不完整")
    return {str(name): Side(int(one["records"]), str(one["digest"])) for name, one in stated.items()}


def _their_lines(day: date, name: str) -> set[Line]:
    stated = _asked("/records", on=day.isoformat(), data_set=name).get("records")
    if not isinstance(stated, list):
        raise calling.NotReached("对账应答不完整")
    return {(str(key), str(version), str(digest)) for key, version, digest in stated}


def _asked(path: str, **question: str) -> Mapping[str, object]:
    answer = calling.get(f"{path}?{urlencode(question)}")
    try:
        said = json.loads(answer.body) if answer.status == 200 else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise calling.NotReached(f"HTTP {answer.status}，没有可读的应答")
    return said
