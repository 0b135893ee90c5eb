"""Puts a mail into the outbox, in the caller's transaction. What it says is composed when it is sent."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from tradehall.messages import vault
from tradehall.messages.models import Contact, Delivery, Subscription

CONFIRM, ALREADY, MESSAGE, DIGEST = "confirm", "already", "message", "digest"


def queued(contact_id: int, purpose: str, at: datetime, subscription: Subscription | None = None) -> Delivery:
    """The row, not saved yet. Its Message-ID never changes: a mail that arrives twice is known as one."""
    delivery_no = vault.new_no("D")
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return Delivery(
        delivery_no=delivery_no, contact_id=contact_id, purpose=purpose, subscription=subscription,
        mail_id=f"<{delivery_no.lower()}@{host}>"[:120], queued_at=at, next_at=timezone.now(),
    )  # fmt: skip


def queue(contact: Contact, purpose: str, at: datetime, subscription: Subscription | None = None) -> Delivery:
    row = queued(contact.pk, purpose, at, subscription)
    row.save()
    return row
