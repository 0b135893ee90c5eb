"""The outbox as those who look after it see it, and the act of sending a message again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from tradehall.exchange.models import NationalComparison, NationalMessage
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if

CENTRE = "centre"
ACT = "exchange.resend_message"
OPEN = Q(acknowledged_at__isnull=True, replaced_at__isnull=True, refused_at__isnull=True)
COUNTS = """
select count(*) filter (where acknowledged_at is not null),
       count(*) filter (where acknowledged_at is null and replaced_at is null and refused_at is null and failures = 0),
       count(*) filter (where acknowledged_at is null and replaced_at is null and refused_at is null and failures > 0),
       count(*) filter (where acknowledged_at is null and replaced_at is null and refused_at is not null),
       count(*) filter (where acknowledged_at is null and replaced_at is not null)
from exchange_national_message
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages stand where. `again`: tried in vain at least once."""

    taken: int
    waiting: int
    again: int
    refused: int
    replaced: int


def resend_message(*, by: Actor, at: datetime, message_no: str) -> NationalMessage:
    """A refused message goes out again unchanged (the reason lay with them), a delayed one at once.

    One that was acknowledged is sent again by the platform alone, when the daily comparison misses it there.
    """
    if not (by.kind == "platform" or by.has(CENTRE)):
        raise NotVisible(message_no)
    with transaction.atomic():
        message = NationalMessage.objects.select_for_update().filter(message_no=message_no).first()
        if message is None:
            raise NotVisible(message_no)
        refuse_if(_problems(message, by))
        message.acknowledged_at = message.refused_at = None
        message.next_at, message.failures, message.resends = timezone.now(), 0, message.resends + 1
        message.save(update_fields=["acknowledged_at", "refused_at", "next_at", "failures", "resends"])
        facts = {"data_set": message.data_set, "data_key": message.data_key, "resends": message.resends}
        journal.record(code=ACT, by=by, at=at, subject=Ref("message", message_no), facts=facts)
    return message


def counts() -> Counts:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS)
        return Counts(*cursor.fetchone())


def lag_s() -> float:
    """The age of the oldest message that may still arrive; 0 when there is none."""
    oldest = NationalMessage.objects.filter(OPEN).order_by("id").values_list("created_at", flat=True).first()
    return max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0


def dead_letters(limit: int) -> Sequence[NationalMessage]:
    found = NationalMessage.objects.filter(
        refused_at__isnull=False, acknowledged_at__isnull=True, replaced_at__isnull=True
    )
    return list(found.order_by("-refused_at")[:limit])


def failing(limit: int) -> Sequence[NationalMessage]:
    """Tried in vain and still trying, the oldest first."""
    return list(NationalMessage.objects.filter(OPEN, failures__gt=0).order_by("id")[:limit])


def comparisons(since: date) -> Sequence[NationalComparison]:
    return list(NationalComparison.objects.filter(stated_on__gte=since).order_by("-stated_on", "data_set"))


def _problems(message: NationalMessage, by: Actor) -> list[Violation]:
    if message.replaced_at is not None:
        return [Violation("replaced", "这条记录后来的版本已被接收；没有重新发送旧的版本", "message_no")]
    if message.acknowledged_at is not None and by.kind != "platform":
        return [Violation("acknowledged", "国家平台已接收这条记录；没有重新发送", "message_no")]
    return []
