"""What people were told goes when its time is over: the message, and with the last message the receipt of its mail.

What the platform had to tell somebody (no subscription of his own stands behind it) is the proof that it was served: it
stays with its receipts as long as the files of a procurement do, and no setting shortens that. See decision 0013.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from tradehall.messages.models import Delivery, Message
from tradehall.messages.selectors import WAITING

SERVED_KEPT = timedelta(days=15 * 366)  # 政府采购法 42: fifteen years at least
A_PART = 1_000
Row = TypeVar("Row", bound=models.Model)


def sweep(*, at: datetime) -> dict[str, int]:
    """How many rows went, by what they were."""
    return {"messages": _in_parts(_messages(at)), "deliveries": _in_parts(_deliveries(at))}


def _messages(at: datetime) -> "QuerySet[Message]":
    """Read ones count from the reading. Who only gets mail reads nothing here: his count from when they came."""
    read_kept = timedelta(days=settings.MESSAGES_READ_DAYS)
    is_read = Q(read_at__lt=at - read_kept) | Q(account=None, created_at__lt=at - read_kept)
    is_old = Q(read_at=None, created_at__lt=at - timedelta(days=settings.MESSAGES_UNREAD_DAYS))
    was_wished = Q(subscription__isnull=False) & (is_read | is_old)
    was_served = Q(subscription=None, created_at__lt=at - SERVED_KEPT)
    return Message.objects.filter(was_wished | was_served)


def _deliveries(at: datetime) -> "QuerySet[Delivery]":
    """Settled mails that no message stands behind (any more): digests, questions whether an address is somebody's."""
    settled = Delivery.objects.filter(queued_at__lt=at - timedelta(days=settings.MESSAGES_READ_DAYS)).exclude(WAITING)
    return settled.exclude(Exists(Message.objects.filter(delivery=OuterRef("pk"))))


def _in_parts(rows: "QuerySet[Row]") -> int:
    """A transaction each: nobody's inbox waits for the night."""
    gone = 0
    while found := list(rows.order_by("pk").values_list("pk", flat=True)[:A_PART]):
        gone += rows.model._default_manager.filter(pk__in=found).delete()[0]
    return gone
