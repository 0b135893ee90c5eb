"""What a mail says: plain text and simple HTML of the same words, absolute links, always the same for one delivery.

Nothing of the visitor's goes into a header but the address itself, which was judged when it was stated.
"""

from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string

from tradehall.kernel.times import format_minute, to_beijing
from tradehall.messages import queueing, selectors, tokens, vault
from tradehall.messages.models import Delivery, Message, Subscription
from tradehall.messages.rules import CONFIRM_WITHIN, MANAGE_WITHIN, moment_words

TEMPLATES = {
    queueing.CONFIRM: "confirm", queueing.ALREADY: "already", queueing.MESSAGE: "told", queueing.DIGEST: "told",
}  # fmt: skip
LISTED = 100


class Told(NamedTuple):
    title: str
    body: str
    href: str
    reason: str


def compose(delivery: Delivery) -> EmailMessage:
    """The caller has seen to it that the address is still there."""
    address = vault.address_of(delivery.contact)
    context = _context(delivery)
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = f"{context['title']} - {settings.SITE_NAME}"
    mail["From"] = Address(settings.SITE_NAME, addr_spec=settings.MAIL_SENDER)
    mail["To"] = Address(addr_spec=address)
    mail["Date"] = format_datetime(to_beijing(delivery.queued_at))
    mail["Message-ID"] = delivery.mail_id
    mail["Auto-Submitted"] = "auto-generated"
    if context["end_href"]:
        mail["List-Unsubscribe"] = f"<{context['end_href']}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    name = TEMPLATES[delivery.purpose]
    mail.set_content(render_to_string(f"messages/{name}.txt", context), cte="base64")
    mail.add_alternative(render_to_string(f"messages/{name}.html", context), subtype="html", cte="base64")
    # Told and told again it is the same mail to the last byte: not a boundary by chance, but one of its own.
    mail.set_boundary(f"=_{delivery.delivery_no}")
    return mail


def _context(delivery: Delivery) -> dict[str, Any]:
    messages = selectors.messages_of(delivery)
    told = _told(messages)
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "title": _title(delivery, told),
        "told": told[:LISTED],
        "left_out": max(0, len(told) - LISTED),
        "subscription": delivery.subscription,
        "moments": moment_words(delivery.subscription.moments) if delivery.subscription else "",
        "confirm_href": _confirm_link(delivery),
        "confirm_until": format_minute(delivery.queued_at + CONFIRM_WITHIN),
        "end_href": _end_link(delivery, messages),
        "manage_href": _manage_link(delivery),
        "manage_days": MANAGE_WITHIN // timedelta(days=1),
        "is_digest": delivery.purpose == queueing.DIGEST,
        "is_account": delivery.contact.account_id is not None,
    }


def _told(messages: list[Message]) -> list[Told]:
    """One entry an event: two subscriptions that meet in it are two reasons, not two entries."""
    found: dict[str, Told] = {}
    for one in messages:
        reason = one.subscription.title if one.subscription else ""
        known = found.get(one.event_key)
        reasons = "；".join(dict.fromkeys(part for part in (known.reason if known else "", reason) if part))
        found[one.event_key] = Told(one.title, one.body, f"{settings.SITE_URL}{one.href}", reasons)
    return list(found.values())


def _title(delivery: Delivery, told: list[Told]) -> str:
    if delivery.purpose == queueing.CONFIRM:
        return "请确认邮件地址" if delivery.subscription is None else "请确认订阅"
    if delivery.purpose == queueing.ALREADY:
        return "您已订阅"
    if delivery.purpose == queueing.DIGEST:
        return f"{to_beijing(delivery.queued_at):%Y-%m-%d} 订阅汇总，{len(told)} 条"
    return _plain(told[0].title if told else "消息")


def _plain(text: str) -> str:
    """A header is one line."""
    return " ".join(text.split())[:150]


def _confirm_link(delivery: Delivery) -> str:
    if delivery.purpose != queueing.CONFIRM:
        return ""
    no = delivery.subscription.subscription_no if delivery.subscription else delivery.contact.contact_no
    return tokens.link(tokens.CONFIRM, no, delivery.queued_at + CONFIRM_WITHIN)


def _end_link(delivery: Delivery, messages: list[Message]) -> str:
    """Ends what brought this mail; where several things did, all mail to this address."""
    if delivery.purpose == queueing.CONFIRM:
        return ""
    brought = {one.subscription for one in messages if one.subscription} | {delivery.subscription}
    subscriptions = {one.subscription_no for one in brought if isinstance(one, Subscription)}
    only = subscriptions.pop() if len(subscriptions) == 1 else delivery.contact.contact_no
    return tokens.link(tokens.END, only)


def _manage_link(delivery: Delivery) -> str:
    if delivery.contact.account_id is not None:
        return f"{settings.SITE_URL}/desk/subscriptions"
    return tokens.link(tokens.MANAGE, delivery.contact.contact_no, delivery.queued_at + MANAGE_WITHIN)
