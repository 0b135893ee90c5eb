"""Sends the mails that wait: claims one, hands it over, keeps the verdict. Any number of senders on any number of hosts.

A claim is a lease: `sent_at` and the next try are committed before the server is spoken to, so a sender killed anywhere
leaves the mail to be tried again. SMTP cannot promise more than at least once: a sender killed between the server's 250
and our receipt sends twice, under one Message-ID and with the same bytes, which is how mail programs know a repetition.
"""

import logging
import random
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from tradehall.messages import mail, queueing, transport, vault
from tradehall.messages.models import Contact, Delivery
from tradehall.messages.rules import CONFIRM_WITHIN, MOST_ATTEMPTS, delay_s
from tradehall.messages.transport import Verdict

LEASE_S = 120
CLAIM = """
update messages_delivery set attempts = attempts + 1, sent_at = %s, next_at = clock_timestamp() + %s * interval '1 second'
where id = (
  select id from messages_delivery
  where accepted_at is null and refused_at is null and abandoned_at is null and next_at <= clock_timestamp()
  order by next_at limit 1 for update skip locked)
returning id
"""
log = logging.getLogger(__name__)


def send_next(at: datetime) -> Verdict | None:
    """One mail, with its receipt kept; None when none may go now. Not to be called inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [at, LEASE_S])
        row = cursor.fetchone()
    if row is None:
        return None
    delivery = Delivery.objects.select_related("contact", "subscription").get(pk=row[0])
    verdict = _sent(delivery)
    _keep(delivery, verdict, at)
    return verdict


def _sent(delivery: Delivery) -> Verdict:
    if delivery.contact.ended_at is not None:
        return Verdict("refused", "地址已停用，没有发送")
    composed = mail.compose(delivery)
    return transport.send(composed, vault.address_of(delivery.contact), delivery.delivery_no)


@transaction.atomic
def _keep(delivery: Delivery, verdict: Verdict, at: datetime) -> None:
    """Only what is still open: its owner may have left, or the lease may have run out and another had it accepted."""
    rows = Delivery.objects.filter(pk=delivery.pk, accepted_at__isnull=True, abandoned_at__isnull=True)
    if verdict.outcome == "accepted":
        rows.update(accepted_at=at, answer=verdict.answer, problem="")
    elif verdict.outcome == "refused":
        rows.update(refused_at=at, answer=verdict.answer, problem="")
        if verdict.no_such_address:
            Contact.objects.filter(pk=delivery.contact_id).update(refused_at=at)
        log.warning("mail: %s was refused for good", delivery.delivery_no)
    elif delivery.attempts >= MOST_ATTEMPTS or _is_too_late(delivery, at):
        rows.update(abandoned_at=at, problem=verdict.answer)
        log.warning("mail: %s was given up after %s attempts", delivery.delivery_no, delivery.attempts)
    else:
        wait = timedelta(seconds=delay_s(delivery.attempts, random.random()))
        rows.update(next_at=timezone.now() + wait, problem=verdict.answer)


def _is_too_late(delivery: Delivery, at: datetime) -> bool:
    """The link of a confirmation has an end."""
    return delivery.purpose == queueing.CONFIRM and at > delivery.queued_at + CONFIRM_WITHIN
