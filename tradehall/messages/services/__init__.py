"""The acts of this app, each under its one name."""

from tradehall.messages.services.contacts import confirm_contact, end_contact, note_bounce, state_contact
from tradehall.messages.services.deliveries import forget, queue_digests, resend_delivery
from tradehall.messages.services.posting import Draft, post_message, post_messages, read_all_messages, read_message
from tradehall.messages.services.subscriptions import (
    change_subscription,
    request_subscription,
    subscribe,
    unsubscribe,
)
from tradehall.messages.vault import reseal_all as reseal_contacts

__all__ = [
    "Draft",
    "change_subscription",
    "confirm_contact",
    "end_contact",
    "forget",
    "note_bounce",
    "post_message",
    "post_messages",
    "queue_digests",
    "read_all_messages",
    "read_message",
    "request_subscription",
    "reseal_contacts",
    "resend_delivery",
    "state_contact",
    "subscribe",
    "unsubscribe",
]
