"""Telling: messages for subscriptions that a reader found, and for accounts that another app must tell. And reading.

The database holds what is promised: one message for a subscription and event, and its mail in the same transaction.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible
from tradehall.messages import queueing, selectors, vault
from tradehall.messages.models import Contact, Delivery, Message, Subscription
from tradehall.messages.rules import AT_ONCE, DAILY, MOST_MAILS_AT_ONCE, digest_at

ADDED = 1_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What one subscription is to be told: `event_key` names what happened, the same for everybody."""

    subscription_id: int
    event_key: str
    about: Ref
    title: str
    body: str
    href: str


@transaction.atomic
def post_messages(*, by: Actor, at: datetime, drafts: Sequence[Draft]) -> int:
    """Returns how many were new. Several subscriptions of one person that meet in an event share one mail."""
    if by.kind != "platform":
        raise NotVisible("messages")
    fresh = _fresh(drafts)
    rows = Subscription.objects.filter(selectors.LIVE).in_bulk({one.subscription_id for one in fresh})
    contacts = _contacts(rows.values())
    flooded = _flooded(fresh, rows, contacts)
    deliveries: dict[tuple[int, str], Delivery] = {}
    made = []
    for draft in fresh:
        row = rows.get(draft.subscription_id)
        if row is None:
            continue
        message = _message(draft, row, at)
        contact_id = contacts.get(row.pk)
        if contact_id and row.mail == AT_ONCE:
            is_many = contact_id in flooded
            key = (contact_id, "" if is_many else draft.event_key)
            if key not in deliveries:
                purpose = queueing.DIGEST if is_many else queueing.MESSAGE
                deliveries[key] = queueing.queued(contact_id, purpose, at)
            message.delivery = deliveries[key]
        elif contact_id and row.mail == DAILY:
            message.digest_at = digest_at(at)
        made.append(message)
    Delivery.objects.bulk_create(deliveries.values(), batch_size=ADDED)
    Message.objects.bulk_create(made, batch_size=ADDED)
    return len(made)


@transaction.atomic
def post_message(
    *, by: Actor, at: datetime, account_id: int, about: Ref, event_key: str, title: str, body: str, href: str
) -> Message:  # fmt: skip
    """For another app of ours that must tell one person: in-site, and by mail where his address is confirmed."""
    if by.kind != "platform":
        raise NotVisible("messages")
    known = Message.objects.filter(account_id=account_id, subscription=None, event_key=event_key).first()
    if known is not None:
        return known
    contact = selectors.contact_of(account_id)
    reachable = contact if contact is not None and selectors.is_reachable(contact) else None
    delivery = queueing.queue(reachable, queueing.MESSAGE, at) if reachable else None
    return Message.objects.create(
        message_no=vault.new_no("M"), account_id=account_id, delivery=delivery, about=str(about), event_key=event_key,
        title=title, body=body, href=href, created_at=at,
    )  # fmt: skip


@transaction.atomic
def read_message(*, by: Actor, at: datetime, account_id: int, message_no: str) -> Message:
    """The receipt of the in-site way: when it was first opened, whichever subscription told of the event."""
    message = selectors.message(account_id, message_no)
    same = Message.objects.filter(account_id=account_id, event_key=message.event_key, read_at__isnull=True)
    if same.update(read_at=at) and message.read_at is None:
        message.read_at = at
    return message


def read_all_messages(*, by: Actor, at: datetime, account_id: int) -> int:
    return Message.objects.filter(account_id=account_id, read_at__isnull=True).update(read_at=at)


def _fresh(drafts: Sequence[Draft]) -> list[Draft]:
    """Each subscription and event once, without what was told before."""
    wanted = {(one.subscription_id, one.event_key): one for one in drafts}
    told = Message.objects.filter(
        subscription_id__in={subscription for subscription, _ in wanted},
        event_key__in={event for _, event in wanted},
    )
    known = set(told.values_list("subscription_id", "event_key"))
    return [one for pair, one in wanted.items() if pair not in known]


def _contacts(rows: Iterable[Subscription]) -> dict[int, int]:
    """The address to write to for each subscription: its own, or the confirmed one of its account."""
    listed = list(rows)
    usable = Contact.objects.filter(confirmed_at__isnull=False, ended_at__isnull=True, refused_at__isnull=True)
    accounts = usable.filter(account_id__in={row.account_id for row in listed if row.account_id})
    of_account = dict(accounts.values_list("account_id", "pk"))
    strangers = usable.filter(pk__in={row.contact_id for row in listed if row.contact_id})
    own = set(strangers.values_list("pk", flat=True))
    found = {row.pk: of_account.get(row.account_id) if row.account_id else row.contact_id for row in listed}
    found = {
        pk: contact_id for pk, contact_id in found.items() if contact_id in own or contact_id in of_account.values()
    }
    return {pk: contact_id for pk, contact_id in found.items() if contact_id}


def _flooded(
    drafts: Sequence[Draft], rows: Mapping[int, Subscription], contacts: Mapping[int, int]
) -> set[int]:  # fmt: skip
    """Addresses that would get so many mails at once that one with all of it serves better."""
    events: dict[int, set[str]] = {}
    for draft in drafts:
        row, contact_id = rows.get(draft.subscription_id), contacts.get(draft.subscription_id)
        if row is not None and contact_id and row.mail == AT_ONCE:
            events.setdefault(contact_id, set()).add(draft.event_key)
    return {contact_id for contact_id, found in events.items() if len(found) > MOST_MAILS_AT_ONCE}


def _message(draft: Draft, row: Subscription, at: datetime) -> Message:
    return Message(
        message_no=vault.new_no("M"), account_id=row.account_id, contact_id=row.contact_id, subscription=row,
        about=str(draft.about), event_key=draft.event_key, title=draft.title, body=draft.body, href=draft.href,
        created_at=at,
    )  # fmt: skip
