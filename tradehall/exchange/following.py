"""Reads of what systems sent and how it goes on: records, events, quality, refusals, webhooks and their lag.

Reading records about people is an act of its own and leaves an entry. Who may ask is decided by the pages and the API.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum

from tradehall.exchange import quality as measures
from tradehall.exchange import sealing
from tradehall.exchange.models import InboundRecord, ProcessEvent, QualityCount, RefusedRecord, Webhook
from tradehall.exchange.registry.load import code_list
from tradehall.journal import selectors as log
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.times import rfc3339

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lag:
    """Seconds the sealer is behind, the log's size, and how many entries the slowest webhook has still to get."""

    sealer_s: float
    position: int
    behind: int
    paused: int


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Webhooks that have entries still to get, the age of the oldest such entry, and those that were paused as dead."""

    waiting: int
    oldest_s: float
    dead: int


def read_records(
    *, by: Actor, at: datetime, system: str, data_set: str = "", after: int = 0, limit: int = 100
) -> list[InboundRecord]:
    """Of one system, in the order received. Those about people leave an entry: who read which data set of whom."""
    found = InboundRecord.objects.filter(system=system, pk__gt=after)
    if data_set:
        found = found.filter(data_set=data_set)
    rows = list(found.order_by("pk")[:limit])
    about_people = sorted({one.data_set for one in rows} & sealing.ABOUT_PEOPLE)
    if about_people:
        with transaction.atomic():
            facts = {"data_sets": about_people, "records": sum(one.data_set in about_people for one in rows)}
            journal.record(code="exchange.read_records", by=by, at=at, subject=Ref("system", system), facts=facts)
    return rows


def shown_record(one: InboundRecord) -> Row:
    values = sealing.masked_values(one.clean, sealing.row_of(one.system, one.data_key))
    return {
        "data_set": one.data_set, "data_key": one.data_key, "data_type": one.data_type, "digest": one.digest,
        "received_at": rfc3339(one.received_at), "subject": f"{one.subject_kind}:{one.subject_no}", "values": values,
        "findings": one.findings,
    }  # fmt: skip


def own_events(system: str, *, project: str = "", after: int = 0, limit: int = 100) -> list[ProcessEvent]:
    found = ProcessEvent.objects.filter(system=system, pk__gt=after).select_related("record")
    if project:
        found = found.filter(Q(project_code=project) | Q(unified_code=project) | Q(lot_code=project))
    return list(found.order_by("pk")[:limit])


def open_events(at: datetime, *, line: str = "", project: str = "", limit: int = 200) -> list[ProcessEvent]:
    """Newest first, without what is still secret: that is nobody's but its own system's."""
    is_open = Q(is_secret=False) | Q(secret_until__lte=at)
    found = ProcessEvent.objects.filter(is_open)
    if line:
        found = found.filter(line=line)
    if project:
        found = found.filter(Q(project_code=project) | Q(unified_code=project) | Q(lot_code=project))
    return list(found.order_by("-happened_at", "-pk")[:limit])


def shown_event(one: ProcessEvent) -> Row:
    texts = ("event_no", "kind", "role", "project_code", "lot_code", "unified_code", "from_state", "to_state", "digest")
    moments = ("happened_at", "received_at", "link_until", "secret_until")
    return {
        **{name: getattr(one, name) for name in texts},
        **{name: rfc3339(value) if (value := getattr(one, name)) else None for name in moments},
        "label": event_label(one.kind), "link": one.link or None, "is_secret": one.is_secret,
        "data_key": one.record.data_key,
    }  # fmt: skip


def event_label(kind: str) -> str:
    return code_list("process_event").get(kind, kind)


def role_label(role: str) -> str:
    return code_list("process_role").get(role, role)


def quality(first: datetime, last: datetime, *, system: str = "", only_public: bool) -> list[QualityCount]:
    """By hour and system. The hour that is going on is in it."""
    found = QualityCount.objects.filter(
        hour_at__gte=first.replace(minute=0, second=0, microsecond=0), hour_at__lte=last
    )
    if system:
        found = found.filter(system=system)
    if only_public:
        found = found.filter(is_public=True)
    return list(found.order_by("-hour_at", "system", "line"))


def shown_count(one: QualityCount) -> Row:
    numbers = {name: getattr(one, name) for name in measures.COLUMNS}
    return {"system": one.system, "line": one.line or None, "hour": rfc3339(one.hour_at), **numbers}


def totals(first: datetime, last: datetime, *, only_public: bool, by: Sequence[str] = ("system",)) -> list[Row]:
    """The same numbers summed by system, market or both."""
    found = QualityCount.objects.filter(hour_at__gte=first, hour_at__lte=last)
    if only_public:
        found = found.filter(is_public=True)
    sums = {name: Sum(name) for name in measures.COLUMNS}
    return list(found.values(*by).annotate(**sums).order_by(*by))


def refusals(*, only_open: bool = True, system: str = "", limit: int = 100) -> list[RefusedRecord]:
    found = RefusedRecord.objects.all()
    if only_open:
        found = found.filter(settled_at__isnull=True)
    if system:
        found = found.filter(system=system)
    return list(found.order_by("-last_at")[:limit])


def webhooks_of(system: str) -> list[Webhook]:
    return list(Webhook.objects.filter(system=system, ended_at__isnull=True).order_by("pk"))


def all_webhooks() -> list[Webhook]:
    return list(Webhook.objects.filter(ended_at__isnull=True).order_by("system", "pk"))


def deliveries() -> Deliveries:
    last, standing = log.last_position(), all_webhooks()
    behind = [one.position for one in standing if one.paused_at is None and one.position < last]
    oldest_s = log.age_after(min(behind)) if behind else 0.0
    return Deliveries(len(behind), oldest_s, sum(one.paused_at is not None for one in standing))


def lag() -> Lag:
    last = log.last_position()
    standing = all_webhooks()
    behind = max((last - one.position for one in standing if one.paused_at is None), default=0)
    return Lag(log.sealer_lag(), last, behind, sum(one.paused_at is not None for one in standing))
