"""How good the data of each system is, hour by hour: complete, in time, with valid codes; and how much came at all.

The shares are those of accepted records and can be counted again from them; repeats and refusals are counted as they come.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from tradehall.exchange.judging import Outcome
from tradehall.exchange.models import InboundRecord, QualityCount
from tradehall.exchange.registry.load import data_sets
from tradehall.exchange.registry.shape import DataSet
from tradehall.kernel.times import parse_claimed
from tradehall.tenders.reports import Finding

IN_TIME = timedelta(hours=24)
TOLERANCE = timedelta(minutes=5)
CLOCK, MISSING = "clock", "missing"
CODE_RULES = frozenset({"dictionary", "uscc", "deal_code_short", "length"})
# Records that stand on a public page; of all others not even the number is public.
KEPT = ("record", "event")
COLUMNS = ("accepted", "complete", "timely", "valid", "unchanged", "refused", "resent")
Slot = tuple[str, str, bool, datetime]
ADD = f"""
insert into exchange_quality_count (system, line, is_public, hour_at, {", ".join(COLUMNS)})
values (%s, %s, %s, %s, {", ".join(["%s"] * len(COLUMNS))})
on conflict (hour_at, system, line, is_public) do update
set {", ".join(f"{one} = exchange_quality_count.{one} + excluded.{one}" for one in COLUMNS)}
"""
CLEAR = """
update exchange_quality_count set accepted = 0, complete = 0, timely = 0, valid = 0
"""


@dataclass(slots=True)
class Tally:
    accepted: int = 0
    complete: int = 0
    timely: int = 0
    valid: int = 0
    unchanged: int = 0
    refused: int = 0
    resent: int = 0


def claimed_at(data_set: DataSet, values: Mapping[str, object], at: datetime) -> datetime | None:
    """When the sender says it happened; of a day alone the last moment that is not ahead of us."""
    names = (*data_set.published, "happened_at", "data_timestamp")
    stated = next((text for text in (values.get(name) for name in names) if isinstance(text, str) and text), None)
    if stated is None:
        return None
    moment, precision = parse_claimed(stated)
    return min(moment + timedelta(days=1), at) if precision == "day" and moment <= at else moment


def clock_findings(data_set: DataSet, values: Mapping[str, object], at: datetime) -> list[Finding]:
    """A time ahead of ours is published with the record and never counts as in time."""
    found = []
    for one in data_set.fields:
        text = values.get(one.name)
        if one.name not in (*data_set.published, "happened_at", "data_timestamp") or not isinstance(text, str):
            continue
        ahead = parse_claimed(text)[0] - at
        if ahead > TOLERANCE:
            words = f"{one.label}比平台收到的时间晚 {_span(ahead)}；请校准系统时钟"
            found.append(Finding(CLOCK, words, one.wire, text[:40]))
    return found


def count(outcomes: Sequence[Outcome], resent: int, *, system: str, at: datetime) -> None:
    """In the transaction of the act, whose lock of the system keeps its counters from being contended."""
    tallies: dict[Slot, Tally] = defaultdict(Tally)
    for outcome in outcomes:
        tally = tallies[_slot(system, outcome.record.data_set, at)]
        if outcome.status == "unchanged":
            tally.unchanged += 1
        elif outcome.status == "refused":
            tally.refused += 1
        elif outcome.record.data_set is not None:
            rules = [one.rule for one in outcome.findings]
            _judge(tally, rules, claimed_at(outcome.record.data_set, outcome.values, at), at)
    if tallies:
        next(iter(tallies.values())).resent += resent
    _add(tallies)


def rebuild() -> int:
    """Counts every kept record anew; returns how many there were."""
    tallies: dict[Slot, Tally] = defaultdict(Tally)
    known, seen = data_sets(), 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLEAR)
        for row in InboundRecord.objects.order_by("id").iterator(chunk_size=2_000):
            tally = tallies[_slot(row.system, known.get(row.data_set), row.received_at)]
            _judge(tally, [str(one[0]) for one in row.findings], row.claimed_at, row.received_at)
            seen += 1
        _add(tallies)
        QualityCount.objects.filter(**dict.fromkeys(COLUMNS, 0)).delete()
    return seen


def _slot(system: str, data_set: DataSet | None, at: datetime) -> Slot:
    hour = at.replace(minute=0, second=0, microsecond=0)
    if data_set is None:
        return system, "", False, hour
    return system, data_set.line, data_set.meaning not in KEPT, hour


def _judge(tally: Tally, rules: Iterable[str], claimed: datetime | None, at: datetime) -> None:
    broken = set(rules)
    tally.accepted += 1
    tally.complete += MISSING not in broken
    tally.valid += not broken & CODE_RULES
    tally.timely += claimed is not None and at - IN_TIME <= claimed <= at + TOLERANCE


def _add(tallies: Mapping[Slot, Tally]) -> None:
    with connection.cursor() as cursor:
        for slot in sorted(tallies):
            cursor.execute(ADD, (*slot, *astuple(tallies[slot])))


def _span(ahead: timedelta) -> str:
    minutes = round(ahead.total_seconds() / 60)
    return f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时" if minutes < 2880 else f"{ahead.days} 天"
