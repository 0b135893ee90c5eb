"""To follow and to stop: by an account at once, by anybody else once the owner of the address has confirmed.

Not in the journal: a log that keeps everything for ever must not know who was interested in what.
"""

from datetime import datetime, timedelta

from django.db import transaction

from tradehall.journal import selectors as log
from tradehall.kernel.actor import Actor
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if
from tradehall.messages import queueing, selectors, vault
from tradehall.messages.models import Contact, Subscription, SubscriptionRequest
from tradehall.messages.rules import (
    FORMS_AN_HOUR,
    FORMS_AN_HOUR_OVER_ALL,
    MOST_SUBSCRIPTIONS,
    NO_MAIL,
    Subject,
    Wish,
    address_violations,
    clean_address,
    network_of,
    wish_violations,
)
from tradehall.messages.selectors import Holder
from tradehall.messages.services.contacts import erase, is_often, new_contact


@transaction.atomic
def subscribe(*, by: Actor, at: datetime, account_id: int, subject: Subject, wish: Wish) -> Subscription:
    """A person follows something; who follows it already changes how he wants to be told."""
    refuse_if(wish_violations(wish))
    holder = Holder(account_id=account_id)
    known = selectors.following(holder, subject.kind, subject.no)
    if known is not None:
        return change_subscription(by=by, at=at, holder=holder, subscription_no=known.subscription_no, wish=wish)
    live = Subscription.objects.filter(selectors.LIVE, account_id=account_id).count()
    refuse_if([_full()] if live >= MOST_SUBSCRIPTIONS else [])
    row = _row(subject, wish, at)
    row.account_id, row.confirmed_at = account_id, at
    row.save()
    return row


@transaction.atomic
def request_subscription(
    *, by: Actor, at: datetime, address: str, subject: Subject, wish: Wish, origin: str
) -> None:  # fmt: skip
    """Anybody asks that an address be told. Returns nothing: whoever asks must not learn whether it is known here.

    Refuses only what shows in the form itself, and too many forms of one network address.
    """
    address = clean_address(address)
    none = [Violation("mail", "请选择邮件的发送方式", "mail")] if wish.mail == NO_MAIL else []
    refuse_if([*address_violations(address), *wish_violations(wish), *none])
    _count_form(origin, at)
    if is_often(vault.address_hash(address), at):
        return
    contact = new_contact(address, at)
    if contact.refused_at is not None:
        return
    known = Subscription.objects.filter(contact=contact, ended_at__isnull=True)
    row = known.filter(subject_kind=subject.kind, subject_no=subject.no).first()
    if row is None and known.count() >= MOST_SUBSCRIPTIONS:
        return
    if row is None:
        row = _row(subject, wish, at)
        row.contact = contact
        row.save()
    purpose = queueing.ALREADY if row.confirmed_at else queueing.CONFIRM
    queueing.queue(contact, purpose, at, row)


@transaction.atomic
def change_subscription(
    *, by: Actor, at: datetime, holder: Holder, subscription_no: str, wish: Wish
) -> Subscription:  # fmt: skip
    refuse_if(wish_violations(wish))
    row = selectors.subscription(holder, subscription_no)
    refuse_if([Violation("mail", "请选择邮件的发送方式", "mail")] if row.contact_id and wish.mail == NO_MAIL else [])
    row.moments, row.mail = list(wish.moments), wish.mail
    row.save(update_fields=["moments", "mail"])
    return row


@transaction.atomic
def unsubscribe(*, by: Actor, at: datetime, subscription_no: str, holder: Holder | None = None) -> None:
    """By its holder, or (None) by whoever has the link of its mail. The last one takes the address with it."""
    rows = Subscription.objects.select_for_update().filter(subscription_no=subscription_no, ended_at__isnull=True)
    row = (rows.filter(holder.owns) if holder else rows).first()
    if row is None:
        raise NotVisible(subscription_no)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    if row.contact_id and not Subscription.objects.filter(contact_id=row.contact_id, ended_at__isnull=True).exists():
        erase(Contact.objects.select_for_update().get(pk=row.contact_id), by, at)


def _row(subject: Subject, wish: Wish, at: datetime) -> Subscription:
    return Subscription(
        subscription_no=vault.new_no("F"), subject_kind=subject.kind, subject_no=subject.no,
        conditions=subject.conditions, title=subject.title[:300], moments=list(wish.moments), mail=wish.mail,
        from_position=log.last_position(), created_at=at,
    )  # fmt: skip


def _full() -> Violation:
    return Violation("full", f"最多关注 {MOST_SUBSCRIPTIONS} 项，请先取消不再需要的")


def _count_form(origin: str, at: datetime) -> None:
    """Counts every form, also those that send nothing: when the limit comes must not tell what is known here."""
    network, since = network_of(origin), at - timedelta(hours=1)
    hashed = vault.origin_hash(network)
    SubscriptionRequest.objects.create(origin_hash=hashed, asked_at=at)
    recent = SubscriptionRequest.objects.filter(asked_at__gt=since, asked_at__lte=at)
    is_known_many = bool(network) and recent.filter(origin_hash=hashed).count() > FORMS_AN_HOUR
    is_many = is_known_many or recent.count() > FORMS_AN_HOUR_OVER_ALL
    refuse_if([Violation("often", "提交过于频繁，请一小时后再试；没有发送邮件")] if is_many else [])
