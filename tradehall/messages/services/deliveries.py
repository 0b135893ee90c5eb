"""What the platform does with mails besides sending them: daily digests, a second try of a dead letter, forgetting."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from tradehall.journal import services as journal
from tradehall.kernel.actor import PLATFORM, Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if
from tradehall.messages import queueing, selectors
from tradehall.messages.models import Contact, Delivery, Message, Subscription, SubscriptionRequest
from tradehall.messages.rules import CONFIRM_WITHIN
from tradehall.messages.services.contacts import erase

MOST_AT_ONCE = 2_000
REFUSED_KEPT = timedelta(days=30)


@transaction.atomic
def queue_digests(*, by: Actor, at: datetime) -> int:
    """One mail an address over everything of its day; returns how many mails."""
    due = Message.objects.filter(digest_at__lte=at, delivery__isnull=True).order_by("id")
    rows = list(due.select_for_update(skip_locked=True)[:MOST_AT_ONCE])
    mails: dict[int, Delivery] = {}
    for row in rows:
        contact = Contact.objects.filter(pk=row.contact_id).first() if row.contact_id else None
        if row.account_id:
            contact = selectors.contact_of(row.account_id)
        if contact is None or not selectors.is_reachable(contact):
            row.digest_at = None
        elif contact.pk in mails:
            row.delivery = mails[contact.pk]
        else:
            row.delivery = mails[contact.pk] = queueing.queue(contact, queueing.DIGEST, at)
    Message.objects.bulk_update(rows, ["digest_at", "delivery"])
    return len(mails)


@transaction.atomic
def resend_delivery(*, by: Actor, at: datetime, delivery_no: str) -> Delivery:
    """The centre has a dead letter tried again, under the same Message-ID."""
    if by.kind != "platform" and not by.has("centre"):
        raise NotVisible(delivery_no)
    row = Delivery.objects.select_for_update().filter(delivery_no=delivery_no).first()
    if row is None:
        raise NotVisible(delivery_no)
    contact = Contact.objects.select_for_update().get(pk=row.contact_id)
    is_dead = row.refused_at or row.abandoned_at or row.bounced_at
    refuse_if([Violation("accepted", "这封邮件没有失败，不需要重新发送")] if not is_dead else [])
    refuse_if([Violation("ended", "收件人已停用这个地址，不能再发送")] if contact.ended_at else [])
    row.refused_at = row.abandoned_at = row.bounced_at = row.accepted_at = None
    row.attempts, row.next_at = 0, timezone.now()
    row.save()
    Contact.objects.filter(pk=contact.pk).update(refused_at=None)
    journal.record(code="messages.resend_delivery", by=by, at=at, subject=Ref("delivery", delivery_no), facts={})
    return row


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Erases what has no use: addresses nobody confirmed in time, addresses that take no mail, who sent which form."""
    SubscriptionRequest.objects.filter(asked_at__lt=at - timedelta(days=1)).delete()
    unconfirmed = Subscription.objects.filter(ended_at__isnull=True, confirmed_at__isnull=True)
    unconfirmed.filter(created_at__lt=at - CONFIRM_WITHIN).update(ended_at=at)
    late = Contact.objects.filter(ended_at__isnull=True, confirmed_at__isnull=True, created_at__lt=at - CONFIRM_WITHIN)
    dead = Contact.objects.filter(ended_at__isnull=True, refused_at__lt=at - REFUSED_KEPT)
    rows = [*late.select_for_update(), *dead.select_for_update()]
    for row in rows:
        if row.ended_at is None:
            erase(row, PLATFORM, at)
    return len(rows)
