"""Mail addresses: stated, confirmed by their owner, ended. To confirm is the consent that the law asks for.

The journal keeps that somebody consented or withdrew, sealed among others, never the address nor what was followed.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from tradehall.journal import selectors as log
from tradehall.journal import services as journal
from tradehall.kernel.actor import Actor
from tradehall.kernel.ref import Ref
from tradehall.kernel.refusal import NotVisible, Violation, refuse_if
from tradehall.messages import queueing, selectors, tokens, vault
from tradehall.messages.models import Contact, Delivery, Message, Subscription
from tradehall.messages.rules import CONFIRMATIONS_A_DAY, address_violations, clean_address

CONSENT_WORDING = "2026-11"
TOO_MANY = "一日内向该地址发送的确认邮件已达上限，请明日再试或查收此前的邮件"


@transaction.atomic
def state_contact(*, by: Actor, at: datetime, account_id: int, address: str) -> Contact:
    """A person's own address; nothing is sent to it but the question whether it is his."""
    address = clean_address(address)
    refuse_if(address_violations(address))
    hashed = vault.address_hash(address)
    standing = Contact.objects.select_for_update().filter(account_id=account_id, ended_at__isnull=True).first()
    refuse_if([Violation("often", TOO_MANY, "address")] if is_often(hashed, at, account_id) else [])
    if standing is not None and standing.address_hash != hashed:
        erase(standing, by, at)
        standing = None
    if standing is None:
        standing = new_contact(address, at, account_id)
    if standing.confirmed_at is None:
        queueing.queue(standing, queueing.CONFIRM, at)
    return standing


@transaction.atomic
def confirm_contact(*, by: Actor, at: datetime, token: str) -> Contact:
    """The owner followed the link of the mail and said yes; a second time changes nothing."""
    no = tokens.read(tokens.CONFIRM, token, at)
    subscription = Subscription.objects.select_for_update().filter(subscription_no=no, ended_at__isnull=True).first()
    by_number = {"pk": subscription.contact_id} if subscription else {"contact_no": no}
    contact = Contact.objects.select_for_update().filter(ended_at__isnull=True, **by_number).first()
    if contact is None:
        raise NotVisible("link")
    if subscription is not None and subscription.confirmed_at is None:
        subscription.confirmed_at, subscription.from_position = at, log.last_position()
        subscription.save(update_fields=["confirmed_at", "from_position"])
    if contact.confirmed_at is None:
        contact.confirmed_at, contact.refused_at = at, None
        contact.save(update_fields=["confirmed_at", "refused_at"])
        _record("messages.confirm_contact", contact, by, at)
    return contact


@transaction.atomic
def end_contact(*, by: Actor, at: datetime, holder: selectors.Holder) -> None:
    """The consent is withdrawn: the address is erased at once, what waits for it is not sent."""
    own = {"account_id": holder.account_id} if holder.account_id else {"pk": holder.contact_id, "account": None}
    contact = Contact.objects.select_for_update().filter(ended_at__isnull=True, **own).first()
    if contact is None:
        raise NotVisible("contact")
    erase(contact, by, at)


@transaction.atomic
def note_bounce(*, by: Actor, at: datetime, mail_id: str, answer: str) -> None:
    """A later server sent the mail back: nothing more goes to that address until it is stated anew."""
    if by.kind != "platform":
        raise NotVisible(mail_id)
    delivery = Delivery.objects.select_for_update().filter(mail_id=mail_id).first()
    if delivery is None:
        raise NotVisible(mail_id)
    delivery.bounced_at, delivery.answer = at, answer[:300]
    delivery.save(update_fields=["bounced_at", "answer"])
    Contact.objects.filter(pk=delivery.contact_id).update(refused_at=at)


def new_contact(address: str, at: datetime, account_id: int | None = None) -> Contact:
    """For strangers two requests at once make one row: the database decides, the later one finds it."""
    contact_no, hashed = vault.new_no("C"), vault.address_hash(address)
    whose = Q(account_id=account_id) if account_id else Q(account__isnull=True)
    standing = Contact.objects.filter(whose, address_hash=hashed, ended_at__isnull=True)
    known = standing.first()
    if known is not None:
        return known
    made = Contact(
        contact_no=contact_no, account_id=account_id, address_hash=hashed, cipher=vault.seal(contact_no, address),
        created_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        return standing.get()
    return made


def is_often(hashed: str, at: datetime, account_id: int | None = None) -> bool:
    """Whether this address was asked often enough for a day, by whomever; one account asks for few addresses, too."""
    asked = Delivery.objects.filter(
        purpose__in=(queueing.CONFIRM, queueing.ALREADY), queued_at__gt=at - timedelta(days=1)
    )
    if account_id and asked.filter(contact__account_id=account_id).count() >= 2 * CONFIRMATIONS_A_DAY:
        return True
    return asked.filter(contact__address_hash=hashed).count() >= CONFIRMATIONS_A_DAY


def erase(contact: Contact, by: Actor, at: datetime) -> None:
    """Blanks an address that has lost its use, for every act that leaves one so; the caller has locked it.

    What a stranger was told goes too; that mails were sent, and how that went, stays without saying to whom.
    """
    was_confirmed = contact.confirmed_at is not None
    contact.ended_at, contact.address_hash, contact.cipher = at, "", ""
    contact.save(update_fields=["ended_at", "address_hash", "cipher"])
    Subscription.objects.filter(contact=contact, ended_at__isnull=True).update(ended_at=at)
    Message.objects.filter(contact=contact).delete()
    waiting = Delivery.objects.filter(selectors.WAITING, contact=contact)
    waiting.update(abandoned_at=at, problem="地址已停用")
    if was_confirmed:
        _record("messages.end_contact", contact, by, at)


def _record(code: str, contact: Contact, by: Actor, at: datetime) -> None:
    subject, facts = Ref("contact", contact.contact_no), {"wording": CONSENT_WORDING}
    journal.record_secret(code=code, by=by, at=at, subject=subject, facts=facts, secret_until=None)
