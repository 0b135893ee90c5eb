"""Reads: what somebody is told, follows and has confirmed; whom a reader must tell; how the mail is doing.

Asked with a holder, so that nobody reads another's messages: what is not his is NotVisible.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from tradehall.kernel.refusal import NotVisible
from tradehall.messages import sms, tokens, vault
from tradehall.messages.models import Contact, Delivery, Message, Subscription

LIVE = Q(confirmed_at__isnull=False, ended_at__isnull=True)
WAITING = Q(accepted_at__isnull=True, refused_at__isnull=True, abandoned_at__isnull=True)
PAGE_SIZE = 30


class Holder(NamedTuple):
    """Whose: an account's, or a contact's that has none. One of the two."""

    account_id: int | None = None
    contact_id: int | None = None

    @property
    def owns(self) -> Q:
        return Q(account_id=self.account_id) if self.account_id else Q(contact_id=self.contact_id, account=None)


class Followed(NamedTuple):
    """A live subscription as a reader needs it."""

    id: int
    kind: str
    no: str
    conditions: dict[str, str]
    moments: list[str]
    from_position: int


@dataclass(frozen=True, slots=True)
class MailCounts:
    waiting: int
    again: int
    accepted: int
    refused: int
    abandoned: int


def followed(kinds: Collection[str]) -> list[Followed]:
    """Of people who may still sign in and of confirmed addresses that take mail."""
    takes_mail = Q(contact__isnull=False, contact__ended_at__isnull=True, contact__refused_at__isnull=True)
    reachable = Q(account__is_active=True) | takes_mail
    rows = Subscription.objects.filter(LIVE, reachable, subject_kind__in=kinds)
    names = ("id", "subject_kind", "subject_no", "conditions", "moments", "from_position")
    return [Followed(*row) for row in rows.order_by("id").values_list(*names)]


def has_followers() -> bool:
    return Subscription.objects.filter(LIVE).exists()


def subscriptions(holder: Holder) -> list[Subscription]:
    """The newest first; those that wait for a confirmation are not among them."""
    return list(Subscription.objects.filter(LIVE, holder.owns).order_by("-created_at", "-id"))


def subscription(holder: Holder, subscription_no: str) -> Subscription:
    found = Subscription.objects.filter(LIVE, holder.owns, subscription_no=subscription_no).first()
    if found is None:
        raise NotVisible(subscription_no)
    return found


def following(holder: Holder, kind: str, no: str) -> Subscription | None:
    return Subscription.objects.filter(LIVE, holder.owns, subject_kind=kind, subject_no=no).first()


def by_link(purpose: str, token: str, at: datetime) -> Subscription:
    """The subscription a link of a mail names, while it lives."""
    found = Subscription.objects.filter(subscription_no=tokens.read(purpose, token, at), ended_at__isnull=True)
    one = found.select_related("contact").first()
    if one is None:
        raise NotVisible("link")
    return one


def contact_by_link(purpose: str, token: str, at: datetime) -> Contact:
    one = Contact.objects.filter(contact_no=tokens.read(purpose, token, at), ended_at__isnull=True).first()
    if one is None:
        raise NotVisible("link")
    return one


def holder_of(contact: Contact) -> Holder:
    return Holder(account_id=contact.account_id) if contact.account_id else Holder(contact_id=contact.pk)


def contact_of(account_id: int) -> Contact | None:
    """The address of an account, confirmed or not."""
    return Contact.objects.filter(account_id=account_id, ended_at__isnull=True).first()


def is_reachable(contact: Contact | None) -> bool:
    return contact is not None and bool(contact.confirmed_at) and not contact.refused_at and not contact.ended_at


def shown_address(contact: Contact) -> str:
    return vault.shown(contact)


def inbox(account_id: int, page: int = 1, *, only_unread: bool = False) -> tuple[list[Message], int]:
    """One page, the newest first, and how many there are."""
    found = Message.objects.filter(account_id=account_id)
    if only_unread:
        found = found.filter(read_at__isnull=True)
    rows = found.select_related("subscription", "delivery").order_by("-created_at", "-id")
    return list(rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]), found.count()


def unread(account_id: int) -> int:
    """Events, as the inbox shows them: what several subscriptions tell of is one."""
    found = Message.objects.filter(account_id=account_id, read_at__isnull=True)
    return found.values("event_key").distinct().count()


def message(account_id: int, message_no: str) -> Message:
    found = Message.objects.select_related("subscription", "delivery").filter(account_id=account_id)
    one = found.filter(message_no=message_no).first()
    if one is None:
        raise NotVisible(message_no)
    return one


def messages_of(delivery: Delivery) -> list[Message]:
    return list(Message.objects.filter(delivery=delivery).select_related("subscription").order_by("id"))


def mail_state(delivery: Delivery | None) -> tuple[str, str]:
    """What became of a mail, in words, and the tone of them."""
    if delivery is None:
        return "", ""
    if delivery.bounced_at:
        return "邮件被退回", "error"
    if delivery.accepted_at:
        return "邮件已送达对方服务器", "ok"
    if delivery.refused_at:
        return "邮件被拒收", "error"
    if delivery.abandoned_at:
        return "邮件未能送出", "warn"
    return ("邮件重试中", "warn") if delivery.attempts else ("邮件待发", "quiet")


def mail_is_on() -> bool:
    return bool(settings.MAIL_HOST or settings.MAIL_FOLDER)


def sms_absence() -> str:
    """What people are told while nothing is connected to the port; empty once something is."""
    return "" if sms.PROVIDER else sms.ABSENCE


def mail_counts() -> MailCounts:
    counts = Delivery.objects.aggregate(
        waiting=Count("id", filter=WAITING & Q(attempts=0)),
        again=Count("id", filter=WAITING & Q(attempts__gt=0)),
        accepted=Count("id", filter=Q(accepted_at__isnull=False)),
        refused=Count("id", filter=Q(refused_at__isnull=False) | Q(bounced_at__isnull=False)),
        abandoned=Count("id", filter=Q(abandoned_at__isnull=False)),
    )
    return MailCounts(**counts)


def mail_lag_s() -> float:
    """How long the oldest mail that may go has been waiting for its turn."""
    oldest = _due().order_by("next_at").values_list("next_at", flat=True).first()
    return max(0.0, (timezone.now() - oldest) / timedelta(seconds=1)) if oldest else 0.0


def dead_letters(limit: int) -> Sequence[Delivery]:
    """Refused, sent back or given up, the newest first; without those whose owner has left."""
    return list(_dead().select_related("contact").order_by("-queued_at", "-id")[:limit])


def failed() -> int:
    """How many dead letters there are."""
    return _dead().count()


def failing(limit: int) -> Sequence[Delivery]:
    return list(Delivery.objects.filter(WAITING, attempts__gt=0).select_related("contact").order_by("next_at")[:limit])


def _dead() -> "QuerySet[Delivery]":
    dead = Q(refused_at__isnull=False) | Q(bounced_at__isnull=False) | Q(abandoned_at__isnull=False)
    return Delivery.objects.filter(dead, contact__ended_at__isnull=True)


def _due() -> "QuerySet[Delivery]":
    return Delivery.objects.filter(WAITING, next_at__lte=timezone.now())
